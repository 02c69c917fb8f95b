//! Papers of transit movements as a principal's software would write them, for the demonstration and the measurements.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Who moves the goods.
pub(crate) const HOLDER: &str = "VN0100109106";
/// The access code of the guarantees.
pub(crate) const CODE: &str = "AC01";

/// What varies.
#[derive(Clone, Debug)]
pub(crate) struct Movement<'m> {
    /// The principal's own number.
    pub(crate) lrn: &'m str,
    /// Office of departure.
    pub(crate) departure: &'m str,
    /// Offices on the way.
    pub(crate) transit: &'m [&'m str],
    /// Office of destination.
    pub(crate) destination: &'m str,
    /// The guarantee.
    pub(crate) grn: &'m str,
    /// How much of it is asked for.
    pub(crate) amount: &'m str,
    /// How many items there are.
    pub(crate) items: usize,
    /// The export declarations they come from.
    pub(crate) exports: &'m [&'m str],
}

impl Movement<'_> {
    /// The declaration (015).
    pub(crate) fn declaration(&self) -> Value {
        let mass = mass(self.items);
        let offices = (1..)
            .zip(self.transit)
            .map(|(at, office)| json!({ "sequenceNumber": at.to_string(), "referenceNumber": office }));
        let offices = offices.collect::<Vec<_>>();
        let mut content = with(
            head(("CC015C", self.lrn), self.departure, Timestamp::now()),
            json!({
                "TransitOperation": { "LRN": self.lrn, "declarationType": "T1", "additionalDeclarationType": "A", "security": "0",
                    "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
                "CustomsOfficeOfDeparture": { "referenceNumber": self.departure },
                "CustomsOfficeOfDestinationDeclared": { "referenceNumber": self.destination },
                "HolderOfTheTransitProcedure": { "identificationNumber": HOLDER },
                "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1",
                    "GRN": self.grn, "accessCode": CODE, "amountToBeCovered": self.amount, "currency": "VND" }] }],
                "Consignment": { "countryOfDispatch": "VN", "countryOfDestination": &self.destination[..2], "containerIndicator": "0",
                    "inlandModeOfTransport": "3", "modeOfTransportAtTheBorder": "3", "grossMass": mass,
                    "Consignor": { "name": "Red River Computers", "Address": { "streetAndNumber": "1 Trang Tien", "postcode": "10000",
                        "city": "Ha Noi", "country": "VN" } },
                    "Consignee": { "name": "Mekong Trading", "Address": { "streetAndNumber": "2 Rama IV", "postcode": "10110",
                        "city": "Bangkok", "country": "TH" } },
                    "LocationOfGoods": { "typeOfLocation": "A", "qualifierOfIdentification": "V",
                        "CustomsOffice": { "referenceNumber": self.departure } },
                    "DepartureTransportMeans": [{ "sequenceNumber": "1", "typeOfIdentification": "30",
                        "identificationNumber": "29H12345", "nationality": "VN" }],
                    "PlaceOfLoading": { "UNLocode": "VNHAN" },
                    "TransportDocument": [{ "sequenceNumber": "1", "type": "N730", "referenceNumber": format!("CMR-{}", self.lrn) }],
                    "HouseConsignment": self.houses() },
            }),
        );
        if !self.exports.is_empty() {
            let exports = (1..).zip(self.exports).map(|(at, number)| {
                json!({ "sequenceNumber": at.to_string(), "type": "N830", "referenceNumber": number })
            });
            content["Consignment"]["PreviousDocument"] = exports.collect();
        }
        if !offices.is_empty() {
            content["CustomsOfficeOfTransitDeclared"] = json!(offices);
        }
        content
    }

    /// The items in as many house consignments as they need.
    fn houses(&self) -> Vec<Value> {
        let all: Vec<usize> = (1..=self.items).collect();
        let house = |(number, held): (usize, &[usize])| {
            let items: Vec<_> = (1..).zip(held).map(|(place, at)| item(place, *at)).collect();
            json!({ "sequenceNumber": number.to_string(), "grossMass": mass(held.len()), "ConsignmentItem": items })
        };
        (1..).zip(all.chunks(HOUSE_ITEMS_MAX)).map(house).collect()
    }
}

/// The most items a house consignment holds.
const HOUSE_ITEMS_MAX: usize = 999;

/// The gross mass of so many items.
fn mass(items: usize) -> String {
    (Decimal::from(items) * Decimal::new(125, 1)).normalize().to_string()
}

/// An item by its place in its house and in the declaration.
fn item(place: usize, at: usize) -> Value {
    json!({ "goodsItemNumber": place.to_string(), "declarationGoodsItemNumber": at.to_string(),
        "Commodity": { "descriptionOfGoods": "Portable computers",
            "CommodityCode": { "harmonizedSystemSubHeadingCode": "847130" },
            "GoodsMeasure": { "grossMass": "12.5", "netMass": "11" } },
        "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": "CT", "numberOfPackages": "5",
            "shippingMarks": format!("C/{at}") }] })
}

/// The notice that goods arrived (007).
pub(crate) fn arrival(mrn: &str, office: &str, id: &str) -> Value {
    let now = Timestamp::now();
    with(
        head(("CC007C", id), office, now),
        json!({
            "TransitOperation": { "MRN": mrn, "arrivalNotificationDateAndTime": moment(now), "simplifiedProcedure": "0",
                "incidentFlag": "0" },
            "CustomsOfficeOfDestinationActual": { "referenceNumber": office },
            "TraderAtDestination": { "identificationNumber": HOLDER },
            "Consignment": { "LocationOfGoods": { "typeOfLocation": "A", "qualifierOfIdentification": "V",
                "CustomsOffice": { "referenceNumber": office } } },
        }),
    )
}

/// The head of a message to the customs of the country an office lies in.
fn head((code, id): (&str, &str), office: &str, at: Timestamp) -> Value {
    json!({ "@PhaseID": "NCTS5.1", "messageSender": HOLDER, "messageRecipient": format!("NTA.{}", &office[..2]),
        "preparationDateAndTime": moment(at), "messageIdentification": id, "messageType": code })
}

fn moment(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn with(mut content: Value, more: Value) -> Value {
    if let (Some(content), Value::Object(more)) = (content.as_object_mut(), more) {
        content.extend(more);
    }
    content
}
