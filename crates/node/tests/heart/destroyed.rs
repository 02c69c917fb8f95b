//! An answer whose time is over is really destroyed: its bytes are in no file, the record verifies, the giver has the proof.

use std::path::{Path, PathBuf};

use customs::agreement::Agreement;
use customs::desks::DESKS;
use customs::roles::{ANALYST, DIRECTOR, EXCHANGE};
use kernel::{ActId, Actor, AnyEvent, CaseId, Digest, Summary};
use node::{Delivered, Input, Outcome};
use serde_json::{Value, json};
use store::sqlite::{Against, NoLog, Sqlite, verify};

use crate::town::{Side, later, morning, settle};

/// What stands in the answer, and in nothing else.
const MARK: &str = "only-between-the-two-of-us";

/// An agreement under which answers may be kept for a day.
fn agreement() -> Agreement {
    let kinds = [
        (
            "assistance-request",
            json!(["subjects", "facts", "own_checks"]),
            json!({ "destroy": "2d", "reply": "30d" }),
        ),
        ("assistance-answer", json!(["statements", "text", "evidence"]), json!({})),
        ("assistance-result", json!(["result", "uses"]), json!({})),
        ("destruction-notice", json!([]), json!({})),
        (
            "spontaneous-information",
            json!(["subjects", "text", "statements", "evidence"]),
            json!({ "destroy": "2d", "result": "30d" }),
        ),
    ];
    let ways = [("VN", "TH"), ("TH", "VN")];
    let terms: Vec<Value> = ways
        .iter()
        .flat_map(|way| kinds.iter().map(move |kind| (way, kind)))
        .enumerate()
        .map(|(number, ((from, to), (kind, fields, clocks)))| {
            json!({ "id": (number + 1).to_string(), "kind": kind, "from": from, "to": to, "lane": "live",
                "fields": fields, "purposes": ["investigation", "exchange"], "handling": "h2",
                "consent": "not-needed", "onward": "ask", "keep": "1d", "delivery": { "waits": ["30s"] },
                "clocks": clocks, "escalation": [{ "after": "1s", "role": "exchange-officer" }] })
        })
        .collect();
    serde_json::from_value(json!({ "id": "HELP-VN-TH", "title": "Mutual assistance", "parties": ["VN", "TH"],
        "route": "treaty", "source": "a test's own", "from": "2026-01-01", "term": terms }))
    .expect("an agreement")
}

/// A folder that goes with the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sampan-destroyed-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn is_anywhere(folder: &Path) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|file| {
        let bytes = std::fs::read(file.expect("a file").path()).expect("can be read");
        bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes())
    })
}

fn asking() -> Value {
    json!({ "matter": "information", "basis": "HELP-VN-TH 1", "authority": "Anti-smuggling", "measure": "say what left",
        "reason": "papers differ", "laws": ["Customs Law"], "purpose": "investigation", "urgency": "normal",
        "subjects": [{ "kind": "declaration", "value": "TH-1" }], "facts": "40 declared", "questions": ["How many?"],
        "reciprocity": "could" })
}

/// Asked, answered with the mark, and the time to keep it over.
fn answered(vn: &mut Side, th: &mut Side) {
    answered_over(vn, th, |vn, th| settle(later(1), vn, th));
}

/// The answer goes over as the test says.
fn answered_over(vn: &mut Side, th: &mut Side, carry_answer: impl FnOnce(&mut Side, &mut Side)) {
    let (ours, theirs) = (CaseId::of("request", "R-1"), CaseId::of("requested", "VN-R-1"));
    for (role, act) in [
        (&ANALYST, json!({ "act": "notice", "partner": "TH", "need": "what left" })),
        (&ANALYST, json!({ "act": "check", "own_checks": "counted" })),
        (&EXCHANGE, json!({ "act": "draft", "asking": asking() })),
        (&DIRECTOR, json!({ "act": "clear" })),
    ] {
        vn.act(morning(), role, &ours, act).expect("is possible");
    }
    settle(morning(), vn, th);
    for (role, act) in [
        (&EXCHANGE, json!({ "act": "accept" })),
        (&EXCHANGE, json!({ "act": "answer", "answer": { "kind": "final", "text": MARK.repeat(40) } })),
        (&DIRECTOR, json!({ "act": "clear" })),
    ] {
        th.act(later(1), role, &theirs, act).expect("is possible");
    }
    carry_answer(vn, th);
    assert_eq!(vn.stage(&ours), "answered");
    vn.wake(later(2 * 24 * 60));
    assert_eq!(vn.stage(&CaseId::of("obligation", "destroy-reply/request/R-1")), "due");
}

