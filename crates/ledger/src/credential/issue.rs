//! Making a statement: the token and its disclosures.

use std::fmt;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{CONTEXT, Credential, IssuerKey, Refused, TYPE, encode, moment};

/// A statement as it is given to its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    token: String,
    /// Name of the member and its disclosure.
    disclosures: Vec<(String, String)>,
}

impl Issued {
    /// The same statement without showing this member.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.disclosures.retain(|(known, _)| known != name);
        self
    }

    /// The members it can show or keep.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.disclosures.iter().map(|(name, _)| name.as_str())
    }
}

impl fmt::Display for Issued {
    /// The token, its disclosures, and the mark that no key binding follows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~", self.token)?;
        self.disclosures.iter().try_for_each(|(_, disclosure)| write!(f, "{disclosure}~"))
    }
}

/// Makes and signs a statement; salts follow from the seed, which must be drawn anew for every statement.
///
/// # Errors
/// `credential-subject` where the subject is no object or has no such hidden member.
pub fn issue(credential: &Credential, key: &IssuerKey, seed: &[u8; 32]) -> Result<Issued, Refused> {
    let Value::Object(subject) = &credential.subject else {
        return Err(Refused::new("credential-subject", credential.subject.to_string()));
    };
    let (mut shown, mut digests, mut disclosures) = (subject.clone(), Vec::new(), Vec::new());
    for (number, name) in credential.hidden.iter().enumerate() {
        let value = shown.remove(name).ok_or_else(|| Refused::new("credential-subject", name.clone()))?;
        let disclosure = encode(json!([salt(seed, number), name, value]).to_string().as_bytes());
        digests.push(encode(&Sha256::digest(disclosure.as_bytes())));
        disclosures.push((name.clone(), disclosure));
    }
    // In the order of their digests, so that their order tells nothing.
    digests.sort();
    if !digests.is_empty() {
        shown.insert("_sd".into(), json!(digests));
    }
    let head = json!({"alg": "EdDSA", "typ": TYPE, "cty": "vc", "kid": key.id()});
    let token = token(&head, &payload(credential, key, shown), key);
    Ok(Issued { token, disclosures })
}

fn payload(credential: &Credential, key: &IssuerKey, subject: Map<String, Value>) -> Value {
    let mut payload = json!({
        "@context": [CONTEXT],
        "id": credential.id,
        "type": ["VerifiableCredential", credential.kind],
        "issuer": key.did(),
        "iss": key.did(),
        "vct": format!("urn:sampan:credential:{}", credential.kind),
        "validFrom": credential.valid_from,
        "credentialSubject": subject,
        "_sd_alg": "sha-256",
    });
    // The same bounds once more as the numbers that readers of plain tokens look at.
    if let Some(from) = moment::seconds(&credential.valid_from) {
        payload["nbf"] = json!(from);
    }
    if let Some(until) = &credential.valid_until {
        payload["validUntil"] = json!(until);
        if let Some(until) = moment::seconds(until) {
            payload["exp"] = json!(until);
        }
    }
    if let Some(place) = &credential.status {
        payload["status"] = json!({"status_list": {"idx": place.index, "uri": place.list}});
    }
    payload
}

/// A payload under its head, signed.
pub(super) fn token(head: &Value, payload: &Value, key: &IssuerKey) -> String {
    let covered =
        format!("{}.{}", encode(head.to_string().as_bytes()), encode(payload.to_string().as_bytes()));
    format!("{covered}.{}", encode(&key.sign(covered.as_bytes())))
}

/// 128 bits that nobody can guess who does not hold the seed.
fn salt(seed: &[u8; 32], number: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(b"sampan credential salt\n");
    hash.update(seed);
    hash.update((number as u64).to_be_bytes());
    encode(&hash.finalize()[..16])
}
