//! Targeting: profiles, screening, parcels, models.

use customs::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};
use kernel::Role;

use super::{Area, Shelf, Spot, get, post};
use crate::endpoint::May;
use crate::pages;

/// Those who choose, look, and answer for both.
const AT_THE_BOARD: &[Role] = &[ANALYST, GATE, DIRECTOR, REVIEWER];

/// Those who write profiles.
const WHO_WRITE: &[Role] = &[ANALYST];

pub(super) const AREA: Area = Area {
    name: "targeting",
    endpoints: &[
        get("/targeting", May::Roles(AT_THE_BOARD), pages::targeting),
        get("/targeting/editor", May::Roles(WHO_WRITE), pages::editor),
        get("/targeting/parcels", May::Roles(AT_THE_BOARD), pages::parcels),
        post("/targeting/editor", May::Roles(WHO_WRITE), pages::keep_profile),
    ],
    places: &[
        Spot::of("place.targeting", "/targeting"),
        Spot::of("place.parcels", "/targeting/parcels"),
        Spot::of("place.editor", "/targeting/editor"),
    ],
    desks: &[
        Shelf::plain("referral"),
        Shelf::plain("profile"),
        Shelf::plain("control-sample"),
        Shelf::plain("screening"),
        Shelf::plain("watch-list"),
        Shelf::plain("model"),
        Shelf::plain("office-capacity"),
        Shelf::plain("carrier-referral"),
        Shelf::plain("consolidated"),
        Shelf::plain("platform-account"),
    ],
    under: &[],
    homes: &[],
};
