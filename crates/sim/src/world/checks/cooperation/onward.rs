//! A wish to pass something on, on both sides.

use kernel::CaseId;

use super::{Cases, count};
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Cooperation};
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, nodes: &[Cases], place: usize, report: &mut Cooperation) {
    for row in nodes[place].desk("onward").filter(|row| row.summary.shown["side"] == "asking") {
        let to = place_of(&row.summary.partner);
        let theirs = CaseId::of("onward", format_args!("{}-{}", NODES[place], row.id.key()));
        let (here, there) = (row.summary.stage.as_str(), nodes[to].stage(&theirs));
        let awaited = match here {
            "asked" => "asked-of-us",
            "granted" => "granted",
            "refused" => "refused",
            // Not asked: no case there.
            _ => "",
        };
        if there != awaited {
            play.violate(Check::Cooperation, place, format!("{} is {here} here and {there} there", row.id));
        }
        match here {
            "granted" => count(report, "onward-granted"),
            "refused" => count(report, "onward-refused"),
            _ => count(report, "onward-open"),
        }
    }
}
