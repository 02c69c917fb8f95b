//! Checking a statement: by nothing but its bytes, the keys one trusts, and the moment.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Refused, decode, encode};

/// The issuers whose statements are believed.
#[derive(Clone, Debug, Default)]
pub struct Trusted(BTreeMap<String, [u8; 32]>);

impl Trusted {
    /// With this issuer too.
    #[must_use]
    pub fn with(mut self, did: &str, public: [u8; 32]) -> Self {
        self.0.insert(did.to_owned(), public);
        self
    }

    /// With the issuer of a DID document: its first Ed25519 key.
    ///
    /// # Errors
    /// `credential-key-unreadable` where it has none.
    pub fn with_document(self, document: &Value) -> Result<Self, Refused> {
        let unreadable = || Refused::new("credential-key-unreadable", document["id"].to_string());
        let did = document["id"].as_str().ok_or_else(unreadable)?;
        let methods = document["verificationMethod"].as_array().ok_or_else(unreadable)?;
        let key = methods.iter().map(|method| &method["publicKeyJwk"]).find(|jwk| jwk["crv"] == "Ed25519");
        let x = key.and_then(|jwk| jwk["x"].as_str()).and_then(decode).ok_or_else(unreadable)?;
        Ok(self.with(did, x.try_into().map_err(|_| unreadable())?))
    }
}

/// A statement that holds, as far as its holder shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Who says it.
    pub issuer: String,
    /// What kind of statement it is.
    pub kind: String,
    /// Its own name.
    pub id: String,
    /// What is said.
    pub subject: Value,
    /// How many members are kept back.
    pub kept_back: usize,
    /// Since when.
    pub valid_from: String,
    /// Until when.
    pub valid_until: Option<String>,
}

/// Checks a statement at a moment (RFC 3339, UTC).
///
/// # Errors
/// `credential-unreadable`, `credential-issuer-unknown`, `credential-signature-wrong`, `credential-disclosure-wrong`,
/// `credential-not-yet-valid`, `credential-expired`.
pub fn verify(text: &str, trusted: &Trusted, now: &str) -> Result<Shown, Refused> {
    if text.len() > TEXT_MAX {
        return Err(Refused::new("credential-unreadable", "too long"));
    }
    let mut parts = text.trim().split('~');
    let token = parts.next().unwrap_or_default();
    let disclosures: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let payload = signed(token, trusted)?;
    let word = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    let (subject, kept_back) = revealed(&payload, &disclosures)?;
    let kinds = payload["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let shown = Shown {
        issuer: issuer(&payload),
        kind: kinds
            .filter(|kind| *kind != "VerifiableCredential")
            .map(str::to_owned)
            .next()
            .unwrap_or_default(),
        id: word("id"),
        subject: Value::Object(subject),
        kept_back,
        valid_from: word("validFrom"),
        valid_until: payload["validUntil"].as_str().map(str::to_owned),
    };
    within(&shown, now)?;
    Ok(shown)
}

/// The payload of a token whose signature holds.
fn signed(token: &str, trusted: &Trusted) -> Result<Value, Refused> {
    let unreadable = |what: &str| Refused::new("credential-unreadable", what);
    let (covered, signature) = token.rsplit_once('.').ok_or_else(|| unreadable("no token"))?;
    let (head, body) = covered.split_once('.').ok_or_else(|| unreadable("no token"))?;
    let json = |text: &str| decode(text).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let head = json(head).ok_or_else(|| unreadable("head"))?;
    let payload = json(body).filter(Value::is_object).ok_or_else(|| unreadable("payload"))?;
    // One algorithm and no other: what a token says of itself decides nothing.
    if head["alg"] != "EdDSA" {
        return Err(unreadable(&head["alg"].to_string()));
    }
    let issuer = issuer(&payload);
    let named = head["kid"].as_str().map_or(issuer.as_str(), |kid| kid.split('#').next().unwrap_or_default());
    let public = trusted.0.get(&issuer).filter(|_| named == issuer);
    let public = public.ok_or_else(|| Refused::new("credential-issuer-unknown", issuer.clone()))?;
    let wrong = || Refused::new("credential-signature-wrong", issuer.clone());
    let key = VerifyingKey::from_bytes(public).map_err(|_| wrong())?;
    let signature =
        decode(signature).and_then(|bytes| Signature::from_slice(&bytes).ok()).ok_or_else(wrong)?;
    key.verify_strict(covered.as_bytes(), &signature).map_err(|_| wrong())?;
    Ok(payload)
}

/// Who says it: a text, or an object with an id.
fn issuer(payload: &Value) -> String {
    let issuer = &payload["issuer"];
    issuer
        .as_str()
        .or_else(|| issuer["id"].as_str())
        .or_else(|| payload["iss"].as_str())
        .unwrap_or_default()
        .to_owned()
}

