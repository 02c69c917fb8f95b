//! Asking without showing, between two nodes: what is learnt, what is not, what is counted, and what is refused.

use customs::agreement::Agreement;
use customs::roles::{ANALYST, EXCHANGE};
use jiff::Timestamp;
use kernel::CaseId;
use node::Input;
use node::unseen::{Hidden, calculate};
use serde_json::{Value, json};

use crate::town::{Side, later, morning, settle};

const HELD: [&str; 3] = ["TEMU 123456-5", "MSCU7654321", "TCLU1111112"];

/// An agreement under which Viet Nam may ask Thailand so much.
fn agreement(quotas: &Value, told: &[&str]) -> Agreement {
    let term = |id: &str, kind: &str, from: &str, to: &str, fields: Value, quotas: &Value| {
        json!({ "id": id, "kind": kind, "from": from, "to": to, "lane": "live", "fields": fields,
            "purposes": ["investigation"], "handling": "h2", "consent": "not-needed", "onward": "never",
            "keep": "30d", "delivery": { "waits": ["30s"] }, "clocks": { "answer": "2h" }, "quotas": quotas,
            "escalation": [{ "after": "1s", "role": "exchange-officer" }] })
    };
    let none = json!({});
    serde_json::from_value(
        json!({ "id": "UNSEEN-VN-TH", "title": "Asking without showing", "parties": ["VN", "TH"],
        "route": "ministry", "source": "a test's own", "from": "2026-01-01", "term": [
            term("1", "match-set", "TH", "VN", json!(["tags", "points"]), &none),
            term("2", "match-question", "VN", "TH", json!(["blinded"]), quotas),
            term("3", "match-answer", "TH", "VN", json!(told), &none),
        ] }),
    )
    .expect("an agreement")
}

struct Pair {
    vn: Side,
    th: Side,
}

impl Pair {
    fn new(quotas: &Value) -> Self {
        Self::told(quotas, &["evaluated", "proofs", "reordered"])
    }

    /// Under an agreement by which answers tell only this.
    fn told(quotas: &Value, told: &[&str]) -> Self {
        let (mut vn, mut th) = (Side::new("VN"), Side::new("TH"));
        let agreement = agreement(quotas, told);
        vn.agree(morning(), &agreement);
        th.agree(morning(), &agreement);
        Self { vn, th }
    }

    /// Thailand publishes a set of these containers.
    fn publish(&mut self, key: &str, values: &[&str]) -> CaseId {
        let case = CaseId::of("match-set", key);
        self.publish_for("which", &case, values)
    }

    fn publish_for(&mut self, wants: &str, case: &CaseId, values: &[&str]) -> CaseId {
        let act = json!({ "act": "publish", "partner": "VN", "kind": "container", "values": values, "wants": wants });
        self.th.act(morning(), &EXCHANGE, case, act).expect("is published");
        self.settle(morning());
        case.clone()
    }

    fn ask(&mut self, key: &str, values: &[&str], now: Timestamp) -> (String, Value) {
        self.ask_for("which", key, values, now)
    }

    fn ask_for(&mut self, wants: &str, key: &str, values: &[&str], now: Timestamp) -> (String, Value) {
        let case = CaseId::of("match-question", key);
        let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": values,
                          "purpose": "investigation", "wants": wants });
        self.vn.act(now, &ANALYST, &case, act).expect("is asked");
        self.settle(now);
        let row = self.vn.look().case(&case).expect("a look").expect("a case");
        (row.summary.stage, row.summary.shown)
    }

    /// Calculates and carries until nothing is left.
    fn settle(&mut self, now: Timestamp) {
        for _ in 0..6 {
            let busy = [&mut self.vn, &mut self.th].into_iter().any(|side| worked(side, now));
            settle(now, &mut self.vn, &mut self.th);
            if !busy {
                return;
            }
        }
        panic!("the two never stop calculating");
    }
}

/// Has a side do its calculations, as its rim would; says whether there were any.
fn worked(side: &mut Side, now: Timestamp) -> bool {
    let hidden = Hidden::of(side.id.as_str().as_bytes());
    let due = side.look().due(now, 100).expect("a list");
    let mut busy = false;
    for work in due.into_iter().filter(|work| work.sort == "unseen") {
        let case = CaseId::new(work.body["case"].as_str().expect("a case"));
        let act = calculate(&*side.look(), &hidden, &case).expect("the store answers");
        side.give(now, &Input::Calculated { key: work.key, case, act });
        busy = true;
    }
    busy
}

