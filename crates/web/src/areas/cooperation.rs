//! Cooperation: mutual assistance, joint operations, warnings.

use customs::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE, REVIEWER, SECRETARY};
use jiff::Timestamp;
use kernel::Role;
use store::{Failure, Look, Query};

use super::{Area, List, Sheet, Shelf, Spot, get};
use crate::endpoint::May;
use crate::pages;

/// Those who ask and answer, and those who look at how that is done.
const ASSISTANCE: &[Role] = &[ANALYST, EXCHANGE, SECRETARY, DIRECTOR, REVIEWER];
/// Those who read requests beside our own record.
const READERS: &[Role] = &[ANALYST, EXCHANGE, REVIEWER];
/// Those in the room of an operation.
const ROOM: &[Role] = &[GATE, ANALYST, EXCHANGE, COORDINATOR, DIRECTOR, REVIEWER];
/// Those who hand an operation's seizures on.
const EXPORTERS: &[Role] = &[COORDINATOR, EXCHANGE];

/// The rooms of the area: help asked and given, questions the nodes answer by themselves, partners that are no customs
/// administration, joint operations.
const ASKING: &str = "asking";
const QUESTIONS: &str = "questions";
const OTHERS: &str = "others";
const OPERATIONS: &str = "operations";

pub(super) const AREA: Area = Area {
    name: "cooperation",
    endpoints: &[
        get("/board", May::Roles(ASSISTANCE), pages::board),
        get("/beside/{*case}", May::Roles(READERS), pages::beside),
        get("/rates", May::Roles(ASSISTANCE), pages::rates),
        get("/rooms", May::Roles(ROOM), pages::rooms),
        get("/rooms/{*key}", May::Roles(ROOM), pages::room),
        get("/room-export/{style}/{*key}", May::Roles(EXPORTERS), pages::room_export),
    ],
    places: &[
        Spot::of("place.board", "/board").counting(waiting).within(ASKING),
        Spot::of("place.rates", "/rates").within(ASKING),
        Spot::of("place.rooms", "/rooms").counting(silent).within(OPERATIONS),
    ],
    desks: &[
        Shelf::own("request", List::At("/board"), Sheet::Plain),
        Shelf::own("requested", List::At("/board"), Sheet::Plain),
        Shelf::plain("subtask").within(ASKING),
        Shelf::plain("spontaneous-out").within(ASKING),
        Shelf::plain("spontaneous-in").within(ASKING),
        Shelf::plain("alert").within(ASKING),
        Shelf::plain("onward").within(ASKING),
        Shelf::plain("destruction").within(ASKING),
        Shelf::plain("contact").within(ASKING),
        Shelf::plain("dossier").within(ASKING),
        Shelf::plain("register-question").within(QUESTIONS),
        Shelf::plain("register-asked").within(QUESTIONS),
        Shelf::plain("cargo-line").within(OTHERS),
        Shelf::plain("cargo-hit").within(OTHERS),
        Shelf::plain("period-check").within(OTHERS),
        Shelf::plain("figures-given").within(OTHERS),
        Shelf::plain("match-question").within(QUESTIONS),
        Shelf::plain("match-asked").within(QUESTIONS),
        Shelf::plain("match-set").within(QUESTIONS),
        Shelf::plain("match-meter").within(QUESTIONS),
        Shelf::own("operation", List::At("/rooms"), Sheet::ByKey("/rooms/")),
        Shelf::plain("warning").within(OPERATIONS),
        Shelf::plain("warned").within(OPERATIONS),
        Shelf::plain("seizure").within(OPERATIONS),
        Shelf::plain("take-back").within(OPERATIONS),
        Shelf::plain("right").within(OPERATIONS),
        Shelf::plain("detention").within(OPERATIONS),
    ],
    under: &[("beside", "/board"), ("room-export", "/rooms")],
    homes: &[(COORDINATOR, "/rooms")],
};

/// Partners' requests that nobody acknowledged or cleared yet.
fn waiting(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("requested".into()),
        stages: vec!["arrived".into(), "drafted".into()],
        closed: Some(false),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}

/// Warnings whose moment has passed without feedback.
fn silent(look: &dyn Look, now: Timestamp) -> Result<u64, Failure> {
    let late = |desk: &str| {
        let query = Query {
            desk: Some(desk.to_owned()),
            closed: Some(false),
            due_until: Some(now),
            limit: 1,
            ..Query::default()
        };
        look.cases(&query).map(|page| page.total)
    };
    Ok(late("warning")? + late("warned")?)
}
