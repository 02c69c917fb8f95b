//! The list of all addresses.

use customs::roles::{ANALYST, CLEARANCE, DIRECTOR, EXCHANGE, GATE, REVIEWER, SECRETARY};
use kernel::Role;

use crate::ask::{Ask, Content, Problem, Reply};
use crate::endpoint::{Endpoint, May, Method};
use crate::{api, assets, pages};

/// Those who decide on consignments, and those who look at how that is done.
const AT_THE_GATE: &[Role] = &[GATE, ANALYST, EXCHANGE, REVIEWER];
/// Those who run the exchange, and those who ask what came of it.
const OF_THE_EXCHANGE: &[Role] = &[GATE, ANALYST, EXCHANGE, SECRETARY, DIRECTOR, REVIEWER];
/// Programs with a token, whatever role it was given for; the acts themselves are weighed by the tables.
const PROGRAMS: &[Role] = &customs::roles::ALL;
/// Those who mend and replay.
const REPAIR: &[Role] = &[EXCHANGE];
/// Those who hand evidence to others.
const EVIDENCE: &[Role] = &[EXCHANGE, REVIEWER];
/// The clearance system alone lodges declarations.
const CLEARANCE_ONLY: &[Role] = &[CLEARANCE];

/// Every address there is. The router is built from this list; a test prints it to `docs/tables/endpoints.out`.
pub const ENDPOINTS: &[Endpoint] = &[
    get("/", May::SignedIn, pages::home),
    get("/sign-in", May::Anyone, pages::sign_in_form),
    post("/sign-in", May::Anyone, pages::sign_in),
    post("/sign-out", May::SignedIn, pages::sign_out),
    get("/session", May::SignedIn, pages::session),
    post("/session", May::SignedIn, pages::change_session),
    get("/language/{code}", May::Anyone, pages::language),
    get("/static/{digest}/{name}", May::Anyone, assets::file),
    get("/events", May::SignedIn, events),
    get("/arrivals", May::Roles(AT_THE_GATE), pages::arrivals),
    get("/consignments/{*number}", May::Roles(AT_THE_GATE), pages::consignment),
    get("/exchange", May::Roles(OF_THE_EXCHANGE), pages::exchange),
    get("/items/{*case}", May::Roles(OF_THE_EXCHANGE), pages::item),
    get("/bytes/{what}/{*case}", May::Roles(OF_THE_EXCHANGE), pages::bytes),
    get("/lanes", May::Roles(OF_THE_EXCHANGE), pages::lanes),
    get("/obligations", May::Roles(OF_THE_EXCHANGE), pages::obligations),
    get("/agreements", May::SignedIn, pages::agreements),
    get("/agreements/{*id}", May::SignedIn, pages::agreement),
    get("/partners", May::SignedIn, pages::partners),
    get("/record", May::Roles(OF_THE_EXCHANGE), pages::record),
    get("/record/{*case}", May::Roles(OF_THE_EXCHANGE), pages::history),
    get("/entries/{number}", May::Roles(AT_THE_GATE), pages::entry),
    get("/proofs/{number}", May::Roles(EVIDENCE), pages::proof),
    get("/codes", May::Anyone, pages::codes),
    get("/codes/{code}", May::Anyone, pages::code),
    post("/acts", May::SignedIn, pages::act),
    post("/replay", May::Roles(REPAIR), pages::replay),
    get("/api/v1/openapi.json", May::Anyone, api::openapi),
    get("/api/v1/cases", May::Programs(PROGRAMS), api::cases),
    get("/api/v1/cases/{*case}", May::Programs(PROGRAMS), api::case),
    get("/api/v1/history/{*case}", May::Programs(PROGRAMS), api::history),
    get("/api/v1/offers/{*case}", May::Programs(PROGRAMS), api::offers),
    post("/api/v1/acts/{*case}", May::Programs(PROGRAMS), api::act),
    post("/api/v1/declarations", May::Programs(CLEARANCE_ONLY), api::declarations),
];

type Answer = fn(&Ask) -> Result<Reply, Problem>;

const fn get(path: &'static str, may: May, answer: Answer) -> Endpoint {
    Endpoint { method: Method::Get, path, may, answer }
}

const fn post(path: &'static str, may: May, answer: Answer) -> Endpoint {
    Endpoint { method: Method::Post, path, may, answer }
}

fn events(_ask: &Ask) -> Result<Reply, Problem> {
    Ok(Reply::of(200, Content::Live))
}
