//! X.509 certificates: reading what trust needs from them, and issuing the ones a node starts with.

mod issue;
mod read;

pub use issue::{Request, Subject, Usage, issue, self_signed};
pub use read::Certificate;
pub(crate) use read::{PublicKeyKind, sha256};
