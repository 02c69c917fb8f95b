//! Nothing is lost and nothing doubled: what was lodged was sent, what was sent was received, once each.

use std::collections::{BTreeMap, BTreeSet};

use customs::declaration::{Declaration, Lodged};

use super::{Rows, reference};
use crate::world::play::{LATE, Play, place_of};
use crate::world::report::Check;
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, rows: &[Rows]) {
    for place in 0..rows.len() {
        lodged(play, rows, place);
        shared(play, rows, place);
        sent(play, rows, place);
        received(play, rows, place);
        play.traffic.sent += u32::try_from(rows[place].sent.len()).unwrap_or(0);
        play.traffic.received += u32::try_from(rows[place].received.len()).unwrap_or(0);
    }
}

/// Every declaration was taken, and stands as the last document about it says.
fn lodged(play: &mut Play<'_>, rows: &[Rows], place: usize) {
    let known: BTreeSet<_> = rows[place].lodged.iter().map(|row| row.id.clone()).collect();
    let own: Vec<_> = owned(play, place).into_iter().map(|(number, _)| number).collect();
    for number in own {
        let case = Lodged::case_of(&play.declarations[number]);
        let (taken, there) = (play.machines[place].taken.contains(&number), known.contains(&case));
        if !(taken && there) {
            play.violate(Check::NothingLost, place, format!("{case}: given {taken}, kept {there}"));
        }
    }
}

fn owned<'p>(play: &'p Play<'_>, place: usize) -> Vec<(usize, &'p Declaration)> {
    let own = |(_, one): &(usize, &Declaration)| place_of(one.country.as_str()) == place;
    play.declarations.iter().enumerate().filter(own).collect()
}

/// Every export whose exporter consented went out, in as many versions as there were documents about it.
fn shared(play: &mut Play<'_>, rows: &[Rows], place: usize) {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, one) in owned(play, place).into_iter().filter(|(_, one)| one.consent.is_some()) {
        let to = one.destination.as_ref().map_or("", |country| country.as_str());
        if (NODES[place], to) != LATE {
            versions.entry(one.number.clone()).or_default().insert(one.reference.clone());
        }
    }
    let mut went: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows[place].sent.iter().filter(|row| row.summary.shown["kind"] == "acdd") {
        *went.entry(row.summary.title.as_str()).or_default() += 1;
    }
    for (number, versions) in versions {
        let (due, out) = (versions.len(), went.get(number.as_str()).copied().unwrap_or(0));
        let check = if out < due { Check::NothingLost } else { Check::NothingDoubled };
        if due != out {
            play.violate(check, place, format!("{out} documents about {number} went out, due were {due}"));
        }
    }
}

/// Every item sent is with its receiver, once.
fn sent(play: &mut Play<'_>, rows: &[Rows], place: usize) {
    for row in &rows[place].sent {
        let to = place_of(&row.summary.partner);
        let message = reference(row, "message");
        let there = rows[to].received.iter().filter(|other| reference(other, "message") == message).count();
        if there != 1 {
            let check = if there == 0 { Check::NothingLost } else { Check::NothingDoubled };
            let what = format!("{} ({}) is {there} times at {}", row.id, row.summary.stage, NODES[to]);
            play.violate(check, place, what);
        }
        if matches!(row.summary.stage.as_str(), "queued" | "failed") {
            play.violate(Check::Rest, place, format!("{} is still {}", row.id, row.summary.stage));
        }
    }
}

/// Every item received was sent, and came in once.
fn received(play: &mut Play<'_>, rows: &[Rows], place: usize) {
    for row in &rows[place].received {
        let from = place_of(&row.summary.partner);
        let message = reference(row, "message");
        let out = rows[from].sent.iter().filter(|other| reference(other, "message") == message).count();
        if out != 1 {
            let what = format!("{} was sent {out} times by {}", row.id, NODES[from]);
            play.violate(Check::NothingDoubled, place, what);
        }
        if matches!(row.summary.stage.as_str(), "arrived" | "quarantined") {
            play.violate(Check::Rest, place, format!("{} is still {}", row.id, row.summary.stage));
        }
    }
}
