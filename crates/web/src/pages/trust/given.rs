//! One consignment as the trusted-trader officer may see it: whether its exporter was recognised, on what, and what that gave it.
//! No goods, no values, nothing a partner said of it but its list; reading that is an act with a purpose.

use askama::Template;
use customs::gate::Consignment;
use customs::operator::{Benefit, Benefits, PartnerList};
use jiff::tz::TimeZone;
use kernel::{ActId, CaseId, Happening, Procedure as _};
use serde_json::json;

use super::claims::{Recognised, recognised};
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::{Frame, Refused, refused};
use crate::node_side::Wanted;

#[derive(Template)]
#[template(path = "trust/given.html")]
struct Page {
    frame: Frame,
    number: String,
    /// Why this reader may not see it.
    barred: Option<Refused>,
    found: Option<Recognised>,
    facts: Vec<(String, String)>,
    /// The operator's benefits of the day, where there were any.
    benefits: Option<(String, String)>,
}

/// Where the links of the officer's desk to a consignment lead: to the gate's page for who may open it, else here.
pub(super) fn page_for(ask: &Ask, case: &CaseId) -> String {
    if ask.role().is_some_and(|role| areas::AT_THE_GATE.contains(&role)) {
        areas::page_of(case)
    } else {
        format!("/trusted/consignment/{}", path_of(case.key()))
    }
}

/// The page.
///
/// # Errors
/// [`Problem::NotFound`] for a consignment no benefit was asked for, or what the store says.
pub(crate) fn given(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::of(Consignment::NAME, ask.params.text("number"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let held = row.state.read::<Consignment>().map_err(|error| Problem::Undrawn(error.to_string()))?;
    let recognition = held.recognition();
    if recognition.benefit == Benefit::NotAsked {
        return Err(Problem::NotFound);
    }
    let list = CaseId::of(PartnerList::NAME, recognition.partner.as_str());
    let barred = read(ask, &list, &case)?;
    let frame = Frame::of(ask)?;
    let mut page = Page {
        number: held.declaration().map_or_else(|| case.key().to_owned(), |ours| ours.number.clone()),
        barred: barred.map(|refusal| refused(frame.language, &refusal)),
        found: None,
        facts: Vec::new(),
        benefits: None,
        frame,
    };
    if page.barred.is_none() {
        page.found = recognised(&page.frame, &held);
        page.facts = facts(ask, &page.frame, &case, &held)?;
        page.benefits = benefits(ask, &held)?;
    }
    Ok(Reply::html(page.render()?))
}

/// Reads the partner's list for the session's purpose; a refusal is what comes back.
fn read(ask: &Ask, list: &CaseId, case: &CaseId) -> Result<Option<kernel::Refusal>, Problem> {
    let session = ask.session()?;
    let act = json!({ "act": "see", "consignment": case, "purpose": session.purpose });
    let id = format!("see-{}-{}-{}-{}", session.name, session.role, session.purpose, case.key());
    match ask.act(Wanted { id: ActId::new(id), case: list.clone(), act, files: Vec::new() }) {
        Ok(_) => Ok(None),
        Err(Problem::Refused(refusal)) => Ok(Some(refusal)),
        Err(problem) => Err(problem),
    }
}

/// What the recognition rested on, and how the consignment passed.
fn facts(
    ask: &Ask,
    frame: &Frame,
    case: &CaseId,
    held: &Consignment,
) -> Result<Vec<(String, String)>, Problem> {
    let history = ask.read(|look| look.history(case))?;
    let at = |wanted: &str| {
        let moment = history.iter().find_map(|(_, entry)| match &entry.what {
            Happening::Event { event, .. } if event["event"] == wanted => Some(entry.at),
            _ => None,
        });
        moment.map_or_else(|| "–".to_owned(), |at| frame.exact(&at))
    };
    let recognition = held.recognition();
    let checked = history
        .iter()
        .any(|(_, entry)| matches!(&entry.what, Happening::Event { event, .. } if event["event"] == "held"));
    let t = |name: &str| frame.t(&format!("given.{name}")).to_owned();
    let yes = frame.t(if checked { "given.yes" } else { "given.no" }).to_owned();
    let counted = recognition.at.map_or_else(|| "–".to_owned(), |at| frame.exact(&at));
    Ok(vec![
        (t("partner"), frame.word("country", recognition.partner.as_str())),
        (t("declared-name"), recognition.declared.clone()),
        (t("listed-name"), recognition.listed.clone()),
        (t("quoted"), recognition.quoted.clone()),
        (t("counted-at"), counted),
        (t("declared"), at("declared")),
        (t("held"), yes),
        (t("released"), at("released")),
    ])
}

/// The case of all benefits the operator had on that day.
fn benefits(ask: &Ask, held: &Consignment) -> Result<Option<(String, String)>, Problem> {
    let recognition = held.recognition();
    let (Some(code), Some(at)) = (&recognition.code, recognition.at) else { return Ok(None) };
    let day = TimeZone::UTC.to_datetime(at).date();
    let case = Benefits::case_of(code.as_str(), day);
    let row = ask.read(|look| look.case(&case))?;
    Ok(row.map(|row| (row.summary.title, areas::page_of(&case))))
}
