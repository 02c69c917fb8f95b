//! The targeting board. The honest figure stands first: what chance finds. Everything else is held against it.

use std::collections::BTreeMap;

use askama::Template;
use customs::targeting::{Lift, Outcome, Rate, lift};
use serde_json::Value;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{Bar, bars};
use crate::draw::{Labels, Picture};
use crate::fields::path_of;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "targeting/board.html")]
struct Page {
    frame: Frame,
    chance: String,
    chance_note: String,
    causes: Vec<CauseLine>,
    waiting: Vec<Waits>,
    waiting_all: String,
    forecast: Picture,
    rates: Picture,
    cut: String,
}

/// What one reason to look found.
struct CauseLine {
    name: String,
    chosen: String,
    looked_at: String,
    wrong: String,
    rate: String,
    interval: String,
    lift: String,
    tone: &'static str,
}

/// One referral that waits.
struct Waits {
    href: String,
    line: String,
    office: String,
    goods: String,
    because: String,
    at_stake: String,
    due: String,
    tone: &'static str,
}

/// What is counted for one reason.
#[derive(Default)]
struct Count {
    chosen: u32,
    rate: Rate,
}

/// The most referrals that are counted, and shown as waiting.
const COUNTED_MAX: u32 = 5_000;
const WAITING_MAX: u32 = 50;

