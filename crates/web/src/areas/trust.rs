//! Trusted traders and certificates: own and partners' operators, recognition, benefit; what certificates state; the tariff.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER, TRUSTED};
use jiff::Timestamp;
use kernel::Role;
use store::{Failure, Look, Query};

use super::{Area, List, Sheet, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

/// Those who run the programme and those who look at what it gives.
const PROGRAMME: &[Role] = &[TRUSTED, DIRECTOR, REVIEWER, ANALYST];
/// Those who may see what a benefit rested on and not the goods it was given to.
const GIVEN: &[Role] = &[TRUSTED, DIRECTOR];
/// Those who ask what goods owe.
const TARIFF: &[Role] = &[GATE, ANALYST, EXCHANGE, TRUSTED, REVIEWER, DIRECTOR];

pub(super) const AREA: Area = Area {
    name: "trust",
    endpoints: &[
        get("/trusted", May::Roles(PROGRAMME), pages::trust::trusted),
        get("/trusted/consignment/{number}", May::Roles(GIVEN), pages::trust::given),
        get("/tariff", May::Roles(TARIFF), pages::trust::tariff),
        get("/statement/{desk}/{*key}", May::Readers, pages::statement::given),
        get("/check/document", May::Anyone, pages::statement::check),
        get("/check/known", May::Anyone, pages::statement::known),
        get("/check/worker.js", May::Anyone, pages::statement::worker),
        get("/statements/status/{list}", May::Anyone, pages::statement::status),
        get("/.well-known/did.json", May::Anyone, pages::statement::document),
    ],
    places: &[Spot::of("place.trusted", "/trusted").counting(to_settle), Spot::of("place.tariff", "/tariff")],
    desks: &[
        Shelf::own("partner-list", List::At("/trusted"), Sheet::Plain),
        Shelf::plain("benefit"),
        Shelf::plain("near-miss"),
        Shelf::plain("operator-identity"),
        Shelf::plain("operator"),
        Shelf::plain("operator-feed"),
        Shelf::plain("joint-validation"),
        Shelf::plain("certificate").with(pages::trust::draw_down),
        Shelf::plain("issuance"),
        Shelf::plain("verification"),
        Shelf::plain("origin-rules"),
        Shelf::plain("divergence").with(pages::trust::divergence),
    ],
    under: &[],
    homes: &[(TRUSTED, "/trusted")],
};

/// Days with benefits that rested on a stale status and await a decision.
fn to_settle(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("benefit".into()),
        stages: vec!["listed".into()],
        closed: Some(false),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}
