//! Messages declared once: rows say what may stand where; reading, writing, findings and the manual follow from them.

mod attribute;
mod compiled;
mod content;
mod date;
mod draft;
pub(crate) mod page;
pub(crate) mod picture;
mod place;
mod reading;
pub(crate) mod row;
mod structure;
mod tree;
mod value;

pub use compiled::Model;
pub use draft::Draft;
pub use page::table;
pub use picture::{Base, Letters, Picture};
pub use reading::{Reading, Source, read};
pub use row::{Choice, Content, List, MANY, Message, Row, Section};
pub use tree::{Node, Tree};
