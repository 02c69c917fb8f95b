//! A series of changes that touches every table, always the same, and the procedure that its cases follow.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    ActId, Actor, AnyEvent, CaseId, Digest, Edition, EditionHead, Entry, Happening, Reference, Role, Row,
    Severity, Summary,
};
use serde_json::{Value, json};
use store::{Blob, Change, Failure, Look, Pending, Store, Work, story};

/// Takes the change of this number, from 0.
pub(crate) fn take(store: &mut dyn Store, step: u64) -> Result<(), Failure> {
    take_ahead(store, step)?.wait()
}

/// Takes the change of this number ahead of the disk.
pub(crate) fn take_ahead(store: &mut dyn Store, step: u64) -> Result<Pending, Failure> {
    store.change_ahead(&mut |change| step_of(change, step))
}

/// How many changes the store has taken.
pub(crate) fn taken(view: &dyn Look) -> u64 {
    let steps = view.kept("steps").expect("answers");
    steps.map_or(0, |bytes| u64::from_be_bytes(bytes.try_into().expect("eight bytes")))
}

/// Everything a store holds, as one value to compare.
pub(crate) fn all(view: &dyn Look) -> Value {
    let messages = (0..taken(view) + 2).map(|step| {
        let state = view.message("TH", &format!("message-{step}")).expect("answers")?;
        let blobs = [Some(state.digest), state.answer].map(|digest| {
            let bytes = digest.and_then(|digest| view.blob(&digest).expect("answers"));
            bytes.map(|bytes| bytes.len())
        });
        Some(json!([state.accepted, state.digest, state.answer, blobs]))
    });
    json!({"steps": taken(view), "messages": messages.collect::<Vec<_>>(), "all": story::everything(view)})
}

/// What a store holds after this many changes when nothing ever went wrong.
pub(crate) fn expected(steps: u64) -> Value {
    let mut store = store::sqlite::Sqlite::in_memory().expect("opens");
    (0..steps).for_each(|step| take(&mut store, step).expect("is taken"));
    all(&*store.look().expect("gives a view"))
}

fn step_of(change: &mut dyn Change, step: u64) -> Result<(), Failure> {
    let bytes = bytes_of(step);
    let digest = match step % 2 {
        0 => change.keep_blob(&bytes)?,
        _ => change.keep_made_blob(&Blob::folded(bytes.clone(), story::gzip(&bytes)))?,
    };
    let case = CaseId::of("item", step % 37);
    change.claim("TH", &format!("message-{step}"), &digest)?;
    happen(change, &case, step, vec![digest])?;
    if step.is_multiple_of(3) {
        happen(change, &case, step, Vec::new())?;
        change.mark()?;
        happen(change, &CaseId::of("finding", step), step, Vec::new())?;
        if step.is_multiple_of(2) { change.undo()? } else { change.settle()? }
    }
    change.put_work(&Work {
        key: format!("wake-{}", step % 11),
        sort: "wake".into(),
        at: at(step),
        attempts: 0,
        body: json!({"step": step}),
    })?;
    change.drop_work(&format!("wake-{}", step * 7 % 11))?;
    change.keep(&format!("seen/{}", step % 5), Some(&step.to_be_bytes()))?;
    change.keep("steps", Some(&(step + 1).to_be_bytes()))?;
    if step % 10 == 4 {
        change.publish(&edition(step))?;
    }
    let answer = change.keep_blob(format!("answer {step}").as_bytes())?;
    change.accept("TH", &format!("message-{step}"), Some(&answer))
}

/// An event happens on the case and the case is kept as its events give it.
fn happen(change: &mut dyn Change, case: &CaseId, step: u64, blobs: Vec<Digest>) -> Result<(), Failure> {
    let stage = ["open", "read", "told"][step as usize % 3];
    let event = json!({"step": step, "stage": stage}).into();
    let act = ActId::new(format!("act-{step}"));
    let what = Happening::Event { act, name: "move".into(), event };
    let actor = Actor::new("officer-1", Role::named("gate-officer"));
    let number = change.append(&Entry { at: at(step), actor, case: case.clone(), what, blobs })?;
    let events = change.history(case)?.into_iter().filter_map(|(_, entry)| match entry.what {
        Happening::Event { event, .. } => Some(event),
        _ => None,
    });
    let (state, summary) = replay(case.desk(), &events.collect::<Vec<_>>()).expect("own events");
    change.put_case(case, &state.into(), &summary, number)
}

/// Folds the events of a case.
pub(crate) fn replay(desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
    let last = events.last()?;
    let step = last["step"].as_u64()?;
    let summary = Summary {
        stage: last["stage"].as_str()?.into(),
        title: format!("Lô hàng {step}"),
        partner: "TH".into(),
        lane: "TH-VN acdd".into(),
        rung: (step % 7) as u8,
        due: step.is_multiple_of(2).then(|| at(step)),
        severity: step.is_multiple_of(5).then_some(Severity::Error),
        closed: step % 3 == 2,
        references: vec![
            Reference::new("container", format!("TEMU{}", step % 50)),
            Reference::new("desk", desk),
        ],
        shown: json!({"step": step}),
    };
    Some((json!({"events": events.len(), "last": last}), summary))
}

fn edition(step: u64) -> Edition {
    let digest = Digest::of(&step.to_be_bytes());
    let head =
        EditionHead { book: "rates".into(), name: format!("{step}"), source: "own fixture".into(), digest };
    let row = |key: u64| Row {
        key: format!("{key:04}"),
        from: jiff::civil::date(2024, 1, 1),
        until: None,
        value: json!(step + key),
    };
    Edition { head, rows: (0..20).map(row).collect() }
}

/// Up to 9,000 bytes that look like nothing.
fn bytes_of(step: u64) -> Vec<u8> {
    let digest = Digest::of(&step.to_le_bytes());
    let length = step.wrapping_mul(2_654_435_761) % 9_000;
    digest.as_bytes().iter().copied().cycle().take(length as usize).collect()
}

fn at(step: u64) -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a moment") + SignedDuration::from_secs(step as i64)
}
