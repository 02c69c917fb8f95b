//! Whether a statement still stands: a compressed list of two bits for each statement, signed by its issuer, kept by whoever
//! checks (IETF Token Status List). Asking for the whole list tells nobody which statement was looked at.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use super::check::{Shown, issuer, signed, within};
use super::issue::token;
use super::proof::proved;
use super::{IssuerKey, Refused, Trusted, bitstring, decode, encode, moment};

/// How a statement stands with its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Valid,
    /// It was taken back, replaced, or is used up.
    Invalid,
    /// It rests.
    Suspended,
    /// The issuer's own state of this number.
    Own(u8),
}

/// Where an issuer says how a statement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusPlace {
    /// The list's address, which is also its name.
    pub list: String,
    /// The place within it.
    pub index: u32,
}

/// What all that is known says of a statement that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It stands, or only runs out.
    Stands,
    /// It rests.
    Suspended,
    /// It was taken back, replaced, used up, or its issuer has a state of its own for it.
    TakenBack,
    /// Its issuer says somewhere whether it stands, and that cannot be looked at or believed. It may stand or not.
    Unknown,
}

/// How the statements of one list stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    bits: u8,
    bytes: Vec<u8>,
}

/// A list of either form.
#[derive(Clone, Debug)]
enum List {
    Token(StatusList),
    Bitstring(bitstring::Bitstring),
}

/// The lists somebody holds, by their issuers and names.
#[derive(Clone, Debug, Default)]
pub struct Lists(BTreeMap<(String, String), List>);

impl StatusPlace {
    /// The places a payload names: a token's, a credential's, or what stands for one that cannot be read, so that nobody
    /// takes a statement with an unread status for one without.
    pub(super) fn all_of(payload: &Value) -> Vec<Self> {
        let mut places = Vec::new();
        let token = &payload["status"];
        if !token.is_null() {
            places.push(Self::of_token(&token["status_list"]).unwrap_or_else(|| Self::unread(token)));
        }
        let credential = match &payload["credentialStatus"] {
            Value::Null => &[][..],
            Value::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        places.extend(
            credential.iter().map(|said| bitstring::place(said).unwrap_or_else(|| Self::unread(said))),
        );
        places
    }

    fn of_token(place: &Value) -> Option<Self> {
        let list = place["uri"].as_str()?.to_owned();
        Some(Self { list, index: u32::try_from(place["idx"].as_u64()?).ok()? })
    }

    /// A place no list answers for.
    fn unread(said: &Value) -> Self {
        Self { list: format!("unread: {}", said["type"].as_str().unwrap_or_default()), index: 0 }
    }
}

impl StatusList {
    /// A list of [`LIST_PLACES`] places that all stand, but for these; places beyond its end are left out.
    #[must_use]
    pub fn but(places: impl IntoIterator<Item = (u32, Standing)>) -> Self {
        let mut bytes = vec![0; LIST_PLACES as usize / 4];
        for (index, standing) in places {
            let value = match standing {
                Standing::Valid => 0,
                Standing::Invalid => 1,
                Standing::Suspended => 2,
                Standing::Own(_) => 3,
            };
            if let Some(byte) = bytes.get_mut(index as usize / 4) {
                let shift = index % 4 * 2;
                *byte = (*byte & !(3 << shift)) | (value << shift);
            }
        }
        Self { bits: 2, bytes }
    }

    /// How the statement at this place stands; `None` beyond the list's end.
    #[must_use]
    pub fn of(&self, index: u32) -> Option<Standing> {
        let per_byte = u32::from(8 / self.bits);
        let byte = *self.bytes.get((index / per_byte) as usize)?;
        let mask = u8::MAX >> (8 - self.bits);
        let shift = index % per_byte * u32::from(self.bits);
        Some(match (byte >> shift) & mask {
            0 => Standing::Valid,
            1 => Standing::Invalid,
            2 => Standing::Suspended,
            own => Standing::Own(own),
        })
    }

    fn packed(&self) -> String {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        // Writing into memory does not fail.
        let packed = packer.write_all(&self.bytes).and_then(|()| packer.finish());
        encode(&packed.unwrap_or_default())
    }

