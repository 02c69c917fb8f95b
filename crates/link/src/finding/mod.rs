//! Calculations behind findings that are no difference of a linked group: masses that cannot be, imports that name an
//! exporter who exported nothing of the kind, certificates drawn beyond what they certify.
//!
//! Differences of linked groups are [`crate::compare`]; goods never declared are a rate, [`crate::lane::Undeclared`].

mod certificate;
mod mass;
mod unexported;

pub use certificate::{Drawing, Overdrawn, overdrawn};
pub use mass::{MassFault, Masses};
pub use unexported::{Judged, Naming, Unexported, unexported};
