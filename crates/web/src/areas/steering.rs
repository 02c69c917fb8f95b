//! Steering: commitments over all forums, briefs, meetings, agreements on their way, action plans, business, experts, pilots.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};
use jiff::Timestamp;
use kernel::Role;
use store::{Failure, Look, Query};

use super::{Area, List, Sheet, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

/// Those who steer, those who have something to show, and those who look at it.
const STEERING: &[Role] = &[SECRETARY, DIRECTOR, EXCHANGE, ANALYST, REVIEWER];
/// Those who prepare for a partner.
const PREPARING: &[Role] = &[SECRETARY, DIRECTOR, EXCHANGE, REVIEWER];

pub(super) const AREA: Area = Area {
    name: "steering",
    endpoints: &[
        get("/commitments", May::Roles(STEERING), pages::steering::board),
        get("/brief", May::Roles(PREPARING), pages::steering::briefs),
        get("/brief/{partner}", May::Roles(PREPARING), pages::steering::brief),
    ],
    places: &[
        Spot::of("place.commitments", "/commitments").counting(late),
        Spot::of("place.brief", "/brief"),
    ],
    desks: &[
        Shelf::own("commitment", List::At("/commitments"), Sheet::Plain),
        Shelf::plain("meeting"),
        Shelf::plain("negotiation"),
        Shelf::plain("action"),
        Shelf::plain("issue"),
        Shelf::plain("pilot"),
        Shelf::plain("expert"),
        Shelf::plain("selection"),
    ],
    under: &[],
    homes: &[(SECRETARY, "/commitments")],
};

/// Commitments whose moment has passed.
fn late(look: &dyn Look, now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("commitment".into()),
        closed: Some(false),
        due_until: Some(now),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}
