//! The board of promises: what we owe and what we are owed, late first, with who hears of it next.

use askama::Template;
use jiff::Timestamp;
use kernel::{CaseId, Limit, Owed};
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Order, Query, Tally};

use super::acts::FormSeed;
use super::arrivals::mark;
use super::chips::{self, Chip, First, ROWS};
use super::consignment::offered;
use super::standing::Standing;
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::Frame;

const STAGES: [&str; 5] = ["late", "due", "met", "met-late", "waived"];

/// The stages in which nothing is owed any more.
const SETTLED: [&str; 3] = ["met", "met-late", "waived"];

#[derive(Template)]
#[template(path = "obligations.html")]
struct Page {
    frame: Frame,
    chips: Vec<Chip>,
    boards: Vec<Board>,
}

/// One side of the board.
struct Board {
    key: &'static str,
    total: String,
    more: bool,
    rows: Vec<Row>,
}

struct Row {
    mark: String,
    case: String,
    record: String,
    standing: Standing,
    what: String,
    other: String,
    about: String,
    about_href: String,
    due: Option<Timestamp>,
    until: String,
    late: &'static str,
    source: String,
    steps: Vec<Step>,
    reason: String,
    waive: Option<FormSeed>,
}

/// One step of an escalation.
struct Step {
    role: String,
    after: String,
    fired: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State {
    owed: Option<Owed>,
    level: usize,
    reason: Option<String>,
    evidence: Option<CaseId>,
}

/// The board.
///
/// # Errors
/// What the store says.
pub(crate) fn obligations(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let us = ask.app.node.identity().id.to_string();
    let page = ask.read(|look| {
        let all = Query { desk: Some("obligation".into()), ..Query::default() };
        Ok(Page {
            chips: chips::of_stages(
                &frame,
                look,
                &all,
                (First::Open("chips.owed", &SETTLED), &STAGES),
                &ask.query,
            )?,
            boards: vec![
                board(ask, &frame, look, "obligations.ours", |lane| lane.starts_with(&format!("{us}>")))?,
                board(ask, &frame, look, "obligations.theirs", |lane| lane.ends_with(&format!(">{us}")))?,
            ],
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

/// One side: the obligations of its lanes, the first due first.
fn board(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    key: &'static str,
    ours: impl Fn(&str) -> bool,
) -> Result<Board, Failure> {
    let whole = narrowed(&ask.query);
    let lanes = look.tally(&whole, Tally::Lane)?;
    let (mut rows, mut total) = (Vec::new(), 0);
    for (lane, count) in lanes.into_iter().filter(|(lane, _)| ours(lane)) {
        total += count;
        rows.extend(look.cases(&Query { lane: Some(lane), limit: ROWS, ..whole.clone() })?.rows);
    }
    rows.sort_by_key(|row| (row.summary.due.is_none(), row.summary.due, std::cmp::Reverse(row.changed)));
    rows.truncate(ROWS as usize);
    Ok(Board {
        key,
        more: total > u64::from(ROWS),
        total: frame.count(&total),
        rows: rows
            .iter()
            .filter_map(|row| owed(ask, frame, look, row).transpose())
            .collect::<Result<_, _>>()?,
    })
}

/// Of one stage where one was picked, else all that are still owed.
fn narrowed(picked: &Fields) -> Query {
    let stage = picked.text("stage");
    Query {
        desk: Some("obligation".into()),
        stages: if stage.is_empty() { Vec::new() } else { vec![stage.to_owned()] },
        closed: if stage.is_empty() { Some(false) } else { None },
        order: if matches!(stage, "" | "due" | "late") { Order::Due } else { Order::Newest },
        ..Query::default()
    }
}

fn owed(ask: &Ask, frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Option<Row>, Failure> {
    let state = State::deserialize(row.state.json()).unwrap_or_default();
    let Some(owed) = state.owed else { return Ok(None) };
    let about = look.case(&owed.about)?;
    let us = &frame.node.id;
    let other = if owed.by == *us { &owed.to } else { &owed.by };
    let settled = state.evidence.as_ref().map(|case| case.key().to_owned());
    Ok(Some(Row {
        mark: mark(row),
        case: row.id.to_string(),
        record: format!("/record/{}", path_of(row.id.as_str())),
        standing: Standing::of(frame, "obligation", &row.summary.stage),
        what: frame.owed(&owed.what),
        other: frame.word("country", other.as_str()),
        about: about.map_or_else(|| owed.about.key().to_owned(), |row| row.summary.title),
        about_href: page_of(&owed.about),
        until: row.summary.due.map_or_else(String::new, |due| frame.moments.until(due)),
        late: if owed.due < frame.moments.now && !row.summary.closed { "late" } else { "" },
        due: Some(owed.due),
        source: owed.source.clone(),
        steps: steps(frame, &owed.escalation, state.level),
        reason: state.reason.or(settled).unwrap_or_default(),
        waive: offered(ask, row, "waive").then(|| FormSeed::on(frame, &row.id)),
    }))
}

fn steps(frame: &Frame, escalation: &[(Limit, kernel::Role)], level: usize) -> Vec<Step> {
    let step = |(place, (after, role)): (usize, &(Limit, kernel::Role))| Step {
        role: frame.word("role", role.as_str()),
        after: frame.moments.span(u64::from(after.as_seconds())),
        fired: place < level,
    };
    escalation.iter().enumerate().map(step).collect()
}
