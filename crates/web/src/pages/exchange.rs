//! The exchange: every item that came in or went out, how far it is, and the desk where broken ones are mended.

use askama::Template;
use jiff::Timestamp;
use kernel::Severity;
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Order, Query, Tally};

use super::arrivals::mark;
use super::chips::{self, Chip, First, Pages};
use super::standing::Standing;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::{Frame, refused};

const IN: [&str; 9] =
    ["quarantined", "faulty", "arrived", "readable", "linked", "seen", "acted", "told", "void"];
const OUT: [&str; 6] = ["failed", "rejected", "queued", "receipted", "answered", "used"];

#[derive(Template)]
#[template(path = "exchange.html")]
struct Page {
    frame: Frame,
    ways: Vec<Chip>,
    chips: Vec<Chip>,
    lanes: Vec<Chip>,
    narrowed: String,
    searched: String,
    hidden: Vec<(String, String)>,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    mark: String,
    case: String,
    href: String,
    standing: Standing,
    title: String,
    note: String,
    lane: String,
    partner: String,
    at: Option<Timestamp>,
    basis: String,
    receipt: &'static str,
    trouble: String,
    quiet: &'static str,
}

/// What an item's summary shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    kind: String,
    reference: Option<String>,
    message_id: String,
    basis: Option<String>,
    receipt: Option<String>,
    failure: Option<String>,
    findings: u64,
    quarantine: Option<kernel::Refusal>,
    consignee: Option<String>,
    version: Option<u32>,
}

