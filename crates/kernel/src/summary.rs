//! What lists and boards show of a case, derived from it and kept beside it.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Severity;

/// A value a case can be found by, such as `container` `TEMU1234565`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// What kind of value.
    pub kind: Cow<'static, str>,
    /// The value.
    pub value: String,
}

impl Reference {
    /// A value of a kind.
    #[must_use]
    pub fn new(kind: &'static str, value: impl Into<String>) -> Self {
        Self { kind: Cow::Borrowed(kind), value: value.into() }
    }
}

/// What lists and boards show of a case. Every list is a query over these; nothing else is kept per area.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The stage the case is in, in the table's own word, kebab-case.
    pub stage: String,
    /// What the case is called: data such as a number or a name, never a sentence.
    pub title: String,
    /// The other party, by its short name; empty where there is none.
    pub partner: String,
    /// The lane the case runs in (`TH-VN acdd`); empty where there is none.
    pub lane: String,
    /// How far an item climbed, from 1 (arrived) to 6 (told); 0 where the ladder does not apply.
    pub rung: u8,
    /// The moment by which somebody must act; the next one where there are several.
    pub due: Option<Timestamp>,
    /// How much it weighs; `None` where nothing is wrong.
    pub severity: Option<Severity>,
    /// Whether nothing more is expected to happen.
    pub closed: bool,
    /// What the case can be found by.
    pub references: Vec<Reference>,
    /// What its list row shows besides, as the area's own small JSON object.
    pub shown: Value,
}