    fn unpacked(claim: &Value) -> Option<Self> {
        let bits = claim["bits"].as_u64().and_then(|bits| u8::try_from(bits).ok())?;
        let packed = decode(claim["lst"].as_str()?)?;
        let mut bytes = Vec::new();
        ZlibDecoder::new(packed.as_slice()).take(LIST_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
        (matches!(bits, 1 | 2 | 4 | 8) && bytes.len() as u64 <= LIST_BYTES_MAX)
            .then_some(Self { bits, bytes })
    }
}

/// Signs a list of this name at a moment; it is not to be believed after `until`.
///
/// # Errors
/// `credential-unreadable` where a moment is none.
pub fn issue_list(
    list: &StatusList,
    name: &str,
    key: &IssuerKey,
    (now, until): (&str, &str),
) -> Result<String, Refused> {
    let count = |text: &str| moment::seconds(text).ok_or_else(|| Refused::new("credential-unreadable", text));
    let (now, until) = (count(now)?, count(until)?);
    let head = json!({"alg": "EdDSA", "typ": LIST_TYPE, "kid": key.id()});
    let payload = json!({
        "iss": key.did(), "sub": name, "iat": now, "exp": until, "ttl": (until - now).max(1),
        "status_list": {"bits": list.bits, "lst": list.packed()},
    });
    Ok(token(&head, &payload, key))
}

impl Lists {
    /// With this list, signed by an issuer one trusts and not run out.
    ///
    /// # Errors
    /// As [`super::verify`]; `credential-unreadable` also where it is no list.
    pub fn with(mut self, text: &str, trusted: &Trusted, now: &str) -> Result<Self, Refused> {
        let text = text.trim();
        if text.len() > TEXT_MAX {
            return Err(unreadable("too long"));
        }
        let now = moment::seconds(now).ok_or_else(|| unreadable(now))?;
        let (by, name, list) = if text.starts_with('{') {
            of_document(text, trusted, now)?
        } else {
            of_token(text, trusted, now)?
        };
        // An issuer speaks of its own statements: a list under another's address would take back what is not its own.
        self.0.insert((by, name), list);
        Ok(self)
    }

    /// How a statement of this issuer stands; `None` where no list of the issuer's is here that says so.
    #[must_use]
    pub fn standing(&self, issuer: &str, place: &StatusPlace) -> Option<Standing> {
        match self.0.get(&(issuer.to_owned(), place.list.clone()))? {
            List::Token(list) => list.of(place.index),
            List::Bitstring(list) => list.of_index(place.index),
        }
    }

    /// What all these lists say of a statement: the worst that one of its places says.
    #[must_use]
    pub fn judge(&self, shown: &Shown) -> Judgement {
        let of_place = |place| match self.standing(&shown.issuer, place) {
            Some(Standing::Valid) => Judgement::Stands,
            Some(Standing::Suspended) => Judgement::Suspended,
            Some(Standing::Invalid | Standing::Own(_)) => Judgement::TakenBack,
            None => Judgement::Unknown,
        };
        let rank = |judgement: &Judgement| match judgement {
            Judgement::Stands => 0,
            Judgement::Suspended => 1,
            Judgement::Unknown => 2,
            Judgement::TakenBack => 3,
        };
        shown.status.iter().map(of_place).max_by_key(rank).unwrap_or(Judgement::Stands)
    }
}

/// A list as a token: its issuer, its name, and what it says.
fn of_token(text: &str, trusted: &Trusted, now: i64) -> Result<(String, String, List), Refused> {
    let (head, payload) = signed(text, trusted)?;
    within(&payload, now)?;
    if head["typ"] != LIST_TYPE {
        return of_credential(&payload).ok_or_else(|| unreadable(&head["typ"].to_string()));
    }
    let name = payload["sub"].as_str().ok_or_else(|| unreadable("sub"))?;
    let list = StatusList::unpacked(&payload["status_list"]).ok_or_else(|| unreadable("status_list"))?;
    Ok((payload["iss"].as_str().unwrap_or_default().to_owned(), name.to_owned(), List::Token(list)))
}

/// A list as a document with its proof in it.
fn of_document(text: &str, trusted: &Trusted, now: i64) -> Result<(String, String, List), Refused> {
    let document = serde_json::from_str(text).map_err(|_| unreadable("no JSON"))?;
    let document = proved(document, trusted, now)?;
    within(&document, now)?;
    of_credential(&document).ok_or_else(|| unreadable("no list"))
}

fn of_credential(payload: &Value) -> Option<(String, String, List)> {
    let name = payload["id"].as_str()?.to_owned();
    Some((issuer(payload), name, List::Bitstring(bitstring::Bitstring::of(&payload["credentialSubject"])?)))
}

fn unreadable(what: &str) -> Refused {
    Refused::new("credential-unreadable", what)
}

/// How many statements one list of ours has places for.
pub const LIST_PLACES: u32 = 1 << 20;
/// The type in the head of a list's token; `application/` before it is its media type.
pub const LIST_TYPE: &str = "statuslist+jwt";
/// The longest list that is unpacked, in bytes.
pub(super) const LIST_BYTES_MAX: u64 = 16 << 20;
/// The longest list's token that is looked at, in bytes.
const TEXT_MAX: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "https://customs.example/statements/status/0";
    const NOW: &str = "2026-11-28T01:00:00Z";

