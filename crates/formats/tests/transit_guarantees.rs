//! Movements of Viet Nam that rely on a guarantee kept in the Lao PDR: every word between the two goes as the bytes of the
//! standard.

#[allow(dead_code, reason = "shared with other tests")]
mod region;

use customs::transit::codes::code_digest;
use customs::transit::guarantee::Usage;
use customs::transit::{Arrival, Departure, Enquiry, Guarantee, Recovery, grn};
use formats::transit::judge_content;
use jiff::SignedDuration;
use kernel::NodeId;
use region::corridor::{self, EXCHANGE, LA, OFFICER, TH, TRADER, VN, guaranteed, movement, stage};
use region::{Region, declaration, declare};
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn number() -> String {
    grn(2026, LA, 1).expect("a number")
}

fn region() -> Region {
    guaranteed(&["VN", "LA", "TH"], LA, &number())
}

/// Lodged and concluded with changes of the declaration; nothing between the countries is delivered yet.
fn concluded(region: &mut Region, lrn: &str, change: impl FnOnce(&mut Value)) -> String {
    corridor::concluded(region, &movement(lrn, &number(), "250000"), change)
}

/// A movement over three countries on this much of the guarantee, declared and accepted.
fn accepted(region: &mut Region, lrn: &str, amount: &str, change: impl FnOnce(&mut Value)) -> String {
    corridor::accepted(region, &movement(lrn, &number(), amount), change).mrn
}

fn reference(guarantee: &mut Value) -> &mut Value {
    &mut guarantee["GuaranteeReference"][0]
}

fn guarantee(region: &Region) -> Guarantee {
    corridor::guarantee(region, &number())
}

fn exposure(region: &Region) -> Decimal {
    guarantee(region).exposure()
}

/// Which messages about guarantees went, in their order.
fn words(region: &Region) -> Vec<&str> {
    region.letters.iter().map(|(code, _)| code.as_str()).filter(|code| code.starts_with("CD20")).collect()
}

/// The reasons a principal was told (055).
fn reasons(region: &Region, mrn: &str) -> Vec<String> {
    let departure = region.departure(mrn).expect("a departure");
    let at = departure.notices().iter().rposition(|notice| notice.code == "CC055C").expect("is told");
    let (_, content) = departure.message(at).expect("a message");
    let given =
        content["GuaranteeReference"][0]["InvalidGuaranteeReason"].as_array().cloned().unwrap_or_default();
    given.iter().filter_map(|it| it["code"].as_str().map(str::to_owned)).collect()
}

fn refused_for(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut region = region();
    let mrn = concluded(&mut region, "DENIED-1", change);
    region.settle();
    assert_eq!(stage(&region, "VN", &Departure::case_of(&mrn)), "guarantee-under-amendment");
    assert_eq!(exposure(&region), Decimal::ZERO);
    reasons(&region, &mrn)
}

fn arrive(region: &mut Region, mrn: &str) {
    let case = Arrival::case_of(mrn);
    let notify = json!({ "act": "notify", "office": TH, "trader": "TH0105536000315" });
    region.act("TH", ("siam", "principal"), &case, notify).expect("notifies");
    region.settle();
    region.act("TH", OFFICER, &case, json!({ "act": "conclude", "code": "A2" })).expect("concludes");
    region.settle();
}

#[test]
fn a_movement_waits_for_the_country_of_its_guarantee_and_gives_back_after_discharge() {
    let mut region = region();
    let mrn = concluded(&mut region, "ABROAD-1", |_| ());
    let case = Departure::case_of(&mrn);
    assert_eq!(stage(&region, "VN", &case), "guarantee-registration");
    assert_eq!(exposure(&region), Decimal::ZERO);
    region.settle();
    assert_eq!(stage(&region, "VN", &case), "released");
    assert_eq!(exposure(&region), Decimal::from(250_000));
    arrive(&mut region, &mrn);
    assert_eq!(stage(&region, "VN", &case), "written-off");
    assert_eq!(exposure(&region), Decimal::ZERO);
    assert_eq!(words(&region), ["CD203C", "CD205C", "CD209C"]);
    assert_eq!(region.refusals, []);
}

#[test]
fn the_country_of_the_guarantee_says_why_it_does_not_cover_a_movement() {
    assert_eq!(refused_for(|it| reference(it)["accessCode"] = json!("XXXX")), ["G03"]);
    assert_eq!(refused_for(|it| reference(it)["amountToBeCovered"] = json!("5000000")), ["G09"]);
    assert_eq!(refused_for(|it| it["guaranteeType"] = json!("2")), ["G13"]);
    let unknown = grn(2026, LA, 2).expect("a number");
    assert_eq!(refused_for(|it| reference(it)["GRN"] = json!(unknown)), ["G01"]);
}

