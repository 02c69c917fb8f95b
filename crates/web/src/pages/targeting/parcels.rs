//! The parcel board: split orders as pictures, what carriers are asked, lists that await their declaration, what platforms owe.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{Bar, Series, bars, lines};
use crate::draw::{Labels, Picture};
use crate::fields::path_of;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "targeting/parcels.html")]
struct Page {
    frame: Frame,
    figures: Vec<Figure>,
    splits: Vec<Split>,
    /// Split orders that are not drawn here; empty where all are.
    more_splits: String,
    asked: Rows,
    lists: Rows,
    accounts: Rows,
    by_carrier: Picture,
}

struct Figure {
    href: &'static str,
    count: String,
    word: String,
    tone: &'static str,
}

/// A split order with its picture.
struct Split {
    href: String,
    line: String,
    sentence: String,
    spellings: Vec<String>,
    picture: Picture,
}

/// The cases of a desk that are shown, and where the others are.
struct Rows {
    desk: &'static str,
    rows: Vec<Row>,
    /// How many there are in all, where that is more.
    all: String,
}

/// A case in a few words.
struct Row {
    href: String,
    name: String,
    what: String,
    who: String,
    state: String,
    tone: &'static str,
}

/// The board.
///
/// # Errors
/// What the store says.
pub(crate) fn parcels(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let (referrals, _) = open(look, "referral")?;
        let splits: Vec<&CaseRow> = referrals.iter().filter(|row| split_of(row).is_some()).collect();
        let (asked, asked_all) = open(look, "carrier-referral")?;
        let (listed, listed_all) = open(look, "consolidated")?;
        let (accounts, accounts_all) = open(look, "platform-account")?;
        let suspended = accounts.iter().filter(|row| row.summary.stage == "suspended").count();
        let figure = |href, count: u64, key: &str, tone| Figure {
            href,
            count: frame.count(&count),
            word: frame.t(key).to_owned(),
            tone: if count == 0 { "calm" } else { tone },
        };
        let undrawn = splits.len().saturating_sub(IDS.len()) as u64;
        Ok(Page {
            figures: vec![
                figure("#splits", splits.len() as u64, "parcels.splits", "wait"),
                figure("/cases/carrier-referral", asked_all, "parcels.asked", "wait"),
                figure("/cases/consolidated", listed_all, "parcels.lists", "wait"),
                figure("/cases/platform-account", suspended as u64, "parcels.suspended", "bad"),
            ],
            splits: splits.iter().zip(IDS).filter_map(|(row, id)| split(&frame, row, id)).collect(),
            more_splits: match undrawn {
                0 => String::new(),
                more => frame.say("parcels.more-splits", "count", &frame.count(&more)),
            },
            by_carrier: by_carrier(&frame, &asked),
            asked: rows(&frame, "carrier-referral", (&asked, asked_all), question),
            lists: rows(&frame, "consolidated", (&listed, listed_all), list),
            accounts: rows(&frame, "platform-account", (&accounts, accounts_all), account),
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

/// The first cases of a desk, and how many there are where not all are shown.
fn rows(
    frame: &Frame,
    desk: &'static str,
    (cases, all): (&[CaseRow], u64),
    row: fn(&Frame, &CaseRow) -> Row,
) -> Rows {
    let rows: Vec<Row> = cases.iter().take(SHOWN).map(|case| row(frame, case)).collect();
    let all = if all > rows.len() as u64 {
        frame.say("parcels.all", "count", &frame.count(&all))
    } else {
        String::new()
    };
    Rows { desk, rows, all }
}

/// Open cases of a desk, those due first; and how many there are.
fn open(look: &dyn Look, desk: &str) -> Result<(Vec<CaseRow>, u64), Failure> {
    let query = Query {
        desk: Some(desk.into()),
        closed: Some(false),
        order: Order::Due,
        limit: READ,
        ..Query::default()
    };
    let page = look.cases(&query)?;
    Ok((page.rows, page.total))
}

/// What says that a referral is of a split order.
fn split_of(row: &CaseRow) -> Option<&Value> {
    let causes = row.summary.shown["causes"].as_array()?;
    causes.iter().find(|cause| cause["by"] == "split")
}

fn split(frame: &Frame, row: &CaseRow, id: &'static str) -> Option<Split> {
    let cause = split_of(row)?;
    let parcels = cause["parcels"].as_array()?;
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    let threshold = number(&cause["threshold"]);
    let mut sum = 0.0;
    let mut rising = Vec::new();
    for parcel in parcels {
        sum += number(&parcel["value"]);
        rising.push(Some(sum));
    }
    let line = |name: &str, values: Vec<Option<f64>>| Series { name: frame.t(name).to_owned(), values };
    let series = [
        line("parcels.together", rising),
        line("parcels.each", parcels.iter().map(|parcel| Some(number(&parcel["value"]))).collect()),
        line("parcels.threshold", vec![Some(threshold); parcels.len()]),
    ];
    let places: Vec<String> =
        parcels.iter().map(|parcel| parcel["day"].as_str().unwrap_or("–").to_owned()).collect();
    let count = frame.count(&cause["count"].as_u64().unwrap_or(parcels.len() as u64));
    let labels = Labels {
        id,
        title: row.summary.title.clone(),
        lead: frame.t("parcels.picture-lead").to_owned(),
        across: frame.t("parcels.day").to_owned(),
        up: frame.t("parcels.value").to_owned(),
        as_table: frame.t("targeting.as-table").to_owned(),
    };
    Some(Split {
        href: format!("/cases/referral/{}", path_of(row.id.key())),
        line: row.summary.title.clone(),
        sentence: frame.say("parcels.of", "count", &count),
        spellings: spellings(parcels),
        picture: lines(frame.language, &labels, &places, &series),
    })
}

/// Every spelling of receiver and address, with the parcels that bear it.
fn spellings(parcels: &[Value]) -> Vec<String> {
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    for parcel in parcels {
        let parts = ["receiver", "address", "phone", "payment"]
            .map(|field| parcel[field].as_str().unwrap_or_default())
            .into_iter()
            .filter(|part| !part.is_empty());
        *known.entry(parts.collect::<Vec<_>>().join(" · ")).or_default() += 1;
    }
    let mut known: Vec<(String, u32)> = known.into_iter().collect();
    known.sort_by_key(|(spelling, count)| (std::cmp::Reverse(*count), spelling.clone()));
    known.into_iter().take(SPELLINGS).map(|(spelling, count)| format!("{count} × {spelling}")).collect()
}

fn text<'a>(shown: &'a Value, field: &str) -> &'a str {
    shown[field].as_str().unwrap_or_default()
}

fn question(frame: &Frame, row: &CaseRow) -> Row {
    let shown = &row.summary.shown;
    let late = shown["late"].as_u64().unwrap_or(0) > 0;
    Row {
        href: format!("/cases/carrier-referral/{}", path_of(row.id.key())),
        name: text(shown, "parcel").to_owned(),
        what: frame.word("carrier-ask", text(shown, "ask")),
        who: text(shown, "carrier").to_owned(),
        state: frame.word("stage.carrier-referral", &row.summary.stage),
        tone: if late { "bad" } else { "wait" },
    }
}

fn list(frame: &Frame, row: &CaseRow) -> Row {
    let list = &row.summary.shown["list"];
    let parcels = frame.count(&list["parcels"].as_u64().unwrap_or(0));
    let day = |at: usize| list["days"][at].as_str().and_then(|day| day.parse().ok());
    let mut days: Vec<String> =
        [0, 1].into_iter().filter_map(day).map(|day| frame.moments.day(day)).collect();
    days.dedup();
    Row {
        href: format!("/cases/consolidated/{}", path_of(row.id.key())),
        name: if days.is_empty() { row.id.key().to_owned() } else { days.join(" – ") },
        what: frame.say("parcels.of", "count", &parcels),
        who: text(list, "declarant").to_owned(),
        state: frame.word("stage.consolidated", &row.summary.stage),
        tone: if row.summary.stage == "differs" { "bad" } else { "wait" },
    }
}

fn account(frame: &Frame, row: &CaseRow) -> Row {
    let shown = &row.summary.shown;
    let owed = shown["owed"].as_str().map_or_else(|| shown["owed"].to_string(), str::to_owned);
    Row {
        href: format!("/cases/platform-account/{}", path_of(row.id.key())),
        name: text(shown, "platform").to_owned(),
        what: format!("{owed} {}", text(shown, "currency")),
        who: text(shown, "tax_id").to_owned(),
        state: frame.word("stage.platform-account", &row.summary.stage),
        tone: if row.summary.stage == "suspended" { "bad" } else { "calm" },
    }
}

/// Questions that wait, by carrier.
fn by_carrier(frame: &Frame, asked: &[CaseRow]) -> Picture {
    let mut carriers: BTreeMap<String, u32> = BTreeMap::new();
    for row in asked {
        *carriers.entry(text(&row.summary.shown, "carrier").to_owned()).or_default() += 1;
    }
    let all: Vec<Bar> = carriers
        .into_iter()
        .map(|(label, count)| Bar { label, value: f64::from(count), ..Bar::default() })
        .collect();
    let labels = Labels {
        id: "carriers",
        title: frame.t("parcels.by-carrier").to_owned(),
        lead: frame.t("parcels.by-carrier-lead").to_owned(),
        as_table: frame.t("targeting.as-table").to_owned(),
        ..Labels::default()
    };
    bars(frame.language, &labels, &all)
}

/// The most cases of a desk that are read, and shown.
const READ: u32 = 500;
const SHOWN: usize = 30;
/// The most spellings shown of one split order.
const SPELLINGS: usize = 8;
/// Names of the pictures, one a split order that is shown.
const IDS: [&str; 6] = ["split-1", "split-2", "split-3", "split-4", "split-5", "split-6"];
