//! Dead letters: what we could not deliver, what a partner would not take, what came and is not let in or cannot be used.

use askama::Template;
use jiff::Timestamp;
use kernel::Refusal;
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::{Frame, refused};
use crate::pages::acts::FormSeed;
use crate::pages::arrivals::mark;
use crate::pages::chips::{self, Pages};
use crate::pages::consignment::offered;
use crate::pages::exchange::lane_name;
use crate::pages::standing::Standing;

#[derive(Template)]
#[template(path = "wire/dead.html")]
struct Page {
    frame: Frame,
    boards: Vec<Board>,
}

/// One sort of dead letters.
struct Board {
    key: &'static str,
    advice: &'static str,
    total: String,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    mark: String,
    case: String,
    href: String,
    standing: Standing,
    title: String,
    lane: String,
    partner: String,
    at: Option<Timestamp>,
    why: String,
    code: String,
    replay: Option<FormSeed>,
    resend: Option<FormSeed>,
}

/// What an item's summary shows of why it is here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    kind: String,
    failure: Option<String>,
    quarantine: Option<Refusal>,
    findings: u64,
}

const BOARDS: [(&str, &str, &str, &[&str]); 3] = [
    ("wire.dead.out", "wire.dead.out-advice", "sent", &["failed"]),
    ("wire.dead.refused", "wire.dead.refused-advice", "sent", &["rejected"]),
    ("wire.dead.in", "wire.dead.in-advice", "received", &["quarantined", "faulty"]),
];

/// The dead letters.
///
/// # Errors
/// What the store says.
pub(crate) fn dead_letters(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let boards = ask.read(|look| BOARDS.iter().map(|one| board(ask, &frame, look, *one)).collect())?;
    Ok(Reply::html(Page { boards, frame }.render()?))
}

fn board(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    (key, advice, desk, stages): (&'static str, &'static str, &str, &[&str]),
) -> Result<Board, Failure> {
    let query = Query {
        desk: Some(desk.into()),
        stages: stages.iter().map(|&stage| stage.into()).collect(),
        order: Order::Newest,
        ..Query::default()
    };
    let found = look.cases(&chips::paged(query, &ask.query))?;
    Ok(Board {
        key,
        advice,
        total: frame.count(&found.total),
        pages: Pages::of(frame, &ask.query, found.total),
        rows: found.rows.iter().map(|row| drawn(ask, frame, look, row)).collect::<Result<_, _>>()?,
    })
}

fn drawn(ask: &Ask, frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Row, Failure> {
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let (why, code) = why(frame, &shown);
    let form = |act: &str| offered(ask, row, act).then(|| FormSeed::on(frame, &row.id));
    let title = &row.summary.title;
    Ok(Row {
        mark: mark(row),
        case: row.id.to_string(),
        href: format!("/items/{}", path_of(row.id.as_str())),
        standing: Standing::of(frame, row.id.desk(), &row.summary.stage),
        title: if title.is_empty() { frame.word("kind-one", &shown.kind) } else { title.clone() },
        lane: lane_name(frame, &row.summary.lane),
        partner: frame.word("country", &row.summary.partner),
        at: look.entry(row.changed)?.map(|entry| entry.at),
        why,
        code,
        replay: form("replay"),
        resend: form("resend"),
    })
}

/// Why it is here, in words, with the code whose page says more.
fn why(frame: &Frame, shown: &Shown) -> (String, String) {
    match (&shown.quarantine, &shown.failure) {
        (Some(refusal), _) => (refused(frame.language, refusal).title, refusal.code.to_string()),
        (None, Some(failure)) => (super::failure(frame, failure), failure.clone()),
        (None, None) if shown.findings > 0 => {
            (frame.say("exchange.findings", "count", &frame.count(&shown.findings)), String::new())
        }
        (None, None) => (String::new(), String::new()),
    }
}
