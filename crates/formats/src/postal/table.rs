//! A table of parcels: columns by name, in any order.

use std::borrow::Cow;

use customs::parcel::{Contents, Parcel};
use jiff::civil::Date;

use super::{FIELD_BYTES_MAX, thousandths};

/// Where the columns of a table stand.
#[derive(Clone, Debug)]
pub struct Table {
    places: [Option<usize>; NAMES.len()],
    /// Columns that were not understood.
    pub strange: Vec<String>,
}

const NAMES: [&str; 23] = [
    "id",
    "day",
    "office",
    "carrier",
    "platform",
    "vendor_tax_id",
    "sender",
    "departure",
    "receiver",
    "address",
    "phone",
    "payment",
    "contents",
    "description",
    "code",
    "origin",
    "pieces",
    "grams",
    "value",
    "currency",
    "ordered",
    "paid",
    "payer",
];

/// Other names of some columns.
const ALSO: [(&str, &str); 12] = [
    ("date", "day"),
    ("item_id", "id"),
    ("s10", "id"),
    ("hs", "code"),
    ("hs6", "code"),
    ("consignee", "receiver"),
    ("receiver_address", "address"),
    ("receiver_phone", "phone"),
    ("weight_g", "grams"),
    ("quantity", "pieces"),
    ("category", "contents"),
    ("goods", "description"),
];

impl Table {
    /// The columns of this header.
    #[must_use]
    pub fn new<'a>(header: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut places = [None; NAMES.len()];
        let mut strange = Vec::new();
        for (at, name) in header.into_iter().enumerate() {
            let name = String::from_utf8_lossy(name)
                .trim()
                .trim_start_matches('\u{feff}')
                .to_ascii_lowercase()
                .replace([' ', '-'], "_");
            let name = ALSO
                .iter()
                .find(|(other, _)| *other == name)
                .map_or(name.as_str(), |(_, name)| name)
                .to_owned();
            match NAMES.iter().position(|known| *known == name) {
                Some(column) if places[column].is_none() => places[column] = Some(at),
                _ => strange.push(name),
            }
        }
        Self { places, strange }
    }

    /// Whether the header names what a parcel cannot do without.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.places[0].is_some() && self.places[18].is_some()
    }
}

/// The parcel of a record.
#[must_use]
pub fn parcel<'a>(table: &Table, record: &'a csv::ByteRecord) -> Parcel<'a> {
    let bytes =
        |column: usize| table.places[column].and_then(|at| record.get(at)).unwrap_or_default().trim_ascii();
    let text = |column: usize| text(bytes(column));
    let whole = |column: usize| thousandths(bytes(column)).map_or(0, |number| number / 1_000);
    Parcel {
        id: text(0),
        day: day(bytes(1)),
        office: text(2),
        carrier: text(3),
        platform: text(4),
        vendor_tax_id: text(5),
        sender: text(6),
        departure: text(7),
        receiver: text(8),
        address: text(9),
        phone: text(10),
        payment: text(11),
        contents: Contents::of(&text(12)),
        description: text(13),
        code: text(14),
        origin: text(15),
        pieces: u32::try_from(whole(16)).unwrap_or(0),
        grams: u64::try_from(whole(17)).unwrap_or(0),
        value: thousandths(bytes(18)),
        currency: text(19),
        ordered: thousandths(bytes(20)),
        paid: thousandths(bytes(21)),
        payer: text(22),
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    let cut = &bytes[..bytes.len().min(FIELD_BYTES_MAX)];
    match std::str::from_utf8(cut) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(cut),
    }
}

/// A day of `2026-01-31`; anything else is none.
fn day(bytes: &[u8]) -> Option<Date> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i16::from(byte - b'0'))
        })
    };
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(&bytes[..4])?, number(&bytes[5..7])?, number(&bytes[8..10])?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn columns_stand_in_any_order_and_under_other_names() {
        let table = Table::new([b"value".as_slice(), b"HS6", b"Date", b"item id", b"colour"]);
        assert!(table.is_usable());
        assert_eq!(table.strange, ["colour"]);
        let record = csv::ByteRecord::from(vec!["12.5", "610910", "2026-01-31", "LX1", "red"]);
        let parcel = parcel(&table, &record);
        assert_eq!(
            (parcel.id.as_ref(), parcel.value, parcel.day),
            ("LX1", Some(12_500), Some(date(2026, 1, 31)))
        );
        assert!(!Table::new([b"colour".as_slice()]).is_usable());
    }

    #[test]
    fn a_short_or_broken_record_is_a_parcel_that_says_little() {
        let table = Table::new([b"id".as_slice(), b"value", b"day"]);
        let record = csv::ByteRecord::from(vec![b"\xff\xfe".as_slice()]);
        let parcel = parcel(&table, &record);
        assert_eq!((parcel.value, parcel.day), (None, None));
    }
}
