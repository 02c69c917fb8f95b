//! What one administration asked or warned of, the other holds once; what was answered is known to whoever asked.

use kernel::CaseId;

use super::Rows;
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Report};
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, rows: &[Rows], report: &mut Report) {
    for (place, own) in rows.iter().enumerate() {
        let us = NODES[place];
        for (ours, theirs, answered) in [
            (&own.requests, "requested", ["answered", "judged", "told"].as_slice()),
            (&own.warnings, "warned", ["answered"].as_slice()),
        ] {
            for row in ours.iter().filter(|row| row.summary.shown["sent"].is_string()) {
                report.traffic.asked += 1;
                let with = &rows[place_of(&row.summary.partner)];
                let others = if theirs == "requested" { &with.requested } else { &with.warned };
                let case = CaseId::of(theirs, format_args!("{us}-{}", row.id.key()));
                let held: Vec<_> = others.iter().filter(|other| other.id == case).collect();
                if held.len() != 1 {
                    let what = format!("{} stands {} times at {}", row.id, held.len(), row.summary.partner);
                    play.violate(Check::NothingLost, place, what);
                    continue;
                }
                let is_answered = matches!(held[0].summary.stage.as_str(), "answered" | "result-heard");
                report.traffic.answered += u32::from(is_answered);
                if is_answered != answered.contains(&row.summary.stage.as_str()) {
                    let what =
                        format!("{} is {}, {case} is {}", row.id, row.summary.stage, held[0].summary.stage);
                    play.violate(Check::NothingLost, place, what);
                }
            }
        }
    }
}
