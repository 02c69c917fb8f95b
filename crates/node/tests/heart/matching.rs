//! The matcher's memory: what a restart finds is what was there before.

use crate::town::{export, import, later, morning, settle, town};

#[test]
fn a_restart_goes_on_matching_where_it_stopped() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 8_000)]);
    let mut vn = vn.restarted();
    vn.import(later(30), vec![import("VN-8", "TH-1", 12_000)]);
    let stages: Vec<_> = vn.stages("consignment").into_iter().map(|(stage, _)| stage).collect();
    assert_eq!(stages, ["matched", "matched"]);
}

#[test]
fn a_partial_load_becomes_short_when_its_day_has_passed() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![import("VN-7", "TH-1", 8_000)]);
    assert_eq!(vn.stages("consignment")[0].0, "partial");
    assert!(vn.cases("finding").is_empty(), "silence means nothing yet");
    vn.wake(later(60 * 24 * 200));
    assert_eq!(vn.stages("consignment")[0].0, "flagged");
    assert_eq!(vn.cases("finding")[0].summary.stage, "raised");
}
