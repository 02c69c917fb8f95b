//! One board of all commitments: per forum how many are open, late and done, and what falls due first.

use std::collections::BTreeMap;

use askama::Template;
use customs::programme::Commitment;
use jiff::Timestamp;
use kernel::Procedure as _;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;
use crate::pages::arrivals::mark;
use crate::pages::cases::address_of;
use crate::pages::standing::Standing;

#[derive(Template)]
#[template(path = "steering/board.html")]
struct Page {
    frame: Frame,
    forums: Vec<Forum>,
    rows: Vec<Row>,
    cut: bool,
}

/// One forum with its counts; each opens its list.
struct Forum {
    name: String,
    href: String,
    open: String,
    late: String,
    done: String,
    is_late: bool,
}

struct Row {
    mark: String,
    case: String,
    href: String,
    text: String,
    forum: String,
    owner: String,
    standing: Standing,
    due: Option<Timestamp>,
    until: String,
    late: &'static str,
    evidence: String,
}

#[derive(Default)]
struct Counts {
    open: u64,
    late: u64,
    done: u64,
}

/// The board.
///
/// # Errors
/// What the store says.
pub(crate) fn board(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let all = ask.read(|look| every(look))?;
    let mut forums: BTreeMap<String, Counts> = BTreeMap::new();
    for row in &all {
        count(forums.entry(forum_of(row)).or_default(), row, ask.now);
    }
    let open = all.iter().filter(|row| !row.summary.closed);
    let rows: Vec<_> = open.take(ROWS).map(|row| shown(&frame, row)).collect();
    let forums = forums.into_iter().map(|(name, counts)| forum(&frame, name, &counts)).collect();
    let page = Page { cut: all.len() == CASES_MAX, forums, rows, frame };
    Ok(Reply::html(page.render()?))
}

/// All commitments, what is due first at the top.
fn every(look: &dyn Look) -> Result<Vec<CaseRow>, Failure> {
    let limit = u32::try_from(CASES_MAX).unwrap_or(u32::MAX);
    let query = Query { desk: Some(Commitment::NAME.into()), order: Order::Due, limit, ..Query::default() };
    Ok(look.cases(&query)?.rows)
}

fn forum_of(row: &CaseRow) -> String {
    row.summary.shown["forum"].as_str().unwrap_or_default().to_owned()
}

fn count(counts: &mut Counts, row: &CaseRow, now: Timestamp) {
    match (row.summary.closed, row.summary.due) {
        (false, due) => {
            counts.open += 1;
            counts.late += u64::from(due.is_some_and(|due| due < now));
        }
        (true, _) => counts.done += u64::from(row.summary.stage == "done"),
    }
}

fn forum(frame: &Frame, name: String, counts: &Counts) -> Forum {
    let query = Query {
        desk: Some(Commitment::NAME.into()),
        reference: Some(("forum".into(), name.clone())),
        ..Query::default()
    };
    Forum {
        href: address_of(&query),
        name,
        open: frame.count(&counts.open),
        late: frame.count(&counts.late),
        done: frame.count(&counts.done),
        is_late: counts.late > 0,
    }
}

fn shown(frame: &Frame, row: &CaseRow) -> Row {
    let summary = &row.summary;
    let text = |name: &str| summary.shown[name].as_str().unwrap_or_default().to_owned();
    let evidence = summary.shown["evidence"].as_array().map_or(0, Vec::len) as u64;
    Row {
        mark: mark(row),
        case: row.id.to_string(),
        href: areas::page_of(&row.id),
        text: summary.title.clone(),
        forum: text("forum"),
        owner: frame.word("country", &text("by")),
        standing: Standing::of(frame, row.id.desk(), &summary.stage),
        due: summary.due,
        until: summary.due.map_or_else(String::new, |due| frame.moments.until(due)),
        late: if summary.due.is_some_and(|due| due < frame.moments.now) { "late" } else { "" },
        evidence: frame.count(&evidence),
    }
}

/// The most commitments one board counts.
const CASES_MAX: usize = 5_000;
/// The most that are listed.
const ROWS: usize = 200;
