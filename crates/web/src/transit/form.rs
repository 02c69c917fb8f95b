//! The form that declares: its fields, what they make as a message, and which field a finding is about.

use customs::transit::Departure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::Finding;
use serde_json::{Value, json};

use crate::fields::Fields;

/// The fields of the form.
pub(super) const NAMES: &[&str] = &[
    "lrn",
    "departure",
    "transit",
    "destination",
    "holder",
    "grn",
    "code",
    "amount",
    "currency",
    "vehicle",
    "nationality",
    "container",
    "seals",
    "place",
    "document",
    "consignor",
    "consignee",
    "exports",
    "lines",
    "stamped",
];

/// The key of what helps to fill a field in; nothing where it needs no help.
pub(super) fn hint(field: &str) -> &'static str {
    match field {
        "lines" => "transit.lines-hint",
        "stamped" => "transit.stamped-hint",
        "transit" => "transit.transit-hint",
        "exports" => "transit.exports-hint",
        "seals" => "transit.seals-hint",
        "consignor" | "consignee" => "transit.party-hint",
        _ => "",
    }
}

/// What was filled in, by the names of the fields.
pub(super) type Given = Vec<(&'static str, String)>;

/// Which field what a finding says is about; none where it is about the message as a whole.
pub(super) fn field_of(finding: &Finding) -> Option<&'static str> {
    let path = finding.place.path.as_str();
    PLACES.iter().find(|(part, _)| path.contains(part)).map(|(_, field)| *field)
}

/// Parts of the message's paths, the more particular first, and the field each comes from.
const PLACES: [(&str, &str); 20] = [
    ("/LRN", "lrn"),
    ("CustomsOfficeOfDeparture", "departure"),
    ("CustomsOfficeOfTransit", "transit"),
    ("CustomsOfficeOfDestination", "destination"),
    ("HolderOfTheTransitProcedure", "holder"),
    ("messageSender", "holder"),
    ("/GRN", "grn"),
    ("/accessCode", "code"),
    ("/amountToBeCovered", "amount"),
    ("/currency", "currency"),
    ("DepartureTransportMeans[1]/nationality", "nationality"),
    ("DepartureTransportMeans", "vehicle"),
    ("/containerIdentificationNumber", "container"),
    ("TransportEquipment", "seals"),
    ("/Consignor", "consignor"),
    ("/Consignee", "consignee"),
    ("PlaceOfLoading", "place"),
    ("PreviousDocument", "exports"),
    ("TransportDocument", "document"),
    ("ConsignmentItem", "lines"),
];

