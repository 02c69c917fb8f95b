//! Claims about a ring of five administrations that recognise each other's trusted traders.

#![expect(clippy::print_stdout, reason = "the test prints the figures that are published")]

use sim::ring::{Script, run};

#[test]
fn a_suspension_is_effective_everywhere_and_the_gap_list_is_the_truth() {
    for seed in 1..=3 {
        let report = run(Script { seed, minutes: 240, changes: 150, declarations: 3_000 });
        println!("{seed}: {report:?}");
        assert_eq!((report.missed, report.invented), (0, 0), "seed {seed}: {report:?}");
        assert_eq!(report.fingerprints_differ, 0, "seed {seed}");
        assert!(report.p99_seconds < 60, "seed {seed}: {report:?}");
        // The world was not a quiet one: there was something to miss.
        assert!(report.partitions > 10 && report.lost > 10 && report.doubled > 5, "{report:?}");
        assert!(report.in_gap > 0 && report.benefits > 1_000, "{report:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_ring() {
    let script = Script { seed: 7, minutes: 30, changes: 20, declarations: 200 };
    assert_eq!(run(script), run(script));
}
