//! Goods lines: what moves.

use kernel::{Money, Quantity};
use serde::{Deserialize, Serialize};

use super::{Country, HsCode};

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
}
