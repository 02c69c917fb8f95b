//! The corridor from Viet Nam through the Lao PDR to Thailand, with one guarantee, as most journeys here use it.

use customs::transit::codes::code_digest;
use customs::transit::{Departure, Guarantee};
use kernel::{CaseId, NodeId};
use serde_json::{Value, json};

use super::{Lodged, Region, Wanted, declaration, declare};

pub(crate) const VN: &str = "VN001234";
pub(crate) const LA: &str = "LA000100";
pub(crate) const TH: &str = "TH005678";
pub(crate) const TRADER: (&str, &str) = ("thang-long", "principal");
pub(crate) const OFFICER: (&str, &str) = ("officer", "gate-officer");
pub(crate) const EXCHANGE: (&str, &str) = ("focal", "exchange-officer");

/// These countries, with a guarantee of a million registered at an office of one of them.
pub(crate) fn guaranteed(countries: &[&str], office: &str, grn: &str) -> Region {
    let mut region = Region::new(countries);
    let register = json!({ "act": "register", "registered": { "grn": grn, "kind": "1", "holder": "VN0100109106",
        "guarantor": "Bank", "office": office, "amount": "1000000", "currency": "VND", "from": "2026-01-01",
        "codes": [code_digest(grn, "AC01")] } });
    region.act(&office[..2], OFFICER, &Guarantee::case_of(grn), register).expect("registers");
    region
}

/// A movement through the whole corridor.
pub(crate) const fn movement<'a>(lrn: &'a str, grn: &'a str, amount: &'a str) -> Wanted<'a> {
    Wanted {
        lrn,
        departure: VN,
        transit: &[LA, TH],
        destination: TH,
        simplified: false,
        advance: false,
        grn,
        amount,
    }
}

/// A movement declared with changes of its one guarantee, and accepted.
pub(crate) fn accepted(region: &mut Region, wanted: &Wanted<'_>, change: impl FnOnce(&mut Value)) -> Lodged {
    let mut lodged = declaration(wanted);
    change(&mut lodged.content["Guarantee"][0]);
    let case = Departure::case_of(&lodged.mrn);
    region.act("VN", TRADER, &case, declare(&lodged)).expect("declares");
    region.act("VN", OFFICER, &case, json!({ "act": "accept" })).expect("accepts");
    lodged
}

/// The same, and concluded as satisfactory; nothing between the countries is delivered yet.
pub(crate) fn concluded(region: &mut Region, wanted: &Wanted<'_>, change: impl FnOnce(&mut Value)) -> String {
    let mrn = accepted(region, wanted, change).mrn;
    let conclude = json!({ "act": "conclude", "code": "A2" });
    region.act("VN", OFFICER, &Departure::case_of(&mrn), conclude).expect("concludes");
    mrn
}

/// Where a case stands in a country.
pub(crate) fn stage(region: &Region, at: &str, case: &CaseId) -> String {
    let state = region.countries[&NodeId::new(at)].cases.get(case);
    state.and_then(|state| state.json()["stage"].as_str()).unwrap_or("-").to_owned()
}

/// A guarantee as the country of its office has it.
pub(crate) fn guarantee(region: &Region, grn: &str) -> Guarantee {
    let state = &region.countries[&NodeId::new(&grn[2..4])].cases[&Guarantee::case_of(grn)];
    Guarantee::clone(&state.read::<Guarantee>().expect("a guarantee"))
}
