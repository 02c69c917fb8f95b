//! Goods lines: what moves.

use kernel::{Money, Quantity};
use serde::{Deserialize, Serialize};

use super::{Country, CustomsProcedure, HsCode};

/// One goods item of a declaration (WCO class 68A). What a document does not carry is absent, never zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoodsLine {
    /// Serial number within its declaration, from 1 (WCO 006).
    pub item_no: u32,
    /// Commodity code (WCO 145).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hs: Option<HsCode>,
    /// Description (WCO 137); not part of an ACDD.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Quantity in the tariff's unit (WCO 130).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Country of origin (WCO 063).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Country>,
    /// Gross mass (WCO 126).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross: Option<Quantity>,
    /// Item price (WCO 112) or customs value (WCO 108).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// The foreign export declaration the importer quotes for this line (WCO D018 previous document), as it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_export: Option<String>,
    /// Certificates quoted for this line (WCO 02A additional document).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<QuotedCertificate>,
    /// The preference scheme asked for, such as `ATIGA`; none where the general rate is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The procedure the goods are placed under (WCO class 70A).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<CustomsProcedure>,
}

/// A certificate as a declaration quotes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuotedCertificate {
    /// What kind: `ephyto`, `form-d`, …
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who issued it; the country the goods left, where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Country>,
}

impl QuotedCertificate {
    /// Reads `KIND:NUMBER` or `KIND:COUNTRY:NUMBER`; a number alone is an e-Phyto's.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, ':').map(str::trim);
        let (first, second, third) = (parts.next()?, parts.next(), parts.next());
        let found = match (second, third) {
            (Some(issuer), Some(number)) if issuer.len() == 2 => Self {
                kind: first.to_lowercase(),
                number: number.to_owned(),
                issuer: Some(Country::new(issuer)),
            },
            (Some(second), third) => {
                let number = third.map_or_else(|| second.to_owned(), |third| format!("{second}:{third}"));
                Self { kind: first.to_lowercase(), number, issuer: None }
            }
            (None, _) => Self { kind: String::new(), number: first.to_owned(), issuer: None },
        };
        (!found.number.is_empty()).then_some(found)
    }
}