fn generous() -> Value {
    json!({ "questions-a-day": 50, "values-a-question": 10 })
}

#[test]
fn only_what_both_hold_becomes_known_and_only_to_the_asker() {
    let mut pair = Pair::new(&generous());
    pair.publish("S-1", &HELD);
    let (stage, shown) = pair.ask("Q-1", &["temu1234565", "ABCU0000000", "TCLU 111111 2"], morning());
    assert_eq!((stage.as_str(), &shown["hits"]), ("answered", &json!(["temu1234565", "TCLU 111111 2"])));
    assert_eq!((&shown["common"], &shown["values_asked"]), (&json!(2), &json!(3)));
    // Nothing of the holder's record or messages says what was asked; nothing of the asker's what else is held.
    let seen = |side: &Side, desk: &str| {
        side.cases(desk).iter().map(|row| row.state.to_text().to_uppercase()).collect::<String>()
    };
    let holder: String =
        ["received", "match-asked", "match-meter", "sent"].map(|desk| seen(&pair.th, desk)).concat();
    for value in ["ABCU0000000", "CONTAINER:ABCU"] {
        assert!(!holder.contains(value), "the holder has seen {value}");
    }
    let asker: String = ["received", "match-set", "match-question"].map(|desk| seen(&pair.vn, desk)).concat();
    assert!(!asker.contains("7654321"), "the asker has seen what it does not hold");
    let met = CaseId::of("obligation", "answer-match/match-question/Q-1");
    assert_eq!(pair.vn.stage(&met), "met");
}

#[test]
fn both_sides_count_and_record_a_question() {
    let mut pair = Pair::new(&generous());
    pair.publish("S-1", &HELD);
    pair.ask("Q-1", &["TEMU1234565"], morning());
    let meter = CaseId::of("match-meter", "VN-TH-match-question");
    for side in [&pair.vn, &pair.th] {
        let row = side.look().case(&meter).expect("a look").expect("both count");
        assert_eq!(
            row.summary.shown["days"],
            json!([{ "day": "2026-11-22", "questions": 1, "values_asked": 1 }])
        );
    }
    assert_eq!(pair.th.stages("match-asked").len(), 1);
}

/// Whoever tries every number there is comes as far as the quota, at home and at the partner's, whatever the own node says.
#[test]
fn trying_every_number_ends_at_the_quota() {
    let mut pair = Pair::new(&json!({ "questions-a-day": 3, "values-a-question": 2, "values-a-day": 5 }));
    pair.publish("S-1", &HELD);
    let mut refused = Vec::new();
    for number in 0..6 {
        let values = [format!("TEMU{:07}", number * 2), format!("TEMU{:07}", number * 2 + 1)];
        let (stage, shown) = pair.ask(&format!("Q-{number}"), &[&values[0], &values[1]], morning());
        if stage == "refused" {
            refused.push((number, shown["held_back"]["code"].clone()));
        }
    }
    let spent = |number| (number, json!("quota-spent"));
    assert_eq!(
        refused,
        [spent(2), spent(3), spent(4), spent(5)],
        "two questions of two values, then no more"
    );
    assert_eq!(pair.th.stages("match-asked").len(), 2, "what is refused at home does not leave");
    let long = ["A1", "A2", "A3"];
    assert_eq!(pair.ask("Q-long", &long, later(24 * 60)).0, "refused");
    assert_eq!(pair.ask("Q-next", &["A1"], later(24 * 60)).0, "answered", "the next day has its own quota");
    // An asker that leaves its own count out is counted by the holder all the same.
    let meter = CaseId::of("match-meter", "VN-TH-match-question");
    let purpose = "investigation";
    for number in 0..4 {
        let question = json!({ "reference": format!("F-{number}"), "set": "S-1", "purpose": purpose,
            "blinded": ["e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"] });
        let case = CaseId::of("match-asked", format_args!("VN-F-{number}"));
        let act =
            json!({ "act": "arrive", "question": question, "from": "VN", "to": "TH", "item": "received/f" });
        let input = Input::Act {
            actor: kernel::Actor::node("TH"),
            id: kernel::ActId::new(format!("f{number}")),
            case,
            act,
        };
        pair.th.give(later(48 * 60), &input);
        pair.settle(later(48 * 60));
    }
    let row = pair.th.look().case(&meter).expect("a look").expect("counts");
    assert_eq!(row.summary.shown["turned_away"], 1);
    assert_eq!(row.summary.shown["last"]["code"], "quota-spent");
}

