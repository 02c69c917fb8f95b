//! Opening what a holder shows: every disclosure takes the place of its digest, at whatever depth, and none may be left over.
//! The rules are those of SD-JWT (RFC 9901), so that statements of other issuers are read as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Refused, decode, encode};

/// The payload with all that is shown in its place, and how many digests stand for what is kept back.
///
/// # Errors
/// `credential-disclosure-wrong`.
pub(super) fn open(payload: Value, disclosures: &[&str]) -> Result<(Value, usize), Refused> {
    if payload["_sd_alg"].as_str().is_some_and(|name| name != "sha-256") {
        return Err(wrong("_sd_alg"));
    }
    let mut shown = BTreeMap::new();
    for disclosure in disclosures {
        let digest = encode(&Sha256::digest(disclosure.as_bytes()));
        if shown.insert(digest, read(disclosure)?).is_some() {
            return Err(wrong("one disclosure twice"));
        }
    }
    let mut opener = Opener { shown, met: BTreeSet::new(), kept_back: 0 };
    let mut payload = opener.value(payload, 0)?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("_sd_alg");
    }
    // What nothing in the signed payload stands for was put in by somebody else.
    if opener.shown.is_empty() {
        Ok((payload, opener.kept_back))
    } else {
        Err(wrong("not one of the signed digests"))
    }
}

/// A disclosure: a member with its name, or an element of a list.
enum Disclosed {
    Member(String, Value),
    Element(Value),
}

fn read(disclosure: &str) -> Result<Disclosed, Refused> {
    let parts = decode(disclosure).and_then(|bytes| serde_json::from_slice::<Vec<Value>>(&bytes).ok());
    let mut parts = parts.ok_or_else(|| wrong("unreadable"))?.into_iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Value::String(_)), Some(Value::String(name)), Some(value), None)
            if name != "_sd" && name != "..." =>
        {
            Ok(Disclosed::Member(name, value))
        }
        (Some(Value::String(_)), Some(value), None, None) => Ok(Disclosed::Element(value)),
        _ => Err(wrong("unreadable")),
    }
}

struct Opener {
    shown: BTreeMap<String, Disclosed>,
    /// Digests that were met; each may stand once.
    met: BTreeSet<String>,
    kept_back: usize,
}

impl Opener {
    fn value(&mut self, value: Value, depth: u8) -> Result<Value, Refused> {
        if depth > DEPTH_MAX {
            return Err(wrong("too deep"));
        }
        match value {
            Value::Object(fields) => self.object(fields, depth).map(Value::Object),
            Value::Array(elements) => self.array(elements, depth).map(Value::Array),
            other => Ok(other),
        }
    }

    fn object(&mut self, fields: Map<String, Value>, depth: u8) -> Result<Map<String, Value>, Refused> {
        let (mut opened, mut digests) = (Map::new(), Vec::new());
        for (name, value) in fields {
            if name == "_sd" {
                digests = serde_json::from_value::<Vec<String>>(value).map_err(|_| wrong("_sd"))?;
            } else {
                opened.insert(name, self.value(value, depth + 1)?);
            }
        }
        for digest in digests {
            match self.taken(digest)? {
                None => {}
                Some(Disclosed::Member(name, value)) => {
                    let value = self.value(value, depth + 1)?;
                    if opened.insert(name, value).is_some() {
                        return Err(wrong("a member twice"));
                    }
                }
                Some(Disclosed::Element(_)) => return Err(wrong("an element among members")),
            }
        }
        Ok(opened)
    }

    fn array(&mut self, elements: Vec<Value>, depth: u8) -> Result<Vec<Value>, Refused> {
        let mut opened = Vec::new();
        for element in elements {
            let hidden =
                element.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.get("..."));
            let Some(digest) = hidden else {
                opened.push(self.value(element, depth + 1)?);
                continue;
            };
            match self.taken(digest.as_str().ok_or_else(|| wrong("..."))?.to_owned())? {
                None => {}
                Some(Disclosed::Element(value)) => opened.push(self.value(value, depth + 1)?),
                Some(Disclosed::Member(..)) => return Err(wrong("a member among elements")),
            }
        }
        Ok(opened)
    }

    fn taken(&mut self, digest: String) -> Result<Option<Disclosed>, Refused> {
        let shown = self.shown.remove(&digest);
        self.kept_back += usize::from(shown.is_none());
        if self.met.insert(digest) { Ok(shown) } else { Err(wrong("one digest twice")) }
    }
}

fn wrong(what: &str) -> Refused {
    Refused::new("credential-disclosure-wrong", what)
}

/// How deep objects in objects are read.
const DEPTH_MAX: u8 = 32;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn disclosed(parts: &Value) -> (String, String) {
        let text = encode(parts.to_string().as_bytes());
        let digest = encode(&Sha256::digest(text.as_bytes()));
        (text, digest)
    }

    #[test]
    fn what_is_shown_stands_where_its_digest_stood_at_any_depth() {
        let (city, city_digest) = disclosed(&json!(["s1", "city", "Hai Phong"]));
        let (site, site_digest) = disclosed(&json!(["s2", "VNHPH"]));
        let (address, address_digest) =
            disclosed(&json!(["s3", "address", {"_sd": [city_digest], "country": "VN"}]));
        let payload = json!({"_sd_alg": "sha-256", "_sd": [address_digest, "decoy"], "sites": ["VNSGN", {"...": site_digest}]});
        let (opened, kept_back) = open(payload.clone(), &[&address, &city, &site]).expect("it opens");
        assert_eq!(
            opened,
            json!({"address": {"city": "Hai Phong", "country": "VN"}, "sites": ["VNSGN", "VNHPH"]})
        );
        assert_eq!(kept_back, 1);
        let (less, kept_back) = open(payload, &[]).expect("it opens");
        assert_eq!((less, kept_back), (json!({"sites": ["VNSGN"]}), 3));
    }

    #[test]
    fn nothing_is_left_over_doubled_or_in_another_s_place() {
        let (name, digest) = disclosed(&json!(["s", "name", "A"]));
        let (element, element_digest) = disclosed(&json!(["s", "A"]));
        let (sneaky, sneaky_digest) = disclosed(&json!(["s", "_sd", []]));
        for (payload, shown) in [
            (json!({"_sd": []}), vec![&name]),
            (json!({"_sd": [digest], "name": "B"}), vec![&name]),
            (json!({"_sd": [digest], "more": {"_sd": [digest]}}), vec![&name]),
            (json!({"_sd": [digest]}), vec![&name, &name]),
            (json!({"_sd": [element_digest]}), vec![&element]),
            (json!({"list": [{"...": digest}]}), vec![&name]),
            (json!({"_sd": [sneaky_digest]}), vec![&sneaky]),
            (json!({"_sd": [digest], "_sd_alg": "md5"}), vec![&name]),
            (json!({"_sd": "no list"}), vec![]),
        ] {
            let shown: Vec<&str> = shown.into_iter().map(String::as_str).collect();
            let refused = open(payload.clone(), &shown).expect_err(&payload.to_string());
            assert_eq!(refused.code, "credential-disclosure-wrong", "{payload}");
        }
    }
}
