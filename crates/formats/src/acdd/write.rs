//! An ACDD or a Customs Response into canonical bytes.

use customs::declaration::{Acdd, AcddLine, Function, Outcome, Remark, Response};
use customs::terms::{Address, Country, Party};
use kernel::Quantity;

use super::pointer;
use super::table::MODEL;
use crate::model::Draft;
use crate::terms::{write_day, write_moment};

/// The edition of the WCO Data Model the names are from.
const DATA_MODEL: &str = "3.6";
/// UN/EDIFACT 1001: goods declaration for exportation.
const GOODS_DECLARATION_EXPORT: &str = "830";
/// Our code for the exporter's agreement to the sharing of the declaration.
const CONSENT: &str = "CNS";

/// The bytes of an ACDD: the same document is always the same bytes.
///
/// Only what the document can carry is in them: of exporter and agent name and identifiers, of the consignee name and
/// address. A blank line item keeps its number.
#[must_use]
pub fn write_acdd(acdd: &Acdd) -> Vec<u8> {
    MODEL.write(&metadata("DEC", &acdd.country).with(declaration(acdd)))
}

/// The bytes of a Customs Response: the same document is always the same bytes. Moments are cut to seconds.
#[must_use]
pub fn write_response(response: &Response) -> Vec<u8> {
    MODEL.write(&metadata("RES", &response.country).with(answer(response)))
}

fn metadata(kind: &'static str, country: &Country) -> Draft {
    Draft::new("MetaData")
        .value("WCODataModelVersionCode", DATA_MODEL)
        .value("WCOTypeName", kind)
        .value("ResponsibleCountryCode", country.as_str())
        .value("AgencyAssignedCustomizationCode", "ACDD")
        .value("AgencyAssignedCustomizationVersionCode", "1")
}

fn declaration(acdd: &Acdd) -> Draft {
    let mode = acdd.mode.as_ref().map_or("", |mode| mode.as_str());
    Draft::new("Declaration")
        .value("FunctionCode", function(acdd.function))
        .value("FunctionalReferenceID", &acdd.reference)
        .value("ID", &acdd.number)
        .value("TypeCode", GOODS_DECLARATION_EXPORT)
        .value("VersionID", acdd.version.to_string())
        .with(consent(acdd))
        .with(Draft::new("AdditionalInformation").value("StatementDescription", &acdd.reason))
        .with(party("Agent", &acdd.agent))
        .with(Draft::new("BorderTransportMeans").value("ModeCode", mode))
        .with(party("Exporter", &acdd.exporter))
        .with(shipment(acdd))
}

const fn function(function: Function) -> &'static str {
    match function {
        Function::Original => "9",
        Function::Replace => "5",
        Function::Cancel => "1",
        Function::Request => "13",
    }
}

fn consent(acdd: &Acdd) -> Draft {
    let document = Draft::new("AdditionalDocument");
    match &acdd.consent {
        None => document,
        Some(consent) => document.value("ID", &consent.reference).value("TypeCode", CONSENT).date(
            "EffectiveDateTime",
            "102",
            write_day(consent.since),
        ),
    }
}

fn party(tag: &'static str, party: &Party) -> Draft {
    let ids = party.identifiers.iter();
    let ids = ids.map(|id| Draft::new("ID").attribute("schemeID", &id.scheme).text(&id.value));
    Draft::new(tag).value("Name", &party.name).with_all(ids)
}

fn shipment(acdd: &Acdd) -> Draft {
    let discharge = acdd.discharge.as_ref().map_or("", |place| place.as_str());
    let consignee = Draft::new("Consignee").value("Name", &acdd.consignee.name);
    Draft::new("GoodsShipment")
        .date("ExitDateTime", "102", acdd.departs.map(write_day).unwrap_or_default())
        .with(consignee.with(address(&acdd.consignee.address)))
        .with(Draft::new("Consignment").with(Draft::new("UnloadingLocation").value("ID", discharge)))
        .with_all(acdd.lines.iter().map(line))
}

fn address(address: &Address) -> Draft {
    Draft::new("Address")
        .value("Line", &address.line)
        .value("CityName", &address.city)
        .value("CountrySubDivisionName", &address.subdivision)
        .value("PostcodeID", &address.postcode)
        .value("CountryCode", address.country.as_ref().map_or("", |country| country.as_str()))
}

fn line(line: &AcddLine) -> Draft {
    let classification = line.hs.as_ref().map_or_else(
        || Draft::new("Classification"),
        |hs| Draft::new("Classification").value("ID", hs.as_str()).value("IdentificationTypeCode", "HS"),
    );
    let measure = Draft::new("GoodsMeasure").with_all(line.quantity.as_ref().map(quantity));
    let origin = line.origin.as_ref().map_or("", |country| country.as_str());
    Draft::new("GovernmentAgencyGoodsItem")
        .value("SequenceNumeric", line.item_no.to_string())
        .with(Draft::new("Commodity").with(classification).with(measure))
        .with(Draft::new("Origin").value("CountryCode", origin))
}

fn quantity(quantity: &Quantity) -> Draft {
    let amount = quantity.amount.normalize().to_string();
    Draft::new("TariffQuantity").attribute("unitCode", quantity.unit.as_str()).text(amount)
}

fn answer(response: &Response) -> Draft {
    let version = response.version.map(|version| version.to_string());
    let answered = Draft::new("Declaration")
        .value("FunctionalReferenceID", &response.answers)
        .value("ID", &response.number)
        .value("VersionID", version.unwrap_or_default());
    Draft::new("Response")
        .value("FunctionCode", outcome(response.outcome))
        .value("FunctionalReferenceID", &response.reference)
        .date("IssueDateTime", "304", response.issued.map(write_moment).unwrap_or_default())
        .with_all(response.remarks.iter().map(remark))
        .with(answered)
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "44",
        Outcome::Rejected => "27",
        Outcome::Used => "8",
        Outcome::Cancelled => "1",
    }
}

fn remark(remark: &Remark) -> Draft {
    Draft::new("AdditionalInformation")
        .value("StatementCode", &remark.code)
        .value("StatementDescription", &remark.text)
        .with_all(pointer::write(&remark.pointer))
}
