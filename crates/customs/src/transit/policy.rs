//! What a country has laid down for transit: clocks with their legal basis, and how guarantees are worked out. A dated
//! book; where it has no row for the country, the standard beside this file holds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use kernel::{CaseId, Facts, Limit, NodeId, Owed, Role};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The book's name; its key is the country.
pub const POLICY: &str = "transit-policy";

/// What a country has laid down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The acts it rests on.
    pub source: String,
    /// Its clocks, by name.
    pub clocks: BTreeMap<String, Clock>,
    /// Who hears of a clock that ran out, and when.
    pub escalation: Vec<Step>,
    /// Whose highest rate counts.
    pub maximum: Maximum,
    /// How an amount is rounded.
    pub rounding: Towards,
    /// To how many decimals.
    pub places: u32,
    /// The percentage taken for a country whose rate for a line is not known.
    pub substitute: Decimal,
    /// Wrong access codes before a guarantee is locked.
    pub tries: u32,
    /// The authorisations that allow a waiver.
    pub allow_waiver: Vec<String>,
}

/// One clock and the act it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// How long.
    pub limit: Limit,
    /// By which act.
    pub basis: String,
}

/// One step of an escalation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// How long after the clock ran out.
    pub after: Limit,
    /// Who hears of it.
    pub role: Role,
}

/// Whose highest rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maximum {
    /// Of each line the highest rate of any country on the way.
    PerLine,
    /// Of all lines together the amount of the dearest country on the way.
    PerCountry,
}

/// Where an amount is rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Towards {
    /// Up to the next.
    Up,
    /// Cut off.
    Down,
}

static STANDARD: LazyLock<Policy> =
    LazyLock::new(|| serde_json::from_str(include_str!("standard.json")).expect("a test reads it"));

impl Policy {
    /// The policy of the country whose node acts, on the day of the act.
    #[must_use]
    pub fn of(country: &NodeId, facts: &Facts<'_>) -> Cow<'static, Self> {
        let row = facts.books.at(POLICY, country.as_str(), facts.day());
        let laid_down = row.and_then(|row| row.read().ok()).map(Arc::unwrap_or_clone);
        laid_down.map_or(Cow::Borrowed(&*STANDARD), Cow::Owned)
    }

    /// The standard, as shipped.
    #[must_use]
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// A clock; of one the policy does not name, the standard's.
    #[must_use]
    pub fn clock(&self, name: &str) -> Option<&Clock> {
        self.clocks.get(name).or_else(|| STANDARD.clocks.get(name))
    }

    /// When a clock that starts now runs out.
    #[must_use]
    pub fn after(&self, name: &str, start: Timestamp) -> Timestamp {
        self.clock(name).map_or(Timestamp::MAX, |clock| clock.limit.after(start))
    }

    /// What is owed under a clock, for the board.
    #[must_use]
    pub fn owed(
        &self,
        name: &'static str,
        parties: (&NodeId, &NodeId),
        about: &CaseId,
        due: Timestamp,
    ) -> Owed {
        Owed {
            by: parties.0.clone(),
            to: parties.1.clone(),
            what: format!("transit-{name}"),
            about: about.clone(),
            source: self.clock(name).map(|clock| clock.basis.clone()).unwrap_or_default(),
            due,
            escalation: self.escalation.iter().map(|step| (step.after, step.role.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_gives_every_clock_a_basis() {
        let standard = Policy::standard();
        assert!(standard.clocks.len() > 12);
        for (name, clock) in &standard.clocks {
            assert!(!clock.basis.is_empty(), "{name}");
        }
        assert_eq!(standard.clock("enquiry-answer").map(|clock| clock.limit), Some(Limit::hours(28 * 24)));
    }
}
