//! What was destroyed is gone from the store, and its giver knows.

use customs::agreement::{Destruction, Sent};
use kernel::NodeId;

use super::{Cases, count};
use crate::world::play::{Play, place_of};
use crate::world::report::{Check, Cooperation};
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, nodes: &[Cases], place: usize, report: &mut Cooperation) {
    for row in nodes[place].desk("destruction") {
        let Ok(destruction) = row.state.read::<Destruction>() else {
            play.violate(Check::Cooperation, place, format!("{} is not readable", row.id));
            continue;
        };
        let (Some(order), Some(gone)) = (destruction.order(), destruction.gone()) else {
            play.violate(Check::Cooperation, place, format!("{} was ordered and not carried out", row.id));
            continue;
        };
        count(report, "items-destroyed");
        let look = play.machines[place].look();
        let left = look.map_or(0, |look| {
            gone.blobs.iter().filter(|digest| !matches!(look.blob(digest), Ok(None))).count()
        });
        let sent = Sent::case_of(&NodeId::new(NODES[place]), &gone.kind, &order.reference);
        let known = nodes[place_of(gone.giver.as_str())].get(&sent);
        if left > 0 || known.is_none_or(|row| row.summary.shown["destroyed"].is_null()) {
            play.violate(
                Check::Cooperation,
                place,
                format!("{}: {left} blobs are left, or {sent} knows nothing", row.id),
            );
        }
    }
}