    fn key() -> IssuerKey {
        IssuerKey::from_secret("did:web:customs.example", [7; 32])
    }

    fn token_of(list: &StatusList) -> String {
        issue_list(list, NAME, &key(), (NOW, "2026-11-28T02:00:00Z")).expect("signed")
    }

    #[test]
    fn a_list_says_of_every_place_how_it_stands() {
        let list = StatusList::but([
            (0, Standing::Invalid),
            (5, Standing::Suspended),
            (LIST_PLACES, Standing::Invalid),
        ]);
        let text = token_of(&list);
        assert!(text.len() < 1_500, "{} bytes", text.len());
        let trusted = Trusted::default().with("did:web:customs.example", key().public());
        let lists = Lists::default().with(&text, &trusted, NOW).expect("it holds");
        let standing =
            |issuer: &str, index| lists.standing(issuer, &StatusPlace { list: NAME.into(), index });
        let ours = "did:web:customs.example";
        assert_eq!(standing(ours, 0), Some(Standing::Invalid));
        assert_eq!(standing(ours, 5), Some(Standing::Suspended));
        assert_eq!(standing(ours, 4), Some(Standing::Valid));
        assert_eq!(standing(ours, LIST_PLACES), None);
        assert_eq!(standing("did:web:other.example", 0), None);
    }

    #[test]
    fn a_list_that_was_changed_ran_out_or_is_no_list_is_not_believed() {
        let trusted = Trusted::default().with("did:web:customs.example", key().public());
        let text = token_of(&StatusList::but([]));
        let code = |text: &str, now: &str| {
            Lists::default().with(text, &trusted, now).map(drop).map_err(|refused| refused.code)
        };
        assert_eq!(code(&text, "2026-11-28T02:00:01Z"), Err("credential-expired"));
        assert_eq!(code(&text.replace('.', "A."), NOW), Err("credential-unreadable"));
        let changed = format!("{}A{}", &text[..text.len() - 30], &text[text.len() - 29..]);
        assert_eq!(code(&changed, NOW), Err("credential-signature-wrong"));
        let other = token(
            &json!({"alg": "EdDSA", "typ": "jwt"}),
            &json!({"iss": "did:web:customs.example", "sub": NAME}),
            &key(),
        );
        assert_eq!(code(&other, NOW), Err("credential-unreadable"));
    }

    #[test]
    fn a_list_that_grows_beyond_all_bounds_is_not_unpacked() {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        for _ in 0..17 {
            packer.write_all(&vec![0; 1 << 20]).expect("memory");
        }
        let packed = encode(&packer.finish().expect("memory"));
        assert_eq!(StatusList::unpacked(&json!({"bits": 1, "lst": packed})), None);
    }
}
