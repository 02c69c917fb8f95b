//! X.509 certificates: reading what trust needs from them, and issuing the ones a node starts with.

mod element;
mod issue;
mod ocsp;
mod read;
mod request;
mod revocation;

pub(crate) use element::{Reader, tlv};
pub use issue::{Request, Subject, Usage, issue, issue_with, revoke, self_signed};
pub use ocsp::{OcspResponse, Status, ocsp_request};
pub use read::{Addresses, Certificate};
pub(crate) use read::{PublicKeyKind, sha256};
pub use request::certificate_request;
pub use revocation::RevocationList;
