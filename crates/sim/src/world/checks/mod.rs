//! What must hold in every world, whatever went wrong in it.

mod cooperation;
mod delivery;
mod ladders;
mod obligations;
mod records;
mod ties;
mod vouched;

use jiff::Timestamp;
use store::{CaseRow, Look, Query};

use super::disk::Fate;
use super::play::Play;
use super::report::Report;
use crate::trade::Truth;

/// Checks everything and fills the report in. Stops the machines.
pub(super) fn all(play: &mut Play<'_>, truth: &Truth, now: Timestamp, report: &mut Report) {
    let rows: Vec<Rows> =
        play.machines.iter().map(|machine| Rows::of(machine.look().as_deref_mut())).collect();
    delivery::check(play, &rows);
    ladders::check(play, &rows, report);
    obligations::check(play, &rows, now, report);
    cooperation::check(play, report);
    ties::count(play, &rows, truth);
    let notes = vouched::notes(play);
    records::check(play, report);
    vouched::check(play, &notes, report);
    report.faults = play.faults.clone();
    count_deaths(play, report);
    report.traffic = play.traffic.clone();
    report.violations = std::mem::take(&mut play.violations);
    report.violations.sort();
}

/// The cases of a node that the checks look at.
#[derive(Default)]
struct Rows {
    lodged: Vec<CaseRow>,
    sent: Vec<CaseRow>,
    received: Vec<CaseRow>,
    consignments: Vec<CaseRow>,
    obligations: Vec<CaseRow>,
}

impl Rows {
    fn of(look: Option<&mut (dyn Look + Send + 'static)>) -> Self {
        let Some(look) = look else { return Self::default() };
        Self {
            lodged: every(look, "declaration"),
            sent: every(look, "sent"),
            received: every(look, "received"),
            consignments: every(look, "consignment"),
            obligations: every(look, "obligation"),
        }
    }
}

/// All cases of a desk.
fn every(look: &dyn Look, desk: &str) -> Vec<CaseRow> {
    let (query, mut rows) = (Query { desk: Some(desk.to_owned()), ..Query::default() }, Vec::new());
    look.each_case(&query, &mut |row| rows.push(row)).expect("a store in memory answers");
    rows
}

/// The first value of a reference of this kind.
fn reference<'a>(row: &'a CaseRow, kind: &str) -> &'a str {
    row.summary.references.iter().find(|one| one.kind == kind).map_or("", |one| one.value.as_str())
}

fn count_deaths(play: &Play<'_>, report: &mut Report) {
    for fate in play.machines.iter().flat_map(super::machine::Machine::fates) {
        let count = match fate {
            Fate::DiesBefore => &mut report.faults.died_before,
            Fate::DiesWithin(_) => &mut report.faults.died_within,
            Fate::DiesAfter => &mut report.faults.died_after,
            Fate::Refuses => &mut report.faults.refused,
        };
        *count += 1;
    }
}
