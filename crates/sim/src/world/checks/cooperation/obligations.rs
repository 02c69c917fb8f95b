//! What cooperation owes: under a term of an agreement, settled on both sides or on neither, and nothing that waits for
//! a partner is without one.

use customs::assistance::{Request, Requested};
use kernel::{CaseId, NodeId, Owed};
use store::CaseRow;

use super::Cases;
use crate::world::play::{Play, place_of};
use crate::world::report::Check;
use crate::world::town::{NODES, agreement, cooperation};

pub(super) fn check(play: &mut Play<'_>, nodes: &[Cases], place: usize) {
    for row in nodes[place].desk("obligation") {
        let source = row.state.json()["owed"]["source"].as_str().unwrap_or_default();
        if !is_agreed(source) {
            play.violate(Check::Cooperation, place, format!("{} is owed under no term: {source:?}", row.id));
        }
    }
    for row in nodes[place].desk("request") {
        waiting(play, nodes, place, row);
        let Some(request) = row.state.read::<Request>().ok().filter(|request| request.sent().is_some())
        else {
            continue;
        };
        let to = place_of(request.partner().as_str());
        let theirs = Requested::case_of(&NodeId::new(NODES[place]), row.id.key());
        for what in BOTH {
            alike(play, (place, &nodes[place], &row.id), (&nodes[to], &theirs), what);
        }
    }
}

/// Whether an obligation's source names a term of one of the agreements.
fn is_agreed(source: &str) -> bool {
    let Some((id, term)) = source.rsplit_once(' ') else { return false };
    let pairs = NODES.into_iter().flat_map(|one| NODES.into_iter().map(move |other| (one, other)));
    let both = pairs.filter(|(one, other)| one < other);
    both.flat_map(|(one, other)| [agreement(one, other), cooperation(one, other)])
        .any(|agreement| agreement.id == id && agreement.terms.iter().any(|known| known.id == term))
}

/// Whatever waits for a partner is owed by it, and the clock has run out by now: somebody was told.
fn waiting(play: &mut Play<'_>, nodes: &[Cases], place: usize, row: &CaseRow) {
    let stage = row.summary.stage.as_str();
    if !["sent", "acknowledged", "accepted", "postponed", "interim"].contains(&stage) {
        return;
    }
    let owed = Owed::case_of(customs::assistance::LEGAL, &row.id);
    let stands = nodes[place].stage(&owed);
    if stands != "late" {
        play.violate(Check::Cooperation, place, format!("{} is {stage} and {owed} is {stands:?}", row.id));
    }
}

/// What both sides count by the same clock is open on both or on neither. What never was is not open: a withdrawal that
/// overtook its request leaves the asked side without any.
fn alike(
    play: &mut Play<'_>,
    (place, ours, case): (usize, &Cases, &CaseId),
    (others, theirs): (&Cases, &CaseId),
    what: &str,
) {
    let stands = |cases: &Cases, about: &CaseId| {
        let stage = cases.stage(&Owed::case_of(what, about)).to_owned();
        let open = !["", "met", "met-late", "waived"].contains(&stage.as_str());
        (open, stage)
    };
    let (here, there) = (stands(ours, case), stands(others, theirs));
    if here.0 != there.0 {
        let what = format!("{what} of {case} is {:?} here and {:?} there", here.1, there.1);
        play.violate(Check::Cooperation, place, what);
    }
}

/// The clocks that run on both sides.
const BOTH: [&str; 7] = [
    customs::assistance::ACKNOWLEDGE,
    customs::assistance::INTERIM,
    customs::assistance::AGREED,
    customs::assistance::LEGAL,
    customs::assistance::OPERATIONAL,
    customs::assistance::POSTPONED,
    customs::assistance::RESULT,
];
