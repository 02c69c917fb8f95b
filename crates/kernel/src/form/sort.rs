//! The sorts of values a field takes.

use serde::{Deserialize, Serialize};

use super::Field;
use crate::Digest;

/// What goes into a field, and how it stands in the act's JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// One line of at most so many characters; a string.
    Text(usize),
    /// Several lines of at most so many characters in all; a string.
    LongText(usize),
    /// Short texts, one a line, at most so many; a list of strings.
    Words(usize),
    /// A whole number from the first to the second, both included; a number.
    Whole(i64, i64),
    /// An exact decimal, point before the fraction and no marks between thousands; a string.
    Decimal,
    /// An amount and its currency; `{amount, currency}`.
    Money,
    /// An amount and its unit (UN/ECE Recommendation 20); `{amount, unit}`.
    Quantity,
    /// A day; `2026-11-28`.
    Day,
    /// A moment; `2026-11-28T04:00:00Z`. Pages ask for it in the node's zone.
    Moment,
    /// One of these codes, which have their words under this family; a string.
    Choice(&'static str, &'static [&'static str]),
    /// Any number of these codes, which have their words under this family; a list of strings.
    Several(&'static str, &'static [&'static str]),
    /// A country by its two letters (ISO 3166-1); a string.
    Country,
    /// A partner's node by its short name; a string.
    Partner,
    /// A case of this desk, or of any where it is empty; a string.
    Case(&'static str),
    /// Yes or no; a truth value, `false` where nothing was ticked.
    YesNo,
    /// Any number of lines with these fields each; a list of objects. Lines in which nothing stands are passed over.
    Lines(&'static [Field]),
    /// A file; an [`Attachment`]. Whoever takes the form keeps the bytes with the act.
    File,
    /// JSON as it is, where no other sort will do.
    Json,
}

/// A file that belongs to an act: its bytes are kept beside the record and named by their digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The name it had, without folders.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Which bytes.
    pub digest: Digest,
}

impl Attachment {
    /// The attachment of these bytes under this name; folders before the name, control characters and more than 120
    /// characters are dropped.
    #[must_use]
    pub fn of(name: &str, media: &str, bytes: &[u8]) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
        Self {
            name: if name.trim().is_empty() { "file".to_owned() } else { name },
            media: media.to_owned(),
            bytes: bytes.len() as u64,
            digest: Digest::of(bytes),
        }
    }
}
