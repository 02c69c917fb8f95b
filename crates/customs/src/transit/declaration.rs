//! A transit declaration as its message holds it: what the procedure looks at by name, everything else as it came.
//!
//! Names are the standard's own, so that the data are the message; what no procedure needs to know stays in `rest`
//! and travels on untouched.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Digest, NodeId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::codes::code_digest;

/// The content of a declaration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    /// Numbers, kind and limits.
    #[serde(rename = "TransitOperation")]
    pub operation: Operation,
    /// The authorisations it relies on.
    #[serde(rename = "Authorisation", default, skip_serializing_if = "Vec::is_empty")]
    pub authorisations: Vec<Authorisation>,
    /// The office of departure.
    #[serde(rename = "CustomsOfficeOfDeparture")]
    pub departure: Office,
    /// The office of destination.
    #[serde(rename = "CustomsOfficeOfDestinationDeclared")]
    pub destination: Office,
    /// The offices of transit, in the order of the way.
    #[serde(rename = "CustomsOfficeOfTransitDeclared", default, skip_serializing_if = "Vec::is_empty")]
    pub transit: Vec<Office>,
    /// The principal.
    #[serde(rename = "HolderOfTheTransitProcedure")]
    pub holder: Party,
    /// What stands for the duty.
    #[serde(rename = "Guarantee", default, skip_serializing_if = "Vec::is_empty")]
    pub guarantees: Vec<Guarantee>,
    /// The goods and what carries them.
    #[serde(rename = "Consignment")]
    pub consignment: Arc<Value>,
    /// Everything else, as it came.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Numbers, kind and limits of a movement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The principal's own number.
    #[serde(rename = "LRN", default, skip_serializing_if = "String::is_empty")]
    pub lrn: String,
    /// The movement's number, once there is one.
    #[serde(rename = "MRN", default, skip_serializing_if = "String::is_empty")]
    pub mrn: String,
    /// `T1` and its like.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub declaration_type: String,
    /// `A` with the goods, `D` in advance.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub additional_declaration_type: String,
    /// 0 to 3.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub security: String,
    /// 1: only the guarantee is amended.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub amendment_type_flag: String,
    /// By when the goods are to reach their destination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_date: Option<Date>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An authorisation: C521 to depart from own premises, C522 to arrive at them, C523 own seals, C524 less data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorisation {
    /// Place in the list.
    #[serde(default)]
    pub sequence_number: String,
    /// The kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its number.
    pub reference_number: String,
}

/// A customs office, by its number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Office {
    /// The number: country, then six signs.
    pub reference_number: String,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Office {
    /// An office known by its number.
    #[must_use]
    pub fn of(number: &str) -> Self {
        Self { reference_number: number.to_owned(), rest: Map::new() }
    }

    /// The country it lies in, which is the node that speaks for it.
    #[must_use]
    pub fn country(&self) -> NodeId {
        NodeId::new(super::country_of(&self.reference_number))
    }
}

/// A party, by its number where it has one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub identification_number: String,
    /// Everything else: name, address, contact.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A guarantee a declaration relies on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Guarantee {
    /// 0 waiver, 1 several journeys, 2 one journey, 3 cash, 4 voucher and on.
    pub guarantee_type: String,
    /// Its references.
    #[serde(rename = "GuaranteeReference", default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<GuaranteeReference>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// One reference to a registered guarantee. The access code is never kept: whoever says it in clear leaves its digest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "Told")]
pub struct GuaranteeReference {
    /// The guarantee's number.
    #[serde(rename = "GRN", default, skip_serializing_if = "String::is_empty")]
    pub grn: String,
    /// The digest of number and access code.
    #[serde(rename = "x-code", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Digest>,
    /// What is to be covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_to_be_covered: Option<Decimal>,
    /// In which currency.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A reference as somebody says it, which may be with the code in clear.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(rename = "GRN", default)]
    grn: String,
    #[serde(rename = "x-code", default)]
    code: Option<Digest>,
    /// As text, or as whatever somebody sends instead: a refusal must not repeat it.
    #[serde(default)]
    access_code: Option<Value>,
    #[serde(default)]
    amount_to_be_covered: Option<Decimal>,
    #[serde(default)]
    currency: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl From<Told> for GuaranteeReference {
    fn from(told: Told) -> Self {
        let Told { grn, code, access_code, amount_to_be_covered, currency, rest } = told;
        let said = access_code.map(|said| said.as_str().map_or_else(|| said.to_string(), str::to_owned));
        let said = said.map(|said| code_digest(&grn, &said));
        Self { code: said.or(code), grn, amount_to_be_covered, currency, rest }
    }
}

/// One line of goods, as far as a guarantee, a control or a comparison looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number through the declaration.
    pub number: u32,
    /// Six digits and what the country adds.
    pub code: String,
    /// What it is called.
    pub description: String,
    /// Gross mass in kilograms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<Decimal>,
    /// Packages.
    #[serde(default)]
    pub packages: u32,
}

