//! What every chapter of the story uses: changes that must be made or refused, and things to keep.

use jiff::{SignedDuration, Timestamp};
use kernel::{ActId, Actor, CaseId, Entry, Happening, Reference, Refusal, Role, Severity, Summary};
use serde_json::{Value, json};

use crate::{Change, Failure, Look, Store, Work};

/// Ten open and two closed cases of desk `finding`, one case of desk `item`; case n is changed by entry n.
pub(super) fn many_cases(store: &mut dyn Store) {
    let severities =
        [None, Some(Severity::Note), Some(Severity::Warning), Some(Severity::Error), Some(Severity::Fatal)];
    change(store, |change| {
        for number in 0..12_u8 {
            let summary = Summary {
                stage: ["open", "at-gate", "decided"][usize::from(number % 3)].into(),
                title: format!("Consignment {number} ĐÀ NẴNG"),
                partner: ["TH", "LA"][usize::from(number % 2)].into(),
                lane: ["TH-VN acdd", "LA-VN acdd"][usize::from(number % 2)].into(),
                rung: number % 7,
                due: (number % 4 != 0).then(|| moment(100 - i64::from(number % 5))),
                severity: severities[usize::from(number % 5)],
                closed: number >= 10,
                references: vec![
                    Reference::new("container", format!("TEMU{}", number % 4)),
                    Reference::new("declaration", format!("10{number}")),
                ],
                shown: json!({"number": number}),
            };
            put(change, &CaseId::of("finding", number), &json!({"number": number}), &summary)?;
        }
        put(change, &CaseId::of("item", 12), &json!({"number": 12}), &summary("open", "an item")).map(drop)
    });
}

pub(super) fn look(store: &dyn Store) -> Box<dyn Look + Send> {
    store.look().expect("gives a view")
}

pub(super) fn change(store: &mut dyn Store, mut work: impl FnMut(&mut dyn Change) -> Result<(), Failure>) {
    store.change(&mut work).expect("the change is made");
}

pub(super) fn refused_change(
    store: &mut dyn Store,
    mut work: impl FnMut(&mut dyn Change) -> Result<(), Failure>,
) -> Failure {
    store.change(&mut work).expect_err("the change is refused")
}

pub(super) fn moment(second: i64) -> Timestamp {
    let start = Timestamp::from_second(1_790_000_000).expect("is a moment");
    start + SignedDuration::new(second, 123_456_789)
}

fn officer() -> Actor {
    Actor::new("officer-1", Role::named("gate-officer"))
}

pub(super) fn event(case: &str, act: &str, event: impl Into<Value>) -> Entry {
    let what = Happening::Event { act: ActId::new(act), name: "open".into(), event: event.into().into() };
    Entry { at: moment(0), actor: officer(), case: CaseId::new(case), what, blobs: Vec::new() }
}

pub(super) fn refusal(case: &str, act: &str) -> Entry {
    let refusal = Refusal::new("not-offered", "gate-officer close at open");
    let what = Happening::Refused { act: ActId::new(act), name: "close".into(), refusal };
    Entry { what, ..event(case, act, 0) }
}

pub(super) fn summary(stage: &str, title: &str) -> Summary {
    Summary { stage: stage.into(), title: title.into(), ..Summary::default() }
}

/// Appends an entry on the case and keeps the case as it stands after it.
pub(super) fn put(
    change: &mut dyn Change,
    id: &CaseId,
    state: &Value,
    summary: &Summary,
) -> Result<u64, Failure> {
    let size = change.size()?;
    let number = change.append(&event(id.as_str(), &size.to_string(), size))?;
    change.put_case(id, &state.clone().into(), summary, number)?;
    Ok(number)
}

pub(super) fn work(key: &str, at: Timestamp) -> Work {
    Work { key: key.into(), sort: "wake".into(), at, attempts: 0, body: json!({"case": key}) }
}
