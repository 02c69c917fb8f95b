//! The principals' side of transit: their messages in, XML or JSON, and the answers of customs out; nobody else's.

mod account;
mod board;
mod form;
mod journey;
mod mine;
mod paper;

pub(crate) use account::account;
pub(crate) use board::board;
use customs::roles::{EXCHANGE, GATE, PRINCIPAL};
use customs::transit::{Arrival, Departure, Guarantee};
use formats::transit::{Intake, NotTaken, intake, project, write_json, write_xml};
use jiff::civil::Date;
use jiff::tz::TimeZone;
pub(crate) use journey::journey;
use kernel::{ActId, CaseId, Digest, Findings, Procedure as _};
pub(crate) use mine::{accompanying, declare, judge, mine, one, send};
pub use paper::{accompanying as print_accompanying, statement};
use serde_json::{Value, json};
use store::{CaseRow, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::node_side::Wanted;

/// The most movements one answer lists.
const LISTED_MAX: u32 = 500;

/// Judges a message as the office would, without lodging it.
///
/// # Errors
/// [`Problem::BadForm`] without a body.
pub(crate) fn check(ask: &Ask) -> Result<Reply, Problem> {
    let checked = formats::judge(sent(ask)?);
    let value = serde_json::to_value(&checked).map_err(|error| Problem::Undrawn(error.to_string()))?;
    Ok(Reply::json(200, value))
}

/// Takes a principal's message. The same message sent twice is taken once and answered alike.
///
/// # Errors
/// The refusal with its code, or [`Problem::BadForm`] where nothing could be read.
pub(crate) fn lodge(ask: &Ask) -> Result<Reply, Problem> {
    let Lodged { code, case, stage, number, findings } = match take(ask, sent(ask)?, None)? {
        Ok(lodged) => lodged,
        Err(findings) => return Ok(Reply::json(422, json!({ "findings": findings }))),
    };
    let row = ask.read(|look| look.case(&case))?;
    let told = row.as_ref().map(told).unwrap_or_default();
    Ok(Reply::json(
        200,
        json!({ "message": code, "stage": stage, "number": number, "told": told, "findings": findings }),
    ))
}

/// A message that was taken.
struct Lodged {
    code: &'static str,
    case: CaseId,
    stage: String,
    number: String,
    findings: Findings,
}

/// Takes a message in, or says what is wrong with it. One that came on paper says when that was stamped.
fn take(ask: &Ask, bytes: &[u8], on_paper: Option<Date>) -> Result<Result<Lodged, Findings>, Problem> {
    let day = TimeZone::UTC.to_datetime(ask.now).date();
    let Intake { code, cases, mut act, findings } = match intake(bytes, day) {
        Ok(taken) => taken,
        Err(NotTaken { findings }) => return Ok(Err(findings)),
    };
    if let Some(stamped) = on_paper {
        act["on_paper"] = json!(stamped);
    }
    let actor = ask.actor().ok_or(Problem::Forbidden)?;
    let case = existing(ask, &cases)?.or_else(|| cases.first().cloned()).ok_or(Problem::NotFound)?;
    let id = Digest::of(format!("{}\n{}", actor.name, Digest::of(bytes)).as_bytes()).short();
    let wanted =
        Wanted { id: ActId::new(format!("transit-{id}")), case: case.clone(), act, files: Vec::new() };
    let acted = ask.act(wanted)?;
    let (stage, number) = (acted.summary.stage, acted.summary.title);
    Ok(Ok(Lodged { code, case, stage, number, findings }))
}

/// The principal's own movements, the newest first.
///
/// # Errors
/// What the store says.
pub(crate) fn movements(ask: &Ask) -> Result<Reply, Problem> {
    let rows = own_rows(ask)?;
    Ok(Reply::json(200, json!({ "movements": rows.iter().map(shown).collect::<Vec<_>>() })))
}

fn own_rows(ask: &Ask) -> Result<Vec<CaseRow>, Problem> {
    let mut rows = Vec::new();
    for desk in [Departure::NAME, Arrival::NAME] {
        let query =
            Query { desk: Some(desk.into()), order: Order::Newest, limit: LISTED_MAX, ..Query::default() };
        rows.extend(ask.read(|look| look.cases(&query))?.rows.into_iter().filter(|row| is_own(ask, row)));
    }
    Ok(rows)
}

/// One movement: where it stands, who has to act, and what was told.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn movement(ask: &Ask) -> Result<Reply, Problem> {
    let rows = named(ask, ask.params.text("number"))?;
    if rows.is_empty() {
        return Err(Problem::NotFound);
    }
    Ok(Reply::json(200, json!({ "roles": rows.iter().map(shown).collect::<Vec<_>>() })))
}

