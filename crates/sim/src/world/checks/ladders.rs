//! Both sides of a lane count alike: what the giver believes came of its items is what the receiver made of them.

use super::{Rows, reference};
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Ladders, Report};

pub(super) fn check(play: &mut Play<'_>, rows: &[Rows], report: &mut Report) {
    for place in 0..rows.len() {
        for row in rows[place].sent.iter().filter(|row| row.summary.shown["kind"] == "acdd") {
            let ladders = report.lanes.entry(row.summary.lane.clone()).or_default();
            *ladders.giver.entry(row.summary.rung).or_default() += 1;
            item(play, rows, place, row);
        }
        for row in rows[place].received.iter().filter(|row| row.summary.shown["kind"] == "acdd") {
            let ladders = report.lanes.entry(row.summary.lane.clone()).or_default();
            *ladders.receiver.entry(row.summary.rung).or_default() += 1;
        }
    }
    let differing = report.lanes.iter().filter(|(_, ladders)| known(ladders) != ladders.giver);
    for (lane, ladders) in differing {
        play.violate(Check::Ladders, 0, format!("{lane}: {ladders:?}"));
    }
}

/// The rungs as a giver can know them: between readable and told it hears nothing.
fn known(ladders: &Ladders) -> std::collections::BTreeMap<u8, u32> {
    let mut known = std::collections::BTreeMap::new();
    for (rung, items) in &ladders.receiver {
        *known.entry(as_told(*rung)).or_default() += items;
    }
    known
}

const fn as_told(rung: u8) -> u8 {
    match rung {
        2..=4 => 2,
        other => other,
    }
}

/// One item on both sides.
fn item(play: &mut Play<'_>, rows: &[Rows], place: usize, row: &store::CaseRow) {
    let to = place_of(&row.summary.partner);
    let message = reference(row, "message");
    let other = rows[to].received.iter().find(|other| reference(other, "message") == message);
    let Some(other) = other else { return };
    if as_told(other.summary.rung) != row.summary.rung {
        let what = format!("{}: {} here, {} there", row.id, row.summary.rung, other.summary.rung);
        play.violate(Check::Ladders, place, what);
    }
}
