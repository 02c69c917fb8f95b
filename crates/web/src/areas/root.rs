//! What belongs to no area: coming and going, the pages every desk has, the JSON interface.

use customs::roles::CLEARANCE;
use kernel::Role;

use super::{Area, get, post, taking};
use crate::ask::{Ask, Content, Problem, Reply};
use crate::endpoint::{May, Takes};
use crate::{api, assets, pages};

/// Programs with a token, whatever role it was given for; the acts themselves are weighed by the tables.
const PROGRAMS: &[Role] = &customs::roles::INSIDE;
/// Everybody within the administration.
const INSIDE: &[Role] = &customs::roles::INSIDE;
/// The clearance system alone lodges declarations.
const CLEARANCE_ONLY: &[Role] = &[CLEARANCE];

pub(super) const AREA: Area = Area {
    name: "root",
    endpoints: &[
        get("/", May::SignedIn, pages::home),
        get("/sign-in", May::Anyone, pages::sign_in_form),
        post("/sign-in", May::Anyone, pages::sign_in),
        post("/sign-out", May::SignedIn, pages::sign_out),
        get("/session", May::SignedIn, pages::session),
        post("/session", May::SignedIn, pages::change_session),
        get("/language/{code}", May::Anyone, pages::language),
        get("/static/{digest}/{name}", May::Anyone, assets::file),
        get("/events", May::Roles(INSIDE), events),
        get("/cases/{desk}", May::Readers, pages::cases),
        get("/cases/{desk}/{*key}", May::Readers, pages::case),
        get("/paper/{desk}/{*key}", May::Readers, pages::paper),
        get("/new/{desk}/{act}", May::Readers, pages::new_case),
        get("/attachments/{digest}/{*case}", May::Readers, pages::attachment),
        taking(Takes::Files, "/acts", May::Roles(INSIDE), pages::act),
        get("/api/v1/openapi.json", May::Anyone, api::openapi),
        get("/api/v1/cases", May::Programs(PROGRAMS), api::cases),
        get("/api/v1/cases/{*case}", May::Programs(PROGRAMS), api::case),
        get("/api/v1/history/{*case}", May::Programs(PROGRAMS), api::history),
        get("/api/v1/offers/{*case}", May::Programs(PROGRAMS), api::offers),
        taking(Takes::Values, "/api/v1/acts/{*case}", May::Programs(PROGRAMS), api::act),
        taking(Takes::Bulk, "/api/v1/declarations", May::Programs(CLEARANCE_ONLY), api::declarations),
    ],
    places: &[],
    desks: &[],
    under: &[],
    homes: &[],
};

fn events(_ask: &Ask) -> Result<Reply, Problem> {
    Ok(Reply::of(200, Content::Live))
}