/// The subject with what its holder shows, and how many members are kept back.
fn revealed(payload: &Value, disclosures: &[&str]) -> Result<(Map<String, Value>, usize), Refused> {
    let wrong = |what: &str| Refused::new("credential-disclosure-wrong", what);
    let Value::Object(mut subject) = payload["credentialSubject"].clone() else {
        return Err(Refused::new("credential-unreadable", "credentialSubject"));
    };
    if payload["_sd_alg"].as_str().is_some_and(|name| name != "sha-256") {
        return Err(wrong("_sd_alg"));
    }
    let mut digests: BTreeSet<String> = match subject.remove("_sd") {
        Some(Value::Array(all)) => {
            all.into_iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        }
        Some(_) => return Err(wrong("_sd")),
        None => BTreeSet::new(),
    };
    for disclosure in disclosures {
        // Every disclosure shown must be one that was signed, and shown once.
        if !digests.remove(&encode(&Sha256::digest(disclosure.as_bytes()))) {
            return Err(wrong("not one of the signed digests"));
        }
        let read = decode(disclosure)
            .and_then(|bytes| serde_json::from_slice::<(String, String, Value)>(&bytes).ok());
        let (_, name, value) = read.ok_or_else(|| wrong("unreadable"))?;
        if name.starts_with("_sd") || name == "..." || subject.insert(name, value).is_some() {
            return Err(wrong("a member twice"));
        }
    }
    Ok((subject, digests.len()))
}

fn within(shown: &Shown, now: &str) -> Result<(), Refused> {
    let utc = |text: &str| {
        text.ends_with('Z').then(|| text.trim_end_matches('Z').split('.').next().map(str::to_owned)).flatten()
    };
    let (Some(now), Some(from)) = (utc(now), utc(&shown.valid_from)) else {
        return Err(Refused::new("credential-unreadable", shown.valid_from.clone()));
    };
    if now < from {
        return Err(Refused::new("credential-not-yet-valid", shown.valid_from.clone()));
    }
    match shown.valid_until.as_deref().map(utc) {
        Some(None) => Err(Refused::new("credential-unreadable", "validUntil")),
        Some(Some(until)) if now > until => Err(Refused::new("credential-expired", until)),
        _ => Ok(()),
    }
}

/// The longest statement that is looked at, in bytes.
const TEXT_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Credential, IssuerKey, did_document, issue};
    use super::*;

    fn made(until: Option<&str>) -> (String, Trusted) {
        let key = IssuerKey::from_secret("did:web:customs.example", [7; 32]);
        let credential = Credential {
            id: "urn:uuid:1".into(),
            kind: "AuthorisedOperator".into(),
            valid_from: "2026-11-28T00:00:00Z".into(),
            valid_until: until.map(str::to_owned),
            subject: json!({"code": "AEOVN1", "name": "Hòa Phát", "sites": ["VNHPH"]}),
            hidden: vec!["name".into(), "sites".into()],
        };
        let trusted =
            Trusted::default().with_document(&did_document(&key.did(), &key.public())).expect("a document");
        (issue(&credential, &key, &[1; 32]).expect("a subject").to_string(), trusted)
    }

    #[test]
    fn what_was_issued_is_believed_whole_or_in_part() {
        let (text, trusted) = made(None);
        let whole = verify(&text, &trusted, "2026-11-28T01:00:00Z").expect("it holds");
        assert_eq!(whole.subject, json!({"code": "AEOVN1", "name": "Hòa Phát", "sites": ["VNHPH"]}));
        let token = text.split('~').next().expect("a token");
        let part = verify(&format!("{token}~"), &trusted, "2026-11-28T01:00:00Z").expect("it holds");
        assert_eq!((part.subject, part.kept_back), (json!({"code": "AEOVN1"}), 2));
    }

    #[test]
    fn nothing_that_was_changed_is_believed() {
        let (text, trusted) = made(None);
        let code = |text: &str, trusted: &Trusted, now: &str| {
            verify(text, trusted, now).map_err(|refused| refused.code)
        };
        let now = "2026-11-28T01:00:00Z";
        for at in (0..text.len()).step_by(11) {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("letters");
            if changed != text {
                assert!(code(&changed, &trusted, now).is_err(), "changed at {at}");
            }
        }
        assert_eq!(code(&text, &Trusted::default(), now), Err("credential-issuer-unknown"));
        let other = Trusted::default().with("did:web:customs.example", [3; 32]);
        assert_eq!(code(&text, &other, now), Err("credential-signature-wrong"));
        assert_eq!(code(&text, &trusted, "2026-11-27T23:59:59Z"), Err("credential-not-yet-valid"));
        let (short, trusted) = made(Some("2026-11-29T00:00:00Z"));
        assert_eq!(code(&short, &trusted, "2026-11-29T00:00:01Z"), Err("credential-expired"));
        let twice = format!("{text}{}~", text.split('~').nth(1).expect("a disclosure"));
        assert_eq!(code(&twice, &trusted, now), Err("credential-disclosure-wrong"));
        let foreign = format!("{text}{}~", encode(b"[\"salt\",\"status\",\"active\"]"));
        assert_eq!(code(&foreign, &trusted, now), Err("credential-disclosure-wrong"));
    }

    #[test]
    fn a_token_that_names_no_algorithm_or_another_is_not_read() {
        let (text, trusted) = made(None);
        let (_, rest) = text.split_once('.').expect("a token");
        for head in [json!({"alg": "none"}), json!({"alg": "HS256"})] {
            let forged = format!("{}.{rest}", encode(head.to_string().as_bytes()));
            let refused = verify(&forged, &trusted, "2026-11-28T01:00:00Z").expect_err("it is forged");
            assert_eq!(refused.code, "credential-unreadable");
        }
    }
}
