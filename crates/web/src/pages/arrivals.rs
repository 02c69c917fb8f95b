//! The gate officer's list: what must be decided first stands first, and what partners announced that nobody declared.

use askama::Template;
use customs::gate::Difference;
use jiff::civil::Date;
use serde::Deserialize;
use store::{CaseRow, Failure, Look, Order, Query, Tally};

use super::chips::{self, Chip, First, Pages};
use super::sentences;
use super::standing::Standing;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::Frame;

const STAGES: [&str; 8] =
    ["flagged", "held", "ambiguous", "partial", "declared", "matched", "released", "withdrawn"];

/// The stages in which a consignment wants nothing more from anybody.
const CLOSED: [&str; 2] = ["released", "withdrawn"];

#[derive(Template)]
#[template(path = "arrivals.html")]
struct Page {
    frame: Frame,
    chips: Vec<Chip>,
    partners: Vec<Chip>,
    searched: String,
    stage: String,
    rows: Vec<Row>,
    pages: Pages,
    announced: Vec<Announced>,
    announced_total: String,
}

struct Row {
    mark: String,
    case: String,
    href: String,
    standing: Standing,
    day: String,
    until: String,
    late: &'static str,
    number: String,
    importer: String,
    supplier: String,
    goods: String,
    place: String,
    partner: String,
    sentence: String,
    quiet: &'static str,
    stake: String,
}

/// An item a partner sent about goods on their way to us, which nobody declared yet.
struct Announced {
    mark: String,
    case: String,
    href: String,
    partner: String,
    number: String,
    exporter: String,
    consignee: String,
    lines: String,
    departs: String,
    discharge: String,
}

/// What a consignment's summary shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    importer: String,
    supplier: String,
    place: Option<String>,
    mode: Option<String>,
    arrives: Option<Date>,
    lines: u64,
    hs: Option<String>,
    exports: Vec<String>,
    worst: Option<Difference>,
}

/// What a received item's summary shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ItemShown {
    exporter: Option<String>,
    consignee: Option<String>,
    lines: Option<u64>,
    departs: Option<Date>,
    discharge: Option<String>,
}

