//! What one arriving document costs the one thread that writes: a heart over a store in a folder, documents of 10 KB with wire
//! bytes of the length a sealed message has, so many to a transaction, each answered with a receipt of usual length in the next
//! one. No sockets, no signatures; documents are read beforehand, as beside the running heart. One JSON object at the end.
//!
//! ```sh
//! cargo run --release -p node --example arrivals -- FOLDER MESSAGES A-TRANSACTION
//! ```

use std::path::PathBuf;
use std::time::Instant;

use customs::agreement::{Agreement, Protection, Way};
use customs::declaration::{Acdd, AcddLine};
use customs::desks::DESKS;
use customs::roles::{DIRECTOR, SECRETARY};
use customs::terms::{Country, HsCode, Party};
use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId, Digest, NodeId, Quantity, Role};
use node::{Content, Delivered, Delivery, Heart, Input, Letters, Outcome, ReadAhead};
use serde_json::{Value, json};
use store::sqlite::Sqlite;

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() {
    let wanted = Wanted::read();
    let us = NodeId::new("VN");
    std::fs::create_dir_all(&wanted.folder).expect("a folder");
    let store = Box::new(Sqlite::open(wanted.folder.join("store.sqlite")).expect("a store"));
    let letters = Box::new(Letters::new(us.clone()));
    let mut heart = Heart::new(us.clone(), DESKS, store, letters).expect("an empty store is a world");
    agree(&mut heart);
    let deliveries: Vec<_> = (0..wanted.messages).map(|number| delivery(&us, number)).collect();
    let (started, before) = (Instant::now(), processor());
    let mut answers = Vec::new();
    for some in deliveries.chunks(wanted.together) {
        let inputs: Vec<_> = answers.drain(..).chain(some.iter().cloned()).collect();
        let worked = heart.work(&Timestamp::now, &inputs.iter().collect::<Vec<_>>()).expect("is kept");
        let taken = worked
            .iter()
            .filter(|one| matches!(one, Ok((Outcome::Deliver(Delivered::Accepted) | Outcome::Answer(_), _))));
        assert_eq!(taken.count(), inputs.len(), "all are let in: {worked:?}");
        answers.extend(some.iter().map(answer));
    }
    let (wall, used) = (started.elapsed().as_secs_f64(), processor() - before);
    let each = |seconds: f64| (seconds * 1e7 / wanted.messages as f64).round() / 10.0;
    let length = std::fs::metadata(wanted.folder.join("store.sqlite")).map_or(0, |found| found.len());
    println!(
        "{}",
        json!({ "messages": wanted.messages, "together": wanted.together, "wall_us": each(wall), "processor_us": each(used),
                "a_second": (wanted.messages as f64 / wall).round(), "store_bytes_each": length / wanted.messages })
    );
}

struct Wanted {
    folder: PathBuf,
    messages: u64,
    together: usize,
}

impl Wanted {
    fn read() -> Self {
        let given: Vec<String> = std::env::args().skip(1).collect();
        let folder = given.first().expect("a folder for the store").into();
        let number = |place: usize, otherwise: u64| {
            given.get(place).map_or(otherwise, |text| text.parse().expect("a number"))
        };
        Self { folder, messages: number(1, 5_000), together: usize::try_from(number(2, 8)).expect("a few") }
    }
}

fn agree(heart: &mut Heart) {
    let agreement: Agreement = serde_json::from_value(agreement()).expect("an agreement");
    let case = CaseId::of("agreement", &agreement.id);
    let acts = [
        (SECRETARY, json!({ "act": "enter", "agreement": agreement })),
        (DIRECTOR, json!({ "act": "approve" })),
    ];
    for (role, act) in acts {
        let taken = heart.work_one(&Timestamp::now, &by(&role, &case, act));
        assert!(matches!(taken, Ok((Outcome::Act(Ok(_)), _))), "the agreement holds: {taken:?}");
    }
}

fn by(role: &Role, case: &CaseId, act: Value) -> Input {
    let actor = Actor::new(role.to_string(), role.clone());
    Input::Act { actor, id: ActId::new(format!("by-{role}")), case: case.clone(), act }
}

/// A document as the rim hands it over.
fn delivery(us: &NodeId, number: u64) -> Input {
    let wire = noise(number, 13_500);
    let mut delivery = Delivery {
        from: NodeId::new("TH"),
        message_id: format!(
            "{number}.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef@th.sampan"
        ),
        kind: "acdd".into(),
        covered: Digest::of(&wire),
        wire: Content::from(wire),
        payload: Content::from(document(number)),
        attached: Vec::new(),
        way: Way::Direct,
        protection: Protection::SignedAndEncrypted,
        suited: None,
        witness: None,
        reading: ReadAhead::default(),
    };
    delivery.reading = ReadAhead::of(us, &delivery);
    Input::Deliver(Box::new(delivery))
}

/// The receipt of a document, as the rim has it kept.
fn answer(delivered: &Input) -> Input {
    let Input::Deliver(delivery) = delivered else { unreachable!("only deliveries are answered") };
    let (from, message_id) = (delivery.from.clone(), delivery.message_id.clone());
    let bytes = noise(u64::from(delivery.covered.as_bytes()[0]) << 32 | message_id.len() as u64, 4_500);
    Input::Answer { from, bytes: [message_id.as_bytes(), &bytes].concat(), message_id }
}

/// Bytes that do not compress, the same for the same number.
fn noise(number: u64, length: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

/// An export declaration document of about 10 KB.
fn document(number: u64) -> Vec<u8> {
    let line = |item_no: u32| AcddLine {
        item_no,
        hs: HsCode::new(&format!("{:06}", 100_000 + (number * 31 + u64::from(item_no) * 7_919) % 860_000))
            .ok(),
        quantity: Some(Quantity::new((u64::from(item_no) * 1_237 + number % 997).into(), "KGM")),
        origin: Some(Country::new("TH")),
    };
    let acdd = Acdd {
        version: 1,
        reference: format!("TH-{number}-1"),
        country: Country::new("TH"),
        number: format!("TH-2026-{number:08}"),
        exporter: Party::named(format!("Exporter {} Co., Ltd.", number % 1_009)),
        consignee: Party::named(format!("Consignee {} JSC", number % 1_013)),
        lines: (1..=24).map(line).collect(),
        ..Acdd::default()
    };
    formats::write_acdd(&acdd)
}

fn agreement() -> Value {
    json!({ "id": "MEASURE", "title": "One lane for measurements", "parties": ["TH", "VN"], "route": "ministry",
        "source": "made for the measurement", "from": "2024-01-01", "term": [{
            "id": "1", "kind": "acdd", "from": "TH", "to": "VN", "lane": "live",
            "fields": ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"],
            "purposes": ["risk-assessment"], "handling": "h0", "consent": "not-needed", "onward": "never",
            "keep": "24h", "delivery": { "waits": ["1s"] }, "escalation": [] }] })
}

/// Processor time of this process so far, in seconds.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
