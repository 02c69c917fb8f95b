//! The loop: shared, arrived, readable, linked, decided, told.

use customs::roles::{DIRECTOR, GATE};
use kernel::CaseId;
use serde_json::json;

use crate::town::{Side, carry, export, import, later, morning, settle, town};

fn stages(side: &Side, desk: &str) -> Vec<String> {
    side.stages(desk).into_iter().map(|(stage, _)| stage).collect()
}

#[test]
fn an_export_is_shared_arrives_is_read_and_the_giver_hears_so() {
    let (mut th, mut vn) = town();
    let report = th.import(morning(), vec![export("TH-1", 20_000)]);
    assert_eq!(report.taken.len(), 1, "{report:?}");
    assert_eq!(th.stages("declaration"), [("shared".to_owned(), "TH-1".to_owned())]);
    settle(morning(), &mut th, &mut vn);
    assert_eq!(vn.stages("received"), [("readable".to_owned(), "TH-1".to_owned())]);
    let sent: Vec<_> = th.cases("sent").into_iter().map(|row| row.summary).collect();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].stage.as_str(), sent[0].rung), ("answered", 2), "{sent:?}");
}

#[test]
fn an_import_is_tied_to_what_the_giver_said_whichever_came_first() {
    for import_first in [true, false] {
        let (mut th, mut vn) = town();
        let own = vec![import("VN-7", "TH-1", 20_000)];
        if import_first {
            vn.import(morning(), own.clone());
        }
        th.import(morning(), vec![export("TH-1", 20_000)]);
        settle(morning(), &mut th, &mut vn);
        if !import_first {
            vn.import(morning(), own);
        }
        assert_eq!(vn.stages("consignment"), [("matched".to_owned(), "VN-7".to_owned())], "{import_first}");
        assert_eq!(stages(&vn, "received"), ["linked"], "{import_first}");
        assert_eq!(stages(&vn, "finding"), Vec::<String>::new(), "{import_first}");
    }
}

#[test]
fn a_shortfall_goes_from_gate_to_verdict_to_the_giver() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 26_000)]);
    assert_eq!(stages(&vn, "consignment"), ["flagged"]);
    let finding = vn.cases("finding").remove(0);
    assert_eq!(finding.summary.stage, "raised", "{:?}", finding.summary);
    let item = vn.cases("received").remove(0).id;
    vn.act(morning(), &GATE, &item, json!({ "act": "see", "purpose": "border-control" }))
        .expect("may be seen");
    let verdict = json!({ "act": "decide", "verdict": "confirmed", "reason": "counted-over" });
    vn.act(later(10), &GATE, &finding.id, verdict).expect("is decided");
    settle(later(11), &mut th, &mut vn);
    assert_eq!(vn.stage(&item), "told");
    assert_eq!(vn.stage(&finding.id), "told");
    let sent = th.cases("sent").remove(0);
    assert_eq!((sent.summary.stage.as_str(), sent.summary.rung), ("used", 6));
}

#[test]
fn a_cancelled_export_is_recomputed_and_listed() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 26_000)]);
    assert_eq!(stages(&vn, "consignment"), ["flagged"]);
    let case = CaseId::of("declaration", "TH-TH-1");
    let cancel = json!({ "act": "cancel", "reason": "never left" });
    th.act(later(5), &customs::roles::CLEARANCE, &case, cancel).expect("is cancelled");
    settle(later(5), &mut th, &mut vn);
    assert_eq!(stages(&vn, "consignment"), ["declared"], "nothing is tied any more");
    assert_eq!(stages(&vn, "finding"), ["withdrawn"]);
    assert_eq!(stages(&vn, "received"), ["readable", "void"], "the cancellation and what it cancelled");
}

#[test]
fn a_replaced_export_takes_the_place_of_the_first() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 26_000)]);
    th.import(later(5), vec![export("TH-1", 26_000)]);
    settle(later(5), &mut th, &mut vn);
    assert_eq!(stages(&vn, "consignment"), ["matched"]);
    assert_eq!(stages(&vn, "finding"), ["withdrawn"]);
    assert_eq!(stages(&vn, "received"), ["linked", "void"]);
}

#[test]
fn a_cancellation_that_overtakes_its_original_still_counts() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let first = th.postings(morning()).remove(0);
    let case = CaseId::of("declaration", "TH-TH-1");
    th.act(later(1), &customs::roles::CLEARANCE, &case, json!({ "act": "cancel", "reason": "never left" }))
        .expect("is cancelled");
    let second =
        th.postings(later(1)).into_iter().find(|posting| posting.case != first.case).expect("one more");
    carry(later(1), &mut th, &mut vn, &second);
    carry(later(2), &mut th, &mut vn, &first);
    vn.import(later(3), vec![import("VN-7", "TH-1", 20_000)]);
    assert_eq!(stages(&vn, "received"), ["readable", "void"]);
    assert_eq!(stages(&vn, "consignment"), ["declared"], "a void export is tied to nothing");
}

#[test]
fn a_split_load_closes_with_the_second_import_without_alarm() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 8_000)]);
    assert_eq!(stages(&vn, "consignment"), ["partial"]);
    vn.import(later(30), vec![import("VN-8", "TH-1", 12_000)]);
    assert_eq!(stages(&vn, "consignment"), ["matched", "matched"]);
    assert_eq!(stages(&vn, "finding"), Vec::<String>::new());
}

#[test]
fn an_agreement_suspended_a_second_time_on_one_day_is_suspended_also_after_a_restart() {
    let (mut th, _) = town();
    let case = CaseId::of("agreement", "ACDD-TH-VN");
    for (minute, act) in [(1, "suspend"), (2, "resume"), (3, "suspend")] {
        let act = json!({ "act": act, "reason": "talks" });
        th.act(later(minute), &DIRECTOR, &case, act).expect("is taken");
    }
    let mut th = th.restarted();
    th.import(later(4), vec![export("TH-1", 20_000)]);
    assert_eq!(stages(&th, "declaration"), ["withheld"]);
}
