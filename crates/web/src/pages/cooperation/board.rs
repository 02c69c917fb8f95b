//! The exchange officer's board: what we owe and what we are owed, with the three clocks of each side by side.

use askama::Template;
use customs::assistance::{AGREED, LEGAL, OPERATIONAL};
use jiff::Timestamp;
use kernel::{CaseId, NodeId, Obligation, Owed};
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Order, Query};

use super::super::standing::Standing;
use super::{Item, item};
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "cooperation/board.html")]
struct Page {
    frame: Frame,
    sides: Vec<Side>,
}

/// One side of the board.
struct Side {
    key: &'static str,
    none: &'static str,
    total: String,
    rows: Vec<Row>,
    more: bool,
}

struct Row {
    case: String,
    title: String,
    href: String,
    beside: String,
    desk: String,
    partner: String,
    standing: Standing,
    clocks: Vec<Clock>,
    handling: String,
    grade: String,
    units: String,
    parallel: Vec<Item>,
}

/// One clock of a case.
#[derive(Default)]
struct Clock {
    key: &'static str,
    due: Option<Timestamp>,
    until: String,
    tone: &'static str,
    word: String,
    by: Option<NodeId>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    matter: Option<String>,
    handling: Option<String>,
    grade: Option<String>,
    parallel: Vec<CaseId>,
    subtasks: u64,
    reported: u64,
}

/// What stands on each side: the desks whose open cases count.
const SIDES: [(&str, &str, &[&str]); 2] = [
    ("clocks.ours", "clocks.none-ours", &["requested", "spontaneous-in", "warned", "take-back", "onward"]),
    (
        "clocks.theirs",
        "clocks.none-theirs",
        &["request", "spontaneous-out", "warning", "take-back", "onward"],
    ),
];

/// The clocks a row shows; where a case has none of these, its one clock of another name stands in the last place.
const CLOCKS: [(&str, &str); 3] =
    [("clocks.legal", LEGAL), ("clocks.agreed", AGREED), ("clocks.operational", OPERATIONAL)];

/// The clocks that stand in the operational place for cases that have no request's clocks.
const OTHERS: [&str; 5] =
    ["feedback-to-warning", "take-back", "result-of-information", "answer-onward", "reply-postponed"];

/// The board.
///
/// # Errors
/// What the store says.
pub(crate) fn board(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let sides = SIDES.iter().map(|side| drawn(&frame, look, side)).collect::<Result<_, _>>()?;
        Ok(Page { sides, frame })
    })?;
    Ok(Reply::html(page.render()?))
}

fn drawn(
    frame: &Frame,
    look: &dyn Look,
    (key, none, desks): &(&'static str, &'static str, &[&str]),
) -> Result<Side, Failure> {
    let (mut rows, mut total) = (Vec::new(), 0);
    for desk in *desks {
        let query = Query {
            desk: Some((*desk).to_owned()),
            closed: Some(false),
            order: Order::Due,
            limit: SHOWN,
            ..Query::default()
        };
        let page = look.cases(&query)?;
        total += page.total;
        for row in &page.rows {
            let row = self::row(frame, look, row)?;
            // Of the desks whose cases stand on either side, each case stands where its debtor is.
            let debtors: Vec<_> = row.clocks.iter().filter_map(|clock| clock.by.as_ref()).collect();
            let ours = *key == "clocks.ours";
            if debtors.is_empty() || debtors.iter().any(|by| (**by == frame.node.id) == ours) {
                rows.push(row);
            } else {
                total -= 1;
            }
        }
    }
    rows.sort_by_key(|row| row.clocks.iter().filter_map(|clock| clock.due).min().unwrap_or(Timestamp::MAX));
    let more = total > rows.len() as u64;
    Ok(Side { key, none, total: frame.count(&total), rows, more })
}

fn row(frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Row, Failure> {
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let desk = row.id.desk();
    let clocks = clocks(frame, look, &row.id)?;
    let has_page = matches!(desk, "request" | "requested");
    let matter = shown.matter.as_deref().map_or_else(String::new, |code| frame.word("matter", code));
    let units =
        if shown.subtasks == 0 { String::new() } else { format!("{}/{}", shown.reported, shown.subtasks) };
    let code = |family: &str, code: &Option<String>| {
        code.as_deref().map_or_else(String::new, |code| frame.word(family, code))
    };
    Ok(Row {
        case: row.id.to_string(),
        title: if row.summary.title.is_empty() { row.id.key().to_owned() } else { row.summary.title.clone() },
        href: areas::page_of(&row.id),
        beside: if has_page { format!("/beside/{}", path_of(row.id.as_str())) } else { String::new() },
        desk: if matter.is_empty() { frame.word("desk", desk) } else { matter },
        partner: frame.word("country", &row.summary.partner),
        standing: Standing::of(frame, desk, &row.summary.stage),
        clocks,
        handling: code("handling", &shown.handling),
        grade: shown.grade.unwrap_or_default(),
        units,
        parallel: shown.parallel.iter().map(|case| item(case, case.key())).collect(),
    })
}

/// The three clocks of a case, as its obligations stand.
fn clocks(frame: &Frame, look: &dyn Look, case: &CaseId) -> Result<Vec<Clock>, Failure> {
    let mut clocks = Vec::new();
    for (key, what) in CLOCKS {
        clocks.push(clock(frame, look, (key, what), case)?);
    }
    if clocks.iter().all(|clock| clock.due.is_none()) {
        for what in OTHERS {
            let other = clock(frame, look, ("clocks.operational", what), case)?;
            if other.due.is_some() {
                clocks[2] = other;
                break;
            }
        }
    }
    Ok(clocks)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State {
    owed: Option<Owed>,
}

fn clock(
    frame: &Frame,
    look: &dyn Look,
    (key, what): (&'static str, &str),
    case: &CaseId,
) -> Result<Clock, Failure> {
    let none = Clock { key, ..Clock::default() };
    let Some(row) = look.case(&Owed::case_of(what, case))? else { return Ok(none) };
    let Some(owed) = State::deserialize(row.state.json()).unwrap_or_default().owed else { return Ok(none) };
    let late = !row.summary.closed && owed.due < frame.moments.now;
    Ok(Clock {
        key,
        until: if row.summary.closed { String::new() } else { frame.moments.until(owed.due) },
        tone: if late { "late" } else { "" },
        word: frame.word(&format!("stage.{}", <Obligation as kernel::Procedure>::NAME), &row.summary.stage),
        due: Some(owed.due),
        by: Some(owed.by),
    })
}

/// The most rows of one desk on one side.
const SHOWN: u32 = 100;