/// One message of customs to the principal, XML or, where asked for, JSON.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn message(ask: &Ask) -> Result<Reply, Problem> {
    let (number, index) = (ask.params.text("number"), ask.params.text("index"));
    let index: usize = index.parse().map_err(|_| Problem::NotFound)?;
    let rows = named(ask, number)?;
    let found = rows.iter().find_map(|row| full(row, index)).ok_or(Problem::NotFound)?;
    let (code, content) = (found.0.clone(), project(&found.0, &found.1));
    let json = ask.query.text("format") == "json";
    let written = if json { write_json(&code, &content) } else { write_xml(&code, &content) };
    let bytes = written.map_err(|why| Problem::Undrawn(why.to_string()))?;
    let (media, ending) = if json { ("application/json", "json") } else { ("application/xml", "xml") };
    Ok(Reply::file(media, format!("{code}.{ending}"), bytes))
}

/// What a guarantee of the principal's covers now: the answer to a query (037) as data.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn guarantee(ask: &Ask) -> Result<Reply, Problem> {
    let case = Guarantee::case_of(ask.params.text("grn"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let guarantee = row.state.read::<Guarantee>().map_err(|_| Problem::NotFound)?;
    let registered = guarantee.registered().ok_or(Problem::NotFound)?;
    let own = ask.actor().is_some_and(|actor| actor.name == registered.holder) || is_office(ask);
    if !own {
        return Err(Problem::NotFound);
    }
    Ok(Reply::json(
        200,
        json!({
            "grn": registered.grn, "kind": registered.kind, "amount": registered.amount, "currency": registered.currency,
            "exposure": guarantee.exposure(), "balance": registered.amount.map(|amount| amount - guarantee.exposure()),
            "usages": guarantee.usages(),
        }),
    ))
}

fn sent(ask: &Ask) -> Result<&[u8], Problem> {
    ask.upload.as_ref().map(|upload| upload.bytes.as_slice()).ok_or(Problem::BadForm)
}

fn is_office(ask: &Ask) -> bool {
    ask.role().is_some_and(|role| role == GATE || role == EXCHANGE)
}

/// A principal sees what it lodged or notified itself; the office sees all.
fn is_own(ask: &Ask, row: &CaseRow) -> bool {
    let Some(actor) = ask.actor() else { return false };
    if actor.role != PRINCIPAL {
        return is_office(ask);
    }
    let by = match row.id.desk() {
        Departure::NAME => row.state.read::<Departure>().map(|it| it.lodged_by().to_owned()),
        _ => row.state.read::<Arrival>().map(|it| it.notified_by().to_owned()),
    };
    by.is_ok_and(|by| by == actor.name)
}

fn existing(ask: &Ask, cases: &[CaseId]) -> Result<Option<CaseId>, Problem> {
    for case in cases {
        if ask.read(|look| look.case(case))?.is_some() {
            return Ok(Some(case.clone()));
        }
    }
    Ok(None)
}

/// The principal's cases of this number: the movement's, or its own.
fn named(ask: &Ask, number: &str) -> Result<Vec<CaseRow>, Problem> {
    let mut rows = Vec::new();
    for kind in ["mrn", "lrn"] {
        for desk in [Departure::NAME, Arrival::NAME] {
            let query = Query {
                desk: Some(desk.into()),
                reference: Some((kind.into(), number.to_owned())),
                limit: 10,
                ..Query::default()
            };
            rows.extend(ask.read(|look| look.cases(&query))?.rows);
        }
    }
    rows.retain(|row| is_own(ask, row));
    rows.dedup_by(|one, other| one.id == other.id);
    Ok(rows)
}

fn shown(row: &CaseRow) -> Value {
    json!({ "role": row.id.desk(), "number": row.summary.title, "stage": row.summary.stage, "due": row.summary.due,
        "changed": row.changed, "told": told(row) })
}

/// What was told, in order: the code and when.
fn told(row: &CaseRow) -> Vec<Value> {
    match row.id.desk() {
        Departure::NAME => row.state.read::<Departure>().map_or_else(
            |_| Vec::new(),
            |it| it.notices().iter().map(|notice| json!({ "code": notice.code, "at": notice.at })).collect(),
        ),
        Arrival::NAME => row.state.read::<Arrival>().map_or_else(
            |_| Vec::new(),
            |it| it.notices().iter().map(|(code, at, _)| json!({ "code": code, "at": at })).collect(),
        ),
        _ => Vec::new(),
    }
}

fn full(row: &CaseRow, index: usize) -> Option<(String, Value)> {
    match row.id.desk() {
        Departure::NAME => row.state.read::<Departure>().ok()?.message(index),
        _ => row.state.read::<Arrival>().ok()?.message(row.id.key(), index),
    }
}
