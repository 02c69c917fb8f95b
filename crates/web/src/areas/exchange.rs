//! The exchange: items in and out, lanes, what is owed, agreements, partners.

use customs::roles::{DIRECTOR, EXCHANGE, REVIEWER};
use jiff::Timestamp;
use kernel::{Role, Severity};
use store::{Failure, Look, Query};

use super::{Area, List, OF_THE_EXCHANGE, Sheet, Shelf, Spot, get, post};
use crate::endpoint::May;
use crate::pages;

/// Everybody within the administration.
const INSIDE: &[Role] = &customs::roles::INSIDE;
/// Those who mend and replay.
const REPAIR: &[Role] = &[EXCHANGE];
/// Those who hand evidence to others.
const EVIDENCE: &[Role] = &[EXCHANGE, REVIEWER];

pub(super) const AREA: Area = Area {
    name: "exchange",
    endpoints: &[
        get("/exchange", May::Roles(OF_THE_EXCHANGE), pages::exchange),
        get("/items/{*case}", May::Roles(OF_THE_EXCHANGE), pages::item),
        get("/bytes/{what}/{*case}", May::Roles(OF_THE_EXCHANGE), pages::bytes),
        get("/lanes", May::Roles(OF_THE_EXCHANGE), pages::lanes),
        get("/lanes/{*lane}", May::Roles(OF_THE_EXCHANGE), pages::lane),
        get("/mirror", May::Roles(OF_THE_EXCHANGE), pages::mirror),
        get("/mirror/cell", May::Roles(OF_THE_EXCHANGE), pages::cell),
        get("/ledger", May::Roles(OF_THE_EXCHANGE), pages::ledger),
        get("/obligations", May::Roles(OF_THE_EXCHANGE), pages::obligations),
        get("/agreements", May::Roles(INSIDE), pages::agreements),
        get("/agreements/{*id}", May::Roles(INSIDE), pages::agreement),
        get("/partners", May::Roles(INSIDE), pages::partners),
        get("/dead-letters", May::Roles(OF_THE_EXCHANGE), pages::dead_letters),
        get("/throughput", May::Roles(OF_THE_EXCHANGE), pages::throughput),
        get("/evidence/{*case}", May::Roles(EVIDENCE), pages::evidence),
        post("/replay", May::Roles(REPAIR), pages::replay),
    ],
    places: &[
        Spot::of("place.exchange", "/exchange").counting(to_repair),
        Spot::of("place.dead-letters", "/dead-letters").counting(undelivered),
        Spot::of("place.lanes", "/lanes"),
        Spot::of("place.mirror", "/mirror"),
        Spot::of("ledger.title", "/ledger"),
        Spot::of("place.obligations", "/obligations").counting(late),
        Spot::of("place.agreements", "/agreements"),
        Spot::of("place.partners", "/partners"),
        Spot::of("place.throughput", "/throughput"),
    ],
    desks: &[
        Shelf::own("received", List::At("/exchange"), Sheet::ById("/items/")),
        Shelf::own("sent", List::At("/exchange"), Sheet::ById("/items/")),
        Shelf::own("obligation", List::At("/obligations"), Sheet::Plain),
        Shelf::own("agreement", List::At("/agreements"), Sheet::ByKey("/agreements/")),
    ],
    under: &[("items", "/exchange"), ("bytes", "/exchange"), ("evidence", "/exchange")],
    homes: &[(EXCHANGE, "/exchange"), (DIRECTOR, "/lanes")],
};

/// Items that came and cannot be used as they are.
fn to_repair(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("received".into()),
        stages: vec!["quarantined".into(), "faulty".into()],
        severity_min: Some(Severity::Error),
        closed: Some(false),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}

/// Items of ours that could not be delivered.
fn undelivered(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    let query =
        Query { desk: Some("sent".into()), stages: vec!["failed".into()], limit: 1, ..Query::default() };
    look.cases(&query).map(|page| page.total)
}

/// Obligations whose moment has passed.
fn late(look: &dyn Look, now: Timestamp) -> Result<u64, Failure> {
    let query = Query {
        desk: Some("obligation".into()),
        closed: Some(false),
        due_until: Some(now),
        limit: 1,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.total)
}
