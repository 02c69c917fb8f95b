//! The matcher's memory: what a restart finds is what was there before.

use customs::agreement::{Agreement, ConsentRule, Term};
use customs::declaration::Declaration;
use customs::gate::Consignment;
use customs::roles::ANALYST;
use customs::tariff::ExchangeRates;
use customs::terms::{CustomsProcedure, Party};
use kernel::{CaseId, Money, NodeId};
use serde_json::{Value, json};

use crate::town::{Side, agreement, export, import, later, morning, settle, town};

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

/// The reasons of the tie a consignment has.
fn reasons(side: &Side, number: &str) -> Vec<String> {
    let case = Consignment::case_of(number);
    let row = side.look().case(&case).expect("a look").expect("it was declared");
    let consignment = row.state.read::<Consignment>().expect("a consignment");
    let ties = consignment.ties().values();
    ties.flat_map(|tie| tie.reasons.iter().map(|reason| reason.code.clone())).collect()
}

/// An import that quotes nothing and names its supplier as nobody else does.
fn by_trade_name(number: &str, kilograms: i64) -> Declaration {
    let mut import = import(number, "", kilograms);
    import.exporter = Party::named("Golden Field");
    import.lines[0].quoted_export = None;
    import
}

#[test]
fn names_of_a_confirmed_link_are_one_partys_until_it_is_taken_back() {
    let (mut th, mut vn) = town();
    let mut second = export("TH-2", 20_000);
    second.departs = second.departs.and_then(|day| day.tomorrow().ok());
    th.import(morning(), vec![export("TH-1", 20_000), second, export("TH-3", 31_000)]);
    settle(morning(), &mut th, &mut vn);
    vn.import(morning(), vec![by_trade_name("VN-7", 20_000), by_trade_name("VN-8", 31_000)]);
    let alias = "exporter-alias".to_owned();
    assert!(!reasons(&vn, "VN-8").contains(&alias), "nobody said so yet: {:?}", reasons(&vn, "VN-8"));
    let first = Consignment::case_of("VN-7");
    assert_eq!(vn.stage(&first), "ambiguous");
    let item = vn.cases("received").into_iter().find(|row| row.summary.title == "TH-1").expect("it came").id;
    vn.act(later(1), &ANALYST, &first, json!({ "act": "choose", "item": item })).expect("may choose");
    assert!(reasons(&vn, "VN-8").contains(&alias), "{:?}", reasons(&vn, "VN-8"));
    let mut vn = vn.restarted();
    vn.import(later(2), vec![by_trade_name("VN-9", 31_000)]);
    assert!(reasons(&vn, "VN-8").contains(&alias), "a restart knows it too");
    let act = json!({ "act": "unlink", "item": item, "reason": "wrong-link" });
    vn.act(later(3), &ANALYST, &first, act).expect("may be taken back");
    assert!(!reasons(&vn, "VN-8").contains(&alias), "{:?}", reasons(&vn, "VN-8"));
}

