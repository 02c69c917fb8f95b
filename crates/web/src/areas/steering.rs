//! Steering: commitments over all forums, briefs, meetings, agreements on their way, action plans, business, experts, pilots.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};
use jiff::Timestamp;
use kernel::Role;
use store::{Failure, Look, Query};

use super::{Area, List, Sheet, Shelf, Spot, get, taking};
use crate::endpoint::{May, Takes};
use crate::pages;

/// Those who steer, those who have something to show, and those who look at it.
const STEERING: &[Role] = &[SECRETARY, DIRECTOR, EXCHANGE, ANALYST, REVIEWER];
/// Those who prepare for a partner.
const PREPARING: &[Role] = &[SECRETARY, DIRECTOR, EXCHANGE, REVIEWER];
/// Those who may open a meeting.
const MEETING: &[Role] = &[SECRETARY, DIRECTOR, EXCHANGE, REVIEWER];
/// Those who let delegates in.
const HOSTING: &[Role] = &[SECRETARY];

pub(super) const AREA: Area = Area {
    name: "steering",
    endpoints: &[
        get("/commitments", May::Roles(STEERING), pages::steering::board),
        get("/brief", May::Roles(PREPARING), pages::steering::briefs),
        get("/brief/{partner}", May::Roles(PREPARING), pages::steering::brief),
        get("/brief-paper/{partner}", May::Roles(PREPARING), pages::steering::brief_paper),
        get("/calendar/{name}", May::Roles(STEERING), pages::steering::calendar),
        get("/meeting-calendar/{*key}", May::Roles(MEETING), pages::steering::meeting_calendar),
        get("/api/v1/calendar/{name}", May::Programs(STEERING), pages::steering::calendar),
        get("/delegates/{*key}", May::Roles(HOSTING), pages::steering::delegates_form),
        taking(Takes::Files, "/delegates/{*key}", May::Roles(HOSTING), pages::steering::delegates),
    ],
    places: &[
        Spot::of("place.commitments", "/commitments").counting(late),
        Spot::of("place.brief", "/brief"),
    ],
    desks: &[
        Shelf::own("commitment", List::At("/commitments"), Sheet::Plain),
        Shelf::plain("meeting").linking(&[
            ("delegates.take-in", "/delegates/", HOSTING),
            ("calendar.of-meeting", "/meeting-calendar/", MEETING),
        ]),
        Shelf::plain("negotiation"),
        Shelf::plain("action"),
        Shelf::plain("issue"),
        Shelf::plain("pilot"),
        Shelf::plain("expert"),
        Shelf::plain("selection"),
    ],
    under: &[("brief-paper", "/brief")],
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
