//! Evidence: everything about one message in one file, checked by anybody without a node.
//!
//! ```text
//! sampan-evidence 1
//! sent/TH-acdd-VN-2026-1-1                       the case
//! section message 12042 5f2c...                  name, length, SHA-256
//! section receipt 5630 a871...
//! ...
//!
//! the sections' bytes, one after the other
//! ```
//!
//! `message` and `receipt` are the MIME entities as they went over the wire, `payload` the document in clear,
//! `own-descriptor` and `partner-descriptor` the signed descriptors with the certificates and the records' keys,
//! `proof.N` the proof that entry N stands in the record, under a checkpoint that the partner cosigned where it has;
//! `revocation.N` what was known of revoked certificates. Each says something about the others, and the check holds them
//! against each other.

mod bundle;
mod check;
mod make;

pub use bundle::{Bundle, BundleFault};
pub use check::{Checked, Finding, Holds, check};
pub use make::{EvidenceFault, make};

/// The message as a MIME entity.
pub(crate) const MESSAGE: &str = "message";
/// The receipt as a MIME entity.
pub(crate) const RECEIPT: &str = "receipt";
/// The document in clear.
pub(crate) const PAYLOAD: &str = "payload";
/// The descriptor of the node whose record proves it.
pub(crate) const OWN: &str = "own-descriptor";
/// The partner's descriptor.
pub(crate) const PARTNER: &str = "partner-descriptor";
/// The proof of an entry; a number follows.
pub(crate) const PROOF: &str = "proof.";
/// What was known of revoked certificates; a number follows.
pub(crate) const REVOCATION: &str = "revocation.";
