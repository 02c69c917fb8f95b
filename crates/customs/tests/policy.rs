//! The policy matrix: for every line of `policy.csv` an exchange is tried, and what is decided must be what the line says.
//!
//! The lines are data somebody wrote from the agreements' texts, not what the program printed: a document of a kind goes
//! from one administration to another on a day, or is read there for a purpose, and the last column says whether that may
//! be. Each decision is also found in what the procedures record.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test that reads its table")]

use std::path::Path;

use customs::agreement::{
    Agreement, AgreementAct, Arrival, Document, LaneState, Received, ReceivedAct, admit, edition, release,
};
use customs::desks::desk;
use customs::terms::Purpose;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::book::Shelf;
use kernel::{Actor, CaseId, Digest, Facts, NodeId, Procedure as _, Role, State};
use serde_json::{Value, json};

/// One line: what is tried, and what must be decided.
struct Line {
    number: usize,
    what: String,
    kind: String,
    from: String,
    to: String,
    day: Date,
    purpose: String,
    decision: String,
}

fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy/policy.csv"))
        .unwrap();
    let rows = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    rows.map(|(number, line)| {
        let cells: Vec<_> = line.split(',').map(str::to_owned).collect();
        let [what, kind, from, to, day, purpose, decision] = <[String; 7]>::try_from(cells).expect(line);
        Line { number: number + 1, what, kind, from, to, day: day.parse().expect(line), purpose, decision }
    })
    .collect()
}

/// The books with every agreement of `agreements.json` in force, one of them suspended later.
fn books() -> Shelf {
    let text =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy/agreements.json")).unwrap();
    let agreements: Vec<Agreement> = serde_json::from_slice(&text).unwrap();
    let mut shelf = Shelf::default();
    for agreement in &agreements {
        shelf.publish(&edition(agreement, agreement.from, None));
    }
    let suspended = agreements.iter().find(|agreement| agreement.id == "CMAA-VN-LA").unwrap();
    shelf.publish(&edition(suspended, jiff::civil::date(2026, 7, 1), Some(LaneState::Stopped)));
    shelf
}

fn content(kind: &str) -> Value {
    match kind {
        "acdd" => json!({ "reference": "R-1", "number": "N-1" }),
        _ => json!({ "reference": "R-1" }),
    }
}

fn moment(day: Date) -> Timestamp {
    day.at(4, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

/// What is decided when a document is to leave: `allowed`, or the refusal's code.
fn send(books: &Shelf, line: &Line) -> String {
    let (from, to) = (NodeId::new(&line.from), NodeId::new(&line.to));
    let document = Document::read(&line.kind, content(&line.kind));
    let released = document.and_then(|document| release(books, &from, &to, line.day, &document));
    released.map_or_else(|refusal| refusal.code.into_owned(), |_| "allowed".into())
}

/// What is decided when a received document is to be read for a purpose: it arrives by its own case, is read by the node,
/// and an officer asks; the record is the events and refusals of that case.
fn read(books: &Shelf, line: &Line) -> (String, Vec<String>) {
    let wire = Digest::of(line.kind.as_bytes());
    let arrival = Arrival {
        from: NodeId::new(&line.from),
        to: NodeId::new(&line.to),
        kind: line.kind.clone(),
        message_id: "m@x".into(),
        wire,
        payload: wire,
    };
    let case = arrival.case();
    let received = desk(Received::NAME).unwrap();
    let (mut state, mut record) = (None, Vec::new());
    let node = Actor::node(&line.to);
    let officer = Actor::new("officer", Role::named("exchange-officer"));
    let mut act = |actor: &Actor, act: Value, state: &mut Option<State>| -> Option<String> {
        let facts = Facts { now: moment(line.day), actor, case: &case, books };
        match received.take(state.as_ref(), &act.into(), &facts) {
            Ok(taken) => {
                record.extend(taken.events.iter().map(|event| event["event"].as_str().unwrap().to_owned()));
                *state = Some(taken.state);
                None
            }
            Err(refusal) => {
                record.push(refusal.code.to_string());
                Some(refusal.code.into_owned())
            }
        }
    };
    let arrive = serde_json::to_value(ReceivedAct::Arrive { arrival: Box::new(arrival) }).unwrap();
    act(&node, arrive, &mut state);
    if admit(books, &line.kind, &NodeId::new(&line.from), &NodeId::new(&line.to), line.day).is_ok() {
        let document = Document::read(&line.kind, content(&line.kind)).unwrap();
        let read = ReceivedAct::Read { document: Some(document.into()), findings: Default::default() };
        act(&node, serde_json::to_value(read).unwrap(), &mut state);
    }
    let purpose = Purpose::of(&line.purpose).expect("a purpose");
    let see = serde_json::to_value(ReceivedAct::See { purpose }).unwrap();
    let refused = act(&officer, see, &mut state);
    (refused.unwrap_or_else(|| "allowed".into()), record)
}

#[test]
fn every_case_of_the_policy_matrix_is_decided_as_the_agreements_say() {
    let (books, lines) = (books(), lines());
    assert!(lines.len() >= 200, "{} lines", lines.len());
    let mut wrong = Vec::new();
    for line in &lines {
        let decided = match line.what.as_str() {
            "send" => send(&books, line),
            "read" => {
                let (decided, record) = read(&books, line);
                let expected = if decided == "allowed" { "seen" } else { decided.as_str() };
                assert!(record.iter().any(|entry| entry == expected), "line {}: {record:?}", line.number);
                decided
            }
            other => panic!("line {}: {other}", line.number),
        };
        if decided != line.decision {
            wrong.push(format!(
                "line {}: {} {} {}>{} {}: {decided}, not {}",
                line.number, line.what, line.kind, line.from, line.to, line.purpose, line.decision
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "of {}", lines.len());
}

#[test]
fn the_matrix_has_as_many_kinds_of_decision_as_there_are() {
    let lines = lines();
    for decision in
        ["allowed", "no-live-term", "lane-stopped", "purpose-not-allowed", "no-consent", "document-unknown"]
    {
        assert!(lines.iter().any(|line| line.decision == decision), "{decision}");
    }
    // The agreement itself is entered and brought into force by two people; what the matrix rests on is that record.
    let act = AgreementAct::Approve;
    assert_eq!(serde_json::to_value(act).unwrap(), json!({ "act": "approve" }));
    assert_eq!(CaseId::of("agreement", "CMAA-VN-LA").desk(), "agreement");
}
