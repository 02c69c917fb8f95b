//! An import that names an exporter who shares what it exports, and exported nothing of the kind.
//!
//! Sending is voluntary, so the missing export speaks only where this exporter's other goods come with one.

use serde::{Deserialize, Serialize};

use crate::lane::{Recall, Share};

/// What is known of the exporter an unlinked import names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// Other imports that name it, in the same window.
    pub others: u64,
    /// Of these, the ones linked to an export.
    pub linked: u64,
    /// How sure it is that the named exporter is the one whose exports are at hand, in parts per thousand; 0 where none
    /// of its exports are.
    pub likeness: u16,
}

/// Whether something innocent explains what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judged {
    /// It does.
    Explained,
    /// It may; nobody can tell from what is at hand.
    CannotTell,
    /// It does not.
    NotExplained,
}

/// How much the missing export says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unexported {
    /// How likely it is that the export would be at hand if there were one, in parts per thousand.
    pub expected: u16,
    /// Whether coverage explains its absence.
    pub judged: Judged,
}

/// Weighs an import without an export: by how many of the exporter's other goods come with one, and where there are
/// none by the lane's coverage, which alone is never enough.
#[must_use]
pub fn unexported(naming: &Naming, coverage: Option<Share>, recall: Recall) -> Unexported {
    let lane = u64::from(coverage.map_or(500, |share| share.permille));
    let shared = (naming.linked.min(naming.others) * 1_000 + lane) / (naming.others + 1);
    let expected =
        shared * u64::from(naming.likeness.min(1_000)) / 1_000 * u64::from(recall.0.min(1_000)) / 1_000;
    let judged = match expected {
        _ if naming.likeness < KNOWN || naming.linked == 0 => Judged::CannotTell,
        0..=200 => Judged::Explained,
        SURE.. if naming.others >= OTHERS_MIN => Judged::NotExplained,
        _ => Judged::CannotTell,
    };
    Unexported { expected: u16::try_from(expected).unwrap_or(1_000), judged }
}

/// Below this the named exporter is not known to be ours.
const KNOWN: u16 = 700;
/// From here on the absence is not explained by coverage.
const SURE: u64 = 700;
/// Fewer other imports than this do not show an exporter's habit.
const OTHERS_MIN: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exporter_known_to_share_makes_absence_speak() {
        let lane = Share::of(60, 100);
        let judged = |others, linked, likeness| {
            unexported(&Naming { others, linked, likeness }, lane, Recall(950)).judged
        };
        assert_eq!(judged(8, 8, 1_000), Judged::NotExplained);
        assert_eq!(judged(8, 8, 300), Judged::CannotTell, "who is it?");
        assert_eq!(judged(0, 0, 1_000), Judged::CannotTell);
        assert_eq!(judged(1, 1, 1_000), Judged::CannotTell, "one is no habit");
        assert_eq!(judged(20, 1, 1_000), Judged::Explained, "it shares hardly anything");
        assert_eq!(judged(20, 0, 1_000), Judged::CannotTell);
    }
}