#[test]
fn who_does_not_know_the_code_learns_nothing_else() {
    let seen = refused_for(|it| {
        reference(it)["accessCode"] = json!("XXXX");
        reference(it)["amountToBeCovered"] = json!("5000000");
    });
    assert_eq!(seen, ["G03"]);
}

#[test]
fn another_principals_guarantee_covers_nothing() {
    let mut region = region();
    let other = grn(2026, LA, 3).expect("a number");
    let register = json!({ "act": "register", "registered": { "grn": other, "kind": "1", "holder": "LA0001",
        "guarantor": "Bank", "office": LA, "amount": "1000000", "currency": "VND", "from": "2026-01-01",
        "codes": [code_digest(&other, "AC01")] } });
    region.act("LA", OFFICER, &Guarantee::case_of(&other), register).expect("registers");
    let mrn = concluded(&mut region, "OTHER-1", |it| reference(it)["GRN"] = json!(other));
    region.settle();
    assert_eq!(reasons(&region, &mrn), ["G04"]);
}

#[test]
fn wrong_codes_from_abroad_lock_a_guarantee_like_those_at_home() {
    let mut region = region();
    for at in 0..5 {
        let lrn = format!("CODE-{at}");
        concluded(&mut region, &lrn, |it| reference(it)["accessCode"] = json!("XXXX"));
        region.settle();
    }
    let mrn = concluded(&mut region, "CODE-LOCKED", |_| ());
    region.settle();
    assert_eq!(reasons(&region, &mrn), ["G03"]);
    region.after(SignedDuration::from_hours(2));
    let mrn = concluded(&mut region, "CODE-OK", |_| ());
    region.settle();
    assert_eq!(stage(&region, "VN", &Departure::case_of(&mrn)), "released");
}

#[test]
fn an_amended_guarantee_is_asked_anew_and_the_latest_word_holds_in_any_order() {
    let mut region = region();
    let mrn = concluded(&mut region, "AMEND-1", |it| reference(it)["accessCode"] = json!("XXXX"));
    region.settle();
    let grn = number();
    let lodged = declaration(&movement("AMEND-1", &grn, "250000"));
    let mut act = declare(&lodged);
    act["act"] = json!("amend");
    act["declaration"]["TransitOperation"]["amendmentTypeFlag"] = json!("1");
    region.act("VN", TRADER, &Departure::case_of(&mrn), act).expect("amends");
    let asked = region.post.front().cloned().expect("asked anew");
    region.settle();
    assert_eq!(stage(&region, "VN", &Departure::case_of(&mrn)), "released");
    region
        .act("VN", OFFICER, &Departure::case_of(&mrn), json!({ "act": "invalidate", "justification": "x" }))
        .expect("is void");
    region.settle();
    assert_eq!(exposure(&region), Decimal::ZERO);
    // A double of the use that comes after all binds nothing.
    region.deliver(&asked);
    region.settle();
    assert_eq!(exposure(&region), Decimal::ZERO);
    assert_eq!(words(&region), ["CD203C", "CD205C", "CD203C", "CD205C", "CD204C"]);
}

#[test]
fn a_movement_that_is_void_before_the_answer_gives_back_what_the_answer_binds() {
    let mut region = region();
    let mrn = concluded(&mut region, "VOID-1", |_| ());
    let case = Departure::case_of(&mrn);
    region
        .act("VN", OFFICER, &case, json!({ "act": "invalidate", "justification": "withdrawn" }))
        .expect("is void");
    region.settle();
    assert_eq!(stage(&region, "VN", &case), "invalidated");
    assert_eq!(words(&region), ["CD203C", "CD205C", "CD204C"]);
    assert_eq!(exposure(&region), Decimal::ZERO);
    assert_eq!(region.refusals, []);
}

#[test]
fn a_country_speaks_for_its_own_movements_alone() {
    let mut region = region();
    let mrn = concluded(&mut region, "SPOOF-1", |_| ());
    region.settle();
    let credit = json!({ "messageSender": "NTA.TH", "messageRecipient": "NTA.LA", "preparationDateAndTime": "2026-12-01T00:00:00",
        "messageIdentification": "X-1", "messageType": "CD204C", "TransitOperation": { "MRN": mrn, "usageCancellationDate": "2026-12-01" },
        "CustomsOfficeOfDeparture": { "referenceNumber": VN }, "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1",
            "GuaranteeReference": [{ "sequenceNumber": "1", "GRN": number(), "CustomsOfficeOfGuarantee": { "referenceNumber": LA } }] }] });
    let bytes = formats::write_paper("cd204c", &credit);
    let letter =
        region::Letter { from: NodeId::new("TH"), to: NodeId::new("LA"), kind: "cd204c".into(), bytes };
    region.deliver(&letter);
    assert_eq!(exposure(&region), Decimal::from(250_000));
}

