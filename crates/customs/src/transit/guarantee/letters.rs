//! The messages between the country of departure and that of the guarantee, as acts and as contents: check and result
//! (200, 201), use and result (203, 205), cancellation (204), credit (209).
//!
//! A message of ours is about one guarantee, so that none waits for the office of another; what comes may be about
//! several. A country speaks for its own movements and its own guarantees alone.

use kernel::{Digest, Effect, NodeId};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::check::Reason;
use super::registered::{UsageState, UseRequest};
use super::word::{Return, Word};
use super::{Guarantee, GuaranteeAct};
use crate::transit::country_of;
use crate::transit::departure::{Departure, DepartureAct, Told};
use crate::transit::papers::Came;
use crate::transit::wire;

/// What follows from one of these messages.
pub(in crate::transit) fn arrived(code: &str, came: &Came<'_>) -> Vec<Effect> {
    match code {
        "CD201C" | "CD205C" => answers(code, came),
        _ if country_in(&came.mrn()) != came.from.as_str() => Vec::new(),
        "CD204C" => returns(UsageState::Cancelled, came),
        "CD209C" => returns(UsageState::GivenBack, came),
        _ => asks(code, came),
    }
}

/// What the movement is told where a check or a use could not be sent at all: nothing is bound, and this is why.
#[must_use]
pub fn unsent(code: &str, content: &Value, reason: Reason) -> Vec<Effect> {
    let nobody = NodeId::new("");
    let came = Came { content, from: &nobody, to: &nobody };
    let mrn = came.mrn();
    let message = came.text("/messageIdentification");
    let each = references(content).map(|(_, reference)| {
        let told = Told { message: message.clone(), ..Told::default() };
        Effect::act(Departure::case_of(&mrn), &answer_act(code, text(reference, "GRN"), vec![reason], told))
    });
    each.collect()
}

fn answer_act(code: &str, grn: &str, reasons: Vec<Reason>, told: Told) -> DepartureAct {
    let (grn, told) = (grn.to_owned(), Some(Box::new(told)));
    match code {
        "CD200C" | "CD201C" => DepartureAct::GuaranteeChecked { grn, reasons, told },
        _ => DepartureAct::GuaranteeAnswered { grn, reasons, told },
    }
}

fn asks(code: &str, came: &Came<'_>) -> Vec<Effect> {
    let requests = kept_by(came.to, came.content).filter_map(|named| request(came, named)).map(|request| {
        let case = Guarantee::case_of(&request.grn);
        let request = Box::new(request);
        match code {
            "CD200C" => Effect::act(case, &GuaranteeAct::Check { request }),
            _ => Effect::act(case, &GuaranteeAct::Use { request }),
        }
    });
    requests.collect()
}

fn request(came: &Came<'_>, (kind, reference): (&str, &Value)) -> Option<UseRequest> {
    let countries = came.content.get("CountryInvolved").and_then(Value::as_array).into_iter().flatten();
    let mrn = came.mrn();
    Some(UseRequest {
        grn: text(reference, "GRN").to_owned(),
        kind: kind.to_owned(),
        holder: came.text("/HolderOfTheTransitProcedure/identificationNumber"),
        code: reference.get("x-code").and_then(Value::as_str).and_then(Digest::parse),
        // An amount that cannot be read is never covered.
        amount: text(reference, "amountConcerned").parse().unwrap_or(Decimal::MAX),
        currency: text(reference, "currency").to_owned(),
        route: countries.map(|it| NodeId::new(text(it, "country"))).collect(),
        offices: (came.office("CustomsOfficeOfDeparture"), came.office("CustomsOfficeOfDestinationDeclared")),
        goods: goods(came.content),
        about: Departure::case_of(&mrn),
        mrn,
        word: Some(word(came)?),
    })
}

fn word(came: &Came<'_>) -> Option<Word> {
    let written = wire::read_moment(&came.text("/preparationDateAndTime"))?;
    Some(Word { from: came.from.clone(), message: came.text("/messageIdentification"), written })
}

/// The commodity codes; the standard tells them for guarantees that depend on them (C0815), without national digits.
fn goods(content: &Value) -> Vec<String> {
    let houses = content.pointer("/Consignment/HouseConsignment").and_then(Value::as_array);
    let items = houses.into_iter().flatten().filter_map(|it| it.get("ConsignmentItem")?.as_array()).flatten();
    let codes = items.filter_map(|item| item.pointer("/Commodity/CommodityCode"));
    codes
        .map(|code| {
            let further = text(code, "combinedNomenclatureCode");
            format!("{}{further}", text(code, "harmonizedSystemSubHeadingCode"))
        })
        .collect()
}

fn returns(why: UsageState, came: &Came<'_>) -> Vec<Effect> {
    let Some(word) = word(came) else { return Vec::new() };
    let each = kept_by(came.to, came.content).map(|(_, reference)| {
        let grn = text(reference, "GRN").to_owned();
        let back = Return { grn: grn.clone(), mrn: came.mrn(), why, word: word.clone() };
        Effect::act(Guarantee::case_of(&grn), &GuaranteeAct::ReturnAbroad { back: Box::new(back) })
    });
    each.collect()
}

