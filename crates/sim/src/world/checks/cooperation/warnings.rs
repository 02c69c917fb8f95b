//! A warning on both sides: every feedback reached the giver once, and silence reached the coordination unit.

use customs::operation::{Feedback, Warned, Warning, operation_case};
use kernel::NodeId;
use store::CaseRow;

use super::{Cases, came_once, count};
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Cooperation};
use crate::world::town::{NODES, OPERATION, UNIT};

pub(super) fn check(play: &mut Play<'_>, nodes: &[Cases], place: usize, report: &mut Cooperation) {
    for row in nodes[place].desk("warning") {
        count(report, "warnings");
        let Ok(warning) = row.state.read::<Warning>() else {
            play.violate(Check::Cooperation, place, format!("{} is not readable", row.id));
            continue;
        };
        if warning.due().is_some() {
            one(play, nodes, place, (row, &warning), report);
        } else if !["kept", "cancelled"].contains(&row.summary.stage.as_str()) {
            play.violate(Check::Cooperation, place, format!("{} never went", row.id));
        }
    }
}

fn one(
    play: &mut Play<'_>,
    nodes: &[Cases],
    place: usize,
    (row, warning): (&CaseRow, &Warning),
    report: &mut Cooperation,
) {
    let to = place_of(&row.summary.partner);
    let theirs = Warned::case_of(&NodeId::new(NODES[place]), row.id.key());
    let Some(warned) = nodes[to].get(&theirs).and_then(|other| other.state.read::<Warned>().ok()) else {
        return play.violate(Check::NothingLost, place, format!("{} never came to {}", row.id, NODES[to]));
    };
    let references = |feedback: &[Feedback]| feedback.iter().map(|one| one.reference.clone()).collect();
    let both = (references(warned.feedback()), references(warning.feedback()));
    report.feedback += came_once(play, place, row.id.as_str(), both);
    let (here, there) = (row.summary.stage.as_str(), nodes[to].stage(&theirs));
    let fits = match here {
        "answered" => there == "answered",
        "delivered" | "silent" => there != "answered",
        "cancelled" => true,
        _ => false,
    };
    if !fits {
        play.violate(Check::Cooperation, place, format!("{} is {here} here and {there} there", row.id));
    }
    silence(play, nodes, place, (row, warning), report);
}

/// A warning whose moment passed in silence is known to the coordination unit.
fn silence(
    play: &mut Play<'_>,
    nodes: &[Cases],
    place: usize,
    (row, warning): (&CaseRow, &Warning),
    report: &mut Cooperation,
) {
    if here_is_late(row) {
        play.violate(Check::Cooperation, place, format!("{} waits for feedback without an end", row.id));
    }
    if !warning.fell_silent() {
        return;
    }
    count(report, "silent");
    let unit = nodes[place_of(UNIT)].get(&operation_case(OPERATION));
    let silences = unit.and_then(|row| row.summary.shown["silences"].as_array().cloned()).unwrap_or_default();
    let told = silences.iter().filter(|silence| silence["warning"] == row.id.key()).count();
    if NODES[place] != UNIT && told != 1 {
        let what = format!("the unit heard {told} times that {} stayed silent", row.id);
        play.violate(Check::Cooperation, place, what);
    }
}

/// Whether a warning still counts as under way, weeks after its moment.
fn here_is_late(row: &CaseRow) -> bool {
    ["sent", "delivered"].contains(&row.summary.stage.as_str())
}