#[test]
fn a_check_says_what_would_speak_against_and_binds_nothing() {
    let mut region = region();
    let grn = number();
    let mrn = accepted(&mut region, "CHECK-1", "5000000", |_| ());
    let case = Departure::case_of(&mrn);
    region.act("VN", OFFICER, &case, json!({ "act": "check-guarantees" })).expect("asks");
    region.settle();
    let departure = region.departure(&mrn).expect("a departure");
    let said: Vec<_> = departure.checked()[&grn].iter().map(|reason| reason.code()).collect();
    assert_eq!(said, ["G09"]);
    assert_eq!(words(&region), ["CD200C", "CD201C"]);
    assert!(guarantee(&region).usages().is_empty());
}

#[test]
fn a_debt_on_a_guarantee_elsewhere_is_claimed_there_and_given_back_when_it_is_paid() {
    let mut region = region();
    let mrn = concluded(&mut region, "DEBT-1", |_| ());
    region.settle();
    region.after(SignedDuration::from_hours(24 * 22));
    let (enquiry, recovery) = (Enquiry::case_of(&mrn), Recovery::case_of(&mrn));
    region
        .act("VN", EXCHANGE, &enquiry, json!({ "act": "recover", "reason": "nobody knows" }))
        .expect("recovers");
    let ask = json!({ "act": "ask-recovery", "office": LA, "text": "the guarantee is yours" });
    region.act("VN", EXCHANGE, &enquiry, ask).expect("asks");
    region.settle();
    region.act("LA", EXCHANGE, &recovery, json!({ "act": "accept" })).expect("accepts");
    let states: Vec<_> = guarantee(&region).usages().values().map(|usage| usage.state).collect();
    assert_eq!(states, [customs::transit::guarantee::UsageState::Claimed]);
    assert_eq!(exposure(&region), Decimal::from(250_000));
    region.settle();
    region
        .act("LA", EXCHANGE, &recovery, json!({ "act": "collect", "day": "2026-12-19" }))
        .expect("collects");
    region.settle();
    assert_eq!(stage(&region, "VN", &Departure::case_of(&mrn)), "written-off");
    assert!(!guarantee(&region).usages().values().any(Usage::is_open));
    assert_eq!(region.refusals, []);
}

#[test]
fn a_code_that_was_forgotten_is_asked_of_the_principal_and_of_nobody_else() {
    let mut region = region();
    let mrn = accepted(&mut region, "FORGOT-1", "250000", |_| ());
    let case = Departure::case_of(&mrn);
    region.codes.clear();
    region.act("VN", OFFICER, &case, json!({ "act": "conclude", "code": "A2" })).expect("concludes");
    assert_eq!(reasons(&region, &mrn), ["G03"]);
    assert_eq!(words(&region), [""; 0]);
}

#[test]
fn the_code_is_in_the_bytes_of_a_use_and_in_no_case() {
    let mut region = region();
    concluded(&mut region, "SECRET-1", |_| ());
    let (_, sent) = region.letters.iter().find(|(code, _)| code == "CD203C").expect("a use").clone();
    assert!(String::from_utf8_lossy(&sent).contains("<accessCode>AC01</accessCode>"));
    region.settle();
    for country in region.countries.values() {
        for (case, state) in &country.cases {
            assert!(!state.to_text().contains("AC01"), "{case}");
        }
    }
    let (content, _) = formats::read_paper("cd203c", &sent);
    let kept = formats::write_paper("cd203c", &content.expect("is read"));
    assert!(String::from_utf8_lossy(&kept).contains("<accessCode>****</accessCode>"));
}

#[test]
fn a_guarantee_for_one_journey_is_told_its_goods_and_destination() {
    let mut region = region();
    let single = grn(2026, LA, 4).expect("a number");
    let register = json!({ "act": "register", "registered": { "grn": single, "kind": "2", "holder": "VN0100109106",
        "guarantor": "Bank", "office": LA, "amount": "300000", "currency": "VND", "from": "2026-01-01",
        "offices": [VN, TH], "goods": ["847130"], "codes": [code_digest(&single, "AC01")] } });
    region.act("LA", OFFICER, &Guarantee::case_of(&single), register).expect("registers");
    let mrn = concluded(&mut region, "SINGLE-1", |it| {
        it["guaranteeType"] = json!("2");
        reference(it)["GRN"] = json!(single);
    });
    let (_, asked) = region.letters.iter().find(|(code, _)| code == "CD203C").expect("a use").clone();
    let (content, _) = formats::read_paper("cd203c", &asked);
    let mut content = content.expect("is read");
    content["Guarantee"][0]["GuaranteeReference"][0]["accessCode"] = json!("AC01");
    let wrong = judge_content("CD203C", &content);
    let broken: Vec<_> = wrong.iter().filter(|it| it.code.starts_with("transit-condition")).collect();
    assert!(broken.is_empty(), "{broken:?}");
    region.settle();
    assert_eq!(stage(&region, "VN", &Departure::case_of(&mrn)), "released");
}
