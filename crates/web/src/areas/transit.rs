//! Transit: movements, guarantees, enquiries; for principals, what is their own.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, PRINCIPAL};
use jiff::Timestamp;
use kernel::Role;
use store::{Failure, Look, Query};

use super::{Area, Shelf, Spot, get, post, taking};
use crate::endpoint::{May, Takes};
use crate::transit;

/// Principals of transit movements, and the offices that serve them.
const OF_TRANSIT: &[Role] = &[PRINCIPAL, GATE, EXCHANGE];

/// Those who look after movements, and those who look at how that goes.
const OF_THE_OFFICE: &[Role] = &[GATE, ANALYST, EXCHANGE, DIRECTOR];

pub(super) const AREA: Area = Area {
    name: "transit",
    endpoints: &[
        get("/transit", May::Roles(OF_THE_OFFICE), transit::board),
        get("/transit/movements/{number}", May::Roles(OF_THE_OFFICE), transit::journey),
        get("/transit/guarantees/{grn}", May::Roles(OF_TRANSIT), transit::account),
        get("/transit/mine", May::Roles(OF_TRANSIT), transit::mine),
        taking(Takes::Files, "/transit/mine", May::Roles(OF_TRANSIT), transit::send),
        post("/transit/declare", May::Roles(OF_TRANSIT), transit::declare),
        post("/transit/judge", May::Roles(OF_TRANSIT), transit::judge),
        get("/transit/mine/{number}", May::Roles(OF_TRANSIT), transit::one),
        get("/transit/mine/{number}/{index}", May::Roles(OF_TRANSIT), transit::message),
        get("/transit/papers/{number}", May::Roles(OF_TRANSIT), transit::accompanying),
        taking(Takes::Bulk, "/api/v1/transit/messages", May::Programs(OF_TRANSIT), transit::lodge),
        taking(Takes::Bulk, "/api/v1/transit/check", May::Programs(OF_TRANSIT), transit::check),
        get("/api/v1/transit/movements", May::Programs(OF_TRANSIT), transit::movements),
        get("/api/v1/transit/movements/{number}", May::Programs(OF_TRANSIT), transit::movement),
        get("/api/v1/transit/movements/{number}/{index}", May::Programs(OF_TRANSIT), transit::message),
        get("/api/v1/transit/guarantees/{grn}", May::Programs(OF_TRANSIT), transit::guarantee),
    ],
    places: &[
        Spot::of("place.transit", "/transit").counting(looked_for),
        Spot::of("place.transit-mine", "/transit/mine"),
    ],
    desks: &[
        Shelf::plain("transit-departure"),
        Shelf::plain("transit-passage"),
        Shelf::plain("transit-arrival"),
        Shelf::plain("transit-guarantee"),
        Shelf::plain("transit-enquiry"),
        Shelf::plain("transit-recovery"),
        Shelf::plain("transit-register"),
    ],
    under: &[],
    homes: &[(PRINCIPAL, "/transit/mine")],
};

/// Movements that are looked for.
fn looked_for(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query =
        Query { desk: Some("transit-enquiry".into()), closed: Some(false), limit: 1, ..Query::default() };
    look.cases(&query).map(|page| page.total)
}
