//! Statements a stranger can check: W3C Verifiable Credentials (data model 2.0) secured as SD-JWT (VC-JOSE-COSE).
//!
//! Ours are made so. Of others, plain tokens and documents with data integrity (`eddsa-jcs-2022`) are read as well, of issuers
//! with Ed25519 or P-256, and the proof of a holder that it is the one the statement was given to.
//!
//! What is said stands in a JSON object; members that not every reader need see are hidden behind salted digests and
//! travel as disclosures, so that the holder shows some and keeps others, and the signature holds either way. Our keys are
//! Ed25519, named by a `did:web` of the issuer. Salts come from a seed the caller draws; nothing here draws lots or
//! reads a clock.
//!
//! ```
//! use ledger::credential::{Credential, IssuerKey, Trusted, issue, verify};
//! use serde_json::json;
//!
//! let key = IssuerKey::from_secret("did:web:customs.example", [7; 32]);
//! let credential = Credential {
//!     id: "urn:uuid:1".into(),
//!     kind: "AuthorisedOperator".into(),
//!     valid_from: "2026-11-28T00:00:00Z".into(),
//!     valid_until: None,
//!     subject: json!({"code": "AEOVN0301234567", "name": "Hoa Phat", "status": "active"}),
//!     hidden: vec!["name".into()],
//!     status: None,
//! };
//! let issued = issue(&credential, &key, &[9; 32])?;
//! let trusted = Trusted::default().with(&key.did(), key.public());
//! let shown = verify(&issued.clone().without("name").to_string(), &trusted, "2026-11-28T08:00:00Z")?;
//! assert_eq!(shown.subject, json!({"code": "AEOVN0301234567", "status": "active"}));
//! assert_eq!(verify(&issued.to_string(), &trusted, "2026-11-28T08:00:00Z")?.subject["name"], "Hoa Phat");
//! # Ok::<(), ledger::credential::Refused>(())
//! ```

mod base58;
mod bitstring;
mod canonical;
mod check;
mod holder;
mod issue;
mod key;
mod moment;
mod open;
mod proof;
mod public;
mod status;
mod trusted;

use std::fmt;

use serde_json::Value;

pub use self::check::{Shown, verify};
pub use self::holder::{Asked, Binding, Holder};
pub use self::issue::{Issued, issue};
pub use self::key::{IssuerKey, did_document, did_of};
pub use self::public::PublicKey;
pub use self::status::{
    Judgement, LIST_PLACES, LIST_TYPE, Lists, Standing, StatusList, StatusPlace, issue_list,
};
pub use self::trusted::Trusted;

/// What is to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// Its own name, a URI.
    pub id: String,
    /// What kind of statement: the second type beside `VerifiableCredential`.
    pub kind: String,
    /// From when it holds, RFC 3339.
    pub valid_from: String,
    /// Until when, RFC 3339; open where there is none.
    pub valid_until: Option<String>,
    /// What is said: an object.
    pub subject: Value,
    /// The members of the subject that travel as disclosures.
    pub hidden: Vec<String>,
    /// Where its issuer says whether it still stands; none where it only runs out.
    pub status: Option<StatusPlace>,
}

/// Why a statement is not believed, or cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Stable code, such as `credential-signature-wrong`.
    pub code: &'static str,
    /// What was seen.
    pub seen: String,
}

impl Refused {
    pub(crate) fn new(code: &'static str, seen: impl Into<String>) -> Self {
        let seen: String = seen.into();
        Self { code, seen: seen.chars().take(120).collect() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.seen)
    }
}

impl std::error::Error for Refused {}

/// The context every credential stands in.
const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
/// The media type in the token's head.
const TYPE: &str = "vc+sd-jwt";

/// Base64 as tokens have it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Bytes of base64 as tokens have it.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()
}
