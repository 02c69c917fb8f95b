//! Targeting: profiles, screening, parcels, models.

use customs::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};
use kernel::Role;

use super::{Area, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

/// Those who choose, look, and answer for both.
const AT_THE_BOARD: &[Role] = &[ANALYST, GATE, DIRECTOR, REVIEWER];

pub(super) const AREA: Area = Area {
    name: "targeting",
    endpoints: &[get("/targeting", May::Roles(AT_THE_BOARD), pages::targeting)],
    places: &[Spot::of("place.targeting", "/targeting")],
    desks: &[
        Shelf::plain("referral"),
        Shelf::plain("profile"),
        Shelf::plain("control-sample"),
        Shelf::plain("screening"),
        Shelf::plain("carrier-referral"),
        Shelf::plain("consolidated"),
        Shelf::plain("platform-account"),
    ],
    under: &[],
    homes: &[],
};
