//! Claims about the simulated world: what went wrong in it really did, what must hold held, and where it does not, the
//! checks say so.

#![expect(clippy::unwrap_used, reason = "a test that unwraps in vain fails, as it should")]

use sim::world::{Check, Defect, Report, Script, run, run_script};

/// A world that must hold; says which seed to repeat where it does not.
fn sound(seed: u64, minutes: u32) -> Report {
    let report = run(seed, minutes).unwrap();
    assert!(report.is_sound(), "seed {seed}, {minutes} minutes: {:#?}", report.violations);
    report
}

/// How many worlds are tried: a few in every run, as many as the environment says in `SAMPAN_SIM_SEEDS` at night.
fn worlds() -> u64 {
    std::env::var("SAMPAN_SIM_SEEDS").map_or(3, |seeds| seeds.parse().expect("SAMPAN_SIM_SEEDS is a number"))
}

/// What the checks say of a world with a defect built in.
fn found(defect: Defect, seed: u64) -> Vec<Check> {
    let report = run_script(&Script { defect: Some(defect), ..Script::new(seed, 30) }).unwrap();
    let mut checks: Vec<Check> = report.violations.iter().map(|violation| violation.check).collect();
    checks.dedup();
    checks
}

#[test]
fn nothing_is_lost_or_doubled_however_wires_disks_and_machines_fail() {
    let mut deaths = [0; 3];
    for seed in 1..=worlds() {
        let Report { faults, traffic, obligations, cooperation, records, .. } = sound(seed, 50);
        let ended = |how: &str| cooperation.cases.get(how).copied().unwrap_or(0);
        for (what, times, at_least) in [
            ("lost", faults.lost, 8),
            ("doubled", faults.doubled, 8),
            ("delayed", faults.delayed, 8),
            ("reordered", faults.reordered, 10),
            ("garbled", faults.garbled, 2),
            ("timed out", faults.timed_out, 20),
            ("machines died", faults.crashes(), 6),
            ("answered again", traffic.answered_again, 10),
            ("acts of people", traffic.acts, 10),
            ("refusals", traffic.refusals, 1),
            ("obligations met", obligations.met, 40),
            ("escalations", obligations.escalations, 5),
            ("documents", traffic.received, 50),
            ("requests", ended("requests"), 20),
            ("answers", cooperation.answers, 30),
            ("warnings", ended("warnings"), 20),
            ("feedback", cooperation.feedback, 10),
            ("warnings that stayed silent", ended("silent"), 5),
            ("items destroyed", ended("items-destroyed"), 1),
            ("restarts", records.values().map(|record| record.restarts).sum(), 6),
        ] {
            assert!(times >= at_least, "seed {seed}: {what} {times} times");
        }
        assert!(records.values().all(|record| record.vouched > 0), "seed {seed}: {records:?}");
        for (sum, died) in deaths.iter_mut().zip([faults.died_before, faults.died_within, faults.died_after])
        {
            *sum += died;
        }
    }
    assert!(deaths.iter().all(|deaths| *deaths > 0), "before, within, after a commit: {deaths:?}");
}

#[test]
fn the_same_seed_gives_the_same_world_to_the_roots_of_its_records() {
    let (one, other) = (sound(11, 15), sound(11, 15));
    assert_eq!(one, other);
    assert!(one.records.values().all(|record| record.entries > 10 && !record.checkpoint.is_empty()));
    assert_ne!(sound(12, 15).records, one.records);
}

#[test]
fn an_agreement_that_comes_late_keeps_items_out_until_it_is_there() {
    let kept_out: u32 = (21..=23).map(|seed| sound(seed, 30).traffic.kept_out).sum();
    assert!(kept_out > 0, "no item came before its term in three worlds");
}

#[test]
fn receipts_given_before_the_disk_has_it_are_found() {
    // A machine must die with a message in its hands, which does not happen in every short world.
    let mut worlds = (31..=40).map(|seed| found(Defect::ReceiptsTooSoon, seed));
    assert!(worlds.any(|checks| checks.contains(&Check::NothingLost)));
}

#[test]
fn a_message_delivered_under_two_ids_is_found() {
    assert!(found(Defect::NewIdOnDouble, 32).contains(&Check::NothingDoubled));
}

#[test]
fn a_node_that_never_looks_at_its_clock_is_found() {
    let checks = found(Defect::SleepsThrough, 33);
    assert!(checks.contains(&Check::Obligations) && checks.contains(&Check::Rest), "{checks:?}");
}

#[test]
fn one_changed_bit_of_a_record_is_found() {
    assert_eq!(found(Defect::ScratchedRecord, 34), [Check::Records]);
}

#[test]
fn a_wire_that_swallows_responses_is_found() {
    let checks = found(Defect::SwallowsResponses, 35);
    assert!(checks.contains(&Check::NothingLost) && checks.contains(&Check::Ladders), "{checks:?}");
}

#[test]
fn a_wire_that_swallows_answers_to_requests_is_found() {
    let checks = found(Defect::SwallowsAnswers, 38);
    assert!(checks.contains(&Check::NothingLost) && checks.contains(&Check::Cooperation), "{checks:?}");
}

#[test]
fn a_node_that_answers_the_same_message_in_two_ways_is_found() {
    assert!(found(Defect::AnswersAnew, 36).contains(&Check::AnsweredAlike));
}

#[test]
fn a_node_that_shows_a_partner_another_history_is_found() {
    assert!(found(Defect::TwoHistories, 37).contains(&Check::Records));
}
