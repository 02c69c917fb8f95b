//! The ASEAN Customs Declaration Document and the Customs Response to it: fifteen parameters in WCO elements.

mod complete;
mod pointer;
mod read;
mod table;
mod write;

pub use complete::{Parameter, missing_parameters};
pub(crate) use pointer::read as read_pointer;
pub(crate) use read::{acdd, response};
pub(crate) use table::{ACDD, MODEL, RESPONSE};
pub use write::{write_acdd, write_response};

/// The namespaces of the family, the newest first.
#[must_use]
pub const fn namespaces() -> &'static [&'static str] {
    table::NAMESPACES
}
