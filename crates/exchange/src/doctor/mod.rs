//! Looks into one captured message or receipt and says whether its signature is sound, and if not, what happened to it.
//!
//! Needs no keys and no partners: whether the certificate is to be trusted is another question, and its facts are
//! reported apart.

mod capture;
mod cause;
mod examine;

pub use cause::Cause;
pub use examine::{DigestState, Examination, ReferenceState, SignerFacts, Verdict, examine};
