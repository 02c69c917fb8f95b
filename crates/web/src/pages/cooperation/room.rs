//! An operation's room: what runs out next, the map, the day's report and the debrief, all computed from its items.

use std::collections::BTreeMap;

use askama::Template;
use customs::operation::figures::{Debrief, situation};
use customs::operation::{Operation, Seizure, SeizureItem, operation_case, similar};
use jiff::Timestamp;
use kernel::{CaseId, Summary};
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Query};

use super::super::standing::Standing;
use super::rates::{FigureShown, figure};
use super::{Item, every, item};
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::draw::map::{Map, Spot};
use crate::draw::{Labels, Picture};
use crate::fields::path_of;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "cooperation/rooms.html")]
struct Rooms {
    frame: Frame,
    rows: Vec<RoomRow>,
}

struct RoomRow {
    title: String,
    href: String,
    standing: Standing,
    days: String,
    members: String,
}

#[derive(Template)]
#[template(path = "cooperation/room.html")]
struct Page {
    frame: Frame,
    title: String,
    case: String,
    key: String,
    standing: Standing,
    facts: Vec<(String, String)>,
    members: Vec<(String, String, String)>,
    warnings: Vec<WarningRow>,
    seizures: Vec<SeizureRow>,
    map: Option<Picture>,
    today: Vec<(String, String, String)>,
    figures: Vec<FigureShown>,
    middle: String,
    by_pack: Vec<(String, usize)>,
    silences: Vec<String>,
}

struct WarningRow {
    item: Item,
    way: &'static str,
    partner: String,
    standing: Standing,
    due: Option<Timestamp>,
    until: String,
    late: &'static str,
    eta: Option<Timestamp>,
    outcome: String,
    beside: Vec<Item>,
    done: u8,
}

struct SeizureRow {
    item: Item,
    place: String,
    at: Option<Timestamp>,
    pack: String,
    alike: Vec<(Item, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    eta: Option<Timestamp>,
    outcome: Option<String>,
    beside: Vec<BesideShown>,
}

#[derive(Debug, Deserialize)]
struct BesideShown {
    case: CaseId,
}

/// All operations.
///
/// # Errors
/// What the store says.
pub(crate) fn rooms(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let query = Query { desk: Some("operation".into()), ..Query::default() };
        let rows = every(look, &query)?;
        Ok(Rooms { rows: rows.iter().map(|row| room_row(&frame, row)).collect(), frame })
    })?;
    Ok(Reply::html(page.render()?))
}

fn room_row(frame: &Frame, row: &CaseRow) -> RoomRow {
    let operation = row.state.read::<Operation>().unwrap_or_default();
    RoomRow {
        title: row.summary.title.clone(),
        href: areas::page_of(&row.id),
        standing: Standing::of(frame, "operation", &row.summary.stage),
        days: days(frame, &operation),
        members: operation
            .plan()
            .members
            .iter()
            .map(|member| member.node.to_string())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn days(frame: &Frame, operation: &Operation) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| frame.moments.day(day));
    format!("{} – {}", day(operation.plan().from), day(operation.plan().until))
}

/// One operation's room.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn room(ask: &Ask) -> Result<Reply, Problem> {
    let id = operation_case(ask.params.text("key"));
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let Some(row) = look.case(&id)? else { return Ok(None) };
        drawn(frame, look, &row).map(Some)
    })?;
    Ok(Reply::html(page.ok_or(Problem::NotFound)?.render()?))
}

/// The seizures of an operation as CSV, in the style of CEN or of IONICS.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn export(ask: &Ask) -> Result<Reply, Problem> {
    let key = ask.params.text("key").to_owned();
    let rows = ask.read(|look| items(look, &key, "seizure"))?;
    let reports: Vec<SeizureItem> =
        rows.iter().filter_map(|row| Some(row.state.read::<Seizure>().ok()?.report().clone())).collect();
    let (name, bytes) = match ask.params.text("style") {
        "cen" => (format!("{key}-cen.csv"), node::write_cen(&reports)),
        "ionics" => (format!("{key}-ionics.csv"), node::write_ionics(&reports)),
        _ => return Err(Problem::NotFound),
    };
    Ok(Reply::file("text/csv; charset=utf-8", name, bytes))
}