#[test]
fn no_quota_no_purpose_no_set_no_answer() {
    let mut none = Pair::new(&json!({}));
    none.publish("S-1", &HELD);
    assert_eq!(none.ask("Q-1", &["A1"], morning()).1["held_back"]["code"], "quota-missing");
    let mut pair = Pair::new(&generous());
    assert_eq!(pair.ask("Q-1", &["A1"], morning()).1["held_back"]["code"], "set-missing");
    let set = pair.publish("S-1", &HELD);
    let case = CaseId::of("match-question", "Q-2");
    let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": ["A1"], "purpose": "statistics" });
    pair.vn.act(morning(), &ANALYST, &case, act).expect("is asked");
    pair.settle(morning());
    let row = pair.vn.look().case(&case).expect("a look").expect("a case");
    assert_eq!(row.summary.shown["held_back"]["code"], "purpose-not-allowed");
    pair.th
        .act(morning(), &EXCHANGE, &set, json!({ "act": "withdraw", "reason": "a new edition" }))
        .expect("ends");
    assert_eq!(pair.ask("Q-3", &["A1"], morning()).1["held_back"]["code"], "set-not-published");
}

const TEN: [&str; 10] = [
    "TEMU1234565",
    "AAAU0000001",
    "AAAU0000002",
    "MSCU7654321",
    "AAAU0000003",
    "AAAU0000004",
    "AAAU0000005",
    "AAAU0000006",
    "AAAU0000007",
    "AAAU0000008",
];

#[test]
fn how_many_both_hold_becomes_known_and_not_which() {
    let mut pair = Pair::new(&generous());
    pair.publish_for("how-many", &CaseId::of("match-set", "S-1"), &HELD);
    let (stage, shown) = pair.ask_for("how-many", "Q-1", &TEN, morning());
    assert_eq!((stage.as_str(), &shown["common"], &shown["hits"]), ("answered", &json!(2), &json!([])));
    // What came back stands in no order of ours: each point alone says nothing of which value it was.
    let answer =
        pair.vn.cases("received").into_iter().find(|row| row.summary.shown["kind"] == "match-answer");
    let points = answer.expect("came").state.json()["document"]["document"]["reordered"].clone();
    let points: Vec<String> = serde_json::from_value(points).expect("points");
    assert!(points.len() == TEN.len() && points.is_sorted(), "{points:?}");
    // A set for the one question does not answer the other.
    assert_eq!(pair.ask("Q-2", &TEN, morning()).1["held_back"]["code"], "set-missing");
}

#[test]
fn the_term_says_whether_which_or_only_how_many_is_told() {
    let mut counts = Pair::told(&generous(), &["reordered"]);
    counts.publish("S-1", &HELD);
    counts.publish_for("how-many", &CaseId::of("match-set", "S-2"), &HELD);
    assert_eq!(counts.ask("Q-1", &TEN, morning()).1["held_back"]["code"], "variant-not-allowed");
    assert_eq!(counts.ask_for("how-many", "Q-2", &TEN, morning()).1["common"], 2);
    let mut tells = Pair::told(&generous(), &["evaluated", "proofs"]);
    tells.publish_for("how-many", &CaseId::of("match-set", "S-1"), &HELD);
    assert_eq!(
        tells.ask_for("how-many", "Q-1", &TEN, morning()).1["held_back"]["code"],
        "variant-not-allowed"
    );
}

#[test]
fn of_too_few_values_how_many_would_say_which() {
    let mut pair = Pair::new(&generous());
    let case = CaseId::of("match-question", "Q-1");
    let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": ["A1", "A2"],
                      "purpose": "investigation", "wants": "how-many" });
    assert_eq!(pair.vn.act(morning(), &ANALYST, &case, act), Err("values-too-few".into()));
}
