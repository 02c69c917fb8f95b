//! An ACDD or a Customs Response from the tree of its document.

use customs::declaration::{Acdd, AcddLine, Consent, Function, Outcome, Remark, Response};
use customs::terms::{Country, Place, TransportMode};

use super::complete::{Parameter, missing_parameters};
use super::pointer;
use crate::model::Node;
use crate::terms::{Terms, moment, party, text};

/// The ACDD in a `MetaData` that holds a `Declaration`.
pub(crate) fn acdd(metadata: Node<'_, '_>, terms: &mut Terms<'_, '_>) -> Option<Acdd> {
    let declaration = metadata.child("Declaration")?;
    let country = text(metadata, &["ResponsibleCountryCode"]);
    let shipment = declaration.child("GoodsShipment");
    let below = |path: &[&'static str]| shipment.and_then(|shipment| shipment.down(path));
    let lines = shipment.map(|node| node.children("GovernmentAgencyGoodsItem").collect::<Vec<_>>());
    let acdd = Acdd {
        function: function(&text(declaration, &["FunctionCode"])),
        version: number(declaration, &["VersionID"]),
        reference: text(declaration, &["FunctionalReferenceID"]),
        number: text(declaration, &["ID"]),
        exporter: party(declaration.child("Exporter"), &country),
        consignee: party(below(&["Consignee"]), &country),
        agent: party(declaration.child("Agent"), &country),
        departs: terms.day(below(&["ExitDateTime"])),
        mode: declaration.text_at(&["BorderTransportMeans", "ModeCode"]).map(TransportMode::new),
        discharge: below(&["Consignment", "UnloadingLocation", "ID"]).map(|id| Place::new(id.text())),
        lines: lines.unwrap_or_default().into_iter().map(|item| line(item, terms)).collect(),
        consent: consent(declaration, terms),
        reason: text(declaration, &["AdditionalInformation", "StatementDescription"]),
        country: Country::new(country),
    };
    for Parameter { letter, name } in missing_parameters(&acdd) {
        terms.warn("parameter-missing", declaration, &format!("{letter} {name}"));
    }
    Some(acdd)
}

/// The function of a code; anything but a change or a request is an original.
fn function(code: &str) -> Function {
    match code {
        "1" => Function::Cancel,
        "5" => Function::Replace,
        "13" => Function::Request,
        _ => Function::Original,
    }
}

fn consent(declaration: Node<'_, '_>, terms: &Terms<'_, '_>) -> Option<Consent> {
    let document = declaration.child("AdditionalDocument")?;
    let since = terms.day(document.child("EffectiveDateTime"))?;
    Some(Consent { reference: text(document, &["ID"]), since })
}

fn line(item: Node<'_, '_>, terms: &mut Terms<'_, '_>) -> AcddLine {
    AcddLine {
        item_no: number(item, &["SequenceNumeric"]),
        hs: terms.hs(item.down(&["Commodity", "Classification", "ID"])),
        quantity: terms.quantity(item.down(&["Commodity", "GoodsMeasure", "TariffQuantity"]), ""),
        origin: item.text_at(&["Origin", "CountryCode"]).map(Country::new),
    }
}

fn number(node: Node<'_, '_>, path: &[&'static str]) -> u32 {
    node.text_at(path).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The Customs Response in a `MetaData` that holds a `Response`.
pub(crate) fn response(metadata: Node<'_, '_>) -> Option<Response> {
    let response = metadata.child("Response")?;
    Some(Response {
        outcome: outcome(&text(response, &["FunctionCode"])),
        reference: text(response, &["FunctionalReferenceID"]),
        issued: response.text_at(&["IssueDateTime"]).and_then(moment),
        country: Country::new(text(metadata, &["ResponsibleCountryCode"])),
        number: text(response, &["Declaration", "ID"]),
        answers: text(response, &["Declaration", "FunctionalReferenceID"]),
        version: response.text_at(&["Declaration", "VersionID"]).and_then(|version| version.parse().ok()),
        remarks: response.children("AdditionalInformation").map(remark).collect(),
    })
}

fn outcome(code: &str) -> Outcome {
    match code {
        "27" => Outcome::Rejected,
        "8" => Outcome::Used,
        "1" => Outcome::Cancelled,
        _ => Outcome::Accepted,
    }
}

fn remark(information: Node<'_, '_>) -> Remark {
    Remark {
        code: text(information, &["StatementCode"]),
        pointer: pointer::read(information.children("Pointer")),
        text: text(information, &["StatementDescription"]),
    }
}
