//! Calculations behind findings that are no difference of a linked group: masses that cannot be, imports that name an
//! exporter who exported nothing of the kind. What a certificate has left is judged by its own case (`customs::certificate`).
//!
//! Differences of linked groups are [`crate::compare`]; goods never declared are a rate, [`crate::lane::Undeclared`].

mod mass;
mod unexported;

pub use mass::{MassFault, Masses};
pub use unexported::{Judged, Naming, Unexported, unexported};