#[test]
fn an_answer_whose_time_is_over_is_gone_everywhere_and_its_giver_knows() {
    let home = Home::new("answer");
    let path = home.0.join("store.sqlite");
    let mut vn = Side::over("VN", DESKS, Box::new(Sqlite::open(&path).expect("opens")));
    let mut th = Side::new("TH");
    for side in [&mut vn, &mut th] {
        side.agree(morning(), &agreement());
    }
    answered(&mut vn, &mut th);
    assert!(is_anywhere(&home.0), "the mark is looked for where it stands");
    let over = later(2 * 24 * 60 + 1);
    let ours = CaseId::of("request", "R-1");
    vn.act(over, &EXCHANGE, &ours, json!({ "act": "destroy", "protocol": "by two people" }))
        .expect("destroys");
    assert!(!is_anywhere(&home.0), "no file has it any more");

    let row = vn.look().case(&ours).expect("a look").expect("a case");
    assert_eq!(row.summary.stage, "destroyed");
    assert_eq!(row.state.json()["heard"][1]["answer"]["kind"], "final", "what it was stays known");
    let gone = vn.cases("destruction").remove(0);
    assert_eq!(gone.summary.shown["term"], "HELP-VN-TH 7");
    let wire = serde_json::from_value(gone.summary.shown["wire"].clone()).expect("a digest");
    let said = node::destroyed(&*vn.look(), &wire).expect("a look").expect("was destroyed");
    assert!(said.to_string().contains("by term HELP-VN-TH 7"), "{said}");

    settle(over, &mut vn, &mut th);
    let sent = th.cases("sent").into_iter().find(|row| row.summary.shown["destroyed"].is_object());
    let sent = sent.expect("the giver has the proof").summary.shown;
    assert_eq!(
        (&sent["kind"], &sent["destroyed"]["term"]),
        (&json!("assistance-answer"), &json!("HELP-VN-TH 7"))
    );
    assert_eq!(vn.cases("destruction").remove(0).summary.stage, "told");
    assert_eq!(vn.stage(&CaseId::of("obligation", "destroy-reply/request/R-1")), "met");

    drop(vn);
    let look = store::sqlite::read(&path).expect("a view");
    let replay = |desk: &str, events: &[AnyEvent]| -> Option<(Value, Summary)> {
        let whole: Result<Vec<_>, _> = events.iter().map(|event| node::whole_event(&*look, event)).collect();
        customs::desks::desk(desk)?.replay(&whole.ok()?).ok()
    };
    let report = verify(&path, &Against { log: &NoLog, replay: &replay }, &mut |_| ()).expect("verifies");
    assert_eq!(report.faults, []);
    assert!(report.destroyed >= 3, "message, document and the events that spoke of it: {report:?}");
}

