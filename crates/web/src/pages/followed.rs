//! What followed on a consignment: the entries of its cases in the order they happened, and who was told what.

use std::collections::BTreeSet;

use customs::gate::Consignment;
use jiff::Timestamp;
use kernel::{CaseId, Entry, Happening};
use store::{CaseRow, Failure, Look};

use super::happening;
use crate::frame::Frame;

/// One thing that happened.
#[derive(Debug)]
pub(super) struct Step {
    /// The number of its entry.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub sentence: String,
    /// Who.
    pub actor: String,
    /// As what.
    pub role: String,
    /// How it is coloured.
    pub tone: &'static str,
}

/// The most steps shown; the record has them all.
const SHOWN: usize = 40;

/// What happened on a consignment, its findings and the items tied to it; the last first.
///
/// # Errors
/// What the store says.
pub(super) fn steps(
    frame: &Frame,
    look: &dyn Look,
    row: &CaseRow,
    held: &Consignment,
) -> Result<Vec<Step>, Failure> {
    let cases: BTreeSet<&CaseId> =
        std::iter::once(&row.id).chain(held.findings()).chain(held.ties().keys()).collect();
    let mut entries = Vec::new();
    for case in cases {
        entries.extend(look.history(case)?.into_iter().filter(|(_, entry)| tells(entry)));
    }
    entries.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    Ok(entries.iter().take(SHOWN).map(|(number, entry)| step(frame, *number, entry)).collect())
}

/// Whether an entry tells a person something; that the consignment heard of its own finding does not.
fn tells(entry: &Entry) -> bool {
    !matches!(&entry.what, Happening::Event { name, .. } if name == "note-finding")
}

/// One entry as a step.
#[must_use]
pub(super) fn step(frame: &Frame, number: u64, entry: &Entry) -> Step {
    Step {
        number,
        at: entry.at,
        sentence: happening::sentence(frame, entry),
        actor: entry.actor.name.clone(),
        role: frame.word("role", entry.actor.role.as_str()),
        tone: happening::tone(entry),
    }
}