fn answers(code: &str, came: &Came<'_>) -> Vec<Effect> {
    let each = kept_by(came.from, came.content).map(|(_, reference)| {
        let office = reference.pointer("/CustomsOfficeOfGuarantee/referenceNumber").and_then(Value::as_str);
        let told = Told {
            message: came.text("/correlationIdentifier"),
            office: office.unwrap_or_default().to_owned(),
            not_in: listed(reference, "ValidityLimitation", "guaranteeNotValidIn").map(NodeId::new).collect(),
        };
        // A reason this program does not know speaks against the guarantee all the same.
        let codes = listed(reference, "InvalidGuaranteeReason", "code");
        let reasons = codes.map(|code| Reason::of(code).unwrap_or(Reason::G02)).collect();
        let act = answer_act(code, text(reference, "GRN"), reasons, told);
        Effect::act(Departure::case_of(&came.mrn()), &act)
    });
    each.collect()
}

/// The answer to a check (201) or a use (205). Who does not know the code learns nothing but that.
pub(super) fn answer(guarantee: &Guarantee, request: &UseRequest, reasons: &[Reason]) -> Value {
    let told = if reasons.contains(&Reason::G03) { &[Reason::G03] } else { reasons };
    let mut reference = json!({ "sequenceNumber": "1", "GRN": request.grn });
    if let Some(registered) = guarantee.registered() {
        reference["CustomsOfficeOfGuarantee"] = wire::office(&registered.office);
        if told.contains(&Reason::G08) {
            let not_in = registered.not_in.iter().filter(|country| request.route.contains(country));
            reference["ValidityLimitation"] = numbered("guaranteeNotValidIn", not_in.map(NodeId::as_str));
        }
    }
    if !told.is_empty() {
        let codes = told.iter().map(|reason| reason.code());
        reference["InvalidGuaranteeReason"] = numbered("code", codes);
    }
    json!({ "TransitOperation": { "MRN": request.mrn }, "CustomsOfficeOfDeparture": wire::office(&request.offices.0),
        "HolderOfTheTransitProcedure": { "identificationNumber": request.holder },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": request.kind, "GuaranteeReference": [reference] }] })
}

/// A check (200) or a use (203). The code stands in it by its digest.
pub(in crate::transit) fn question(request: &UseRequest, accepted: Option<jiff::civil::Date>) -> Value {
    let mut reference = json!({ "sequenceNumber": "1", "GRN": request.grn,
        "amountConcerned": request.amount.normalize().to_string(), "currency": request.currency });
    if let Some(code) = request.code {
        reference["x-code"] = json!(code);
    }
    let mut content = json!({ "TransitOperation": { "MRN": request.mrn, "declarationAcceptanceDate": accepted },
        "CustomsOfficeOfDeparture": wire::office(&request.offices.0),
        "HolderOfTheTransitProcedure": { "identificationNumber": request.holder },
        "CountryInvolved": numbered("country", request.route.iter().map(NodeId::as_str)),
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": request.kind, "GuaranteeReference": [reference] }] });
    if request.kind == "2" {
        content["CustomsOfficeOfDestinationDeclared"] = wire::office(&request.offices.1);
    }
    if ["2", "9"].contains(&request.kind.as_str()) {
        content["Consignment"] = consignment(&request.goods);
    }
    content
}

/// A cancellation (204) or a credit (209) of one guarantee.
pub(in crate::transit) fn return_of((kind, grn, office): (&str, &str, &str)) -> Value {
    json!([{ "sequenceNumber": "1", "guaranteeType": kind, "GuaranteeReference": [{ "sequenceNumber": "1", "GRN": grn,
        "CustomsOfficeOfGuarantee": wire::office(office) }] }])
}

/// The commodity codes, each once, in as many houses as they need.
fn consignment(goods: &[String]) -> Value {
    let codes: std::collections::BTreeSet<_> =
        goods.iter().map(|code| (code.get(..6), code.get(6..8))).collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let item = |(at, (heading, further)): (usize, &(Option<&str>, Option<&str>))| {
        let mut code = json!({ "harmonizedSystemSubHeadingCode": heading });
        if let Some(further) = further {
            code["combinedNomenclatureCode"] = json!(further);
        }
        json!({ "sequenceNumber": (at + 1).to_string(), "Commodity": { "CommodityCode": code } })
    };
    let houses = codes.chunks(ITEMS_MAX).enumerate().map(|(at, codes)| {
        let items: Vec<_> = codes.iter().enumerate().map(item).collect();
        json!({ "sequenceNumber": (at + 1).to_string(), "ConsignmentItem": items })
    });
    json!({ "HouseConsignment": houses.collect::<Vec<_>>() })
}

fn numbered<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Value {
    let each =
        values.enumerate().map(|(at, value)| json!({ "sequenceNumber": (at + 1).to_string(), name: value }));
    Value::Array(each.collect())
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn listed<'v>(value: &'v Value, group: &str, name: &'v str) -> impl Iterator<Item = &'v str> + use<'v> {
    value.get(group).and_then(Value::as_array).into_iter().flatten().map(move |it| text(it, name))
}

/// The references of a message, with the kind of each.
fn references(content: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let guarantees = content.get("Guarantee").and_then(Value::as_array).into_iter().flatten();
    guarantees.flat_map(|it| {
        let references = it.get("GuaranteeReference").and_then(Value::as_array).into_iter().flatten();
        references.map(move |reference| (text(it, "guaranteeType"), reference))
    })
}

/// Those whose guarantee this country keeps, as its number says.
fn kept_by<'v>(country: &'v NodeId, content: &'v Value) -> impl Iterator<Item = (&'v str, &'v Value)> {
    references(content).filter(|(_, reference)| country_in(text(reference, "GRN")) == country.as_str())
}

/// The country in a number, after the year.
fn country_in(number: &str) -> &str {
    country_of(number.get(2..).unwrap_or_default())
}

/// The most lines of goods a house consignment holds in these messages.
const ITEMS_MAX: usize = 999;
