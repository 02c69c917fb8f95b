//! Findings: what a reader or a rule saw wrong, with its code, its place and the value it looked at.
//!
//! A faulty message yields the message as far as it can be read *and* all its findings; nothing stops at the first.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// Doubtful, but the message stays usable.
    Warning,
    /// Breaks the standard or an agreed rule.
    Error,
    /// Nothing after this place could be read.
    Fatal,
}

/// Where a finding stands: in the bytes, in the document's tree, and in the standard's own pointer language.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path with positions, such as `/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Origin/CountryCode`.
    pub path: String,
    /// The standard's pointer, such as WCO class and element ids `42A/67A/68A[2]/92A/063`; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pointer: String,
    /// Line in the received bytes, from 1; 0 where unknown.
    #[serde(default)]
    pub line: u32,
    /// Column in the received bytes in characters, from 1; 0 where unknown.
    #[serde(default)]
    pub column: u32,
}

impl Place {
    /// A place known by its path alone.
    #[must_use]
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{} ", self.line, self.column)?;
        }
        f.write_str(&self.path)
    }
}

/// One thing a reader or a rule saw: code, place, what was there, what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code with a page of its own in the manual, such as `xml-not-well-formed` or `quantity-short`.
    pub code: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it was seen.
    pub place: Place,
    /// The value as it stood there, cut to a bounded length by [`Finding::seen`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
    /// What would have been right, as a short datum (`an..35`, `one of the list UN/ECE Rec 20`, `18000 KGM`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expected: String,
}

impl Finding {
    /// The longest value a finding repeats, in characters; longer ones end in `…`.
    pub const SEEN_MAX: usize = 120;

    /// An error with this code at this place.
    #[must_use]
    pub fn error(code: &'static str, place: Place) -> Self {
        Self::of(Severity::Error, code, place)
    }

    /// A warning with this code at this place.
    #[must_use]
    pub fn warning(code: &'static str, place: Place) -> Self {
        Self::of(Severity::Warning, code, place)
    }

    /// A finding of any severity.
    #[must_use]
    pub fn of(severity: Severity, code: &'static str, place: Place) -> Self {
        Self { code: Cow::Borrowed(code), severity, place, seen: String::new(), expected: String::new() }
    }

    /// The same finding with the value it looked at, bounded to [`Self::SEEN_MAX`] characters.
    #[must_use]
    pub fn seen(mut self, value: &str) -> Self {
        self.seen = bounded(value);
        self
    }

    /// The same finding with what would have been right.
    #[must_use]
    pub fn expected(mut self, value: impl Into<String>) -> Self {
        self.expected = value.into();
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.code)?;
        if !self.seen.is_empty() {
            write!(f, " saw \"{}\"", self.seen)?;
        }
        if !self.expected.is_empty() {
            write!(f, " expected {}", self.expected)?;
        }
        Ok(())
    }
}

fn bounded(value: &str) -> String {
    match value.char_indices().nth(Finding::SEEN_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// Findings gathered from one message or case, with a limit so that no input can make them grow without end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many more there were past [`Findings::MAX`].
    #[serde(default)]
    pub dropped: u64,
}

impl Findings {
    /// The most findings kept for one message.
    pub const MAX: usize = 1_000;

    /// No findings yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), dropped: 0 }
    }

    /// Takes one in, or counts it where the limit is reached.
    pub fn push(&mut self, finding: Finding) {
        if self.list.len() < Self::MAX {
            self.list.push(finding);
        } else {
            self.dropped += 1;
        }
    }

    /// All kept findings in the order they were seen.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The heaviest severity seen.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.list.iter().map(|finding| finding.severity).max()
    }

    /// Whether nothing heavier than a warning was seen.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        self.worst() < Some(Severity::Error)
    }

    /// Puts them in the order of their places in the bytes, keeping the order of those at one place.
    pub fn sort_by_place(&mut self) {
        self.list.sort_by_key(|finding| (finding.place.line, finding.place.column));
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        for finding in findings {
            self.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_input_can_make_findings_grow_without_end() {
        let mut findings = Findings::new();
        for _ in 0..Findings::MAX + 7 {
            findings.push(Finding::error("x", Place::default()));
        }
        assert_eq!((findings.len(), findings.dropped), (Findings::MAX, 7));
    }

    #[test]
    fn a_long_value_is_cut_at_a_character() {
        let finding = Finding::error("x", Place::default()).seen(&"ệ".repeat(500));
        assert_eq!(finding.seen.chars().count(), Finding::SEEN_MAX + 1);
    }

    #[test]
    fn warnings_alone_are_acceptable() {
        let mut findings = Findings::new();
        assert!(findings.is_acceptable());
        findings.push(Finding::warning("x", Place::default()));
        assert!(findings.is_acceptable());
        findings.push(Finding::error("x", Place::default()));
        assert!(!findings.is_acceptable());
    }
}
