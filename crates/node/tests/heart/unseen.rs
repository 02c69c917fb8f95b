//! Asking without showing, between two nodes: what is learnt, what is not, what is counted, and what is refused.

use customs::agreement::Agreement;
use customs::roles::{ANALYST, EXCHANGE};
use jiff::Timestamp;
use kernel::{ActId, Actor, Attachment, CaseId, Digest, Happening, Refusal};
use node::unseen::{Hidden, calculate};
use node::{Content, Delivered, Delivery, Input, Outcome};
use serde_json::{Value, json};

use crate::town::{Side, carry, later, morning, settle};

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
        let done = calculate(&*side.look(), &hidden, &case).expect("the store answers");
        let (act, files) = done.map_or((None, Vec::new()), |done| (Some(done.act), done.files));
        let files = files.into_iter().map(Content::from).collect();
        side.give(now, &Input::Calculated { key: work.key, case, act, files });
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
    let points = pair.vn.look().blob(&digest_of(&points)).expect("a look").expect("came with it");
    let points = points.as_chunks::<32>().0;
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

fn digest_of(file: &Value) -> Digest {
    Digest::parse(file["digest"].as_str().unwrap_or_default()).unwrap_or_else(|| panic!("a file, not {file}"))
}

impl Pair {
    /// Viet Nam asks about the values of a file.
    fn ask_file(&mut self, key: &str, text: &[u8]) -> (String, Value) {
        let file = Attachment::of("watched.txt", "text/plain", text);
        self.ask_with(key, &file, vec![text.to_vec().into()]).expect("is asked")
    }

    fn ask_with(
        &mut self,
        key: &str,
        file: &Attachment,
        files: Vec<Content>,
    ) -> Result<(String, Value), Refusal> {
        let case = CaseId::of("match-question", key);
        let input = Input::ActWith {
            actor: Actor::new("the analyst", ANALYST),
            id: ActId::new(format!("ask-{key}")),
            case: case.clone(),
            act: json!({ "act": "ask", "partner": "TH", "kind": "container", "file": file, "purpose": "investigation" }),
            files,
        };
        let Outcome::Act(answer) = self.vn.give(morning(), &input).0 else { panic!("an act") };
        answer?;
        self.settle(morning());
        let row = self.vn.look().case(&case).expect("a look").expect("a case");
        Ok((row.summary.stage, row.summary.shown))
    }

    /// Viet Nam's question is at Thailand and evaluated; the answer is on its way.
    fn answer_under_way(&mut self, key: &str, values: &[&str]) -> Delivery {
        let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": values, "purpose": "investigation" });
        self.vn.act(morning(), &ANALYST, &CaseId::of("match-question", key), act).expect("is asked");
        worked(&mut self.vn, morning());
        for posting in self.vn.postings(morning()) {
            carry(morning(), &mut self.vn, &mut self.th, &posting);
        }
        worked(&mut self.th, morning());
        let posting = self.th.postings(morning()).pop().expect("an answer goes");
        self.th.delivery(&posting)
    }
}

/// Everything a side keeps: the bytes of its entries, and those beside them.
fn kept(side: &Side) -> Vec<Vec<u8>> {
    let look = side.look();
    let size = look.size().expect("a size");
    let entries = (0..size).filter_map(|number| look.entry(number).expect("a look"));
    let bytes = |entry: kernel::Entry| {
        let blobs =
            entry.blobs.iter().filter_map(|blob| look.blob(blob).expect("a look")).collect::<Vec<_>>();
        std::iter::once(entry.to_bytes()).chain(blobs)
    };
    entries.flat_map(bytes).collect()
}

fn holds(all: &[Vec<u8>], part: &[u8]) -> bool {
    all.iter().any(|bytes| bytes.windows(part.len()).any(|window| window == part))
}

