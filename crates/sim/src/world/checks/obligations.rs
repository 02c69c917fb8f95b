//! Obligations are met, or escalate: each step once, in order, not before its moment, and not after they were met.

use jiff::Timestamp;
use kernel::{AnyEvent, Happening, obligation::Obligation};
use store::CaseRow;

use super::Rows;
use crate::world::play::Play;
use crate::world::report::{Check, Report};

pub(super) fn check(play: &mut Play<'_>, rows: &[Rows], now: Timestamp, report: &mut Report) {
    for (place, rows) in rows.iter().enumerate() {
        for row in &rows.obligations {
            count(row, report);
            if let Some(what) = fault(play, place, row, now, report) {
                play.violate(Check::Obligations, place, format!("{}: {what}", row.id));
            }
        }
    }
}

fn count(row: &CaseRow, report: &mut Report) {
    let counts = &mut report.obligations;
    let count = match row.summary.stage.as_str() {
        "met" => &mut counts.met,
        "met-late" => &mut counts.met_late,
        "late" => &mut counts.late,
        "waived" => &mut counts.waived,
        _ => &mut counts.due,
    };
    *count += 1;
}

/// What is wrong with an obligation, if anything.
fn fault(
    play: &Play<'_>,
    place: usize,
    row: &CaseRow,
    now: Timestamp,
    report: &mut Report,
) -> Option<String> {
    let events = events(play, place, row)?;
    let named = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    if named("opened") != 1 || named("met") + named("waived") > 1 {
        return Some(format!("opened {} times, met {} times", named("opened"), named("met")));
    }
    let levels: Vec<u64> = events.iter().filter_map(|event| event["level"].as_u64()).collect();
    report.obligations.escalations += u32::try_from(levels.len()).unwrap_or(0);
    if levels.iter().zip(0..).any(|(level, place)| *level != place) {
        return Some(format!("escalated in the steps {levels:?}"));
    }
    let settled = events.iter().position(|event| event["event"] == "met" || event["event"] == "waived");
    if settled.is_some_and(|settled| settled + 1 < events.len()) {
        return Some("went on after it was met".to_owned());
    }
    let steps = events[0]["escalation"].as_array().map_or(0, Vec::len);
    let due = events[0]["due"].as_str().and_then(|due| due.parse::<Timestamp>().ok())?;
    let long_due = due + jiff::SignedDuration::from_hours(24) < now;
    if settled.is_none() && long_due && levels.len() != steps {
        return Some(format!("due {due}, escalated {} of {steps} steps", levels.len()));
    }
    row.state.read::<Obligation>().err().map(|error| error.to_string())
}

/// The events of a case as its record has them.
fn events(play: &Play<'_>, place: usize, row: &CaseRow) -> Option<Vec<AnyEvent>> {
    let history = play.machines[place].look()?.history(&row.id).ok()?;
    let event = |entry: kernel::Entry| match entry.what {
        Happening::Event { event, .. } => Some(event),
        Happening::Refused { .. } | Happening::Witnessed { .. } | Happening::Edition { .. } => None,
    };
    Some(history.into_iter().filter_map(|(_, entry)| event(entry)).collect())
}
