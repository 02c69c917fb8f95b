//! Seals at the end of a leg beside those at its beginning.

use kernel::Severity;
use serde_json::Value;

use super::difference;
use crate::gate::Difference;
use crate::gate::rules::{self, Looked};
use crate::transit::declaration::seals;

/// Seals at the end of a leg beside those at its beginning.
#[derive(Clone, Debug, Default)]
pub struct Sealed<'a> {
    /// Under which it left.
    pub left: Vec<String>,
    /// New ones set on the way, and who endorsed that.
    pub renewed: Vec<(String, &'a str)>,
    /// Whether they were found broken.
    pub broken: Option<&'a str>,
}

impl Sealed<'_> {
    /// A difference where they are not those it left under, or were found broken.
    #[must_use]
    pub fn differ(&self) -> Option<Difference> {
        if self.renewed.is_empty() && self.broken.is_none() {
            return None;
        }
        let new: Vec<&str> = self.renewed.iter().map(|(seal, _)| seal.as_str()).collect();
        let ours = if new.is_empty() { self.broken.unwrap_or_default().to_owned() } else { new.join(", ") };
        let (left, ours) = (or_none(&self.left.join(", ")), or_none(&ours));
        let endorsed = self.renewed.iter().map(|(_, by)| *by).find(|by| !by.is_empty());
        let mut seen = difference("seals-changed", 0, (&left, &ours), Severity::Warning);
        seen.explanations = rules::try_all(&Looked {
            code: "seals-changed".to_owned(),
            endorsed: endorsed.map(str::to_owned),
            version: 1,
            ..Looked::default()
        });
        Some(seen)
    }
}

/// The new seals of incidents, each with the authority that endorsed it.
#[must_use]
pub fn renewed(incidents: &[Value]) -> Vec<(String, &str)> {
    let each = incidents.iter().flat_map(|it| it.as_array().into_iter().flatten());
    each.flat_map(|incident| {
        let by = incident.pointer("/Endorsement/authority").and_then(Value::as_str).unwrap_or_default();
        seals(incident).into_iter().map(move |seal| (seal, by))
    })
    .collect()
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}
