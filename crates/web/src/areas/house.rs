//! The house itself: the record with its proofs, integrity, and what every code means.

use customs::roles::{DIRECTOR, EXCHANGE, REVIEWER};
use kernel::Role;

use super::{AT_THE_GATE, Area, OF_THE_EXCHANGE, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

/// Those who hand evidence to others.
const EVIDENCE: &[Role] = &[EXCHANGE, REVIEWER];

/// Those who look at how the house is used.
const REVIEW: &[Role] = &[REVIEWER, DIRECTOR];

pub(super) const AREA: Area = Area {
    name: "house",
    endpoints: &[
        get("/record", May::Roles(OF_THE_EXCHANGE), pages::record),
        get("/record/{*case}", May::Roles(OF_THE_EXCHANGE), pages::history),
        get("/entries/{number}", May::Roles(AT_THE_GATE), pages::entry),
        get("/proofs/{number}", May::Roles(EVIDENCE), pages::proof),
        get("/integrity", May::Roles(REVIEW), pages::steering::watch),
        get("/codes", May::Anyone, pages::codes),
        get("/codes/{code}", May::Anyone, pages::code),
    ],
    places: &[
        Spot::of("place.record", "/record"),
        Spot::of("place.integrity", "/integrity"),
        Spot::of("place.codes", "/codes"),
    ],
    desks: &[Shelf::plain("concern"), Shelf::plain("assessment")],
    under: &[("entries", "/record")],
    homes: &[(REVIEWER, "/integrity")],
};
