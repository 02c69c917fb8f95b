//! Claims about the generated trade: the same for the same seed, true to its truth, real in its codes, dirty as asked.
#![expect(clippy::unwrap_used, reason = "a test that unwraps in vain fails, as it should")]

mod observe;

use std::collections::{BTreeMap, BTreeSet};

use customs::declaration::Function;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use sim::trade::{
    Class, Dirt, Lane, Mark, Mix, Morning, Plan, PlanFault, Plant, Scene, Sharing, Trade, TrueLink, csv,
};

const DAY: Date = date(2026, 3, 2);

/// A plan with a lot of everything.
fn eventful(seed: u64, dirt: Dirt, consignments: u64) -> Plan {
    let mix = Mix { fraud: 250, split: 60, merged: 60, partial: 60, ..Mix::USUAL };
    Plan { mix, dirt, consignments, ..Plan::morning(seed, DAY) }
}

fn trade(plan: Plan) -> Trade {
    Trade::new(plan).expect("the plans of these tests can be followed")
}

#[test]
fn the_same_seed_gives_the_same_morning_and_another_seed_another() {
    let morning = |seed| Morning::generate(&Plan::morning(seed, DAY)).unwrap();
    assert_eq!(morning(7), morning(7));
    assert_ne!(morning(7).exports, morning(8).exports);
}

#[test]
fn a_consignment_does_not_change_when_others_are_added() {
    let few = Plan { firms: 300, ..Plan::matching(3, DAY, 50) };
    let many = Plan { consignments: 100_000, ..few.clone() };
    let (few, many) = (trade(few), trade(many));
    for number in [0, 7, 49] {
        assert_eq!(few.consignment(number), many.consignment(number));
    }
}

#[test]
fn what_is_planted_is_seen_in_the_documents_and_nothing_else_is() {
    for (seed, dirt) in [(1, Dirt::NONE), (2, Dirt::NONE), (3, Dirt::HEAVY)] {
        let trade = trade(eventful(seed, dirt, 3000));
        for consignment in trade.consignments() {
            let names = if dirt == Dirt::NONE { observe::Names::Clean } else { observe::Names::Dirty };
            let seen = observe::differences(&consignment, names, DAY);
            let told = observe::told(&consignment.case, names);
            assert_eq!(seen, told, "seed {seed}: {consignment:#?}");
        }
    }
}

#[test]
fn the_parts_of_a_lot_add_up_to_it_and_of_a_partial_one_they_do_not() {
    for consignment in trade(eventful(4, Dirt::HEAVY, 3000)).consignments() {
        let mut shares: BTreeMap<(String, u32), Decimal> = BTreeMap::new();
        for TrueLink { export, share, .. } in &consignment.case.links {
            *shares.entry((export.number.clone(), export.item_no)).or_default() += share.amount;
        }
        let standing: Vec<_> = csv::in_force(&consignment.exports).collect();
        for (export, line) in
            standing.iter().flat_map(|export| export.lines.iter().map(move |line| (export, line)))
        {
            let whole = line.quantity.as_ref().unwrap().amount;
            let share = shares.get(&(export.number.clone(), line.item_no)).copied().unwrap_or_default();
            match consignment.case.class {
                Class::OneToOne | Class::Split | Class::Merged => {
                    assert_eq!(share, whole, "{consignment:#?}");
                }
                Class::Partial => assert!(share > Decimal::ZERO && share < whole, "{consignment:#?}"),
                Class::Awaited | Class::Overdue | Class::Void | Class::ImportOnly => {
                    assert_eq!(share, Decimal::ZERO, "{consignment:#?}");
                }
            }
        }
    }
}

#[test]
fn every_link_names_lines_that_exist() {
    let morning = Morning::generate(&eventful(5, Dirt::LIGHT, 2000)).unwrap();
    let lines = |declarations: &[customs::declaration::Declaration]| -> BTreeSet<(String, u32)> {
        let lines = |one: &customs::declaration::Declaration| {
            one.lines.iter().map(|line| (one.number.clone(), line.item_no)).collect::<Vec<_>>()
        };
        declarations.iter().flat_map(lines).collect()
    };
    let (exports, imports) = (lines(&morning.exports), lines(&morning.imports));
    let links: Vec<_> = morning.truth.cases.iter().flat_map(|case| &case.links).collect();
    assert!(links.len() > 2000);
    for TrueLink { export, import, .. } in links {
        assert!(exports.contains(&(export.number.clone(), export.item_no)));
        assert!(imports.contains(&(import.number.clone(), import.item_no)));
    }
}

#[test]
fn no_two_declarations_of_a_country_share_a_number() {
    let morning = Morning::generate(&eventful(6, Dirt::LIGHT, 3000)).unwrap();
    let mut met = BTreeSet::new();
    for one in morning.exports.iter().chain(&morning.imports) {
        let first = one.function == Function::Original;
        assert_eq!(
            met.insert((one.country.clone(), one.flow as u8, one.number.clone())),
            first,
            "{}",
            one.number
        );
    }
}

#[test]
fn things_happen_as_often_as_the_mix_says() {
    let plan = Plan { lanes: Lane::between(&["VN", "TH"], 1000), ..eventful(9, Dirt::LIGHT, 20_000) };
    let trade = trade(plan);
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    let mut plants: BTreeMap<Plant, usize> = BTreeMap::new();
    for consignment in trade.consignments() {
        *classes.entry(consignment.case.class).or_default() += 1;
        consignment.case.plants.iter().for_each(|plant| *plants.entry(plant.kind).or_default() += 1);
    }
    for class in [Class::Split, Class::Merged, Class::Partial] {
        assert!((1100..1300).contains(&classes[&class]), "{classes:?}");
    }
    for plant in Plant::ALL {
        assert!((600..830).contains(&plants[&plant]), "{plants:?}");
    }
}

