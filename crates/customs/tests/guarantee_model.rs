//! Every reachable state of a guarantee with a few movements: all acts, in all orders, until nothing new is reached.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use customs::transit::codes::code_digest;
use customs::transit::{Departure, Guarantee, grn};
use jiff::Timestamp;
use kernel::facts::NoBooks;
use kernel::{Actor, Desk, Facts, Of, Role, State};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const DESK: Of<Guarantee> = Of::new();
const LIMIT: u32 = 10;
/// What each movement asks.
const ASKS: [u32; 3] = [4, 6, 7];

fn number() -> String {
    grn(2026, "VN001234", 1).expect("a number")
}

fn mrn(at: usize) -> String {
    format!("26VN00000000000{at}J0")
}

fn request(at: usize, code: &str) -> Value {
    json!({ "grn": number(), "kind": "1", "mrn": mrn(at), "holder": "VN1", "code": code_digest(&number(), code),
        "amount": ASKS[at].to_string(), "currency": "VND", "route": ["VN", "TH"], "offices": ["VN001234", "TH005678"],
        "goods": ["84713020"], "about": Departure::case_of(&mrn(at)) })
}

/// Every act the node or an officer can take, with the role that takes it.
fn acts() -> Vec<(Value, Role)> {
    let mut acts = Vec::new();
    for at in 0..ASKS.len() {
        acts.push((json!({ "act": "use", "request": request(at, "AC01") }), Role::NODE));
        acts.push((json!({ "act": "give-back", "mrn": mrn(at), "why": "given-back" }), Role::NODE));
        acts.push((json!({ "act": "give-back", "mrn": mrn(at), "why": "cancelled" }), Role::NODE));
        acts.push((json!({ "act": "claim", "mrn": mrn(at) }), Role::NODE));
    }
    acts.push((json!({ "act": "use", "request": request(0, "XXXX") }), Role::NODE));
    acts.push((json!({ "act": "cancel", "reason": "notice" }), Role::named("gate-officer")));
    acts.push((json!({ "act": "liberate" }), Role::NODE));
    acts
}

fn take(state: Option<&State>, act: &Value, role: &Role) -> Option<kernel::Taken> {
    let actor = Actor::new("a", role.clone());
    let now: Timestamp = "2026-11-28T00:00:00Z".parse().expect("a moment");
    let case = Guarantee::case_of(&number());
    DESK.take(state, &act.clone().into(), &Facts { now, actor: &actor, case: &case, books: &NoBooks }).ok()
}

fn open(state: &State) -> BTreeMap<String, Decimal> {
    let usages = state.json()["usages"].as_object().expect("usages");
    let open = usages
        .iter()
        .filter(|(_, usage)| ["reserved", "claimed"].contains(&usage["state"].as_str().expect("a state")));
    open.map(|(mrn, usage)| {
        (mrn.clone(), usage["amount"].as_str().expect("an amount").parse().expect("a number"))
    })
    .collect()
}

/// What must hold of every state.
fn check(state: &State, trail: &[String]) {
    let guarantee: Arc<Guarantee> = state.read().expect("a guarantee");
    let open = open(state);
    let sum: Decimal = open.values().copied().sum();
    assert_eq!(guarantee.exposure(), sum, "{trail:?}");
    assert!(sum <= Decimal::from(LIMIT), "double-spent after {trail:?}");
    if state.json()["liberated"] == json!(true) {
        assert!(open.is_empty(), "freed while bound after {trail:?}");
    }
}

/// What must hold of every step.
fn check_step(before: &State, act: &Value, taken: &kernel::Taken, trail: &[String]) {
    let (was, is) = (open(before), open(&taken.state));
    let name = act["act"].as_str().expect("an act");
    let told = taken.events.first().and_then(|event| event["event"].as_str()).unwrap_or_default();
    match name {
        "use" => {
            let of = act["request"]["mrn"].as_str().expect("a movement");
            let amount: Decimal =
                act["request"]["amount"].as_str().expect("an amount").parse().expect("a number");
            assert!(["reserved", "denied"].contains(&told), "always answered: {trail:?}");
            assert_eq!(
                taken.effects.iter().filter(|effect| matches!(effect, kernel::Effect::Act { .. })).count(),
                1
            );
            match told {
                "reserved" => assert_eq!(is.get(of), Some(&amount), "{trail:?}"),
                _ => assert_eq!(was, is, "a denial binds nothing: {trail:?}"),
            }
        }
        "give-back" => {
            let of = act["mrn"].as_str().expect("a movement");
            assert!(!is.contains_key(of), "given back and still bound: {trail:?}");
            assert!(
                was.iter().filter(|(mrn, _)| *mrn != of).eq(is.iter()),
                "another's was given back: {trail:?}"
            );
        }
        _ => assert_eq!(was, is, "{name} binds or frees nothing: {trail:?}"),
    }
}

#[test]
fn no_order_of_acts_spends_a_guarantee_twice_or_leaks_it() {
    let register = json!({ "act": "register", "registered": { "grn": number(), "kind": "1", "holder": "VN1", "guarantor": "Bank",
        "office": "VN001234", "amount": LIMIT.to_string(), "currency": "VND", "from": "2026-01-01",
        "codes": [code_digest(&number(), "AC01")] } });
    let first = take(None, &register, &Role::named("gate-officer")).expect("registers").state;
    let acts = acts();
    let mut seen = BTreeSet::from([first.to_text()]);
    let mut queue = VecDeque::from([(first, Vec::<String>::new())]);
    let mut steps = 0_u64;
    while let Some((state, trail)) = queue.pop_front() {
        check(&state, &trail);
        for (act, role) in &acts {
            let Some(taken) = take(Some(&state), act, role) else { continue };
            steps += 1;
            let mut next = trail.clone();
            next.push(format!(
                "{} {}",
                act["act"],
                act.get("mrn").or_else(|| act["request"].get("mrn")).cloned().unwrap_or_default()
            ));
            check_step(&state, act, &taken, &next);
            if seen.insert(taken.state.to_text()) {
                queue.push_back((taken.state, next));
            }
        }
        // Whatever happened, giving everything back leaves nothing bound.
        let mut end = state;
        for at in 0..ASKS.len() {
            let act = json!({ "act": "give-back", "mrn": mrn(at), "why": "given-back" });
            if let Some(taken) = take(Some(&end), &act, &Role::NODE) {
                end = taken.state;
            }
        }
        assert_eq!(open(&end), BTreeMap::new(), "leaked after {trail:?}");
    }
    assert!(seen.len() > 500, "{} states", seen.len());
    assert!(steps > 5_000, "{steps} steps");
}
