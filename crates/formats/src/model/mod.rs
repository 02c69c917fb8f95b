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

pub(crate) use compiled::Model;
pub(crate) use draft::Draft;
pub(crate) use page::table;
pub(crate) use picture::Picture;
pub(crate) use reading::{Source, read};
pub(crate) use row::{Content, List};
pub(crate) use tree::Node;
