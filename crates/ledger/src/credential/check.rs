//! Checking a statement: by nothing but its bytes, the keys one trusts, and the moment.

use serde_json::Value;

use super::holder::{self, Holder};
use super::open::open;
use super::proof::proved;
use super::public::ALGORITHMS;
use super::status::LIST_TYPE;
use super::{Refused, StatusPlace, Trusted, decode, moment};

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
    /// Where its issuer says whether it still stands. They must be looked at: a signature outlives what it was made for.
    pub status: Vec<StatusPlace>,
    /// Who shows it.
    pub holder: Holder,
}

/// Checks a statement at a moment (RFC 3339, UTC): a token with what is shown beside it, or a document with its proof in it.
/// Whether its issuer has taken it back since is [`super::Lists::judge`]'s to say, and whether whoever shows it may,
/// [`Shown::holder`]'s.
///
/// # Errors
/// `credential-unreadable`, `credential-issuer-unknown`, `credential-signature-wrong`, `credential-disclosure-wrong`,
/// `credential-holder-wrong`, `credential-not-yet-valid`, `credential-expired`.
pub fn verify(text: &str, trusted: &Trusted, now: &str) -> Result<Shown, Refused> {
    let text = text.trim();
    if text.len() > TEXT_MAX {
        return Err(unreadable("too long"));
    }
    let count = moment::seconds(now).ok_or_else(|| unreadable(now))?;
    if text.starts_with('{') {
        let document = serde_json::from_str(text).map_err(|_| unreadable("no JSON"))?;
        let document = proved(document, trusted, count)?;
        within(&document, count)?;
        return Ok(shown(document, 0, Holder::Anybody));
    }
    let (front, proof) = text.rsplit_once('~').unwrap_or((text, ""));
    let mut disclosures = front.split('~');
    let token = disclosures.next().unwrap_or_default();
    let disclosures: Vec<&str> = disclosures.filter(|part| !part.is_empty()).collect();
    let (head, payload) = signed(token, trusted)?;
    if head["typ"] == LIST_TYPE || head["typ"] == holder::TYPE {
        return Err(unreadable(&head["typ"].to_string()));
    }
    within(&payload, count)?;
    let (payload, kept_back) = open(payload, &disclosures)?;
    // What the proof is over ends with the tilde before it.
    let covered = &text[..text.len() - proof.len()];
    let holder = Holder::of(&payload, covered, proof, count)?;
    Ok(shown(payload, kept_back, holder))
}

fn shown(payload: Value, kept_back: usize, holder: Holder) -> Shown {
    let word = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    Shown {
        issuer: issuer(&payload),
        kind: kind(&payload),
        id: if payload["id"].is_string() { word("id") } else { word("jti") },
        valid_from: bound(&payload, FROM).unwrap_or_default(),
        valid_until: bound(&payload, UNTIL),
        status: StatusPlace::all_of(&payload),
        subject: subject(payload),
        kept_back,
        holder,
    }
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

/// A token taken apart.
pub(super) struct Parts<'a> {
    pub(super) head: Value,
    pub(super) payload: Value,
    pub(super) covered: &'a str,
    pub(super) signature: &'a str,
}

/// Takes a token apart, whose signature nobody has looked at.
pub(super) fn parts(token: &str) -> Result<Parts<'_>, Refused> {
    let (covered, signature) = token.rsplit_once('.').ok_or_else(|| unreadable("no token"))?;
    let (head, body) = covered.split_once('.').ok_or_else(|| unreadable("no token"))?;
    let json = |text: &str| decode(text).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let head = json(head).ok_or_else(|| unreadable("head"))?;
    let payload = json(body).filter(Value::is_object).ok_or_else(|| unreadable("payload"))?;
    if !ALGORITHMS.iter().any(|known| head["alg"] == *known) {
        return Err(unreadable(&head["alg"].to_string()));
    }
    Ok(Parts { head, payload, covered, signature })
}

