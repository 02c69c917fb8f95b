//! X.509 certificates: reading what trust needs from them, and issuing the ones a node starts with.

mod issue;
mod read;
mod revocation;

pub(crate) use issue::tlv;
pub use issue::{Request, Subject, Usage, issue, revoke, self_signed};
pub use read::Certificate;
pub(crate) use read::{PublicKeyKind, sha256};
pub use revocation::RevocationList;