/// What the form begins with: what stays the same from one movement of a principal to the next.
pub(super) fn again(last: Option<&Departure>) -> Given {
    let Some(declaration) = last.map(|last| &last.lodging().declaration) else { return Vec::new() };
    let at = |path: &str| {
        declaration.consignment.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let transit: Vec<&str> =
        declaration.transit.iter().map(|office| office.reference_number.as_str()).collect();
    let reference = declaration.guarantees.iter().flat_map(|it| &it.references).next();
    vec![
        ("departure", declaration.departure.reference_number.clone()),
        ("transit", transit.join(" ")),
        ("destination", declaration.destination.reference_number.clone()),
        ("holder", declaration.holder.identification_number.clone()),
        ("grn", reference.map_or_else(String::new, |it| it.grn.clone())),
        ("currency", reference.map_or_else(String::new, |it| it.currency.clone())),
        ("vehicle", at("/DepartureTransportMeans/0/identificationNumber")),
        ("nationality", at("/DepartureTransportMeans/0/nationality")),
        ("place", at("/PlaceOfLoading/UNLocode")),
    ]
}

/// What was filled in, as a declaration (015). What is missing stays away and is found by the reader.
pub(super) fn content(form: &Fields, now: Timestamp) -> Value {
    let at = TimeZone::UTC.to_datetime(now).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let text = |name: &str| form.text(name).trim().to_owned();
    let (departure, destination) = (text("departure"), text("destination"));
    let country = |office: &str| office.get(..2).unwrap_or_default().to_owned();
    let lines: Vec<Value> =
        (1..).zip(form.text("lines").lines().filter(|line| !line.trim().is_empty())).map(line).collect();
    let mass = lines.iter().filter_map(|line| {
        line["Commodity"]["GoodsMeasure"]["grossMass"].as_str()?.parse::<rust_decimal::Decimal>().ok()
    });
    let mass = mass.sum::<rust_decimal::Decimal>().normalize().to_string();
    let offices: Vec<Value> = (1..)
        .zip(text("transit").split_whitespace())
        .map(|(at, office)| json!({ "sequenceNumber": at.to_string(), "referenceNumber": office }))
        .collect();
    let seals: Vec<Value> = (1..)
        .zip(text("seals").split_whitespace())
        .map(|(at, seal)| json!({ "sequenceNumber": at.to_string(), "identifier": seal }))
        .collect();
    let mut consignment = json!({ "countryOfDispatch": country(&departure), "countryOfDestination": country(&destination),
        "containerIndicator": if text("container").is_empty() { "0" } else { "1" }, "inlandModeOfTransport": "3",
        "modeOfTransportAtTheBorder": "3", "grossMass": mass,
        "LocationOfGoods": { "typeOfLocation": "A", "qualifierOfIdentification": "V",
            "CustomsOffice": { "referenceNumber": departure } },
        "DepartureTransportMeans": [{ "sequenceNumber": "1", "typeOfIdentification": "30",
            "identificationNumber": text("vehicle"), "nationality": text("nationality") }],
        "PlaceOfLoading": { "UNLocode": text("place") },
        "HouseConsignment": [{ "sequenceNumber": "1", "grossMass": mass, "ConsignmentItem": lines }] });
    for (name, group) in [("consignor", "Consignor"), ("consignee", "Consignee")] {
        if !text(name).is_empty() {
            consignment[group] = party(&text(name));
        }
    }
    if !text("document").is_empty() {
        consignment["TransportDocument"] = numbered("N730", &text("document"));
    }
    if !text("exports").is_empty() {
        consignment["PreviousDocument"] = numbered("N830", &text("exports"));
    }
    if !text("container").is_empty() || !seals.is_empty() {
        let mut equipment = json!({ "sequenceNumber": "1", "numberOfSeals": seals.len().to_string() });
        if !text("container").is_empty() {
            equipment["containerIdentificationNumber"] = json!(text("container"));
        }
        if !seals.is_empty() {
            equipment["Seal"] = json!(seals);
        }
        consignment["TransportEquipment"] = json!([equipment]);
    }
    let holder = text("holder");
    let mut content = json!({ "@PhaseID": "NCTS5.1", "messageSender": holder, "messageRecipient": format!("NTA.{}", country(&departure)),
        "preparationDateAndTime": at, "messageIdentification": text("lrn"), "messageType": "CC015C",
        "TransitOperation": { "LRN": text("lrn"), "declarationType": "T1", "additionalDeclarationType": "A", "security": "0",
            "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": departure },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": destination },
        "HolderOfTheTransitProcedure": { "identificationNumber": holder },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1",
            "GRN": text("grn"), "accessCode": text("code"), "amountToBeCovered": text("amount"), "currency": text("currency") }] }],
        "Consignment": consignment });
    if !offices.is_empty() {
        content["CustomsOfficeOfTransitDeclared"] = json!(offices);
    }
    content
}

/// A party as it is written in the form: its number alone, or `name; street; postcode; city; country`.
fn party(text: &str) -> Value {
    let mut parts = text.split(';').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let name = next();
    if !text.contains(';') {
        return json!({ "identificationNumber": name });
    }
    let (street, postcode, city, country) = (next(), next(), next(), next());
    json!({ "name": name,
        "Address": { "streetAndNumber": street, "postcode": postcode, "city": city, "country": country } })
}

/// Documents of one kind by their numbers, as a repeated group.
fn numbered(kind: &str, numbers: &str) -> Value {
    let each = (1..).zip(numbers.split_whitespace());
    let document = |(at, number): (u32, &str)| json!({ "sequenceNumber": at.to_string(), "type": kind, "referenceNumber": number });
    each.map(document).collect()
}

/// One line of goods as it is written in the form: `code; what; how many; packed as; kilograms`.
fn line((at, text): (u32, &str)) -> Value {
    let mut parts = text.split(';').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (code, what, count, packed, mass) = (next(), next(), next(), next(), next());
    json!({ "goodsItemNumber": at.to_string(), "declarationGoodsItemNumber": at.to_string(),
        "Commodity": { "descriptionOfGoods": what,
            "CommodityCode": { "harmonizedSystemSubHeadingCode": code },
            "GoodsMeasure": { "grossMass": mass } },
        "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": packed, "numberOfPackages": count, "shippingMarks": "-" }] })
}
