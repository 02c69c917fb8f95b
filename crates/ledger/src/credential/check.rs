//! Checking a statement: by nothing but its bytes, the keys one trusts, and the moment.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

use super::open::open;
use super::{Refused, StatusPlace, decode, moment};

/// The issuers whose statements are believed, each with its keys.
#[derive(Clone, Debug, Default)]
pub struct Trusted(BTreeMap<String, BTreeSet<[u8; 32]>>);

impl Trusted {
    /// With this issuer's key too.
    #[must_use]
    pub fn with(mut self, did: &str, public: [u8; 32]) -> Self {
        self.0.entry(did.to_owned()).or_default().insert(public);
        self
    }

    /// With the issuer of a DID document: all its Ed25519 keys.
    ///
    /// # Errors
    /// `credential-key-unreadable` where it has none.
    pub fn with_document(mut self, document: &Value) -> Result<Self, Refused> {
        let unreadable = || Refused::new("credential-key-unreadable", document["id"].to_string());
        let did = document["id"].as_str().ok_or_else(unreadable)?;
        let methods = document["verificationMethod"].as_array().ok_or_else(unreadable)?;
        let keys = methods.iter().take(KEYS_MAX).map(|method| &method["publicKeyJwk"]);
        let keys: BTreeSet<[u8; 32]> = keys
            .filter(|jwk| jwk["kty"] == "OKP" && jwk["crv"] == "Ed25519")
            .filter_map(|jwk| decode(jwk["x"].as_str()?)?.try_into().ok())
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
    /// Since when; empty where the statement does not say.
    pub valid_from: String,
    /// Until when.
    pub valid_until: Option<String>,
    /// Where its issuer says whether it still stands. It must be looked at: a signature outlives what it was made for.
    pub status: Option<StatusPlace>,
}

/// Checks a statement at a moment (RFC 3339, UTC). Whether its issuer has taken it back since is [`Shown::status`]'s to say.
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
    let (_, payload) = signed(token, trusted)?;
    within(&payload, now)?;
    let (payload, kept_back) = open(payload, &disclosures)?;
    let word = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    Ok(Shown {
        issuer: issuer(&payload),
        kind: kind(&payload),
        id: if payload["id"].is_string() { word("id") } else { word("jti") },
        valid_from: bound(&payload, "validFrom", "nbf").unwrap_or_default(),
        valid_until: bound(&payload, "validUntil", "exp"),
        status: StatusPlace::of(&payload),
        subject: subject(payload),
        kept_back,
    })
}

/// What a statement is about: the subject of a credential, or what a plain token claims beyond what all tokens do.
fn subject(mut payload: Value) -> Value {
    match payload["credentialSubject"].take() {
        Value::Null => {
            let mut claims = payload.as_object().cloned().unwrap_or_default();
            claims.retain(|name, _| !COMMON.contains(&name.as_str()));
            Value::Object(claims)
        }
        subject => subject,
    }
}

/// What kind of statement it is: the type beside `VerifiableCredential`, or the type of a plain token.
fn kind(payload: &Value) -> String {
    let kinds = payload["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let kind = kinds.into_iter().find(|kind| *kind != "VerifiableCredential");
    kind.or_else(|| payload["vct"].as_str()).unwrap_or_default().to_owned()
}

/// The head and the payload of a token whose signature holds.
pub(super) fn signed(token: &str, trusted: &Trusted) -> Result<(Value, Value), Refused> {
    let unreadable = |what: &str| Refused::new("credential-unreadable", what);
    let (covered, signature) = token.rsplit_once('.').ok_or_else(|| unreadable("no token"))?;
    let (head, body) = covered.split_once('.').ok_or_else(|| unreadable("no token"))?;
    let json = |text: &str| decode(text).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let head = json(head).ok_or_else(|| unreadable("head"))?;
    let payload = json(body).filter(Value::is_object).ok_or_else(|| unreadable("payload"))?;
    // One algorithm and no other: what a token says of itself decides nothing.
    if head["alg"] != "EdDSA" && head["alg"] != "Ed25519" {
        return Err(unreadable(&head["alg"].to_string()));
    }
    let issuer = issuer(&payload);
    let named = head["kid"].as_str().and_then(|kid| kid.split_once('#')).map_or("", |(named, _)| named);
    let keys = trusted.0.get(&issuer).filter(|_| named.is_empty() || named == issuer);
    let keys = keys.ok_or_else(|| Refused::new("credential-issuer-unknown", issuer.clone()))?;
    let wrong = || Refused::new("credential-signature-wrong", issuer.clone());
    let signature =
        decode(signature).and_then(|bytes| Signature::from_slice(&bytes).ok()).ok_or_else(wrong)?;
    let holds = |public: &[u8; 32]| {
        let key = VerifyingKey::from_bytes(public);
        key.is_ok_and(|key| key.verify_strict(covered.as_bytes(), &signature).is_ok())
    };
    if keys.iter().any(holds) { Ok((head, payload)) } else { Err(wrong()) }
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

/// Whether a moment lies within the bounds a payload gives, as text and as numbers; both must hold.
pub(super) fn within(payload: &Value, now: &str) -> Result<(), Refused> {
    let unreadable = |what: &str| Refused::new("credential-unreadable", what);
    let now = moment::seconds(now).ok_or_else(|| unreadable(now))?;
    for (name, number) in [("validFrom", "nbf"), ("validUntil", "exp")] {
        let said = match &payload[name] {
            Value::Null => None,
            said => Some(said.as_str().and_then(moment::seconds).ok_or_else(|| unreadable(name))?),
        };
        let counted = match &payload[number] {
            Value::Null => None,
            counted => Some(counted.as_i64().ok_or_else(|| unreadable(number))?),
        };
        for bound in said.into_iter().chain(counted) {
            if number == "nbf" && now < bound {
                return Err(Refused::new("credential-not-yet-valid", moment::text(bound)));
            }
            if number == "exp" && now > bound {
                return Err(Refused::new("credential-expired", moment::text(bound)));
            }
        }
    }
    Ok(())
}

/// A bound as text, from its text or its number.
fn bound(payload: &Value, name: &str, number: &str) -> Option<String> {
    let said = payload[name].as_str().map(str::to_owned);
    said.or_else(|| payload[number].as_i64().map(moment::text))
}

/// The most keys of one issuer that are looked at.
const KEYS_MAX: usize = 16;
/// What every token or credential may say of itself and not of its subject.
const COMMON: [&str; 14] = [
    "@context",
    "id",
    "type",
    "issuer",
    "iss",
    "vct",
    "nbf",
    "exp",
    "iat",
    "jti",
    "status",
    "cnf",
    "validFrom",
    "validUntil",
];
/// The longest statement that is looked at, in bytes.
const TEXT_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Credential, IssuerKey, did_document, encode, issue};
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
            status: None,
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
