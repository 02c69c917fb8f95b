//! The compiled form agrees with the definition, whatever the profiles and lines; profiles come and go.

use std::collections::BTreeSet;

use customs::terms::{Bag, Column, Gauge, Lane, ListBook, Profile, Sense, Standing, Test};
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;
use target::batch::{Builder, Entry, Lines};
use target::select::{Bound, History, Selection, review};

fn values(all: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    proptest::collection::btree_set(proptest::sample::select(all).prop_map(str::to_owned), 1..4)
}

fn sense() -> impl Strategy<Value = Sense> {
    prop_oneof![3 => Just(Sense::Any), 1 => Just(Sense::None)]
}

const COUNTRIES: &[&str] = &["CN", "TH", "VN", "SG", ""];
const PREFIXES: &[&str] = &["84", "8471", "847130", "85", "8542", "0"];
const CODES: &[&str] = &["847130", "847150", "854231", "010101", ""];
const WORDS: &[&str] = &["gift", "parts", "phone", "tea"];

fn test() -> impl Strategy<Value = Test> {
    prop_oneof![
        (sense(), values(COUNTRIES)).prop_map(|(sense, values)| Test::Is {
            column: Column::Origin,
            sense,
            values
        }),
        (sense(), values(PREFIXES)).prop_map(|(sense, prefixes)| Test::Code {
            edition: "HS2022".into(),
            sense,
            prefixes
        }),
        (sense(), values(WORDS)).prop_map(|(sense, values)| Test::Has { bag: Bag::Words, sense, values }),
        sense().prop_map(|sense| Test::Listed { column: Column::Importer, sense, list: "bad".into() }),
        (0_i64..50, 0_i64..50).prop_map(|(a, b)| Test::Within {
            gauge: Gauge::Value,
            least: Some(Decimal::new(a, 1)),
            most: (b > 10).then(|| Decimal::new(a + b, 1)),
        }),
        (1_i64..4).prop_map(|least| Test::Within {
            gauge: Gauge::Frequency { column: Column::Importer, days: 3 },
            least: Some(Decimal::from(least)),
            most: None,
        }),
    ]
}

fn profile(id: usize, tests: Vec<Test>, lane: Lane) -> Profile {
    Profile {
        id: format!("p{id}"),
        title: String::new(),
        owner: "unit".into(),
        from: date(2026, 1, 1),
        until: date(2026, 12, 31),
        area: String::new(),
        standing: Standing::Demonstration,
        tests,
        lane,
        measures: BTreeSet::new(),
        reason: "r".into(),
    }
}

type Given = (usize, usize, usize, Vec<usize>, Option<i64>, i8);

fn lines(given: &[Given]) -> Lines {
    let mut builder = Builder::default();
    for (origin, code, importer, words, value, day) in given {
        let importer = ["A", "B", "C"][*importer];
        let mut entry = Entry::default()
            .text(Column::Origin, COUNTRIES[*origin])
            .text(Column::Code, CODES[*code])
            .text(Column::Importer, importer)
            .bag(Bag::Words, words.iter().map(|word| WORDS[*word]));
        if let Some(value) = value {
            entry = entry.gauge(Gauge::Value, Decimal::new(*value, 1));
        }
        builder.push(date(2026, 1, 1 + *day), &entry);
    }
    builder.finish()
}

fn some_lines() -> impl Strategy<Value = Vec<Given>> {
    let words = proptest::collection::vec(0..WORDS.len(), 0..3);
    let line =
        (0..COUNTRIES.len(), 0..CODES.len(), 0..3_usize, words, proptest::option::of(0_i64..80), 0_i8..8);
    proptest::collection::vec(line, 1..30)
}

fn lists() -> ListBook {
    ListBook([("bad".to_owned(), ["B".to_owned()].into())].into())
}

