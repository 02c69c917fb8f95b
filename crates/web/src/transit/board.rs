//! The movements that are open: what is overdue, where they go on the map, by their clocks.

use std::collections::BTreeMap;

use askama::Template;
use customs::transit::{Arrival, Departure, Passage, country_of};
use jiff::Timestamp;
use kernel::Procedure as _;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::draw::land::middle;
use crate::draw::map::{Map, Spot, Way};
use crate::draw::{Labels, Picture};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::pages::Standing;

/// The most movements one page shows.
const SHOWN_MAX: u32 = 500;

#[derive(Template)]
#[template(path = "transit/board.html")]
struct Page {
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    map: Picture,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    number: String,
    role: String,
    standing: Standing,
    way: String,
    due: Option<Timestamp>,
    late: bool,
}

/// The open movements, by their clocks.
///
/// # Errors
/// What the store says.
pub(crate) fn board(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let (rows, enquiries) = ask.read(gathered)?;
    let late = |row: &CaseRow| row.summary.due.is_some_and(|due| due < ask.now);
    let overdue = rows.iter().filter(|row| late(row)).count();
    let page = Page {
        facts: vec![
            ("transit.open", frame.count(&(rows.len() as u64))),
            ("transit.overdue", frame.count(&(overdue as u64))),
            ("transit.looked-for", frame.count(&enquiries)),
        ],
        map: map(&frame, &rows, ask.now),
        rows: rows.iter().map(|row| shown(&frame, row, late(row))).collect(),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

fn gathered(look: &dyn Look) -> Result<(Vec<CaseRow>, u64), Failure> {
    let mut rows = Vec::new();
    for desk in [Departure::NAME, Passage::NAME, Arrival::NAME] {
        let query = Query {
            desk: Some(desk.into()),
            closed: Some(false),
            order: Order::Due,
            limit: SHOWN_MAX,
            ..Query::default()
        };
        rows.extend(look.cases(&query)?.rows);
    }
    rows.sort_by_key(|row| (row.summary.due.is_none(), row.summary.due));
    let enquiries =
        Query { desk: Some("transit-enquiry".into()), closed: Some(false), limit: 1, ..Query::default() };
    Ok((rows, look.cases(&enquiries)?.total))
}

fn offices(row: &CaseRow) -> (String, String) {
    let text = |name: &str| row.summary.shown[name].as_str().unwrap_or_default().to_owned();
    (text("departure"), text("destination"))
}

fn shown(frame: &Frame, row: &CaseRow, late: bool) -> Row {
    let (from, to) = offices(row);
    Row {
        href: format!("/transit/movements/{}", path_of(row.id.key())),
        number: row.summary.title.clone(),
        role: frame.word("desk", row.id.desk()),
        standing: Standing::of(frame, row.id.desk(), &row.summary.stage),
        way: format!("{from} – {to}"),
        due: row.summary.due,
        late,
    }
}

/// Open movements and overdue ones.
type Counted = (u64, u64);

fn count_in(counted: &mut Counted, row: &CaseRow, now: Timestamp) {
    counted.0 += 1;
    counted.1 += u64::from(row.summary.due.is_some_and(|due| due < now));
}

/// The countries a movement goes through, in order, as far as this country knows them.
fn route(row: &CaseRow) -> Vec<String> {
    let listed = row.summary.shown["route"].as_array().into_iter().flatten();
    let mut route: Vec<String> = listed.filter_map(|it| it.as_str().map(str::to_owned)).collect();
    if route.is_empty() {
        let (from, to) = offices(row);
        let here = row.summary.shown["office"].as_str().unwrap_or_default();
        route.extend([&*from, here, &*to].map(|office| country_of(office).to_owned()));
        route.retain(|country| !country.is_empty());
    }
    route.dedup();
    route
}

/// Countries as places, movements as lines through those of their way; a line with a movement that is overdue is red.
fn map(frame: &Frame, rows: &[CaseRow], now: Timestamp) -> Picture {
    let mut ways: BTreeMap<Vec<String>, Counted> = BTreeMap::new();
    let mut places: BTreeMap<String, Counted> = BTreeMap::new();
    for row in rows {
        let route = route(row);
        for country in &route {
            count_in(places.entry(country.clone()).or_default(), row, now);
        }
        count_in(ways.entry(route).or_default(), row, now);
    }
    let most = places.values().map(|counted| counted.0).max().unwrap_or(1) as f64;
    let labels = Labels {
        id: "corridor",
        title: frame.t("transit.map").to_owned(),
        lead: frame.t("transit.map-lead").to_owned(),
        as_table: frame.t("transit.as-table").to_owned(),
        ..Labels::default()
    };
    let points = places.iter().filter_map(|(country, counted)| point(frame, country, counted, most));
    let lines = ways.iter().filter_map(|(route, counted)| line(frame, route, counted, most));
    let heads = ["transit.way", "transit.open", "transit.overdue"].map(|key| frame.t(key).to_owned());
    Map { points: points.collect(), lines: lines.collect() }.picture(&labels, heads.into())
}

fn says(frame: &Frame, counted: &Counted) -> Vec<String> {
    vec![frame.count(&counted.0), frame.count(&counted.1)]
}

const fn tone(counted: &Counted) -> &'static str {
    if counted.1 > 0 { "bad" } else { "good" }
}

fn point(frame: &Frame, country: &str, counted: &Counted, most: f64) -> Option<Spot> {
    Some(Spot {
        at: middle(country)?,
        name: frame.word("country", country),
        says: says(frame, counted),
        size: counted.0 as f64 / most,
        tone: tone(counted),
        href: String::new(),
    })
}

fn line(frame: &Frame, route: &[String], counted: &Counted, most: f64) -> Option<Way> {
    let through: Vec<_> = route.iter().filter_map(|country| middle(country)).collect();
    (through.len() > 1).then(|| Way {
        through,
        name: route.join(" – "),
        says: says(frame, counted),
        weight: counted.0 as f64 / most,
        tone: tone(counted),
        is_planned: false,
    })
}
