//! Failures of the machine and of our own: what they take down with them, and what not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use customs::roles::SECRETARY;
use kernel::desk::TableLine;
use kernel::{ActId, Actor, AnyAct, AnyEvent, CaseId, Desk, Facts, Refusal, Role, State, Summary, Taken};
use node::{Delivered, Input};
use serde_json::{Value, json};
use store::sqlite::Sqlite;
use store::{Change, Failure, LongBlobs, Look, Store};

use crate::town::{Side, agreement, carry, export, morning};

/// A store whose next transactions fail at the disk, as many as it is told.
struct Flaky {
    inner: Sqlite,
    failing: Arc<AtomicU32>,
}

impl Store for Flaky {
    fn change(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let fails = self.failing.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        self.inner.change(&mut |change| {
            work(change)?;
            match fails {
                Ok(_) => Err(Failure::Engine { doing: "commit", cause: "the disk is full".into() }),
                Err(_) => Ok(()),
            }
        })
    }

    fn look(&self) -> Result<Box<dyn Look + Send>, Failure> {
        self.inner.look()
    }

    fn long_blobs(&self) -> LongBlobs {
        self.inner.long_blobs()
    }

    fn rest(&mut self) -> Result<(), Failure> {
        self.inner.rest()
    }
}

fn flaky(id: &str) -> (Side, Arc<AtomicU32>) {
    let failing = Arc::new(AtomicU32::new(0));
    let inner = Sqlite::in_memory().expect("a store in memory");
    let store = Flaky { inner, failing: Arc::clone(&failing) };
    (Side::over(id, customs::desks::DESKS, Box::new(store)), failing)
}

fn act(role: Role, id: &str, act: Value) -> Input {
    let case = CaseId::of("agreement", agreement().id);
    Input::Act { actor: Actor::new(format!("the {role}"), role), id: ActId::new(id), case, act }
}

#[test]
fn a_batch_that_fails_as_a_whole_is_tried_singly() {
    let (mut vn, failing) = flaky("VN");
    let keep = |key: &str| Input::Keep { key: key.into(), value: Some(b"x".to_vec()) };
    failing.store(1, Ordering::Relaxed);
    let worked = vn.heart.work_each(&morning, &[&keep("a"), &keep("b")]);
    assert!(worked.iter().all(Result::is_ok), "{worked:?}");
    assert_eq!(vn.look().kept_keys("").expect("a look"), ["a", "b"]);
}

#[test]
fn memory_does_not_run_ahead_of_a_disk_that_failed() {
    let (mut vn, failing) = flaky("VN");
    let mut th = Side::new("TH");
    th.agree(morning(), &agreement());
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let enter = act(SECRETARY, "1", json!({ "act": "enter", "agreement": agreement() }));
    vn.give(morning(), &enter);
    failing.store(1, Ordering::Relaxed);
    let approve = act(customs::roles::DIRECTOR, "2", json!({ "act": "approve" }));
    vn.heart.work_one(&morning, &approve).expect_err("the disk is full");
    assert!(!vn.heart.beats());
    let posting = th.postings(morning()).remove(0);
    let refused = carry(morning(), &mut th, &mut vn, &posting);
    assert!(matches!(refused, Delivered::Refused(_)), "the agreement never entered into force: {refused:?}");
    vn.give(morning(), &approve);
    assert_eq!(vn.deliver(morning(), &th.delivery(&posting)), Delivered::Accepted);
}

/// A desk with a mistake in it.
struct Mistaken;

impl Desk for Mistaken {
    fn name(&self) -> &'static str {
        "mistaken"
    }

    fn offers(&self, _state: Option<&State>, _role: &Role) -> Vec<&'static str> {
        vec!["divide"]
    }

    fn take(&self, _state: Option<&State>, _act: &AnyAct, _facts: &Facts<'_>) -> Result<Taken, Refusal> {
        panic!("divided by zero")
    }

    fn replay(&self, _events: &[AnyEvent]) -> Result<(Value, Summary), Refusal> {
        Err(Refusal::new("event-unreadable", ""))
    }

    fn table(&self) -> Vec<TableLine> {
        Vec::new()
    }
}

static MISTAKEN: &[&dyn Desk] = &[&Mistaken];

#[test]
fn a_mistake_in_an_area_fails_its_own_input_and_no_other() {
    let store = Sqlite::in_memory().expect("a store in memory");
    let mut vn = Side::over("VN", MISTAKEN, Box::new(store));
    let keep = |key: &str| Input::Keep { key: key.into(), value: Some(b"x".to_vec()) };
    let divide = Input::Act {
        actor: Actor::new("s", SECRETARY),
        id: ActId::new("1"),
        case: CaseId::of("mistaken", "1"),
        act: json!({ "act": "divide" }),
    };
    let worked = vn.heart.work_each(&morning, &[&keep("a"), &divide, &keep("b")]);
    assert!(worked[0].is_ok() && worked[1].is_err() && worked[2].is_ok(), "{worked:?}");
    assert!(vn.heart.beats());
    assert_eq!(vn.look().kept_keys("").expect("a look"), ["a", "b"]);
}

#[test]
fn nobody_takes_an_id_that_follows_from_another_act() {
    let mut vn = Side::new("VN");
    let enter = act(SECRETARY, "other-act#1", json!({ "act": "enter", "agreement": agreement() }));
    let (outcome, _) = vn.give(morning(), &enter);
    let node::Outcome::Act(Err(refusal)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.code, "id-malformed");
}