/// The head and the payload of a token whose signature holds.
pub(super) fn signed(token: &str, trusted: &Trusted) -> Result<(Value, Value), Refused> {
    let Parts { head, payload, covered, signature } = parts(token)?;
    let algorithm = head["alg"].as_str().unwrap_or_default();
    let by = issuer(&payload);
    trusted.holds((&by, head["kid"].as_str()), algorithm, (covered.as_bytes(), decode(signature)))?;
    Ok((head, payload))
}

/// Who says it: a text, or an object with an id.
pub(super) fn issuer(payload: &Value) -> String {
    let issuer = &payload["issuer"];
    issuer
        .as_str()
        .or_else(|| issuer["id"].as_str())
        .or_else(|| payload["iss"].as_str())
        .unwrap_or_default()
        .to_owned()
}

/// Whether a moment, in seconds since 1970, lies within the bounds a payload gives, as texts and as numbers; all must hold.
pub(super) fn within(payload: &Value, now: i64) -> Result<(), Refused> {
    for from in bounds(payload, FROM)? {
        if now < from {
            return Err(Refused::new("credential-not-yet-valid", moment::text(from)));
        }
    }
    for until in bounds(payload, UNTIL)? {
        if now > until {
            return Err(Refused::new("credential-expired", moment::text(until)));
        }
    }
    Ok(())
}

/// All bounds of one kind.
fn bounds(payload: &Value, [texts @ .., number]: [&str; 3]) -> Result<Vec<i64>, Refused> {
    let mut bounds = Vec::new();
    for name in texts {
        match &payload[name] {
            Value::Null => {}
            said => bounds.push(said.as_str().and_then(moment::seconds).ok_or_else(|| unreadable(name))?),
        }
    }
    match &payload[number] {
        Value::Null => {}
        counted => bounds.push(counted.as_i64().ok_or_else(|| unreadable(number))?),
    }
    Ok(bounds)
}

/// A bound as text, from its text or its number.
fn bound(payload: &Value, [texts @ .., number]: [&str; 3]) -> Option<String> {
    let said = texts.iter().find_map(|name| payload[*name].as_str()).map(str::to_owned);
    said.or_else(|| payload[number].as_i64().map(moment::text))
}

fn unreadable(what: &str) -> Refused {
    Refused::new("credential-unreadable", what)
}

/// The names of the bounds: in credentials of the data model 2.0 and 1.1, and in tokens.
const FROM: [&str; 3] = ["validFrom", "issuanceDate", "nbf"];
const UNTIL: [&str; 3] = ["validUntil", "expirationDate", "exp"];
/// What every token or credential may say of itself and not of its subject.
const COMMON: [&str; 17] = [
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
    "credentialStatus",
    "cnf",
    "issuanceDate",
    "expirationDate",
    "validFrom",
    "validUntil",
];
/// The longest statement that is looked at, in bytes.
const TEXT_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Credential, IssuerKey, PublicKey, did_document, encode, issue};
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
        for (head, code) in [
            (json!({"alg": "none"}), "credential-unreadable"),
            (json!({"alg": "HS256"}), "credential-unreadable"),
            (json!({"alg": "ES256"}), "credential-signature-wrong"),
        ] {
            let forged = format!("{}.{rest}", encode(head.to_string().as_bytes()));
            let refused = verify(&forged, &trusted, "2026-11-28T01:00:00Z").expect_err("it is forged");
            assert_eq!(refused.code, code);
        }
    }

    /// RFC 9901, section 5.1, with the key of appendix A.5.
    #[test]
    fn the_published_statement_of_an_issuer_with_p_256_is_believed() {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
            "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"});
        let key = PublicKey::of_jwk(&jwk).expect("a point of the curve");
        let trusted = Trusted::default().with_key("https://issuer.example.com", key);
        let text = include_str!("../../tests/vectors/rfc9901-5.1.txt");
        let shown = verify(text, &trusted, "2026-11-28T01:00:00Z").expect("it holds");
        assert_eq!(shown.subject["address"]["locality"], "Anytown");
        assert_eq!(shown.subject["nationalities"], json!(["US", "DE"]));
        assert_eq!((shown.kept_back, shown.holder), (0, Holder::Unproved));
    }
}
