//! Keys of issuers and how strangers find them.

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

use super::encode;

/// The key an issuer signs statements with.
pub struct IssuerKey {
    did: String,
    secret: SigningKey,
}

impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuerKey").field("did", &self.did).finish_non_exhaustive()
    }
}

impl IssuerKey {
    /// The key of these secret bytes, of this issuer (`did:web:customs.example`).
    #[must_use]
    pub fn from_secret(did: impl Into<String>, secret: [u8; 32]) -> Self {
        Self { did: did.into(), secret: SigningKey::from_bytes(&secret) }
    }

    /// The issuer.
    #[must_use]
    pub fn did(&self) -> String {
        self.did.clone()
    }

    /// The key's own name.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}#{NAME}", self.did)
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.secret.verifying_key().to_bytes()
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.secret.sign(bytes).to_bytes()
    }
}

/// The document that lies at `/.well-known/did.json` of the issuer's host, so that strangers find its key.
#[must_use]
pub fn did_document(did: &str, public: &[u8; 32]) -> Value {
    let id = format!("{did}#{NAME}");
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": [{
            "id": id, "type": "JsonWebKey", "controller": did,
            "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": encode(public), "alg": "EdDSA", "use": "sig"},
        }],
        "assertionMethod": [id],
    })
}

/// The name strangers find an issuer under whose documents lie at this address, such as `https://customs.example`
/// (`did:web`); the colon before a port is escaped, as that method wants it.
#[must_use]
pub fn did_of(address: &str) -> String {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    format!("did:web:{}", host.to_ascii_lowercase().replace(':', "%3A"))
}

/// The fragment of the key within its issuer's document.
const NAME: &str = "statements";