impl Declaration {
    /// Whether it was lodged before the goods were there.
    #[must_use]
    pub fn in_advance(&self) -> bool {
        self.operation.additional_declaration_type == "D"
    }

    /// Whether it relies on an authorisation of this kind.
    #[must_use]
    pub fn has(&self, authorisation: &str) -> bool {
        self.authorisations.iter().any(|it| it.kind == authorisation)
    }

    /// The countries of the way, in order, each once.
    #[must_use]
    pub fn route(&self) -> Vec<NodeId> {
        let mut route = vec![self.departure.country()];
        for office in self.transit.iter().chain([&self.destination]) {
            let country = office.country();
            if !route.contains(&country) {
                route.push(country);
            }
        }
        route
    }

    /// The countries whose offices of transit are to expect it, each once: not that of departure.
    #[must_use]
    pub fn passages(&self) -> Vec<NodeId> {
        let mut countries = Vec::new();
        for country in self.transit.iter().map(Office::country) {
            if !countries.contains(&country) && country != self.departure.country() {
                countries.push(country);
            }
        }
        countries
    }

    /// The lines of goods, through all house consignments.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        lines(&self.consignment)
    }

    /// The seals, through all equipment.
    #[must_use]
    pub fn seals(&self) -> Vec<String> {
        seals(&self.consignment)
    }

    /// The vehicles at departure, by their numbers.
    #[must_use]
    pub fn vehicles(&self) -> Vec<String> {
        let means = members(&self.consignment, "DepartureTransportMeans");
        means.filter_map(|it| text(it, "identificationNumber")).map(str::to_owned).collect()
    }

    /// The numbers of supporting documents of this kind.
    #[must_use]
    pub fn documents(&self, kind: &str) -> Vec<String> {
        let documents = members(&self.consignment, "SupportingDocument");
        let of = documents.filter(|it| text(it, "type") == Some(kind));
        of.filter_map(|it| text(it, "referenceNumber")).map(str::to_owned).collect()
    }

    /// The numbers of the export declarations the goods come from (previous documents N830).
    #[must_use]
    pub fn exports(&self) -> Vec<String> {
        let houses = members(&self.consignment, "HouseConsignment");
        let items = houses.clone().flat_map(|house| members(house, "ConsignmentItem"));
        let levels = std::iter::once(&*self.consignment).chain(houses).chain(items);
        let exports = levels
            .flat_map(|level| members(level, "PreviousDocument"))
            .filter(|it| text(it, "type") == Some("N830"));
        let mut numbers: Vec<_> =
            exports.filter_map(|it| text(it, "referenceNumber")).map(str::to_owned).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What must never change once it was declared; R0520.
    #[must_use]
    pub fn fixed(&self) -> Vec<(&'static str, String)> {
        let codes: Vec<_> =
            self.lines().into_iter().map(|line| line.code.chars().take(6).collect::<String>()).collect();
        vec![
            ("HolderOfTheTransitProcedure", self.holder.identification_number.clone()),
            ("Representative", self.rest.get("Representative").map(Value::to_string).unwrap_or_default()),
            ("CustomsOfficeOfDeparture", self.departure.reference_number.clone()),
            ("TransitOperation/declarationType", self.operation.declaration_type.clone()),
            (
                "TransitOperation/additionalDeclarationType",
                self.operation.additional_declaration_type.clone(),
            ),
            ("TransitOperation/security", self.operation.security.clone()),
            ("harmonizedSystemSubHeadingCode", codes.join(" ")),
        ]
    }
}

fn members<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> + Clone + use<'v> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// The seals of a consignment.
#[must_use]
pub fn seals(consignment: &Value) -> Vec<String> {
    let equipment = members(consignment, "TransportEquipment").flat_map(|it| members(it, "Seal"));
    equipment.filter_map(|seal| text(seal, "identifier")).map(str::to_owned).collect()
}

/// The lines of goods of a consignment.
#[must_use]
pub fn lines(consignment: &Value) -> Vec<Line> {
    let items = members(consignment, "HouseConsignment").flat_map(|house| members(house, "ConsignmentItem"));
    items.map(line).collect()
}

fn line(item: &Value) -> Line {
    let at = |path: &str| item.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let code = format!(
        "{}{}",
        at("/Commodity/CommodityCode/harmonizedSystemSubHeadingCode"),
        at("/Commodity/CommodityCode/combinedNomenclatureCode")
    );
    let packages =
        members(item, "Packaging").filter_map(|it| text(it, "numberOfPackages")?.parse::<u32>().ok());
    Line {
        number: at("/declarationGoodsItemNumber").parse().unwrap_or(0),
        code,
        description: at("/Commodity/descriptionOfGoods").to_owned(),
        gross: at("/Commodity/GoodsMeasure/grossMass").parse().ok(),
        packages: packages.sum(),
    }
}