/// The list of arrivals.
///
/// # Errors
/// What the store says.
pub(crate) fn arrivals(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let picked = &ask.query;
    let (chips, partners, found, announced) = ask.read(|look| {
        let whole = whole(picked);
        let chips =
            chips::of_stages(&frame, look, &whole, (First::Open("chips.open", &CLOSED), &STAGES), picked)?;
        let partners = partners(&frame, look, picked)?;
        Ok((chips, partners, look.cases(&narrowed(picked))?, look.cases(&undeclared(picked))?))
    })?;
    let page = Page {
        chips,
        partners,
        searched: picked.text("text").to_owned(),
        stage: picked.text("stage").to_owned(),
        pages: Pages::of(&frame, picked, found.total),
        rows: found.rows.iter().map(|row| arrival(&frame, row)).collect(),
        announced_total: frame.count(&announced.total),
        announced: announced.rows.iter().map(|row| undeclared_row(&frame, row)).collect(),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

fn text_of(picked: &Fields) -> Option<String> {
    Some(picked.text("text").to_owned()).filter(|text| !text.is_empty())
}

fn partner_of(picked: &Fields) -> Option<String> {
    Some(picked.text("partner").to_owned()).filter(|partner| !partner.is_empty())
}

/// All consignments the chips count: open ones, whatever their stage, and those let go.
fn whole(picked: &Fields) -> Query {
    Query {
        desk: Some("consignment".into()),
        partner: partner_of(picked),
        text: text_of(picked),
        ..Query::default()
    }
}

/// The consignments shown: of one stage where one was picked, else all that still want a decision.
fn narrowed(picked: &Fields) -> Query {
    let stage = picked.text("stage");
    let (stages, closed) =
        if stage.is_empty() { (Vec::new(), Some(false)) } else { (vec![stage.to_owned()], None) };
    let order = if CLOSED.contains(&stage) { Order::Newest } else { Order::Due };
    chips::paged(Query { stages, closed, order, ..whole(picked) }, picked)
}

fn undeclared(picked: &Fields) -> Query {
    Query {
        desk: Some("received".into()),
        stages: vec!["readable".into()],
        partner: partner_of(picked),
        rung_min: Some(2),
        closed: Some(false),
        order: Order::Oldest,
        limit: 20,
        ..Query::default()
    }
}

fn partners(frame: &Frame, look: &dyn Look, picked: &Fields) -> Result<Vec<Chip>, Failure> {
    let all = Query { desk: Some("consignment".into()), ..Query::default() };
    let counts = look.tally(&all, Tally::Partner)?;
    let rest = Fields::read(picked.with("page", "").as_bytes());
    let chosen = picked.text("partner");
    let chip = |(partner, count): &(String, u64)| Chip {
        word: frame.word("country", partner),
        count: frame.count(count),
        href: format!("?{}", rest.with("partner", if chosen == partner { "" } else { partner })),
        tone: "calm",
        sign: "",
        chosen: chips::here(chosen == partner),
    };
    Ok(counts.iter().filter(|(partner, _)| !partner.is_empty()).map(chip).collect())
}

fn arrival(frame: &Frame, row: &CaseRow) -> Row {
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let summary = &row.summary;
    let worst = shown.worst.as_ref();
    let giver =
        shown.exports.first().and_then(|export| export.split_once(':')).map_or("", |(giver, _)| giver);
    let partner = frame.word("country", giver);

    let stage = standing_stage(row);
    let waits = shown.arrives.filter(|_| !summary.closed);
    let stake = worst.and_then(|worst| worst.at_stake.as_ref());
    Row {
        mark: mark(row),
        case: row.id.to_string(),
        href: format!("/consignments/{}", path_of(row.id.key())),

        standing: Standing::of(frame, "consignment", stage),
        day: shown.arrives.map_or_else(String::new, |day| frame.moments.near_day(day)),
        until: waits.map_or_else(String::new, |day| frame.moments.until_day(day)),
        late: if waits.is_some_and(|day| frame.moments.days_until(day) < 0) { "late" } else { "" },
        number: summary.title.clone(),
        importer: shown.importer,
        supplier: shown.supplier,
        goods: goods(frame, shown.hs.as_deref(), shown.lines),
        place: place(frame, shown.place.as_deref(), shown.mode.as_deref()),
        partner: frame.word("country", &summary.partner),
        sentence: worst.map_or_else(
            || frame.word("arrivals.sentence", stage),
            |worst| sentences::difference(frame, &partner, worst),
        ),
        quiet: if worst.is_some() { "" } else { "quiet" },
        stake: stake.map_or_else(String::new, |stake| sentences::money(frame, stake)),
    }
}

/// The stage as a person sees it: a consignment whose differences were concluded is linked, and not equal.
pub(super) fn standing_stage(row: &CaseRow) -> &str {
    let differed = row.state.json()["findings"].as_object().is_some_and(|findings| !findings.is_empty());
    if row.summary.stage == "matched" && differed { "concluded" } else { &row.summary.stage }
}

fn undeclared_row(frame: &Frame, row: &CaseRow) -> Announced {
    let shown = ItemShown::deserialize(&row.summary.shown).unwrap_or_default();
    Announced {
        mark: mark(row),
        case: row.id.to_string(),
        href: format!("/items/{}", path_of(row.id.as_str())),
        partner: frame.word("country", &row.summary.partner),
        number: row.summary.title.clone(),
        exporter: shown.exporter.unwrap_or_default(),
        consignee: shown.consignee.unwrap_or_default(),
        lines: frame.count(&shown.lines.unwrap_or_default()),
        departs: shown.departs.map_or_else(String::new, |day| frame.moments.day(day)),
        discharge: shown.discharge.map_or_else(String::new, |place| frame.word("place-name", &place)),
    }
}

/// Names a row on its page; two rows of one page never share it.
pub(super) fn mark(row: &CaseRow) -> String {
    format!("c-{}", kernel::Digest::of(row.id.as_str().as_bytes()).short())
}

fn goods(frame: &Frame, hs: Option<&str>, lines: u64) -> String {
    let hs = hs.map(sentences::dotted).unwrap_or_default();
    if lines > 1 {
        format!("{hs} {}", frame.say("arrivals.more-lines", "count", &frame.count(&(lines - 1))))
    } else {
        hs
    }
}

fn place(frame: &Frame, place: Option<&str>, mode: Option<&str>) -> String {
    let place = place.map(|place| frame.word("place-name", place));
    let mode = mode.map(|mode| frame.word("mode", mode));
    [place, mode].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