#[test]
fn information_given_unasked_is_gone_everywhere_when_its_time_is_over() {
    let home = Home::new("information");
    let mut vn = Side::over("VN", DESKS, Box::new(Sqlite::open(home.0.join("store.sqlite")).expect("opens")));
    let mut th = Side::new("TH");
    for side in [&mut vn, &mut th] {
        side.agree(morning(), &agreement());
    }
    let given = CaseId::of("spontaneous-out", "TH-I-3");
    let information = json!({ "subjects": [{ "kind": "vehicle", "value": "63-4821" }], "text": MARK.repeat(40),
        "purpose": "investigation", "grade": { "source": "b", "content": "2" } });
    let draft = json!({ "act": "draft", "partner": "VN", "information": information });
    th.act(morning(), &ANALYST, &given, draft).expect("is written");
    th.act(morning(), &EXCHANGE, &given, json!({ "act": "clear" })).expect("goes");
    settle(morning(), &mut vn, &mut th);
    assert!(is_anywhere(&home.0), "the mark is looked for where it stands");

    let ours = CaseId::of("spontaneous-in", "TH-TH-I-3");
    vn.wake(later(2 * 24 * 60));
    assert_eq!(vn.stage(&CaseId::of("obligation", "destroy-reply/spontaneous-in/TH-TH-I-3")), "due");
    let over = later(2 * 24 * 60 + 1);
    vn.act(over, &EXCHANGE, &ours, json!({ "act": "destroy", "protocol": "by two people" }))
        .expect("destroys");
    assert!(!is_anywhere(&home.0), "no file has it any more");
    settle(over, &mut vn, &mut th);
    assert_eq!(vn.cases("destruction").remove(0).summary.stage, "told");
    assert_eq!(th.stage(&given), "result-heard", "the giver hears it even where nothing came of it");
}

#[test]
fn a_proof_of_destruction_is_heard_though_every_receipt_was_lost() {
    let (mut vn, mut th) = (Side::new("VN"), Side::new("TH"));
    for side in [&mut vn, &mut th] {
        side.agree(morning(), &agreement());
    }
    answered_over(&mut vn, &mut th, |vn, th| {
        for posting in th.postings(later(1)) {
            assert!(matches!(vn.deliver(later(1), &th.delivery(&posting)), Delivered::Accepted));
        }
    });
    let (over, ours) = (later(2 * 24 * 60 + 1), CaseId::of("request", "R-1"));
    vn.act(over, &EXCHANGE, &ours, json!({ "act": "destroy", "protocol": "by two people" }))
        .expect("destroys");
    let unreceipted =
        th.cases("sent").into_iter().find(|row| row.summary.shown["kind"] == "assistance-answer");
    let (answer, stage) = unreceipted.map(|row| (row.id, row.summary.stage)).expect("the answer");
    assert_eq!(stage, "queued");
    settle(over, &mut vn, &mut th);
    let heard = th.look().case(&answer).expect("a look").expect("a case").summary.shown;
    assert_eq!(heard["destroyed"]["term"], "HELP-VN-TH 7");
}

#[test]
fn bytes_that_are_ours_too_are_not_destroyed_with_a_partners() {
    let (mut vn, mut th) = (Side::new("VN"), Side::new("TH"));
    for side in [&mut vn, &mut th] {
        side.agree(morning(), &agreement());
    }
    answered(&mut vn, &mut th);
    let answer =
        vn.cases("received").into_iter().find(|row| row.summary.shown["kind"] == "assistance-answer");
    let arrival = answer.expect("the answer").state.json()["arrival"].clone();
    let digest = |name: &str| serde_json::from_value::<Digest>(arrival[name].clone()).expect("a digest");
    let (wire, payload) = (digest("wire"), digest("payload"));
    let bytes = vn.look().blob(&payload).expect("a look").expect("is kept");
    let filed = Input::ActWith {
        actor: Actor::new("the analyst", ANALYST),
        id: ActId::new("filed"),
        case: CaseId::of("request", "R-2"),
        act: json!({ "act": "notice", "partner": "TH", "need": "what is in our own file" }),
        files: vec![bytes.clone().into()],
    };
    assert!(matches!(vn.give(later(2), &filed).0, Outcome::Act(Ok(_))));
    let (over, ours) = (later(2 * 24 * 60 + 1), CaseId::of("request", "R-1"));
    vn.act(over, &EXCHANGE, &ours, json!({ "act": "destroy", "protocol": "by two people" }))
        .expect("destroys");
    let kept = |digest: &Digest| vn.look().blob(digest).expect("a look");
    assert_eq!((kept(&wire), kept(&payload)), (None, Some(bytes)));
}