#[test]
fn points_tags_and_proofs_travel_beside_short_documents_and_are_kept_once() {
    let mut pair = Pair::new(&generous());
    pair.publish("S-1", &HELD);
    assert_eq!(pair.ask("Q-1", &["TEMU1234565", "ABCU0000000"], morning()).1["common"], 1);
    for (side, other, kind, fields) in [
        (&pair.vn, &pair.th, "match-set", &[("tags", 24)][..]),
        (&pair.th, &pair.vn, "match-question", &[("blinded", 64)]),
        (&pair.vn, &pair.th, "match-answer", &[("evaluated", 64), ("proofs", 64)]),
    ] {
        let items = side.cases("received");
        let item = items.into_iter().find(|row| row.summary.shown["kind"] == kind).expect(kind);
        let (_, arrived) = side.look().history(&item.id).expect("a history").remove(0);
        for (field, length) in fields {
            let file = &item.state.json()["document"]["document"][field];
            assert_eq!(file["bytes"], json!(length), "{kind} {field}");
            assert!(arrived.blobs.contains(&digest_of(file)), "the entry of {kind} stands on its {field}");
            for side in [side, other] {
                let bytes = side.look().blob(&digest_of(file)).expect("a look").expect("both keep it");
                assert_eq!(bytes.len(), *length);
            }
        }
    }
}

#[test]
fn bytes_of_a_field_that_is_not_released_stay_at_home() {
    let mut pair = Pair::told(&generous(), &["evaluated"]);
    pair.publish("S-1", &HELD);
    let (stage, shown) = pair.ask("Q-1", &["TEMU1234565"], morning());
    assert_eq!((stage.as_str(), &shown["held_back"]["code"]), ("refused", &json!("match-bytes-missing")));
    let asked = pair.th.look().history(&CaseId::of("match-asked", "VN-Q-1")).expect("a history");
    let answer = asked.iter().find_map(|(_, entry)| match &entry.what {
        Happening::Event { event, .. } => event.get("answer").cloned(),
        _ => None,
    });
    let answer = answer.expect("was evaluated");
    let there = |side: &Side, field: &str| side.look().blob(&digest_of(&answer[field])).expect("a look");
    assert!(there(&pair.th, "proofs").is_some() && there(&pair.th, "evaluated").is_some());
    assert!(there(&pair.vn, "evaluated").is_some(), "what is released comes");
    assert_eq!(there(&pair.vn, "proofs"), None, "what is not released does not travel");
    assert!(!holds(&kept(&pair.vn), digest_of(&answer["proofs"]).to_string().as_bytes()), "nor its name");
}

#[test]
fn own_values_come_from_a_file_and_none_of_them_leaves() {
    let mut pair = Pair::new(&generous());
    pair.publish("S-1", &HELD);
    let text = "temu 123456-5\r\n\nHLXU8888888\nTEMU1234565\nMSCU7654321\n".as_bytes();
    let (stage, shown) = pair.ask_file("Q-1", text);
    assert_eq!((stage.as_str(), &shown["values_asked"]), ("answered", &json!(3)), "{shown}");
    assert_eq!((&shown["common"], &shown["hits"]), (&json!(2), &json!(["temu 123456-5", "MSCU7654321"])));
    let found = pair.vn.look().blob(&digest_of(&shown["all_hits"])).expect("a look");
    assert_eq!(found.as_deref(), Some("temu 123456-5\nMSCU7654321\n".as_bytes()));
    let theirs = kept(&pair.th);
    for secret in ["HLXU8888888", "temu 123456-5", "watched.txt", Digest::of(text).to_string().as_str()] {
        assert!(!holds(&theirs, secret.as_bytes()), "{secret} has left");
    }
    for row in pair.vn.cases("sent") {
        let history = pair.vn.look().history(&row.id).expect("a history");
        let blobs: Vec<Digest> = history.into_iter().flat_map(|(_, entry)| entry.blobs).collect();
        assert!(!blobs.contains(&Digest::of(text)) && !blobs.contains(&digest_of(&shown["all_hits"])));
    }
    let meter = pair.th.look().case(&CaseId::of("match-meter", "VN-TH-match-question")).expect("a look");
    assert_eq!(meter.expect("counts").summary.shown["days"][0]["values_asked"], 3);
}

