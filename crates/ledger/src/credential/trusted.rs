//! Whom one believes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{PublicKey, Refused};

/// The issuers whose statements are believed, each with its keys.
#[derive(Clone, Debug, Default)]
pub struct Trusted(BTreeMap<String, BTreeSet<PublicKey>>);

impl Trusted {
    /// With this issuer's key too, of Ed25519.
    #[must_use]
    pub fn with(self, did: &str, public: [u8; 32]) -> Self {
        self.with_key(did, PublicKey::Ed25519(public))
    }

    /// With this issuer's key too.
    #[must_use]
    pub fn with_key(mut self, did: &str, key: PublicKey) -> Self {
        self.0.entry(did.to_owned()).or_default().insert(key);
        self
    }

    /// With the issuer of a DID document: its keys of Ed25519 and P-256. Where the document says which of them are for
    /// assertions, the others are left out.
    ///
    /// # Errors
    /// `credential-key-unreadable` where it has none.
    pub fn with_document(mut self, document: &Value) -> Result<Self, Refused> {
        let unreadable = || Refused::new("credential-key-unreadable", document["id"].to_string());
        let did = document["id"].as_str().ok_or_else(unreadable)?;
        let methods = document["verificationMethod"].as_array();
        let asserting = document["assertionMethod"].as_array();
        let is_asserting = |method: &&Value| {
            asserting.is_none_or(|named| named.iter().any(|name| is_named(did, name, &method["id"])))
        };
        let own = asserting.into_iter().flatten().filter(|method| method.is_object());
        let keys: BTreeSet<PublicKey> = methods
            .into_iter()
            .flatten()
            .filter(is_asserting)
            .chain(own)
            .take(KEYS_MAX)
            .filter_map(PublicKey::of_method)
            .collect();
        if keys.is_empty() {
            return Err(unreadable());
        }
        self.0.entry(did.to_owned()).or_default().extend(keys);
        Ok(self)
    }

    /// The issuers.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether one of an issuer's keys made this signature. The method a signature names, if any, must be the issuer's own.
    pub(super) fn holds(
        &self,
        (issuer, method): (&str, Option<&str>),
        algorithm: &str,
        (covered, signature): (&[u8], Option<Vec<u8>>),
    ) -> Result<(), Refused> {
        let owner = method.and_then(|method| method.split_once('#')).map_or("", |(owner, _)| owner);
        let keys = self.0.get(issuer).filter(|_| owner.is_empty() || owner == issuer);
        let keys = keys.ok_or_else(|| Refused::new("credential-issuer-unknown", issuer))?;
        let signature = signature.unwrap_or_default();
        if keys.iter().any(|key| key.holds(algorithm, covered, &signature)) {
            Ok(())
        } else {
            Err(Refused::new("credential-signature-wrong", issuer))
        }
    }
}

/// Whether a name in a document, whole or a fragment, is that of this method.
fn is_named(did: &str, name: &Value, id: &Value) -> bool {
    let whole = |text: &str| if text.starts_with('#') { format!("{did}{text}") } else { text.to_owned() };
    name.as_str().map(whole).is_some_and(|name| id.as_str().map(whole) == Some(name))
}

/// The most keys of one issuer that are looked at.
const KEYS_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_that_is_not_for_assertions_asserts_nothing() {
        let method = |name: &str, key: &str| json!({"id": format!("did:web:a.example#{name}"), "publicKeyMultibase": key});
        let keys = [
            "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        ];
        let mut document = json!({"id": "did:web:a.example",
            "verificationMethod": [method("one", keys[0]), method("two", keys[1])]});
        let known = |document: &Value| {
            let trusted = Trusted::default().with_document(document).map_err(|refused| refused.code)?;
            Ok::<_, &str>(trusted.0["did:web:a.example"].clone())
        };
        assert_eq!(known(&document).map(|keys| keys.len()), Ok(2));
        document["assertionMethod"] = json!(["#two"]);
        let only = PublicKey::of_multikey(keys[1]).expect("a key");
        assert_eq!(known(&document), Ok(BTreeSet::from([only])));
        document["assertionMethod"] = json!(["did:web:other.example#two"]);
        assert_eq!(known(&document), Err("credential-key-unreadable"));
        document["assertionMethod"] = json!([method("three", keys[0])]);
        assert_eq!(known(&document).map(|keys| keys.len()), Ok(1));
    }
}
