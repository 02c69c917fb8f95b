//! A request on both sides: the stages go together, every answer came once, what came of it was told.

use customs::assistance::{Request, Requested};
use kernel::NodeId;
use store::CaseRow;

use super::{Cases, came_once, count};
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Cooperation};
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, nodes: &[Cases], place: usize, report: &mut Cooperation) {
    for row in nodes[place].desk("request") {
        count(report, "requests");
        match row.state.read::<Request>() {
            Ok(request) if request.sent().is_some() => {
                one(play, nodes, place, (row, &request), report);
            }
            Ok(_) if !AT_HOME.contains(&row.summary.stage.as_str()) => {
                let what = format!("{} is {} and never went", row.id, row.summary.stage);
                play.violate(Check::Cooperation, place, what);
            }
            Ok(_) => {}
            Err(error) => play.violate(Check::Cooperation, place, format!("{}: {error}", row.id)),
        }
    }
}

fn one(
    play: &mut Play<'_>,
    nodes: &[Cases],
    place: usize,
    (row, request): (&CaseRow, &Request),
    report: &mut Cooperation,
) {
    let to = place_of(request.partner().as_str());
    let theirs = Requested::case_of(&NodeId::new(NODES[place]), row.id.key());
    let Some(other) = nodes[to].get(&theirs) else {
        return play.violate(Check::NothingLost, place, format!("{} never came to {}", row.id, NODES[to]));
    };
    let Ok(requested) = other.state.read::<Requested>() else {
        return play.violate(Check::Cooperation, to, format!("{theirs} is not readable"));
    };
    let given = requested.answers().map(|(answer, _)| answer.reference.clone()).collect();
    let heard = request.answers().iter().map(|heard| heard.answer.reference.clone()).collect();
    report.answers += came_once(play, place, row.id.as_str(), (given, heard));
    let (here, there) = (row.summary.stage.as_str(), other.summary.stage.as_str());
    if !beside(here).contains(&there) {
        play.violate(Check::Cooperation, place, format!("{} is {here} here and {there} there", row.id));
    }
    if let Some(what) = COUNTED.into_iter().find(|counted| *counted == here) {
        count(report, what);
    }
}

/// The stages a request can have with whoever was asked, by its stage with whoever asks. An answer that is being
/// written, or was sent back, is not known outside.
fn beside(ours: &str) -> &'static [&'static str] {
    match ours {
        "sent" => &["arrived"],
        "acknowledged" => &["acknowledged"],
        "accepted" => &["accepted", "drafted"],
        "postponed" => &["postponed", "drafted", "accepted"],
        "interim" => &["interim", "drafted", "accepted"],
        "answered" | "judged" => &["answered", "drafted", "accepted"],
        "refused" => &["refused"],
        "told" | "destroyed" => &["result-heard", "drafted", "accepted"],
        "recalled" => &["recalled", "answered", "refused", "result-heard"],
        _ => &[],
    }
}

/// Where a request may stand that has not gone: whoever is at home has to go on with it.
const AT_HOME: [&str; 6] = ["need", "checked", "drafted", "cleared", "kept", "recalled"];
/// What the report counts.
const COUNTED: [&str; 7] = ["postponed", "interim", "answered", "refused", "told", "recalled", "destroyed"];