/// The cases of a desk that belong to an operation.
fn items(look: &dyn Look, operation: &str, desk: &str) -> Result<Vec<CaseRow>, Failure> {
    let query = Query {
        desk: Some(desk.to_owned()),
        reference: Some(("operation".into(), operation.to_owned())),
        ..Query::default()
    };
    every(look, &query)
}

fn drawn(frame: Frame, look: &dyn Look, row: &CaseRow) -> Result<Page, Failure> {
    let key = row.id.key();
    let operation = row.state.read::<Operation>().unwrap_or_default();
    let (out, came, seized) =
        (items(look, key, "warning")?, items(look, key, "warned")?, items(look, key, "seizure")?);
    let cases: Vec<(CaseId, Summary)> =
        out.iter().chain(&seized).map(|row| (row.id.clone(), row.summary.clone())).collect();
    let debrief = Debrief::of(&cases, frame.moments.now);
    let titles: BTreeMap<&CaseId, &str> =
        cases.iter().map(|(case, summary)| (case, summary.title.as_str())).collect();
    let mut warnings: Vec<_> = out.iter().chain(&came).map(|row| warning(&frame, row)).collect();
    warnings.sort_by_key(|row| (row.done, row.due));
    Ok(Page {
        title: row.summary.title.clone(),
        case: areas::plain_page_of(&row.id),
        key: path_of(key),
        standing: Standing::of(&frame, "operation", &row.summary.stage),
        facts: facts(&frame, &operation),
        members: members(&frame, &operation),
        map: map(&frame, &seized),
        today: today(&frame, &cases),
        figures: debrief.shares().iter().map(|one| figure(&frame, "debrief", one, &titles)).collect(),
        middle: debrief.middle_seconds.map_or_else(|| "–".to_owned(), |seconds| frame.moments.span(seconds)),
        by_pack: debrief
            .by_pack
            .iter()
            .map(|(pack, cases)| (frame.word("pack", pack), cases.len()))
            .collect(),
        seizures: seizures(&frame, &seized),
        silences: silences(&frame, row),
        warnings,
        frame,
    })
}