/// The items, in or out.
///
/// # Errors
/// What the store says.
pub(crate) fn exchange(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let picked = &ask.query;
    let desk = desk_of(picked);
    let stages: &[&'static str] = if desk == "sent" { &OUT } else { &IN };
    let page = ask.read(|look| {
        let whole = whole(picked, desk);
        let stage = picked.text("stage");
        let query = Query {
            stages: if stage.is_empty() { Vec::new() } else { vec![stage.to_owned()] },
            order: Order::Newest,
            ..whole.clone()
        };
        let found = look.cases(&chips::paged(query, picked))?;
        Ok(Page {
            ways: ways(&frame, look, picked)?,
            chips: chips::of_stages(&frame, look, &whole, (First::All, stages), picked)?,
            lanes: lanes(&frame, look, picked, desk)?,
            narrowed: narrowed(&frame, picked),
            searched: picked.text("text").to_owned(),
            hidden: picked.iter().filter(|(name, _)| !["text", "page"].contains(name)).map(owned).collect(),
            rows: found.rows.iter().map(|row| item(&frame, look, row)).collect::<Result<_, _>>()?,
            pages: Pages::of(&frame, picked, found.total),
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn desk_of(picked: &Fields) -> &'static str {
    if picked.text("way") == "out" { "sent" } else { "received" }
}

fn filled(picked: &Fields, name: &str) -> Option<String> {
    Some(picked.text(name).to_owned()).filter(|value| !value.is_empty())
}

fn whole(picked: &Fields, desk: &str) -> Query {
    let rung = picked.number("rung").and_then(|rung| u8::try_from(rung).ok());
    Query {
        desk: Some(desk.into()),
        lane: filled(picked, "lane"),
        partner: filled(picked, "partner"),
        rung_min: rung,
        severity_min: Some(Severity::Error).filter(|_| picked.text("trouble") == "yes"),
        text: filled(picked, "text"),
        ..Query::default()
    }
}

/// In words, what a number on another page narrowed this list to.
fn narrowed(frame: &Frame, picked: &Fields) -> String {
    let rung = picked
        .number("rung")
        .map(|rung| frame.say("exchange.from-rung", "rung", &frame.word("rung", &rung.to_string())));
    rung.unwrap_or_default()
}

fn ways(frame: &Frame, look: &dyn Look, picked: &Fields) -> Result<Vec<Chip>, Failure> {
    let way = |desk: &str, code: &str, key: &str, sign: &'static str| {
        let counts = look.tally(&Query { desk: Some(desk.into()), ..Query::default() }, Tally::Desk)?;
        let count: u64 = counts.iter().map(|(_, count)| count).sum();
        Ok(Chip {
            word: frame.t(key).to_owned(),
            count: frame.count(&count),
            href: format!("?way={code}"),
            tone: "calm",
            sign,
            chosen: chips::here(desk_of(picked) == desk),
        })
    };
    Ok(vec![way("received", "in", "exchange.in", "in")?, way("sent", "out", "exchange.out", "out")?])
}

fn lanes(frame: &Frame, look: &dyn Look, picked: &Fields, desk: &str) -> Result<Vec<Chip>, Failure> {
    let counts = look.tally(&Query { desk: Some(desk.into()), ..Query::default() }, Tally::Lane)?;
    let rest = Fields::read(picked.with("page", "").as_bytes());
    let chosen = picked.text("lane");
    let chip = |(lane, count): &(String, u64)| Chip {
        word: lane_name(frame, lane),
        count: frame.count(count),
        href: format!("?{}", rest.with("lane", if chosen == lane { "" } else { lane })),
        tone: "calm",
        sign: "",
        chosen: chips::here(chosen == lane),
    };
    Ok(counts.iter().filter(|(lane, _)| !lane.is_empty()).map(chip).collect())
}

/// A lane as people read it: `TH → VN export declarations`.
pub(super) fn lane_name(frame: &Frame, lane: &str) -> String {
    let Some((ends, kind)) = lane.split_once(' ') else { return lane.to_owned() };
    format!("{} {}", ends.replacen('-', " → ", 1), frame.word("kind", kind))
}

/// What a row is called: the declaration it is about, or where that could not be read, what kind of document it is.
fn named(frame: &Frame, row: &CaseRow, kind: &str) -> String {
    if row.summary.title.is_empty() { frame.word("kind-one", kind) } else { row.summary.title.clone() }
}

fn item(frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Row, Failure> {
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let (desk, shown_kind) = (row.id.desk(), shown.kind.clone());
    let receipted = match desk {
        "sent" => shown.receipt.is_some(),
        _ => {
            look.message(&row.summary.partner, &shown.message_id)?.is_some_and(|known| known.answer.is_some())
        }
    };
    let version = shown.version.filter(|version| *version > 1);
    let note = match (shown.consignee, shown.reference, version) {
        (Some(consignee), _, Some(version)) => {
            format!("{consignee} · {}", frame.say("exchange.version", "version", &version.to_string()))
        }
        (Some(consignee), ..) => consignee,
        (None, Some(reference), _) => reference,
        (None, None, _) => shown.message_id,
    };
    let trouble = match (&shown.quarantine, &shown.failure, shown.findings) {
        (Some(refusal), ..) => refused(frame.language, refusal).title,
        (None, Some(failure), _) => failure.clone(),
        (None, None, 0) => String::new(),
        (None, None, count) if row.summary.severity.is_none() => {
            frame.say("exchange.notes", "count", &frame.count(&count))
        }
        (None, None, count) => frame.say("exchange.findings", "count", &frame.count(&count)),
    };
    Ok(Row {
        mark: mark(row),
        case: row.id.to_string(),
        href: format!("/items/{}", path_of(row.id.as_str())),
        standing: Standing::of(frame, desk, &row.summary.stage),
        title: named(frame, row, &shown_kind),
        note,
        lane: lane_name(frame, &row.summary.lane),
        partner: frame.word("country", &row.summary.partner),
        at: look.entry(row.opened)?.map(|entry| entry.at),
        basis: shown.basis.unwrap_or_default(),
        receipt: if receipted { "exchange.receipted" } else { "exchange.no-receipt" },
        quiet: if row.summary.severity.is_some() { "" } else { "quiet" },
        trouble,
    })
}
