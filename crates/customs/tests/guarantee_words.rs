//! What another country says about one movement, in every order and with every word twice: the guarantee ends where the
//! latest word leaves it.

use customs::transit::codes::code_digest;
use customs::transit::{Departure, Guarantee, grn};
use jiff::Timestamp;
use kernel::facts::NoBooks;
use kernel::{Actor, Desk, Facts, Of, Role, State};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const DESK: Of<Guarantee> = Of::new();
const MRN: &str = "26VN00000000000AJ0";

fn number() -> String {
    grn(2026, "LA000100", 1).expect("a number")
}

fn word(at: usize) -> Value {
    json!({ "from": "VN", "message": format!("{MRN}-{at}"), "written": format!("2026-11-28T00:00:{at:02}Z") })
}

fn asks(at: usize, amount: &str) -> Value {
    json!({ "act": "use", "request": { "grn": number(), "kind": "1", "mrn": MRN, "holder": "VN1",
        "code": code_digest(&number(), "AC01"), "amount": amount, "currency": "VND", "route": ["VN", "TH"],
        "offices": ["VN001234", ""], "goods": [], "about": Departure::case_of(MRN), "word": word(at) } })
}

fn returns(at: usize, why: &str) -> Value {
    json!({ "act": "return-abroad", "back": { "grn": number(), "mrn": MRN, "why": why, "word": word(at) } })
}

fn take(state: Option<&State>, act: &Value, role: &Role) -> State {
    let actor = Actor::new("a", role.clone());
    let now: Timestamp = "2026-11-28T01:00:00Z".parse().expect("a moment");
    let case = Guarantee::case_of(&number());
    let facts = Facts { now, actor: &actor, case: &case, books: &NoBooks };
    DESK.take(state, &act.clone().into(), &facts).unwrap_or_else(|refusal| panic!("{act}: {refusal}")).state
}

fn registered() -> State {
    let register = json!({ "act": "register", "registered": { "grn": number(), "kind": "1", "holder": "VN1", "guarantor": "Bank",
        "office": "LA000100", "amount": "10", "currency": "VND", "from": "2026-01-01",
        "codes": [code_digest(&number(), "AC01")] } });
    take(None, &register, &Role::named("gate-officer"))
}

fn exposure(state: &State) -> Decimal {
    state.read::<Guarantee>().expect("a guarantee").exposure()
}

/// Every order of as many things.
fn orders(of: usize) -> Vec<Vec<usize>> {
    let Some(last) = of.checked_sub(1) else { return vec![Vec::new()] };
    let shorter = orders(last);
    let with_last = |order: &Vec<usize>| {
        let order = order.clone();
        (0..=last).map(move |at| {
            let mut longer = order.clone();
            longer.insert(at, last);
            longer
        })
    };
    shorter.iter().flat_map(with_last).collect()
}

/// Plays the words in every order, each followed at the end by a double of every word, and compares what is bound.
fn every_order_ends_at(words: &[Value], bound: u32) {
    for order in orders(words.len()) {
        let mut state = registered();
        for at in order.iter().chain(&order) {
            state = take(Some(&state), &words[*at], &Role::NODE);
            assert!(exposure(&state) <= Decimal::from(10), "double-spent in {order:?}");
        }
        assert_eq!(exposure(&state), Decimal::from(bound), "{order:?}");
    }
}

#[test]
fn a_use_that_was_asked_anew_is_bound_once_whatever_overtakes_what() {
    every_order_ends_at(&[asks(1, "4"), returns(2, "cancelled"), asks(3, "6")], 6);
}

#[test]
fn what_is_given_back_last_stays_given_back() {
    every_order_ends_at(&[asks(1, "4"), returns(2, "cancelled"), asks(3, "6"), returns(4, "given-back")], 0);
}

#[test]
fn a_use_that_is_denied_in_the_end_leaves_nothing_of_those_before_it() {
    every_order_ends_at(&[asks(1, "4"), returns(2, "cancelled"), asks(3, "11")], 0);
}

#[test]
fn a_word_about_a_guarantee_nobody_registered_is_kept_all_the_same() {
    let state = take(None, &returns(2, "cancelled"), &Role::NODE);
    let state = take(Some(&state), &asks(1, "4"), &Role::NODE);
    assert_eq!(exposure(&state), Decimal::ZERO);
}
