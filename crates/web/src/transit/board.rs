//! The movements that are open: what is overdue, where they go on the map, by their clocks.

use std::collections::BTreeMap;

use askama::Template;
use customs::transit::{Arrival, Departure, Passage, country_of};
use jiff::Timestamp;
use kernel::Procedure as _;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::draw::land::middle;
use crate::draw::map::{Map, Spot, Way};
use crate::draw::{Labels, Picture};
use crate::frame::Frame;

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
    stage: String,
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
        href: page_of(&row.id),
        number: row.summary.title.clone(),
        role: frame.word("desks", row.id.desk()),
        stage: frame.word(&format!("stage.{}", row.id.desk()), &row.summary.stage),
        way: format!("{from} – {to}"),
        due: row.summary.due,
        late,
    }
}

/// Countries as places, their movements as lines; a line with a movement that is overdue is red.
fn map(frame: &Frame, rows: &[CaseRow], now: Timestamp) -> Picture {
    let mut ways: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for row in rows {
        let (from, to) = offices(row);
        let way = (country_of(&from).to_owned(), country_of(&to).to_owned());
        let counted = ways.entry(way).or_default();
        counted.0 += 1;
        counted.1 += u64::from(row.summary.due.is_some_and(|due| due < now));
    }
    let most = ways.values().map(|counted| counted.0).max().unwrap_or(1) as f64;
    let mut places: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for ((from, to), counted) in &ways {
        for country in [from.as_str(), to.as_str()] {
            let place = places.entry(country).or_default();
            *place = (place.0 + counted.0, place.1 + counted.1);
        }
    }
    let tone = |late: u64| if late > 0 { "bad" } else { "good" };
    let says = |counted: &(u64, u64)| vec![frame.count(&counted.0), frame.count(&counted.1)];
    let points = places.iter().filter_map(|(country, counted)| {
        Some(Spot {
            at: middle(country)?,
            name: (*country).to_owned(),
            says: says(counted),
            size: counted.0 as f64 / most,
            tone: tone(counted.1),
            href: String::new(),
        })
    });
    let lines = ways.iter().filter(|((from, to), _)| from != to).filter_map(|((from, to), counted)| {
        Some(Way {
            through: vec![middle(from)?, middle(to)?],
            name: format!("{from} – {to}"),
            says: says(counted),
            weight: counted.0 as f64 / most,
            tone: tone(counted.1),
            is_planned: false,
        })
    });
    let labels = Labels {
        id: "corridor",
        title: frame.t("transit.map").to_owned(),
        lead: frame.t("transit.map-lead").to_owned(),
        as_table: frame.t("transit.as-table").to_owned(),
        ..Labels::default()
    };
    let heads = ["transit.way", "transit.open", "transit.overdue"].map(|key| frame.t(key).to_owned());
    Map { points: points.collect(), lines: lines.collect() }.picture(&labels, heads.into())
}