/// The first finding's explanations: code, answer.
fn explanations(side: &Side) -> Vec<(String, String)> {
    let row = side.cases("finding").into_iter().next().expect("a finding");
    let tried = row.summary.shown["difference"]["explanations"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    tried.iter().map(|one| (text(&one["code"]), text(&one["holds"]))).collect()
}

/// What an explanation answers when so little of an export is declared, by this procedure and value, and nothing more comes.
fn short(procedure: Option<&str>, value: Option<i64>) -> Vec<(String, String)> {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    settle(morning(), &mut th, &mut vn);
    let mut import = import("VN-7", "TH-1", 19_500);
    import.lines[0].procedure = procedure.and_then(CustomsProcedure::read);
    import.lines[0].value = value.map(|amount| Money::new(amount.into(), "VND"));
    vn.import(morning(), vec![import]);
    explanations(&vn)
}

#[test]
fn the_procedure_of_the_declaration_explains_what_is_short_or_does_not() {
    let of = |procedure, code: &str| {
        let found = short(procedure, None).into_iter().find(|(known, _)| known == code);
        found.map(|(_, holds)| holds).unwrap_or_default()
    };
    assert_eq!(of(Some("7100"), "free-zone"), "yes");
    assert_eq!(of(Some("4000"), "free-zone"), "no");
    assert_eq!(of(None, "free-zone"), "cannot-tell");
}

#[test]
fn what_is_short_by_less_than_the_low_value_of_the_day_may_have_come_as_a_parcel() {
    let of = |value| {
        let found = short(None, value).into_iter().find(|(code, _)| code == "low-value");
        found.map(|(_, holds)| holds).unwrap_or_default()
    };
    assert_eq!(of(Some(19_500_000)), "yes", "500 kilograms at a thousand each");
    assert_eq!(of(Some(19_500_000_000)), "no", "500 kilograms at a million each");
    assert_eq!(of(None), "cannot-tell");
}

/// The agreement with a partner's register to be asked, and freight as this lane has it.
fn with_register(freight: u32) -> Agreement {
    let mut agreement = agreement();
    let ask = |id: &str, kind: &str, from: &str, to: &str, fields: &[&str]| Term {
        id: id.into(),
        kind: kind.into(),
        from: NodeId::new(from),
        to: NodeId::new(to),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        consent: ConsentRule::NotNeeded,
        answer_within: None,
        result_within: None,
        quotas: [("questions-a-day".to_owned(), 20), ("values-a-question".to_owned(), 20)].into(),
        ..agreement.terms[0].clone()
    };
    let more = [
        ask("5", "register-question", "VN", "TH", &["declaration", "purpose"]),
        ask("6", "register-answer", "TH", "VN", &["found", "flow", "cancelled", "departs", "lines"]),
    ];
    agreement.terms[0].quotas.insert("freight-percent".into(), freight);
    agreement.terms.extend(more);
    agreement
}

/// The value finding's explanations where an export of so many dollars was imported for so many dong.
fn valued(dollars: i64, dong: i64, freight: u32, rates: Option<&str>) -> Option<Vec<(String, String)>> {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    for side in [&mut th, &mut vn] {
        side.agree(morning(), &with_register(freight));
    }
    if let Some(quotes) = rates {
        let act = json!({ "act": "publish", "edition": "47", "base": "VND", "quotes": quotes,
            "from": "2026-11-16", "until": "2026-11-29", "source": "a test's own" });
        vn.act(morning(), &ANALYST, &ExchangeRates::case_of("VN"), act).expect("may be published");
    }
    let mut sent = export("TH-1", 20_000);
    sent.lines[0].value = Some(Money::new(dollars.into(), "USD"));
    th.import(morning(), vec![sent]);
    settle(morning(), &mut th, &mut vn);
    let mut import = import("VN-7", "TH-1", 20_000);
    import.lines[0].value = Some(Money::new(dong.into(), "VND"));
    vn.import(morning(), vec![import]);
    assert!(vn.cases("finding").is_empty(), "an export document carries no value");
    let act = json!({ "act": "ask", "partner": "TH", "declaration": "TH-1", "purpose": "border-control" });
    vn.act(later(1), &ANALYST, &CaseId::of("register-question", "Q-1"), act).expect("may ask");
    settle(later(1), &mut th, &mut vn);
    let found = vn.cases("finding").into_iter().next()?;
    assert!(found.id.as_str().contains("value-differs"), "{}", found.id);
    Some(explanations(&vn))
}

#[test]
fn a_value_the_partners_register_told_is_compared_by_the_rate_of_the_day_and_the_lanes_freight() {
    let rates = Some("USD 25000");
    assert_eq!(valued(10_000, 250_000_000, 15, rates), None, "equal by the rate of the day");
    let holds = |found: Option<Vec<(String, String)>>, code: &str| {
        let found = found.into_iter().flatten().find(|(known, _)| known == code);
        found.map(|(_, holds)| holds).unwrap_or_default()
    };
    assert_eq!(holds(valued(10_000, 275_000_000, 15, rates), "cif-fob"), "yes", "a tenth of freight");
    assert_eq!(
        holds(valued(10_000, 275_000_000, 5, rates), "cif-fob"),
        "no",
        "the lane's term allows a twentieth"
    );
    assert_eq!(holds(valued(10_000, 255_000_000, 15, rates), "currency-day"), "yes");
    assert_eq!(holds(valued(10_000, 125_000_000, 15, rates), "cif-fob"), "no", "half the value");
    assert_eq!(valued(10_000, 125_000_000, 15, None), None, "without a rate nothing is said");
}
