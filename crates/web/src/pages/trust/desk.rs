//! The trusted-trader officer's desk: what partners changed, the benefits in between, near misses, and what it is worth.

use askama::Template;
use customs::operator::{Benefits, JointValidation, NearMiss, PartnerList};
use customs::roles::TRUSTED;
use jiff::Timestamp;
use kernel::{CaseId, Procedure as _};
use store::{CaseRow, Failure, Look, Order, Query};

use super::given::page_for;
use super::report::{Report, report};
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "trust/desk.html")]
struct Page {
    frame: Frame,
    lists: Vec<List>,
    changes: Vec<Change>,
    gaps: Vec<Gap>,
    near: Vec<Near>,
    report: Report,
    plans: Vec<Plan>,
    /// The form of a new plan; empty for who may not propose one.
    propose: &'static str,
}

/// A visit both programmes make together.
struct Plan {
    title: String,
    href: String,
    partner: String,
    operators: String,
    days: String,
    team: String,
    state: String,
    weight: &'static str,
}

struct List {
    partner: String,
    href: String,
    state: String,
    operators: String,
    sequence: String,
    weight: &'static str,
}

struct Change {
    code: String,
    name: String,
    became: String,
    effective: String,
    received: String,
    latency: String,
    reason: String,
    at: Timestamp,
}

struct Gap {
    code: String,
    href: String,
    consignment: String,
    consignment_href: String,
    at: String,
    decision: String,
    weight: &'static str,
}

struct Near {
    title: String,
    href: String,
    consignment_href: String,
    importer: String,
    quoted: String,
    meant: String,
    reason: String,
    state: String,
}

/// The desk.
///
/// # Errors
/// What the store says.
pub(crate) fn trusted(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let lists = ask.read(|look| rows(look, PartnerList::NAME, &[]))?;
    let listed = ask.read(|look| rows(look, Benefits::NAME, &["listed", "settled"]))?;
    let near = ask.read(|look| rows(look, NearMiss::NAME, &["seen", "noticed"]))?;
    let plans = ask.read(|look| rows(look, JointValidation::NAME, &["proposed", "asked", "agreed"]))?;
    let may_propose = ask.role().is_some_and(|role| role == TRUSTED);
    let report = report(ask, &frame)?;
    let page = Page {
        plans: plans.iter().map(|row| plan(&frame, row)).collect(),
        propose: if may_propose { "/new/joint-validation/propose" } else { "" },
        lists: lists.iter().map(|row| list(&frame, row)).collect(),
        changes: changes(&frame, &lists),
        gaps: listed.iter().flat_map(|row| gaps(ask, &frame, row)).collect(),
        near: near.iter().map(|row| near_miss(ask, &frame, row)).collect(),
        report,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

fn rows(look: &dyn Look, desk: &str, stages: &[&str]) -> Result<Vec<CaseRow>, Failure> {
    let query = Query {
        desk: Some(desk.into()),
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
        order: Order::Newest,
        limit: ROWS_MAX,
        ..Query::default()
    };
    look.cases(&query).map(|page| page.rows)
}

fn list(frame: &Frame, row: &CaseRow) -> List {
    let number = |name: &str| frame.count(&row.summary.shown[name].as_u64().unwrap_or_default());
    List {
        partner: row.summary.title.clone(),
        href: areas::page_of(&row.id),
        state: frame.word("stage.partner-list", &row.summary.stage),
        operators: number("operators"),
        sequence: number("sequence"),
        weight: if row.summary.severity.is_some() { "wait" } else { "calm" },
    }
}

/// All partners' status changes, the last that became known first.
fn changes(frame: &Frame, lists: &[CaseRow]) -> Vec<Change> {
    let held = lists.iter().filter_map(|row| row.state.read::<PartnerList>().ok());
    let mut changes: Vec<Change> = held
        .flat_map(|list| {
            list.changes()
                .iter()
                .map(|change| Change {
                    code: change.code.clone(),
                    name: change.name.clone(),
                    became: frame.word("operator-status", &format!("{:?}", change.after).to_lowercase()),
                    effective: frame.exact(&change.effective),
                    received: frame.exact(&change.received),
                    latency: latency(frame, change.effective, change.received),
                    reason: frame.word("status-reason", &change.reason),
                    at: change.received,
                })
                .collect::<Vec<_>>()
        })
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes.truncate(CHANGES_MAX);
    changes
}

fn latency(frame: &Frame, from: Timestamp, until: Timestamp) -> String {
    let seconds = until.duration_since(from).as_secs();
    let count = |number: i64| frame.count(&u64::try_from(number).unwrap_or_default());
    match seconds {
        ..=0 => "0 s".to_owned(),
        1..=119 => format!("{} s", count(seconds)),
        120..=7_199 => format!("{} min", count(seconds / 60)),
        _ => format!("{} h", count(seconds / 3_600)),
    }
}

fn gaps(ask: &Ask, frame: &Frame, row: &CaseRow) -> Vec<Gap> {
    let Ok(day) = row.state.read::<Benefits>() else { return Vec::new() };
    let code = row.summary.shown["code"].as_str().unwrap_or_default();
    let listed = day.given().iter().filter_map(|(case, given)| Some((case, given, given.gap.as_ref()?)));
    listed
        .map(|(case, given, gap)| Gap {
            code: code.to_owned(),
            href: areas::page_of(&row.id),
            consignment: case.key().to_owned(),
            consignment_href: page_for(ask, case),
            at: frame.exact(&given.at),
            decision: gap.decision.as_ref().map_or_else(
                || frame.t("trusted.open").to_owned(),
                |decision| frame.word("benefit-decision", decision),
            ),
            weight: if gap.decision.is_none() { "wait" } else { "calm" },
        })
        .collect()
}

fn near_miss(ask: &Ask, frame: &Frame, row: &CaseRow) -> Near {
    let shown = |name: &str| row.summary.shown[name].as_str().unwrap_or_default().to_owned();
    Near {
        title: row.summary.title.clone(),
        href: areas::page_of(&row.id),
        consignment_href: page_for(ask, &CaseId::new(shown("consignment"))),
        importer: shown("importer"),
        quoted: shown("quoted"),
        meant: [shown("meant"), shown("listed")].join(" · "),
        reason: frame.word("recognition-reason", &shown("reason")),
        state: frame.word("stage.near-miss", &row.summary.stage),
    }
}

fn plan(frame: &Frame, row: &CaseRow) -> Plan {
    let shown = &row.summary.shown;
    let words = |name: &str| {
        let list = shown[name].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
        list.collect::<Vec<_>>().join(", ")
    };
    let day = |name: &str| {
        let day = shown[name].as_str().and_then(|day| day.parse().ok());
        day.map(|day| frame.moments.day(day)).unwrap_or_default()
    };
    Plan {
        title: row.summary.title.clone(),
        href: areas::page_of(&row.id),
        partner: frame.word("country", &row.summary.partner),
        operators: words("operators"),
        days: [day("from"), day("until")]
            .into_iter()
            .filter(|day| !day.is_empty())
            .collect::<Vec<_>>()
            .join(" – "),
        team: words("team"),
        state: frame.word("stage.joint-validation", &row.summary.stage),
        weight: if row.summary.stage == "agreed" { "calm" } else { "wait" },
    }
}

/// The most rows of one kind.
const ROWS_MAX: u32 = 300;
/// The most changes shown.
const CHANGES_MAX: usize = 100;
