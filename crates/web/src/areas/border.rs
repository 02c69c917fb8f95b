//! The border: consignments beside what partners said, findings, declarations.

use customs::roles::{ANALYST, GATE};
use jiff::Timestamp;
use store::{Failure, Look, Query};

use super::{AT_THE_GATE, Area, List, Sheet, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

pub(super) const AREA: Area = Area {
    name: "border",
    endpoints: &[
        get("/arrivals", May::Roles(AT_THE_GATE), pages::arrivals),
        get("/consignments/{*number}", May::Roles(AT_THE_GATE), pages::consignment),
        get("/matches", May::Roles(AT_THE_GATE), pages::matches),
        get("/parties", May::Roles(AT_THE_GATE), pages::parties),
        get("/recomputed", May::Roles(AT_THE_GATE), pages::recomputed),
    ],
    places: &[
        Spot::of("place.arrivals", "/arrivals").counting(to_decide),
        Spot::of("place.matches", "/matches").counting(pages::matches_waiting),
        Spot::of("place.parties", "/parties"),
        Spot::of("place.recomputed", "/recomputed"),
    ],
    desks: &[
        Shelf::own("consignment", List::At("/arrivals"), Sheet::ByKey("/consignments/")),
        Shelf::plain("finding"),
        Shelf::plain("declaration"),
        Shelf::plain("exchange-rates"),
    ],
    under: &[("consignments", "/arrivals")],
    homes: &[(GATE, "/arrivals"), (ANALYST, "/matches")],
};

/// Consignments with a finding to decide, or held.
fn to_decide(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("consignment".into()),
        stages: vec!["flagged".into(), "held".into()],
        closed: Some(false),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}