#[test]
fn a_set_comes_from_a_file_and_tells_no_more_than_one_that_was_typed() {
    let mut pair = Pair::new(&generous());
    let text = "TEMU 123456-5\nMSCU7654321\nmscu7654321\n".as_bytes();
    let file = Attachment::of("held.txt", "text/plain", text);
    let input = Input::ActWith {
        actor: Actor::new("the officer", EXCHANGE),
        id: ActId::new("publish-file"),
        case: CaseId::of("match-set", "S-1"),
        act: json!({ "act": "publish", "partner": "VN", "kind": "container", "values": ["TCLU1111112"], "file": file }),
        files: vec![text.to_vec().into()],
    };
    assert!(matches!(pair.th.give(morning(), &input).0, Outcome::Act(Ok(_))));
    pair.settle(morning());
    let held = pair.vn.look().case(&CaseId::of("match-set", "TH-S-1")).expect("a look").expect("is there");
    assert_eq!(held.summary.shown["size"], 3);
    let asked = pair.ask("Q-1", &["TCLU1111112", "TEMU1234565", "ABCU0000000"], morning()).1;
    assert_eq!(asked["hits"], json!(["TCLU1111112", "TEMU1234565"]));
    assert!(!holds(&kept(&pair.vn), b"MSCU7654321"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let mut pair = Pair::new(&generous());
    pair.publish("S-1", &HELD);
    let many = "A1\n".repeat(1_000_001);
    let table: [(&[u8], &str, &str); 5] = [
        (b"A1\nB\xff\n", "values-line-unreadable", "line 2"),
        (&[b'x'; 2_000], "values-line-too-long", "line 1"),
        (many.as_bytes(), "values-too-many", "over 1000000"),
        (b"\n---\n", "values-too-few", "0"),
        (b"A1\nA2\nA3\nA4\nA5\nA6\nA7\nA8\nA9\nB1\nB2\n", "quota-spent", "values-a-question 11"),
    ];
    for (place, (text, code, reason)) in table.into_iter().enumerate() {
        let (stage, shown) = pair.ask_file(&format!("Q-{place}"), text);
        let seen = (stage.as_str(), &shown["held_back"]["code"], &shown["held_back"]["reason"]);
        assert_eq!(seen, ("refused", &json!(code), &json!(reason)));
    }
    // A file that did not come with the act is none, whatever else of that digest is kept.
    let tags = pair.vn.look().case(&CaseId::of("match-set", "TH-S-1")).expect("a look").expect("is there");
    let tags: Attachment =
        serde_json::from_value(tags.state.json()["paper"]["tags"].clone()).expect("a file");
    for (key, file) in [("Q-n", Attachment::of("n", "text/plain", b"not sent")), ("Q-t", tags)] {
        let refusal = pair.ask_with(key, &file, Vec::new()).expect_err("nobody brought it");
        assert_eq!(refusal.code, "file-not-brought");
    }
    assert!(pair.th.stages("match-asked").is_empty(), "nothing of it left");
}

#[test]
fn of_many_values_in_common_the_first_are_shown_and_all_are_in_a_file() {
    let mut pair = Pair::new(&json!({ "questions-a-day": 5, "values-a-question": 1_000 }));
    let values: Vec<String> = (0..150).map(|number| format!("TEMU{number:07}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    pair.publish("S-1", &values);
    let (stage, shown) = pair.ask("Q-1", &values, morning());
    assert_eq!((stage.as_str(), &shown["common"]), ("answered", &json!(150)));
    assert_eq!(shown["hits"].as_array().map(Vec::len), Some(100));
    let found = pair.vn.look().blob(&digest_of(&shown["all_hits"])).expect("a look").expect("is kept");
    assert_eq!(String::from_utf8_lossy(&found).lines().collect::<Vec<_>>(), values);
    let history = pair.vn.look().history(&CaseId::of("match-question", "Q-1")).expect("a history");
    let (_, opened) = history.last().expect("is opened");
    assert!(opened.blobs.contains(&digest_of(&shown["all_hits"])) && opened.to_bytes().len() < 8_192);
}

/// A message of Thailand's as it came, changed on the way in: what its parts say and what they are.
fn changed(delivery: &Delivery, change: &dyn Fn(&mut Value, &mut Delivery)) -> Delivery {
    let mut changed = delivery.clone();
    let mut paper: Value = serde_json::from_slice(delivery.payload.bytes().expect("short")).expect("JSON");
    change(&mut paper["document"], &mut changed);
    changed.payload = Content::from(serde_json::to_vec(&paper).expect("plain"));
    changed
}

type Change = fn(&mut Value, &mut Delivery);

#[test]
fn an_answer_whose_bytes_are_not_as_it_says_is_refused_with_a_code() {
    let table: [(&str, Change); 7] = [
        ("match-bytes-missing", |_, message| message.attached.clear()),
        ("match-bytes-missing", |said, _| said["proofs"] = Value::Null),
        // It names what we hold for another reason: the set it published itself.
        ("match-bytes-missing", |said, _| said["proofs"]["digest"] = json!(Digest::of(b"our own"))),
        ("match-bytes-length", |said, _| said["evaluated"]["bytes"] = json!(33)),
        ("match-bytes-too-long", |said, _| said["evaluated"]["bytes"] = json!(32_000_032_u64)),
        ("match-bytes-length", |said, message| {
            let longer = vec![7; 65];
            said["proofs"]["digest"] = json!(Digest::of(&longer));
            message.attached[1].content = longer.into();
        }),
        ("match-unreadable", |said, message| {
            let noise = vec![0xff; 32];
            said["evaluated"]["digest"] = json!(Digest::of(&noise));
            message.attached[0].content = noise.into();
        }),
    ];
    for (code, change) in table {
        let mut pair = Pair::new(&generous());
        pair.publish("S-1", &HELD);
        // Bytes of this digest are ours, and did not come with any answer.
        pair.ask_file("Q-own", b"our own");
        let answer = pair.answer_under_way("Q-1", &["TEMU1234565"]);
        let answer = changed(&answer, &change);
        assert_eq!(pair.vn.deliver(morning(), &answer), Delivered::Accepted);
        worked(&mut pair.vn, morning());
        let row = pair.vn.look().case(&CaseId::of("match-question", "Q-1")).expect("a look").expect("a case");
        assert_eq!(row.summary.shown["held_back"]["code"], code, "{}", row.summary.shown);
        assert_eq!(row.summary.stage, "refused");
    }
}

#[test]
fn a_set_whose_bytes_are_not_as_it_says_is_asked_nothing() {
    let table: [(&str, Change); 4] = [
        ("match-bytes-missing", |_, message| message.attached.clear()),
        ("match-bytes-length", |said, _| said["size"] = json!(4)),
        ("match-bytes-length", |said, _| said["tags"]["bytes"] = json!(0)),
        ("match-bytes-too-long", |said, _| said["tags"]["bytes"] = json!(80_000_008)),
    ];
    for (code, change) in table {
        let mut pair = Pair::new(&generous());
        let act = json!({ "act": "publish", "partner": "VN", "kind": "container", "values": HELD });
        pair.th.act(morning(), &EXCHANGE, &CaseId::of("match-set", "S-1"), act).expect("is published");
        worked(&mut pair.th, morning());
        let posting = pair.th.postings(morning()).pop().expect("a set goes");
        let set = changed(&pair.th.delivery(&posting), &change);
        assert_eq!(pair.vn.deliver(morning(), &set), Delivered::Accepted);
        let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": ["A1"], "purpose": "investigation" });
        pair.vn.act(morning(), &ANALYST, &CaseId::of("match-question", "Q-1"), act).expect("is asked");
        worked(&mut pair.vn, morning());
        let row = pair.vn.look().case(&CaseId::of("match-question", "Q-1")).expect("a look").expect("a case");
        assert_eq!(row.summary.shown["held_back"]["code"], code);
        assert_eq!(pair.vn.stages("sent").len(), 0, "nothing is blinded for it");
    }
}

#[test]
fn a_question_whose_bytes_are_not_as_it_says_is_evaluated_by_nobody() {
    let table: [(&str, Change); 4] = [
        ("match-bytes-missing", |_, message| message.attached.clear()),
        ("match-bytes-length", |said, _| said["blinded"]["bytes"] = json!(33)),
        ("values-too-many", |said, _| said["blinded"]["bytes"] = json!(32_000_032)),
        // Counted as two, so that the quota of ten values cannot be passed by saying less than is sent.
        ("match-bytes-length", |said, _| said["blinded"]["bytes"] = json!(64)),
    ];
    for (code, change) in table {
        let mut pair = Pair::new(&generous());
        pair.publish("S-1", &HELD);
        let act = json!({ "act": "ask", "partner": "TH", "kind": "container", "values": ["A1"], "purpose": "investigation" });
        pair.vn.act(morning(), &ANALYST, &CaseId::of("match-question", "Q-1"), act).expect("is asked");
        worked(&mut pair.vn, morning());
        let posting = pair.vn.postings(morning()).pop().expect("a question goes");
        let question = changed(&pair.vn.delivery(&posting), &change);
        assert_eq!(pair.th.deliver(morning(), &question), Delivered::Accepted);
        worked(&mut pair.th, morning());
        let row = pair.th.cases("match-asked").pop().expect("is there");
        assert_eq!(
            (row.summary.stage.as_str(), &row.summary.shown["held_back"]["code"]),
            ("refused", &json!(code))
        );
    }
}
