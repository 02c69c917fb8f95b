//! WCO Data Model messages: the declaration (DEC), the response (RES), their wrapper, declared once as tables.

mod declaration;
mod item;
mod metadata;
mod names;
mod party;
mod read;
mod response;
mod shipment;

use crate::model::row::Section;

pub(crate) use metadata::MODEL;
pub(crate) use read::{declaration, responses};

/// What stands in a declaration.
pub(crate) static DECLARATION: &Section = &declaration::DECLARATION;
/// What stands in a response, the declaration it may repeat left out.
pub(crate) static RESPONSE: &Section = &response::RESPONSE;

/// The namespaces of the family, the wrapper's first.
#[must_use]
pub const fn namespaces() -> &'static [&'static str] {
    names::ALL
}