fn facts(frame: &Frame, operation: &Operation) -> Vec<(String, String)> {
    let plan = operation.plan();
    let packs: Vec<_> = plan.packs.iter().map(|pack| frame.word("pack", pack.code())).collect();
    let facts = [
        ("room.days", days(frame, operation)),
        ("room.packs", packs.join(", ")),
        ("room.unit", frame.word("country", plan.unit.as_str())),
        ("input.agreement", plan.agreement.clone()),
        ("input.scope", plan.scope.clone()),
    ];
    facts.into_iter().map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn members(frame: &Frame, operation: &Operation) -> Vec<(String, String, String)> {
    let answered: BTreeMap<_, _> = operation
        .members()
        .map(|(node, joins, contact)| (node.clone(), (joins, contact.to_owned())))
        .collect();
    let member = |member: &customs::operation::Member| {
        let answer = answered.get(&member.node);
        let state = match answer.map(|answer| answer.0) {
            Some(Some(customs::operation::Joins::Joined)) => "room.joined",
            Some(Some(customs::operation::Joins::Declined)) => "room.declined",
            _ if member.node == operation.plan().unit => "room.leads",
            _ => "room.asked",
        };
        let contact = answer.map(|answer| answer.1.clone()).filter(|contact| !contact.is_empty());
        (
            frame.word("country", member.node.as_str()),
            frame.t(state).to_owned(),
            contact.unwrap_or_else(|| member.contact.clone()),
        )
    };
    operation.plan().members.iter().map(member).collect()
}

fn warning(frame: &Frame, row: &CaseRow) -> WarningRow {
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let due = row.summary.due;
    WarningRow {
        item: item(&row.id, &row.summary.title),
        way: if row.id.desk() == "warning" { "out" } else { "in" },
        partner: frame.word("country", &row.summary.partner),
        standing: Standing::of(frame, row.id.desk(), &row.summary.stage),
        until: due.map_or_else(String::new, |due| frame.moments.until(due)),
        late: if due.is_some_and(|due| due < frame.moments.now) { "late" } else { "" },
        due,
        eta: shown.eta,
        outcome: shown
            .outcome
            .as_deref()
            .map_or_else(String::new, |code| frame.word("feedback-outcome", code)),
        beside: shown.beside.iter().map(|beside| item(&beside.case, beside.case.key())).collect(),
        done: u8::from(row.summary.closed),
    }
}

fn seizures(frame: &Frame, rows: &[CaseRow]) -> Vec<SeizureRow> {
    let reports: Vec<(CaseId, SeizureItem)> = rows
        .iter()
        .filter_map(|row| Some((row.id.clone(), row.state.read::<Seizure>().ok()?.report().clone())))
        .collect();
    let others = |case: &CaseId| {
        let case = case.clone();
        reports.iter().filter(move |(other, _)| *other != case).map(|(other, report)| (other.clone(), report))
    };
    let one = |(case, report): &(CaseId, SeizureItem)| SeizureRow {
        item: item(case, report.goods.first().map_or("", |goods| goods.what.as_str())),
        place: report.place.clone(),
        at: report.at,
        pack: report.pack.map_or_else(String::new, |pack| frame.word("pack", pack.code())),
        alike: similar(report, others(case), ALIKE)
            .into_iter()
            .map(|(other, alike)| {
                let why: Vec<_> = alike
                    .why
                    .iter()
                    .map(|(code, value)| format!("{}: {value}", frame.word("alike", code)))
                    .collect();
                (item(&other, other.key()), why.join("; "))
            })
            .collect(),
    };
    reports.iter().take(SEIZURES_SHOWN).map(one).collect()
}

fn map(frame: &Frame, rows: &[CaseRow]) -> Option<Picture> {
    let spot = |row: &CaseRow| {
        let seizure = row.state.read::<Seizure>().ok()?;
        let position = seizure.report().position?;
        let at = (position.lon.to_string().parse().ok()?, position.lat.to_string().parse().ok()?);
        Some(Spot {
            at,
            name: seizure.report().place.clone(),
            says: vec![row.summary.title.clone()],
            size: 0.4,
            tone: "bad",
            href: areas::page_of(&row.id),
        })
    };
    let points: Vec<_> = rows.iter().filter_map(spot).collect();
    if points.is_empty() {
        return None;
    }
    let labels = Labels {
        id: "seizures",
        title: frame.t("room.map").to_owned(),
        as_table: frame.t("rates.as-table").to_owned(),
        ..Labels::default()
    };
    let heads = vec![frame.t("input.place").to_owned(), frame.t("input.goods").to_owned()];
    Some(Map { points, lines: Vec::new() }.picture(&labels, heads))
}

fn today(frame: &Frame, cases: &[(CaseId, Summary)]) -> Vec<(String, String, String)> {
    let day = jiff::tz::TimeZone::UTC.to_datetime(frame.moments.now).date();
    let report = situation(cases, day);
    [
        ("room.warnings", report.warnings),
        ("room.answered", report.answered),
        ("room.silent", report.silent),
        ("room.seizures", report.seizures),
    ]
    .into_iter()
    .map(|(key, count)| (frame.t(key).to_owned(), count.day.to_string(), count.all.to_string()))
    .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Silences {
    silences: Vec<Silent>,
}

#[derive(Debug, Deserialize)]
struct Silent {
    from: String,
    warning: String,
    to: String,
}

/// Warnings between two others that stayed without feedback.
fn silences(frame: &Frame, row: &CaseRow) -> Vec<String> {
    let silences = Silences::deserialize(&row.summary.shown).unwrap_or_default().silences;
    let told = |silent: &Silent| {
        let values = [
            ("from", frame.word("country", &silent.from)),
            ("to", frame.word("country", &silent.to)),
            ("warning", silent.warning.clone()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        frame.language.say("room.silence", &values)
    };
    silences.iter().map(told).collect()
}

/// The most similar cases shown beside one.
const ALIKE: usize = 3;
/// The most seizures in the list; the figures count all.
const SEIZURES_SHOWN: usize = 200;
