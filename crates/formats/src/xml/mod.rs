//! XML without any message: a strict pull reader with byte offsets and namespaces, a canonical writer.

mod attributes;
mod broken;
mod declaration;
mod escape;
mod names;
mod reader;
mod writer;

pub use attributes::Attribute;
pub use names::Namespace;
pub use reader::{Name, Reader, Token, outermost};
pub use writer::Writer;

use crate::text::Fault;

/// A fault: not well-formed, because something else was expected here.
fn malformed(at: usize, seen: &str, expected: &'static str) -> Fault {
    Fault::fatal("xml-not-well-formed", at).seen(seen).expected(expected)
}
