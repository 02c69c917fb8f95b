//! The matcher's memory: what a restart finds is what was there before.

use crate::town::{Side, export, import, later, morning, settle, town};

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

#[test]
fn a_missing_export_speaks_where_the_exporter_shares_all_others_and_only_when_it_should_be_there() {
    let (mut th, mut vn) = town();
    for at in 0..4_i64 {
        th.import(morning(), vec![export(&format!("E{at}"), 10_000 + at * 3_000)]);
        vn.import(morning(), vec![import(&format!("I{at}"), &format!("E{at}"), 10_000 + at * 3_000)]);
    }
    settle(later(1), &mut th, &mut vn);
    vn.import(later(2), vec![import("I9", "E9", 55_000)]);
    let silent = |side: &Side| {
        let cases = side.cases("finding").into_iter();
        let mut silent: Vec<String> = cases
            .filter(|row| row.id.as_str().contains("exporter-silent"))
            .map(|row| format!("{} {}", row.id, row.summary.stage))
            .collect();
        silent.sort();
        silent
    };
    assert_eq!(silent(&vn), Vec::<String>::new(), "it may still come");
    vn.wake(later(4 * 24 * 60));
    let [found] = &silent(&vn)[..] else { panic!("one finding: {:?}", silent(&vn)) };
    assert!(found.starts_with("finding/I9-exporter-silent") && found.ends_with("raised"), "{found}");
    th.import(later(5 * 24 * 60), vec![export("E9", 55_000)]);
    settle(later(5 * 24 * 60 + 1), &mut th, &mut vn);
    assert!(silent(&vn)[0].ends_with("withdrawn"), "it came after all: {:?}", silent(&vn));
}
