//! What the administrations of a world agreed about helping each other, and the operation they run together.

use std::collections::BTreeMap;

use customs::agreement::{Agreement, LegalRoute, Onward, Term};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kernel::{Limit, NodeId};
use serde_json::{Value, json};

use super::{NODES, term};

/// The agreement of two of them on mutual assistance and joint operations: the same terms both ways.
pub(crate) fn cooperation(one: &str, other: &str) -> Agreement {
    let (a, b) = (NodeId::new(one), NodeId::new(other));
    let kinds = KINDS.len();
    let ways = [(&a, &b), (&b, &a)].into_iter().enumerate();
    let terms = ways.flat_map(|(way, pair)| {
        KINDS.iter().enumerate().map(move |(place, kind)| agreed(way * kinds + place + 1, *kind, pair))
    });
    Agreement {
        id: format!("COOP-{one}-{other}"),
        title: format!("Mutual assistance and joint operations, {one} and {other}"),
        parties: vec![a.clone(), b.clone()],
        route: LegalRoute::Treaty,
        source: "simulated".to_owned(),
        from: date(2020, 1, 1),
        until: None,
        terms: terms.collect(),
    }
}

fn agreed(number: usize, (kind, fields, clocks): Kind, pair: (&NodeId, &NodeId)) -> Term {
    let clocks = clocks.iter().map(|(name, minutes)| ((*name).to_owned(), Limit::seconds(*minutes * 60)));
    Term {
        clocks: clocks.collect::<BTreeMap<_, _>>(),
        onward: Onward::Ask,
        keep: Limit::seconds(KEPT_MINUTES * 60),
        ..term(u8::try_from(number).unwrap_or(u8::MAX), kind, pair, fields)
    }
}

/// The plan of the operation, as its coordinator enters it.
pub(crate) fn plan(begins: Timestamp) -> Value {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let members: Vec<Value> = NODES.into_iter().map(|node| json!({ "node": node })).collect();
    json!({ "act": "plan", "plan": {
        "name": OPERATION, "packs": ["general"], "scope": "everything that moves", "from": day(begins),
        "until": day(begins + SignedDuration::from_hours(24 * 30)), "agreement": "COOP", "unit": UNIT,
        "members": members,
    } })
}

/// A kind of document, the fields of it that go, and its clocks in minutes.
type Kind = (&'static str, &'static [&'static str], &'static [(&'static str, u32)]);

/// What is agreed each way. The clocks are short, so that many run out while the world plays.
const KINDS: [Kind; 12] = [
    (
        "assistance-request",
        &["intended_use", "subjects", "facts", "own_checks", "declaration", "statements", "evidence"],
        &[("acknowledge", 4), ("interim", 8), ("agreed", 12), ("reply", 20), ("result", 15), ("destroy", 10)],
    ),
    ("assistance-answer", &["statements", "extracts", "text", "evidence"], &[]),
    ("assistance-result", &["usefulness", "result", "uses"], &[]),
    ("assistance-recall", &[], &[]),
    ("destruction-notice", &[], &[]),
    ("onward-request", &["recipient", "reason"], &[("reply", 10)]),
    ("onward-answer", &[], &[]),
    ("operation-plan", &["scope", "text"], &[]),
    ("operation-answer", &[], &[]),
    (
        "warning",
        &["goods", "carriage", "route", "parties", "indicators", "text", "evidence"],
        &[("feedback-before-eta", 5)],
    ),
    ("feedback", &["method", "result", "why_not", "seizure"], &[]),
    ("silence-notice", &[], &[]),
];

/// How long what was told may be kept, in minutes: some of it runs out while the world plays.
const KEPT_MINUTES: u32 = 12;
/// The node of the coordination unit.
pub(crate) const UNIT: &str = NODES[0];
/// The operation's number.
pub(crate) const OPERATION: &str = "SIM-1";