#[test]
fn as_many_exporters_share_as_the_lane_covers() {
    for coverage in [0, 300, 600, 1000] {
        let lanes = vec![Lane::new("TH", "VN", coverage, 1)];
        let plan = Plan { lanes, firms: 3000, ..Plan::matching(11, DAY, 5000) };
        let shared = trade(plan).consignments().filter(|one| one.case.sharing == Sharing::Shared).count();
        let permille = shared / 5;
        assert!(permille.abs_diff(usize::from(coverage)) < 50, "{permille} of {coverage}");
    }
}

#[test]
fn what_is_not_shared_carries_no_consent_and_hides_no_fraud() {
    let plan = Plan { lanes: Lane::between(&["CN", "LA"], 400), ..eventful(12, Dirt::LIGHT, 3000) };
    for consignment in trade(plan).consignments() {
        let shared = consignment.case.sharing == Sharing::Shared;
        assert!(consignment.exports.iter().all(|export| export.consent.is_some() == shared));
        assert!(shared || consignment.case.plants.is_empty());
        let early = |since: Date| consignment.exports.iter().all(|export| Some(since) < export.departs);
        assert!(
            consignment.exports.iter().flat_map(|export| &export.consent).all(|consent| early(consent.since))
        );
    }
}

#[test]
fn heavy_dirt_is_really_there() {
    let mut marks: BTreeMap<Mark, usize> = BTreeMap::new();
    let consignments = 4000;
    for consignment in trade(Plan::matching(13, DAY, consignments)).consignments() {
        consignment.case.marks.iter().for_each(|mark| *marks.entry(mark).or_default() += 1);
    }
    let share = |mark| marks.get(&mark).copied().unwrap_or(0) * 100 / 4000;
    for (mark, at_least) in [
        (Mark::Latin, 80),
        (Mark::Spelling, 50),
        (Mark::Form, 50),
        (Mark::Order, 8),
        (Mark::Abbreviated, 25),
        (Mark::Typo, 30),
        (Mark::Unmarked, 20),
        (Mark::Capitals, 60),
        (Mark::Joined, 15),
        (Mark::Cut, 8),
    ] {
        assert!(share(mark) >= at_least, "{mark:?}: {}% of {at_least}%", share(mark));
    }
}

#[test]
fn names_come_in_their_own_scripts_and_in_latin_letters() {
    let morning = Morning::generate(&Plan::morning(14, DAY)).unwrap();
    let wrote = |country: &str, low: char, high: char| {
        let home = morning.exports.iter().filter(|export| export.country.as_str() == country);
        let (own, all) = home.fold((0, 0), |(own, all), export| {
            let script = export.exporter.name.chars().any(|letter| (low..=high).contains(&letter));
            (own + usize::from(script), all + 1)
        });
        own * 100 / all
    };
    for (country, low, high) in
        [("TH", '\u{e00}', '\u{e7f}'), ("LA", '\u{e80}', '\u{eff}'), ("CN", '\u{4e00}', '\u{9fff}')]
    {
        assert!((50..=95).contains(&wrote(country, low, high)), "{country}: {}", wrote(country, low, high));
    }
    let abroad = morning.imports.iter().filter(|import| !import.exporter.name.is_ascii()).count();
    assert_eq!(abroad, 0, "suppliers stand in plain Latin letters");
}

#[test]
fn every_scene_shows_what_it_is_for_with_every_seed() {
    for seed in 0..25 {
        for scene in Scene::ALL {
            let morning = Morning::scene(scene, seed, DAY);
            assert_eq!(morning, Morning::scene(scene, seed, DAY));
            assert_eq!(morning.truth.cases.len(), 1);
            let (from, to) = scene.lane();
            assert!(
                morning
                    .exports
                    .iter()
                    .all(|export| export.country.as_str() == from && export.consent.is_some())
            );
            assert!(morning.imports.iter().all(|one| one.country.as_str() == to && one.arrives == Some(DAY)));
            assert_eq!(observe::verdict(&morning), scene, "seed {seed}");
        }
    }
}

#[test]
fn a_plan_that_cannot_be_followed_says_why() {
    let fault = |lanes, mix| Trade::new(Plan { lanes, mix, ..Plan::morning(1, DAY) }).err();
    let way = |from, to, weight| vec![Lane::new(from, to, 500, weight)];
    assert_eq!(fault(Vec::new(), Mix::USUAL), Some(PlanFault::NoLanes));
    assert_eq!(fault(way("TH", "VN", 0), Mix::USUAL), Some(PlanFault::NoWeight));
    assert_eq!(fault(way("TH", "XX", 1), Mix::USUAL), Some(PlanFault::UnknownCountry("XX".to_owned())));
    assert_eq!(fault(way("XX", "TH", 1), Mix::USUAL), Some(PlanFault::UnknownCountry("XX".to_owned())));
    assert_eq!(fault(way("TH", "TH", 1), Mix::USUAL), Some(PlanFault::NoBorder("TH".to_owned())));
    assert_eq!(fault(way("TH", "VN", 1), Mix { split: 999, ..Mix::USUAL }), Some(PlanFault::MixOverfull));
}
