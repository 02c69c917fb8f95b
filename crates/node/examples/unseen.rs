//! What asking without showing costs between two nodes: two of them in this process, each with its folder, a term with quotas,
//! AS4 over TLS. One publishes a set from a file, the other asks about the values of a file. One JSON object at the end.
//!
//! ```sh
//! cargo run --release -p node --example unseen -- ASKED HELD COMMON which|how-many
//! ```

#[path = "../tests/sockets/place.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod place;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use customs::agreement::Agreement;
use customs::roles::{ANALYST, EXCHANGE};
use jiff::Timestamp;
use kernel::{ActId, Actor, Attachment, CaseId, Happening, Role};
use node::config::Clients;
use place::Side;
use serde_json::{Map, Value, json};

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() -> ExitCode {
    let wanted = Wanted::read();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let (started, before) = (Instant::now(), processor());
    let seen = runtime.expect("a runtime").block_on(play(&wanted));
    let found = seen["found"] == json!(wanted.common);
    let mut seen = seen;
    seen["whole_s"] = json!(started.elapsed().as_secs_f64());
    seen["processor_s"] = json!(processor() - before);
    seen["peak_mb"] = json!(peak());
    seen["cores"] = json!(std::thread::available_parallelism().map_or(1, usize::from));
    println!("{seen}");
    if found { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How much is played.
struct Wanted {
    asked: u64,
    held: u64,
    common: u64,
    wants: String,
}

impl Wanted {
    fn read() -> Self {
        let given: Vec<String> = std::env::args().skip(1).collect();
        let number = |place: usize, otherwise| {
            given.get(place).map_or(otherwise, |text| text.parse().expect("a number of values"))
        };
        let (asked, held) = (number(0, 20_000), number(1, 20_000));
        let wants = given.get(3).cloned().unwrap_or_else(|| "which".to_owned());
        Self { asked, held, common: number(2, asked.min(held) / 20), wants }
    }

    fn held(&self) -> Vec<u8> {
        lines("HELU", 0..self.held)
    }

    fn asked(&self) -> Vec<u8> {
        let own = lines("ASKU", 0..self.asked - self.common);
        [lines("HELU", 0..self.common), own].concat()
    }
}

fn lines(letters: &str, numbers: std::ops::Range<u64>) -> Vec<u8> {
    numbers.flat_map(|number| format!("{letters}{number:07}\n").into_bytes()).collect()
}

async fn play(wanted: &Wanted) -> Value {
    let side = |id| Side::taking(Clients::Pinned, 1 << 30, id);
    let (mut th, mut vn) = (side("TH"), side("VN"));
    th.knows(&vn);
    vn.knows(&th);
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    let waiting = tokio::spawn(longest_wait(th.handle().clone()));
    let publish = json!({ "act": "publish", "partner": "VN", "kind": "container", "wants": wanted.wants });
    let set = CaseId::of("match-set", "S-1");
    with_values(&th, &EXCHANGE, &set, (publish, wanted.held())).await;
    let held = CaseId::of("match-set", "TH-S-1");
    reaches(&vn, &held, "held").await;
    let ask = json!({ "act": "ask", "partner": "TH", "kind": "container", "wants": wanted.wants, "purpose": "investigation" });
    let question = CaseId::of("match-question", "Q-1");
    with_values(&vn, &ANALYST, &question, (ask, wanted.asked())).await;
    let shown = reaches(&vn, &question, "answered").await;
    waiting.abort();
    let asked = CaseId::of("match-asked", "VN-Q-1");
    let steps = json!({
        "set": steps(&th, &set).await, "set_there": steps(&vn, &held).await,
        "question": steps(&vn, &question).await, "question_there": steps(&th, &asked).await,
    });
    let entry = longest_entry(&vn).await.max(longest_entry(&th).await);
    for side in [&mut th, &mut vn] {
        side.stop().await;
    }
    json!({ "asked": wanted.asked, "held": wanted.held, "common": wanted.common, "wants": wanted.wants,
            "found": shown["common"], "steps": steps, "longest_entry_bytes": entry,
            "longest_wait_ms": LONGEST.load(std::sync::atomic::Ordering::Relaxed) })
}

/// An act with a file of values.
async fn with_values(side: &Side, role: &Role, case: &CaseId, (mut act, text): (Value, Vec<u8>)) {
    act["file"] = json!(Attachment::of("values.txt", "text/plain", &text));
    let actor = Actor::new(format!("the {role}"), role.clone());
    let id = ActId::new(format!("file-{case}"));
    side.handle().act_with(actor, id, case.clone(), (act, vec![text])).await.expect("is taken");
}

/// What lists show of a case once it stands there.
async fn reaches(side: &Side, case: &CaseId, stage: &str) -> Value {
    loop {
        let of = case.clone();
        let row = side.handle().with_look(move |look| look.case(&of)).await.expect("a look");
        match row.map(|row| row.summary) {
            Some(summary) if summary.stage == stage => return summary.shown,
            Some(summary) if matches!(summary.stage.as_str(), "refused" | "kept") => {
                panic!("{case} of {}: {}", side.id, summary.shown)
            }
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// When each event of a case was recorded, in seconds after its first.
async fn steps(side: &Side, case: &CaseId) -> Value {
    let of = case.clone();
    let history = side.handle().with_look(move |look| look.history(&of)).await.expect("a history");
    let Some(first) = history.first().map(|(_, entry)| entry.at) else { return Value::Null };
    let since = |at: Timestamp| at.duration_since(first).as_secs_f64();
    let step = |(_, entry): &(u64, kernel::Entry)| match &entry.what {
        Happening::Event { event, .. } => Some((event["event"].as_str()?.to_owned(), json!(since(entry.at)))),
        _ => None,
    };
    Value::Object(history.iter().filter_map(step).collect::<Map<_, _>>())
}

/// The longest entry of a record, with the event beside it where it lies there.
async fn longest_entry(side: &Side) -> usize {
    let read = side.handle().with_look(|look| {
        let size = look.size()?;
        (0..size).try_fold(0, |longest, number| {
            let Some(entry) = look.entry(number)? else { return Ok(longest) };
            let event = match &entry.what {
                Happening::Event { event, .. } => node::whole_event(look, event)?.to_string().len(),
                _ => 0,
            };
            Ok(longest.max(entry.to_bytes().len()).max(event))
        })
    });
    read.await.expect("a look")
}

/// Takes something small again and again: how long whoever works with the node waits while it calculates.
async fn longest_wait(handle: node::Handle) {
    loop {
        let asked = Instant::now();
        handle.keep("example/waits", Some(vec![1])).await.expect("is kept");
        let took = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
        LONGEST.fetch_max(took, std::sync::atomic::Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

static LONGEST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

fn agreement() -> Agreement {
    let term = |id: &str, kind: &str, from: &str, to: &str, fields: &[&str], quotas: Value| {
        json!({ "id": id, "kind": kind, "from": from, "to": to, "lane": "live", "fields": fields,
            "purposes": ["investigation"], "handling": "h2", "consent": "not-needed", "onward": "never",
            "keep": "30d", "delivery": { "waits": ["5s", "30s", "5m"] }, "clocks": { "answer": "2h" },
            "quotas": quotas, "escalation": [{ "after": "1s", "role": "exchange-officer" }] })
    };
    let quotas = json!({ "questions-a-day": 1, "values-a-question": 1_000_000, "values-a-day": 1_000_000 });
    serde_json::from_value(json!({ "id": "UNSEEN-VN-TH", "title": "Asking without showing",
        "parties": ["VN", "TH"], "route": "ministry", "source": "an example's own", "from": "2026-01-01", "term": [
            term("1", "match-set", "TH", "VN", &["tags", "points"], json!({})),
            term("2", "match-question", "VN", "TH", &["blinded"], quotas),
            term("3", "match-answer", "TH", "VN", &["evaluated", "proofs", "reordered"], json!({})),
        ] }))
    .expect("an agreement")
}

/// Processor time of this process so far, in seconds.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// The most memory this process ever had, both nodes together, in megabytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default() / 1_024.0
}
