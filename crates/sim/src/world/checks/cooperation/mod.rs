//! Requests, passing on and warnings: both sides say the same of each, every answer and every feedback came once, and
//! whatever is open is owed under a term or waits at home.

mod destruction;
mod obligations;
mod onward;
mod requests;
mod warnings;

use std::collections::{BTreeMap, BTreeSet};

use kernel::CaseId;
use store::CaseRow;

use super::every;
use crate::world::play::Play;
use crate::world::report::{Check, Cooperation, Report};

pub(super) fn check(play: &mut Play<'_>, report: &mut Report) {
    let nodes: Vec<Cases> = play.machines.iter().map(Cases::of).collect();
    for place in 0..nodes.len() {
        requests::check(play, &nodes, place, &mut report.cooperation);
        onward::check(play, &nodes, place, &mut report.cooperation);
        warnings::check(play, &nodes, place, &mut report.cooperation);
        destruction::check(play, &nodes, place, &mut report.cooperation);
        obligations::check(play, &nodes, place);
    }
}

/// The cases of a node that cooperation moves, by their desk and id.
struct Cases(BTreeMap<CaseId, CaseRow>);

impl Cases {
    fn of(machine: &crate::world::machine::Machine) -> Self {
        let Some(look) = machine.look() else { return Self(BTreeMap::new()) };
        let rows = DESKS.into_iter().flat_map(|desk| every(&*look, desk));
        Self(rows.map(|row| (row.id.clone(), row)).collect())
    }

    fn desk<'a>(&'a self, desk: &'a str) -> impl Iterator<Item = &'a CaseRow> {
        self.0.values().filter(move |row| row.id.desk() == desk)
    }

    fn get(&self, case: &CaseId) -> Option<&CaseRow> {
        self.0.get(case)
    }

    /// The stage of a case; nothing where there is none.
    fn stage(&self, case: &CaseId) -> &str {
        self.get(case).map_or("", |row| row.summary.stage.as_str())
    }
}

/// What one side gave came to the other side, once each and nothing more. Says how many came.
fn came_once(
    play: &mut Play<'_>,
    place: usize,
    what: &str,
    (given, heard): (Vec<String>, Vec<String>),
) -> u32 {
    let (gave, has): (BTreeSet<_>, BTreeSet<_>) = (given.iter().collect(), heard.iter().collect());
    for lost in gave.difference(&has) {
        play.violate(Check::NothingLost, place, format!("{what}: {lost} never came"));
    }
    for invented in has.difference(&gave) {
        play.violate(Check::NothingDoubled, place, format!("{what}: nobody gave {invented}"));
    }
    if heard.len() > has.len() {
        play.violate(Check::NothingDoubled, place, format!("{what}: heard {heard:?}"));
    }
    u32::try_from(has.len()).unwrap_or(u32::MAX)
}

/// Counts one of the cases a report tells of.
fn count(report: &mut Cooperation, what: &'static str) {
    *report.cases.entry(what.to_owned()).or_default() += 1;
}

const DESKS: [&str; 10] = [
    "request",
    "requested",
    "subtask",
    "onward",
    "warning",
    "warned",
    "operation",
    "obligation",
    "destruction",
    "sent",
];
