//! Asking without showing between two nodes over sockets: bytes too long for memory go beside a short document.

use std::time::{Duration, Instant};

use customs::agreement::Agreement;
use customs::roles::{ANALYST, EXCHANGE};
use kernel::{ActId, Actor, Attachment, CaseId, Role};
use serde_json::{Value, json};

use crate::place::{Side, two};

/// An agreement under which Viet Nam may ask Thailand how many.
fn agreement() -> Agreement {
    let term = |id: &str, kind: &str, from: &str, to: &str, fields: &[&str], quotas: Value| {
        json!({ "id": id, "kind": kind, "from": from, "to": to, "lane": "live", "fields": fields,
            "purposes": ["investigation"], "handling": "h2", "consent": "not-needed", "onward": "never",
            "keep": "30d", "delivery": { "waits": ["1s", "1s", "1s", "1s"] }, "clocks": { "answer": "2h" },
            "quotas": quotas, "escalation": [{ "after": "1s", "role": "exchange-officer" }] })
    };
    let quotas = json!({ "questions-a-day": 2, "values-a-question": 1_000 });
    serde_json::from_value(json!({ "id": "UNSEEN-VN-TH", "title": "Asking without showing",
        "parties": ["VN", "TH"], "route": "ministry", "source": "a test's own", "from": "2026-01-01", "term": [
            term("1", "match-set", "TH", "VN", &["points"], json!({})),
            term("2", "match-question", "VN", "TH", &["blinded"], quotas),
            term("3", "match-answer", "TH", "VN", &["reordered"], json!({})),
        ] }))
    .expect("an agreement")
}

/// An act with a file of values, a line each.
async fn with_values(side: &Side, role: &Role, case: &CaseId, mut act: Value, values: &[String]) {
    let text = values.join("\n").into_bytes();
    act["file"] = json!(Attachment::of("values.txt", "text/plain", &text));
    let actor = Actor::new(format!("the {role}"), role.clone());
    let id = ActId::new(format!("file-{case}"));
    side.handle().act_with(actor, id, case.clone(), (act, vec![text])).await.expect("is taken");
}

async fn reaches(side: &Side, case: &CaseId, stage: &str) -> Value {
    let started = Instant::now();
    loop {
        let of = case.clone();
        let row = side.handle().with_look(move |look| look.case(&of)).await.expect("a look");
        match row {
            Some(row) if row.summary.stage == stage => return row.state.json().clone(),
            row => assert!(
                started.elapsed() < PATIENCE,
                "{case} of {} stands at {:?}",
                side.id,
                row.map(|row| row.summary)
            ),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_longer_than_memory_takes_goes_beside_its_document_and_is_asked() {
    let (mut th, mut vn) = two();
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    let values: Vec<String> = (0..HELD).map(|number| format!("TEMU{number:07}")).collect();
    let publish = json!({ "act": "publish", "partner": "VN", "kind": "container", "wants": "how-many" });
    let set = CaseId::of("match-set", "S-1");
    with_values(&th, &EXCHANGE, &set, publish, &values).await;
    let held = reaches(&vn, &CaseId::of("match-set", "TH-S-1"), "held").await;
    let points: Attachment = serde_json::from_value(held["paper"]["points"].clone()).expect("a file");
    assert_eq!(points.bytes, HELD * 32);
    for side in [&th, &vn] {
        let look = side.handle().look();
        let long = look.long_blob(&points.digest).expect("answers").expect("it is kept in a file");
        assert!(long.is_whole().expect("can be read"), "{}", side.id);
    }
    let others = (0..12).map(|number| format!("AAAU{number:07}"));
    let asked: Vec<String> = values[..40].iter().cloned().chain(others).collect();
    let ask = json!({ "act": "ask", "partner": "TH", "kind": "container", "wants": "how-many", "purpose": "investigation" });
    let question = CaseId::of("match-question", "Q-1");
    with_values(&vn, &ANALYST, &question, ask, &asked).await;
    assert_eq!(reaches(&vn, &question, "answered").await["common"], 40);
    for side in [&mut th, &mut vn] {
        side.stop().await;
        let report = side.verify();
        assert!(report.sound, "{:?}", report.faults().collect::<Vec<_>>());
    }
}

/// More points than a mebibyte.
const HELD: u64 = 33_000;
/// A calculation without optimisation, on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(300);
