//! CN 22 and CN 23 as posts exchange them before the parcel (ITMATT): an item with sender, addressee, category, weight, and
//! its contents line by line. Every content line becomes a parcel line, `item/1`, `item/2`, …

use customs::parcel::{Contents, Parcel};
use kernel::{Finding, Findings, Place};
use serde_json::Value;

use super::json::text;
use super::thousandths;

/// The most content lines one item may have.
const CONTENTS_MAX: usize = 500;

/// Reads an item; what is missing is a finding with its place.
#[must_use]
pub fn read_form(bytes: &[u8]) -> (Vec<Parcel<'static>>, Findings) {
    let mut findings = Findings::new();
    let Ok(item) = serde_json::from_slice::<Value>(bytes) else {
        findings.push(Finding::error("json-not-well-formed", Place::at("/")));
        return (Vec::new(), findings);
    };
    for needed in ["/itemId", "/sender/name", "/addressee/name", "/addressee/address", "/weightGrams"] {
        if item.pointer(needed).is_none_or(|value| text(value).is_empty()) {
            findings.push(Finding::error("itmatt-part-missing", Place::at(needed)));
        }
    }
    let contents = item["contents"].as_array().map_or(&[][..], Vec::as_slice);
    if contents.is_empty() {
        findings.push(Finding::error("itmatt-part-missing", Place::at("/contents")));
    }
    if contents.len() > CONTENTS_MAX {
        findings.push(
            Finding::error("itmatt-too-long", Place::at("/contents")).expected(CONTENTS_MAX.to_string()),
        );
    }
    let whole = of_item(&item);
    let lines = contents.iter().take(CONTENTS_MAX).enumerate();
    let parcels = lines.map(|(at, line)| of_line(&whole, line, at, contents.len())).collect();
    (parcels, findings)
}

fn of_item(item: &Value) -> Parcel<'static> {
    Parcel {
        id: text(&item["itemId"]),
        day: text(&item["date"]).parse().ok(),
        office: text(&item["officeOfExchange"]),
        carrier: text(&item["operator"]),
        platform: text(&item["platform"]),
        vendor_tax_id: text(&item["sender"]["taxId"]),
        sender: text(&item["sender"]["name"]),
        departure: text(&item["sender"]["country"]),
        receiver: text(&item["addressee"]["name"]),
        address: text(&item["addressee"]["address"]),
        phone: text(&item["addressee"]["phone"]),
        contents: Contents::of(&text(&item["category"])),
        grams: thousandths(text(&item["weightGrams"]).as_bytes())
            .map_or(0, |grams| u64::try_from(grams / 1_000).unwrap_or(0)),
        ..Parcel::default()
    }
}

fn of_line(whole: &Parcel<'static>, line: &Value, at: usize, lines: usize) -> Parcel<'static> {
    let grams = thousandths(text(&line["weightGrams"]).as_bytes()).map(|grams| grams / 1_000);
    let pieces = thousandths(text(&line["quantity"]).as_bytes()).map_or(1, |pieces| pieces / 1_000);
    Parcel {
        id: if lines > 1 { format!("{}/{}", whole.id, at + 1).into() } else { whole.id.clone() },
        description: text(&line["description"]),
        code: text(&line["hsCode"]),
        origin: text(&line["origin"]),
        pieces: u32::try_from(pieces).unwrap_or(0),
        grams: grams.map_or(whole.grams, |grams| u64::try_from(grams).unwrap_or(0)),
        value: thousandths(text(&line["value"]).as_bytes()),
        currency: text(&line["currency"]),
        ..whole.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_content_line_is_a_parcel_line() {
        let form = br#"{"itemId":"LX123456789SG","date":"2026-03-01","category":"gift","weightGrams":900,
            "sender":{"name":"A","country":"SG"},"addressee":{"name":"Nguyen Van Duc","address":"12 Nguyen Trai","phone":"0903"},
            "contents":[{"description":"cup","quantity":2,"value":"12.50","currency":"SGD","hsCode":"691200","origin":"CN"},
                        {"description":"tea","value":3,"currency":"SGD","weightGrams":100}]}"#;
        let (parcels, findings) = read_form(form);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(
            (parcels[0].id.as_ref(), parcels[0].value, parcels[0].pieces),
            ("LX123456789SG/1", Some(12_500), 2)
        );
        assert_eq!(
            (parcels[1].id.as_ref(), parcels[1].grams, parcels[1].contents),
            ("LX123456789SG/2", 100, Contents::Gift)
        );
    }

    #[test]
    fn what_is_missing_is_found_with_its_place() {
        let (parcels, findings) = read_form(b"{}");
        assert!(parcels.is_empty());
        assert_eq!(findings.len(), 6);
        assert_eq!(read_form(b"[").1.len(), 1);
    }
}
