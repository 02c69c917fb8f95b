//! WCO Data Model messages: the declaration (DEC), the response (RES), their wrapper, declared once as tables.

mod declaration;
mod item;
mod metadata;
mod names;
mod read;
mod response;
mod shipment;

pub(crate) use metadata::MODEL;
pub(crate) use read::{declaration, responses};

/// The namespaces of the family, the wrapper's first.
#[must_use]
pub const fn namespaces() -> &'static [&'static str] {
    names::ALL
}
