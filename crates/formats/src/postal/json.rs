//! One JSON object a line, with the names of the table.

use std::borrow::Cow;

use customs::parcel::{Contents, Parcel};
use serde_json::Value;

use super::{FIELD_BYTES_MAX, thousandths};

/// The parcel of a line; `None` where it is no JSON object.
#[must_use]
pub fn read_json_line(line: &[u8]) -> Option<Parcel<'static>> {
    let value: Value = serde_json::from_slice(line).ok()?;
    value.is_object().then(|| of_object(&value))
}

pub(super) fn of_object(object: &Value) -> Parcel<'static> {
    let text = |name: &str| text(&object[name]);
    let amount = |name: &str| thousandths(self::text(&object[name]).as_bytes());
    let whole = |name: &str| amount(name).map_or(0, |number| number / 1_000);
    Parcel {
        id: text("id"),
        day: text("day").parse().ok(),
        office: text("office"),
        carrier: text("carrier"),
        platform: text("platform"),
        vendor_tax_id: text("vendor_tax_id"),
        sender: text("sender"),
        departure: text("departure"),
        receiver: text("receiver"),
        address: text("address"),
        phone: text("phone"),
        payment: text("payment"),
        contents: Contents::of(&text("contents")),
        description: text("description"),
        code: text("code"),
        origin: text("origin"),
        pieces: u32::try_from(whole("pieces")).unwrap_or(0),
        grams: u64::try_from(whole("grams")).unwrap_or(0),
        value: amount("value"),
        currency: text("currency"),
        ordered: amount("ordered"),
        paid: amount("paid"),
        payer: text("payer"),
    }
}

/// A text or number as it stood, cut where it is too long.
pub(super) fn text(value: &Value) -> Cow<'static, str> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let end =
        (0..=text.len().min(FIELD_BYTES_MAX)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(text[..end].to_owned())
}
