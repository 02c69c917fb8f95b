//! Whatever the order, however often it comes, whenever the power fails: what stands at the end is the same.

use std::collections::BTreeMap;

use customs::gate::Consignment;
use customs::roles::CLEARANCE;
use kernel::CaseId;
use node::Delivery;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::town::{Side, agreement, export, import, later, morning, town};

/// What becomes of one export, and what is imported against it.
#[derive(Clone, Debug)]
struct Plan {
    kilograms: i64,
    replaced: Option<i64>,
    cancelled: bool,
    /// The imports' shares of the last quantity, in tenths.
    imports: Vec<i64>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let shares = prop_oneof![
        Just(vec![]),
        Just(vec![10]),
        Just(vec![4, 6]),
        Just(vec![7]),
        Just(vec![14]),
        Just(vec![2, 3, 5]),
    ];
    let kilograms = prop_oneof![Just(10_000_i64), Just(20_000), Just(36_000)];
    (kilograms, proptest::option::of(Just(24_000_i64)), any::<bool>(), shares).prop_map(
        |(kilograms, replaced, cancelled, imports)| Plan { kilograms, replaced, cancelled, imports },
    )
}

/// Something that happens to Vietnam.
#[derive(Clone)]
enum Happens {
    Comes(Box<Delivery>),
    Declared(Box<customs::declaration::Declaration>),
    Restart,
}

/// Everything Thailand sends, and everything declared in Vietnam, in the order it was made.
fn happenings(plans: &[Plan]) -> Vec<Happens> {
    let (mut th, _) = town();
    let (mut sent, mut declared) = (Vec::new(), Vec::new());
    for (number, plan) in plans.iter().enumerate() {
        let number = format!("TH-{number}");
        th.import(morning(), vec![export(&number, plan.kilograms)]);
        if let Some(kilograms) = plan.replaced {
            th.import(later(1), vec![export(&number, kilograms)]);
        }
        if plan.cancelled {
            let case = CaseId::of("declaration", format_args!("TH-{number}"));
            th.act(later(2), &CLEARANCE, &case, json!({ "act": "cancel", "reason": "never left" }))
                .expect("may be");
        }
        let last = plan.replaced.unwrap_or(plan.kilograms);
        declared.extend(plan.imports.iter().enumerate().map(|(place, share)| {
            Happens::Declared(Box::new(import(&format!("VN-{number}-{place}"), &number, last * share / 10)))
        }));
    }
    let mut postings = th.postings(later(3));
    postings.sort_by_key(|posting| posting.case.clone());
    sent.extend(postings.iter().map(|posting| Happens::Comes(Box::new(th.delivery(posting)))));
    sent.into_iter().chain(declared).collect()
}

/// The same things, some twice, with restarts between, in another order.
fn disorder(happenings: &[Happens], mut seed: u64) -> Vec<Happens> {
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut all: Vec<_> = happenings.to_vec();
    for happens in happenings {
        if matches!(happens, Happens::Comes(_)) && draw(2) == 0 {
            all.push(happens.clone());
        }
    }
    all.extend((0..2).map(|_| Happens::Restart));
    for place in (1..all.len()).rev() {
        let other = draw(place + 1);
        all.swap(place, other);
    }
    all
}

fn live(happenings: Vec<Happens>) -> Side {
    let mut vn = Side::new("VN");
    vn.agree(morning(), &agreement());
    for (minute, happens) in (5..).zip(happenings) {
        match happens {
            Happens::Comes(delivery) => {
                vn.deliver(later(minute), &delivery);
            }
            Happens::Declared(declaration) => {
                vn.import(later(minute), vec![*declaration]);
            }
            Happens::Restart => vn = vn.restarted(),
        }
    }
    vn
}

/// What stands: every item, and every consignment with what is tied to it.
fn standing(vn: &Side) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for row in vn.cases("received") {
        let rung_is_history = row.summary.stage;
        all.insert(row.summary.references[0].value.clone(), json!(rung_is_history));
    }
    for row in vn.cases("consignment") {
        let consignment = row.state.read::<Consignment>().expect("a consignment");
        let mut ties = json!(consignment.ties());
        forget_coverage(&mut ties);
        all.insert(row.id.to_string(), json!({ "stage": row.summary.stage, "ties": ties }));
    }
    for row in vn.cases("finding").into_iter().filter(|row| row.summary.stage != "withdrawn") {
        all.insert(row.id.to_string(), json!(row.summary.stage));
    }
    all
}

/// Takes out what a lane's coverage explained: that is an estimate of its moment.
fn forget_coverage(ties: &mut Value) {
    for tie in ties.as_object_mut().into_iter().flat_map(|ties| ties.values_mut()) {
        for difference in tie["differences"].as_array_mut().into_iter().flatten() {
            if let Some(explanations) = difference["explanations"].as_array_mut() {
                explanations.retain(|explanation| explanation["code"] != "coverage");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn order_duplicates_and_restarts_change_nothing_at_the_end(
        plans in proptest::collection::vec(plan(), 1..4),
        seed in any::<u64>(),
    ) {
        let happenings = happenings(&plans);
        let disordered = live(disorder(&happenings, seed));
        let count = disordered.cases("received").len();
        let ordered = live(happenings.clone());
        prop_assert_eq!(count, happenings.iter().filter(|one| matches!(one, Happens::Comes(_))).count());
        prop_assert_eq!(standing(&disordered), standing(&ordered));
    }
}
