//! What the matcher says of two sets of statements: why they belong together, and where they differ.

use kernel::{CaseId, Money, Quantity, Severity};
use serde::{Deserialize, Serialize};

use super::Stake;

/// A received item tied to our import declaration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// The received item's case.
    pub item: CaseId,
    /// Who said it, and its declaration number: `TH:2026-1`.
    pub export: String,
    /// How the lines lie to each other.
    pub group: Group,
    /// How sure the matcher is, in thousandths.
    pub permille: u16,
    /// Why, heaviest first.
    pub reasons: Vec<Reason>,
    /// Where the statements differ.
    pub differences: Vec<Difference>,
    /// Which of their item numbers goes with which of ours.
    pub lines: Vec<(u32, u32)>,
}

/// How exports and imports lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// One export, one import.
    OneToOne,
    /// One export, several imports, all here.
    Split,
    /// Several exports, one import.
    Merged,
    /// Part of an export is here; the rest is awaited.
    Partial,
    /// More than one way to tie them is likely.
    Ambiguous,
}

/// One reason for or against, as codes and values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What was compared, such as `quoted-number`, `consignee-name`.
    pub code: String,
    /// How much it speaks for (above zero) or against (below), in hundredths of a bit.
    pub weight: i32,
    /// Their value.
    pub theirs: String,
    /// Ours.
    pub ours: String,
}

/// One place where the statements differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What it is: `quantity-short`, `quantity-over`, `hs-moved`, `origin-changed`, `consignee-switched`.
    pub code: String,
    /// Our item number; 0 for the whole declaration.
    pub item_no: u32,
    /// Their value.
    pub theirs: String,
    /// Ours.
    pub ours: String,
    /// How much it weighs.
    pub severity: Severity,
    /// By how much, where it can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excess: Option<Quantity>,
    /// The value of the goods in question, at our declaration's own price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_stake: Option<Money>,
    /// Duty and tax in question, where the tariff of the day is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stake: Option<Stake>,
    /// The innocent explanations that were tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
}

impl Difference {
    /// Whether an innocent explanation holds.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.explanations.iter().any(|explanation| explanation.holds == Explained::Yes)
    }

    /// Whether both say the same: the same values, explained the same way. What an explanation saw may have moved, as the
    /// share of a lane does every day.
    #[must_use]
    pub fn says_what(&self, other: &Self) -> bool {
        let answers = |difference: &Self| -> Vec<(String, Explained)> {
            difference.explanations.iter().map(|tried| (tried.code.clone(), tried.holds)).collect()
        };
        let bare = |difference: &Self| Self { explanations: Vec::new(), ..difference.clone() };
        bare(self) == bare(other) && answers(self) == answers(other)
    }
}

/// An innocent explanation that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What it is: `unit`, `edition`, `timing`, `split-lot`, `tolerance`.
    pub code: String,
    /// Whether it holds.
    pub holds: Explained,
    /// The values it stood on.
    pub seen: String,
}

/// Whether an explanation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Explained {
    /// It explains the difference.
    Yes,
    /// It does not.
    No,
    /// What would decide it is not known.
    CannotTell,
}
