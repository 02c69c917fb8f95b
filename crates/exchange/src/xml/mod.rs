//! XML as far as AS4 needs it: a gate before parsing, a read-only tree, exclusive canonical form, a canonical writer.

mod c14n;
mod gate;
mod tree;
mod write;

pub use c14n::{canonical_document, canonical_element};
pub(crate) use tree::{base64_text, child, children, one, optional, parse, text_of};
pub(crate) use write::Canonical;