/// The board.
///
/// # Errors
/// What the store says.
pub(crate) fn targeting(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let (rows, total) = ask.read(|look| referrals(look, None, Order::Newest, COUNTED_MAX))?;
    let (waiting, waiting_all) = ask.read(|look| referrals(look, Some(false), Order::Due, WAITING_MAX))?;
    let counts = counted(&rows);
    let control = counts.get("control").map_or_else(Rate::default, |count| count.rate);
    let cut = if total > rows.len() as u64 {
        frame.say("targeting.cut", "count", &frame.count(&u64::from(COUNTED_MAX)))
    } else {
        String::new()
    };
    let page = Page {
        chance: percent(&frame, control),
        chance_note: frame.say(
            "targeting.of-looked-at",
            "count",
            &frame.count(&u64::from(control.looked_at)),
        ),
        causes: counts.iter().map(|(name, count)| line(&frame, name, count, control)).collect(),
        waiting: by_money(&waiting).into_iter().map(|row| waits(&frame, row)).collect(),
        waiting_all: frame.count(&waiting_all),
        forecast: forecast(&frame, &waiting),
        rates: rates(&frame, &counts),
        cut,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

fn referrals(
    look: &dyn Look,
    closed: Option<bool>,
    order: Order,
    limit: u32,
) -> Result<(Vec<CaseRow>, u64), Failure> {
    let query = Query { desk: Some("referral".into()), closed, order, limit, ..Query::default() };
    let page = look.cases(&query)?;
    Ok((page.rows, page.total))
}

/// The name of a cause: `profile shoes`, `list un`, `control`.
fn cause_name(cause: &Value) -> String {
    let by = cause["by"].as_str().unwrap_or("?");
    let of = ["profile", "list", "code", "basis"].iter().find_map(|field| cause[*field].as_str());
    of.map_or_else(|| by.to_owned(), |of| format!("{by} {of}"))
}

/// Every cause with its results; a line with several causes counts for each.
fn counted(rows: &[CaseRow]) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for row in rows {
        let shown = &row.summary.shown;
        let outcome: Option<Outcome> = serde_json::from_value(shown["outcome"].clone()).ok();
        for cause in shown["causes"].as_array().into_iter().flatten() {
            let count = counts.entry(cause_name(cause)).or_default();
            count.chosen += 1;
            if let Some(wrong) = outcome.and_then(Outcome::is_wrong) {
                count.rate.add(u32::from(wrong));
            }
        }
    }
    counts
}

fn percent(frame: &Frame, rate: Rate) -> String {
    if rate.looked_at == 0 {
        return "–".into();
    }
    frame.language.share(u64::from(rate.wrong), u64::from(rate.looked_at))
}

fn line(frame: &Frame, name: &str, count: &Count, control: Rate) -> CauseLine {
    let (low, high) = count.rate.interval();
    let bound = |permyriad: u32| frame.language.share(u64::from(permyriad), 10_000);
    let by_chance = name == "control";
    let gained = if by_chance { Lift::Times(100) } else { lift(count.rate, control) };
    let (lift, tone) = match gained {
        Lift::Times(hundredths) => (format!("{}.{:02}×", hundredths / 100, hundredths % 100), "good"),
        Lift::NoBetter => (frame.t("targeting.no-better").to_owned(), "wait"),
        Lift::Unknown => (frame.t("targeting.unknown").to_owned(), "calm"),
    };
    CauseLine {
        name: if by_chance { frame.t("targeting.by-chance").to_owned() } else { name.to_owned() },
        chosen: frame.count(&u64::from(count.chosen)),
        looked_at: frame.count(&u64::from(count.rate.looked_at)),
        wrong: frame.count(&u64::from(count.rate.wrong)),
        rate: percent(frame, count.rate),
        interval: format!("{} – {}", bound(low), bound(high)),
        lift,
        tone: if by_chance { "calm" } else { tone },
    }
}

/// Money at stake in millionths of its currency times probability, so that what is worth most and likeliest comes first.
fn weight(row: &CaseRow) -> i128 {
    let amount = row.summary.shown["at_stake"]["amount"]
        .as_str()
        .and_then(|text| text.parse::<rust_decimal::Decimal>().ok());
    let score = row.summary.shown["score"].as_i64().unwrap_or(100);
    amount.map_or(0, |amount| amount.trunc().mantissa()) * i128::from(score)
}

/// Those that are late first, then by money; the order of moments among equals stays.
fn by_money(rows: &[CaseRow]) -> Vec<&CaseRow> {
    let mut rows: Vec<&CaseRow> = rows.iter().collect();
    rows.sort_by_key(|row| {
        let late = row.summary.shown["late"].as_u64().unwrap_or(0) > 0;
        (!late, std::cmp::Reverse(weight(row)))
    });
    rows
}

fn waits(frame: &Frame, row: &CaseRow) -> Waits {
    let shown = &row.summary.shown;
    let text = |field: &str| shown[field].as_str().unwrap_or_default().to_owned();
    let causes: Vec<String> = shown["causes"].as_array().into_iter().flatten().map(cause_name).collect();
    let money = &shown["at_stake"];
    let at_stake = match (money["amount"].as_str(), money["currency"].as_str()) {
        (Some(amount), Some(currency)) => format!("{amount} {currency}"),
        _ => String::new(),
    };
    let late = row.summary.due.is_some_and(|due| due < frame.moments.now);
    Waits {
        href: format!("/cases/referral/{}", path_of(row.id.key())),
        line: text("line"),
        office: text("office"),
        goods: text("goods"),
        because: causes.join(", "),
        at_stake,
        due: row.summary.due.map_or_else(String::new, |due| frame.short(&due)),
        tone: if late { "bad" } else { "wait" },
    }
}

/// What waits at each office.
fn forecast(frame: &Frame, waiting: &[CaseRow]) -> Picture {
    let mut offices: BTreeMap<String, u32> = BTreeMap::new();
    for row in waiting {
        let office = row.summary.shown["office"].as_str().unwrap_or("–");
        *offices.entry(office.to_owned()).or_default() += 1;
    }
    let all: Vec<Bar> = offices
        .into_iter()
        .map(|(office, count)| Bar { label: office, value: f64::from(count), ..Bar::default() })
        .collect();
    bars(frame.language, &labels(frame, "forecast", "targeting.forecast", "targeting.forecast-lead"), &all)
}

/// How often each reason was right.
fn rates(frame: &Frame, counts: &BTreeMap<String, Count>) -> Picture {
    let looked = counts.iter().filter(|(_, count)| count.rate.looked_at > 0);
    let all: Vec<Bar> = looked
        .map(|(name, count)| Bar {
            label: name.clone(),
            value: f64::from(count.rate.permyriad().unwrap_or(0)) / 100.0,
            tone: if name == "control" { "calm" } else { "" },
            ..Bar::default()
        })
        .collect();
    bars(frame.language, &labels(frame, "rates", "targeting.rates", "targeting.rates-lead"), &all)
}

fn labels(frame: &Frame, id: &'static str, title: &str, lead: &str) -> Labels {
    Labels {
        id,
        title: frame.t(title).to_owned(),
        lead: frame.t(lead).to_owned(),
        as_table: frame.t("targeting.as-table").to_owned(),
        ..Labels::default()
    }
}
