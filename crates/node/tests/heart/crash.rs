//! Crashes and retries: whatever is lost between two steps, nothing is lost and nothing doubled.

use kernel::NodeId;
use node::{Delivered, Input, Outcome, Retry};

use crate::town::{carry, export, later, morning, receipt, town};

#[test]
fn a_crash_before_the_receipt_left_costs_a_retry_and_nothing_else() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    let delivery = th.delivery(&posting);
    assert_eq!(
        vn.deliver(morning(), &delivery),
        Delivered::Accepted,
        "on the disk, and then the power fails"
    );
    th.give(
        morning(),
        &Input::Undelivered { case: posting.case.clone(), code: "EBMS:0005".into(), retry: Retry::MayHelp },
    );
    assert!(th.postings(morning()).is_empty(), "not before the schedule says so");
    let again = th.postings(later(1)).remove(0);
    assert_eq!(again, posting, "the same bytes");
    assert_eq!(carry(later(1), &mut th, &mut vn, &again), Delivered::Accepted);
    assert_eq!(th.stage(&posting.case), "receipted");
    assert_eq!(vn.cases("received").len(), 1);
}

#[test]
fn the_first_answer_that_was_kept_counts() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let delivery = th.delivery(&th.postings(morning()).remove(0));
    vn.deliver(morning(), &delivery);
    let answer = |bytes: &[u8]| Input::Answer {
        from: NodeId::new("TH"),
        message_id: delivery.message_id.clone(),
        bytes: bytes.to_vec(),
    };
    let first = receipt(&delivery);
    assert_eq!(vn.give(morning(), &answer(&first)).0, Outcome::Answer(first.clone()));
    assert_eq!(vn.give(later(1), &answer(b"another")).0, Outcome::Answer(first));
}

#[test]
fn tries_end_by_the_schedule_and_the_item_fails() {
    let (mut th, _) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let case = th.postings(morning()).remove(0).case;
    let failed = Input::Undelivered { case: case.clone(), code: "EBMS:0005".into(), retry: Retry::MayHelp };
    for (minute, stage) in [(0, "queued"), (1, "queued"), (11, "failed")] {
        assert_eq!(th.postings(later(minute)).len(), 1, "minute {minute}");
        th.give(later(minute), &failed);
        assert_eq!(th.stage(&case), stage, "minute {minute}");
    }
    assert!(th.postings(later(600)).is_empty());
}

#[test]
fn an_act_taken_twice_happens_once() {
    let (mut th, _) = town();
    let input = Input::Act {
        actor: kernel::Actor::new("s", customs::roles::SECRETARY),
        id: kernel::ActId::new("a-1"),
        case: kernel::CaseId::of("agreement", "OTHER"),
        act: serde_json::json!({ "act": "enter", "agreement": customs::agreement::Agreement {
            id: "OTHER".into(), ..crate::town::agreement() } }),
    };
    let first = th.give(morning(), &input);
    let size = th.look().size().expect("a size");
    let (Outcome::Act(Ok(again)), _) = th.give(later(1), &input) else { panic!("answered alike") };
    assert_eq!(again.again, node::Again::Repeated);
    let (Outcome::Act(Ok(first)), _) = first else { panic!("taken") };
    assert_eq!((again.summary, again.entry), (first.summary, first.entry));
    assert_eq!(th.look().size().expect("a size"), size);
}

#[test]
fn an_obligation_nobody_meets_escalates_by_the_clock_alone() {
    let (mut th, _) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    th.wake(later(10));
    let stage = |side: &crate::town::Side| side.cases("obligation").remove(0).summary.stage;
    assert_eq!(stage(&th), "due");
    th.wake(later(12));
    assert_eq!(stage(&th), "late", "no receipt after all waits");
    let size = th.look().size().expect("a size");
    th.wake(later(13));
    assert_eq!(th.look().size().expect("a size"), size, "it fires once");
}

#[test]
fn a_refused_act_of_a_person_is_in_the_record() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    crate::town::settle(morning(), &mut th, &mut vn);
    let item = vn.cases("received").remove(0).id;
    let act = serde_json::json!({ "act": "see", "purpose": "statistics" });
    let refused = vn.act(later(1), &customs::roles::ANALYST, &item, act).expect_err("not this purpose");
    assert_eq!(refused, "purpose-not-allowed");
    let (_, entry) = vn.look().history(&item).expect("a history").pop().expect("an entry");
    assert!(matches!(entry.what, kernel::Happening::Refused { .. }), "{entry:?}");
}

#[test]
fn an_input_that_cannot_be_kept_is_undone_alone() {
    let (mut th, _) = town();
    let good = Input::Keep { key: "a".into(), value: Some(b"1".to_vec()) };
    let bad =
        Input::Answer { from: NodeId::new("VN"), message_id: "never claimed".into(), bytes: b"x".to_vec() };
    let last = Input::Keep { key: "b".into(), value: Some(b"2".to_vec()) };
    let worked = th.heart.work_each(&morning, &[&good, &bad, &last]);
    assert!(worked[0].is_ok() && worked[1].is_err() && worked[2].is_ok(), "{worked:?}");
    let look = th.look();
    let kept = |key: &str| look.kept(key).expect("a look");
    assert_eq!((kept("a"), kept("b")), (Some(b"1".to_vec()), Some(b"2".to_vec())));
}
