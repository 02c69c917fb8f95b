//! Whether a statement still stands, as W3C's Bitstring Status List tells it: a credential whose subject is a compressed string
//! of bits, one purpose a list.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::status::LIST_BYTES_MAX;
use super::{Standing, StatusPlace, decode};

/// A list's bits, and what a set one means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bitstring {
    set: Standing,
    bytes: Vec<u8>,
}

/// The place a credential names in a list of this form. One that stands for several bits is not read.
pub(super) fn place(said: &Value) -> Option<StatusPlace> {
    if said["type"] != "BitstringStatusListEntry" || said["statusSize"].as_u64().is_some_and(|size| size != 1)
    {
        return None;
    }
    let list = said["statusListCredential"].as_str()?;
    let index = said["statusListIndex"].as_str()?.parse().ok()?;
    Some(StatusPlace { list: list.to_owned(), index })
}

impl Bitstring {
    /// The list a credential is about.
    pub(super) fn of(subject: &Value) -> Option<Self> {
        if subject["type"] != "BitstringStatusList" {
            return None;
        }
        let set = match subject["statusPurpose"].as_str()? {
            "revocation" => Standing::Invalid,
            "suspension" => Standing::Suspended,
            _ => return None,
        };
        let packed = decode(subject["encodedList"].as_str()?.strip_prefix('u')?)?;
        let mut bytes = Vec::new();
        GzDecoder::new(packed.as_slice()).take(LIST_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= LIST_BYTES_MAX).then_some(Self { set, bytes })
    }

    /// How the statement at this place stands, counted from the left; `None` beyond the end.
    pub(super) fn of_index(&self, index: u32) -> Option<Standing> {
        let byte = self.bytes.get(index as usize / 8)?;
        let is_set = byte & (0x80 >> (index % 8)) != 0;
        Some(if is_set { self.set } else { Standing::Valid })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The published example of an encoded list (W3C Bitstring Status List 1.0, example 2): 131,072 places, none set.
    const EMPTY: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";

    #[test]
    fn the_published_list_has_its_places_and_none_is_set() {
        let list = Bitstring::of(
            &json!({"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": EMPTY}),
        );
        let list = list.expect("a list");
        assert_eq!(list.of_index(94_567), Some(Standing::Valid));
        assert_eq!(list.of_index(131_071), Some(Standing::Valid));
        assert_eq!(list.of_index(131_072), None);
    }

    #[test]
    fn places_are_counted_from_the_left() {
        let list = Bitstring { set: Standing::Suspended, bytes: vec![0b0100_0000, 0b0000_0001] };
        let set: Vec<u32> = (0..16).filter(|at| list.of_index(*at) == Some(Standing::Suspended)).collect();
        assert_eq!(set, [1, 15]);
    }

    #[test]
    fn what_is_not_understood_is_no_place_and_no_list() {
        let entry = json!({"type": "BitstringStatusListEntry", "statusListIndex": "7", "statusListCredential": "https://a.example/1"});
        assert_eq!(place(&entry).map(|place| place.index), Some(7));
        let with = |name: &str, value: Value| {
            let mut changed = entry.clone();
            changed[name] = value;
            place(&changed)
        };
        assert_eq!(with("type", json!("StatusList2021Entry")), None);
        assert_eq!(with("statusSize", json!(2)), None);
        assert_eq!(with("statusListIndex", json!(7)), None);
        let message =
            json!({"type": "BitstringStatusList", "statusPurpose": "message", "encodedList": EMPTY});
        assert_eq!(Bitstring::of(&message), None);
    }
}
