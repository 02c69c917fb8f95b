//! The match queue: consignments with more than one likely link, each decided by one key.

use askama::Template;
use customs::declaration::Declaration;
use customs::gate::{Consignment, Group, Tie};
use jiff::Timestamp;
use kernel::CaseId;
use store::{CaseRow, Failure, Look, Order, Query};

use super::super::acts::FormSeed;
use super::super::arrivals::mark;
use super::super::consignment::{document, offered, see};
use super::super::sentences;
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::{Frame, Refused, refused};

#[derive(Template)]
#[template(path = "analyst/matches.html")]
struct Page {
    frame: Frame,
    left: String,
    cards: Vec<Card>,
}

/// One consignment that waits.
struct Card {
    mark: String,
    case: String,
    href: String,
    number: String,
    ours: Vec<(String, String)>,
    form: Option<FormSeed>,
    ways: Vec<Way>,
}

/// One export that may be these goods.
struct Way {
    digit: usize,
    item: String,
    title: String,
    href: String,
    sure: String,
    facts: Vec<(String, String)>,
    reasons: Vec<(String, &'static str, String)>,
    barred: Option<Refused>,
}

/// How many consignments stand on the page: what somebody decides in a few minutes.
const SHOWN: u32 = 8;
/// The most reasons shown of a link; the consignment's page has them all.
const REASONS: usize = 5;

fn query() -> Query {
    Query {
        desk: Some("consignment".into()),
        stages: vec!["ambiguous".into()],
        closed: Some(false),
        order: Order::Due,
        limit: SHOWN,
        ..Query::default()
    }
}

/// How many wait.
///
/// # Errors
/// What the store says.
pub(crate) fn waiting(look: &dyn Look, _now: Timestamp) -> Result<u64, Failure> {
    look.cases(&Query { limit: 1, ..query() }).map(|page| page.total)
}

/// The queue. Reading what partners said is an act with a purpose, for every item shown.
///
/// # Errors
/// What the store says.
pub(crate) fn matches(ask: &Ask) -> Result<Reply, Problem> {
    let found = ask.read(|look| look.cases(&query()))?;
    let mut barred = Vec::new();
    for row in &found.rows {
        for tie in open_ways(row) {
            barred.push((tie.item.clone(), see(ask, &tie.item)?));
        }
    }
    let frame = Frame::of(ask)?;
    let cards = ask.read(|look| {
        let rows = found.rows.iter();
        rows.map(|row| card(ask, &frame, look, (row, &barred))).collect::<Result<Vec<_>, Failure>>()
    })?;
    let left = frame.say("matches.left", "count", &frame.count(&found.total));
    Ok(Reply::html(Page { left, cards, frame }.render()?))
}

fn open_ways(row: &CaseRow) -> Vec<Tie> {
    let Ok(held) = row.state.read::<Consignment>() else { return Vec::new() };
    let mut ties: Vec<Tie> =
        held.ties().values().filter(|tie| tie.group == Group::Ambiguous).cloned().collect();
    ties.sort_by_key(|tie| (std::cmp::Reverse(tie.permille), tie.item.clone()));
    ties
}

type Barred = [(CaseId, Option<kernel::Refusal>)];

fn card(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    (row, barred): (&CaseRow, &Barred),
) -> Result<Card, Failure> {
    let ours = row.state.read::<Consignment>().ok().and_then(|held| held.declaration().cloned());
    let ways = open_ways(row);
    let ways = ways.iter().enumerate().map(|(place, tie)| {
        let refusal =
            barred.iter().find(|(item, _)| *item == tie.item).and_then(|(_, refusal)| refusal.as_ref());
        way(frame, look, (place, tie), refusal)
    });
    Ok(Card {
        mark: mark(row),
        case: row.id.to_string(),
        href: page_of(&row.id),
        number: row.summary.title.clone(),
        ours: ours.map_or_else(Vec::new, |ours| facts_of(frame, &ours)),
        form: offered(ask, row, "choose").then(|| FormSeed::on(frame, &row.id)),
        ways: ways.collect::<Result<_, _>>()?,
    })
}

fn facts_of(frame: &Frame, ours: &Declaration) -> Vec<(String, String)> {
    let line = ours.lines.first();
    let hs =
        line.and_then(|line| line.hs.as_ref()).map_or_else(String::new, |hs| sentences::dotted(hs.as_str()));
    let quantity = line.and_then(|line| line.quantity.as_ref());
    let facts = [
        ("field.importer", sentences::party(&ours.importer)),
        ("field.supplier", sentences::party(&ours.exporter)),
        ("field.hs", hs),
        (
            "field.quantity",
            quantity.map_or_else(String::new, |quantity| sentences::quantity(frame, quantity)),
        ),
        ("field.arrives", ours.arrives.map_or_else(String::new, |day| frame.moments.day(day))),
    ];
    labelled(frame, facts)
}

fn labelled<const N: usize>(frame: &Frame, facts: [(&str, String); N]) -> Vec<(String, String)> {
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    facts.map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn way(
    frame: &Frame,
    look: &dyn Look,
    (place, tie): (usize, &Tie),
    refusal: Option<&kernel::Refusal>,
) -> Result<Way, Failure> {
    let (giver, number) = tie.export.split_once(':').unwrap_or(("", &tie.export));
    let values = [("partner", frame.word("country", giver)), ("export", number.to_owned())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let document = if refusal.is_some() { None } else { document(look, &tie.item)? };
    let acdd = document.as_ref().and_then(customs::agreement::Document::acdd);
    let line = acdd.and_then(|acdd| acdd.lines.first());
    let hs =
        line.and_then(|line| line.hs.as_ref()).map_or_else(String::new, |hs| sentences::dotted(hs.as_str()));
    let quantity = line.and_then(|line| line.quantity.as_ref());
    let facts = acdd.map_or_else(Vec::new, |acdd| {
        labelled(
            frame,
            [
                ("field.consignee", sentences::party(&acdd.consignee)),
                ("field.exporter", sentences::party(&acdd.exporter)),
                ("field.hs", hs),
                (
                    "field.quantity",
                    quantity.map_or_else(String::new, |quantity| sentences::quantity(frame, quantity)),
                ),
                ("field.departs", acdd.departs.map_or_else(String::new, |day| frame.moments.day(day))),
            ],
        )
    });
    let reasons = if refusal.is_some() { &[][..] } else { &tie.reasons[..] };
    let reason = |reason: &customs::gate::Reason| {
        let tone = if reason.weight < 0 { "bad" } else { "good" };
        (frame.language.signed(f64::from(reason.weight) / 100.0), tone, sentences::reason(frame, reason))
    };
    Ok(Way {
        digit: place + 1,
        item: tie.item.to_string(),
        title: frame.language.say("matches.way", &values),
        href: page_of(&tie.item),
        sure: frame.say("matches.sure", "sure", &sure(frame, tie.permille)),
        facts,
        reasons: reasons.iter().take(REASONS).map(reason).collect(),
        barred: refusal.map(|refusal| refused(frame.language, refusal)),
    })
}

/// How sure, in per cent; nothing that is judged is certain.
fn sure(frame: &Frame, permille: u16) -> String {
    frame.language.decimal(rust_decimal::Decimal::new(i64::from(permille.min(999)), 1))
}