proptest! {
    #[test]
    fn what_is_compiled_says_what_is_defined(
        tests in proptest::collection::vec(proptest::collection::vec(test(), 0..4), 1..90),
        given in some_lines(),
        gone in proptest::collection::vec(0..90_usize, 0..6),
    ) {
        let mut selection = Selection::of(
            tests.iter().enumerate().map(|(id, tests)| profile(id, tests.clone(), Lane::Red)), lists());
        for id in &gone {
            selection.take_out(&format!("p{id}"));
        }
        if let Some(first) = tests.first() {
            selection.put(profile(0, first.clone(), Lane::Yellow));
        }
        let mut lines = lines(&given);
        lines.count(selection.gauges());
        let bound = Bound::new(&selection, &lines);
        let hits = bound.hits();
        for row in 0..lines.len() {
            let compiled: Vec<&str> =
                hits.iter().filter(|hit| hit.row == row).map(|hit| selection.profile(hit.slot).id.as_str()).collect();
            let defined: Vec<&str> = selection
                .profiles()
                .filter(|profile| profile.matches(&lines.row(row), selection.lists()))
                .map(|profile| profile.id.as_str())
                .collect();
            prop_assert_eq!(compiled, defined);
        }
        for hit in hits {
            prop_assert_eq!(bound.explain(hit).seen.len(), selection.profile(hit.slot).tests.len());
        }
    }

    #[test]
    fn the_past_gives_what_is_defined(tests in proptest::collection::vec(test(), 0..4), given in some_lines()) {
        let profile = profile(1, tests, Lane::Red);
        let mut lines = lines(&given);
        lines.count(Selection::of([profile.clone()], lists()).gauges());
        let defined: Vec<u32> = (0..lines.len() as u32)
            .filter(|row| profile.matches(&lines.row(*row as usize), &lists()))
            .collect();
        prop_assert_eq!(History::new(lines).chosen(&profile, &lists()), defined);
    }

    #[test]
    fn a_shadowed_profile_adds_no_line(
        tests in proptest::collection::vec(proptest::collection::vec(test(), 1..3), 2..12),
        given in some_lines(),
    ) {
        let profiles: Vec<Profile> =
            tests.into_iter().enumerate().map(|(id, tests)| profile(id, tests, Lane::Red)).collect();
        let mut lines = lines(&given);
        lines.count(Selection::of(profiles.clone(), lists()).gauges());
        let by_id = |id: &str| profiles.iter().find(|profile| profile.id == id).expect("one of them");
        let review = review(&profiles);
        for row in 0..lines.len() {
            let line = lines.row(row);
            for shadow in &review.shadowed {
                let (narrow, wide) = (by_id(&shadow.profile), by_id(&shadow.by));
                prop_assert!(!narrow.matches(&line, &lists()) || wide.matches(&line, &lists()));
            }
            for id in &review.impossible {
                prop_assert!(!by_id(id).matches(&line, &lists()), "{id} was said to be impossible");
            }
        }
    }
}

#[test]
fn a_profile_that_releases_what_another_holds_is_reported() {
    let of = |codes: &[&str]| Test::Code {
        edition: "HS2022".into(),
        sense: Sense::Any,
        prefixes: codes.iter().map(|code| (*code).to_owned()).collect(),
    };
    let profiles = [
        profile(0, vec![of(&["8471"])], Lane::Green),
        profile(1, vec![of(&["84"])], Lane::Red),
        profile(2, vec![of(&["85"])], Lane::Red),
    ];
    let review = review(&profiles);
    assert_eq!(review.struggles.len(), 1);
    assert_eq!((review.struggles[0].releases.as_str(), review.struggles[0].holds.as_str()), ("p0", "p1"));
}

/// Forty lines a day of which a profile takes all, at an office that can open three.
#[test]
fn a_profile_that_would_swamp_an_office_is_noticed_before_it_is_switched_on() {
    use target::select::{Capacity, Verdicts, try_profile};
    let given: Vec<Given> = (0..200).map(|row| (0, 0, 0, vec![], Some(10), (row / 40) as i8)).collect();
    let history = History::new(lines(&given));
    let capacity = Capacity { offices: [(String::new(), 3)].into(), other: 50, share_max: 30 };
    let wide = profile(
        0,
        vec![Test::Is { column: Column::Origin, sense: Sense::Any, values: ["CN".to_owned()].into() }],
        Lane::Red,
    );
    let none = Selection::new(lists());
    let trial = try_profile(&wide, &history, &none, &Verdicts::default(), &capacity);
    assert_eq!((trial.hits, trial.days), (200, 5));
    assert_eq!(trial.swamped.len(), 1);
    assert_eq!(
        (trial.swamped[0].lines, trial.swamped[0].can, trial.swamped[0].usual_hundredths),
        (40, 3, 4_000)
    );
    let narrow = Profile {
        tests: vec![Test::Is { column: Column::Weekday, sense: Sense::Any, values: ["9".to_owned()].into() }],
        ..wide
    };
    assert!(try_profile(&narrow, &history, &none, &Verdicts::default(), &capacity).swamped.is_empty());
}
