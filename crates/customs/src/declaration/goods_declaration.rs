//! A goods declaration of our own, import or export, as the clearance system gave it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::terms::{Country, GoodsLine, Party, Place, TransportMode};

/// Which way the goods go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Into our territory.
    #[default]
    Import,
    /// Out of it.
    Export,
}

/// What a document does to an earlier one (WCO 017, UN/EDIFACT 1225).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// The first of its number (9).
    #[default]
    Original,
    /// Takes the place of an earlier one of the same number (5), or amends it (4).
    Replace,
    /// Makes an earlier one void (1).
    Cancel,
    /// Asks for something (13): with type INV for a cancellation, with COR for an amendment.
    Request,
}

/// The exporter's agreement that the declaration may be shared (ACDD is voluntary).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Where the agreement is kept: a registration number or a document.
    pub reference: String,
    /// Since when it holds.
    pub since: Date,
}

/// A goods declaration of our own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declaration {
    /// Import or export.
    pub flow: Flow,
    /// What it does to an earlier one.
    pub function: Function,
    /// Declaration number (WCO D014).
    pub number: String,
    /// The sender's own reference (WCO D026).
    pub reference: String,
    /// The administration it was lodged with.
    pub country: Country,
    /// Who sends (WCO class 57A, or the supplier on an import).
    pub exporter: Party,
    /// Who receives (WCO class 27A or 74A).
    pub importer: Party,
    /// Who declares (WCO class 05A or 57B).
    pub agent: Party,
    /// Country the goods leave (WCO 062).
    pub export_country: Option<Country>,
    /// Country the goods go to (WCO 465).
    pub destination: Option<Country>,
    /// Day of departure (WCO 024).
    pub departs: Option<Date>,
    /// Day of arrival.
    pub arrives: Option<Date>,
    /// Mode at the border (WCO T022).
    pub mode: Option<TransportMode>,
    /// Where the goods are unloaded or enter (WCO L013).
    pub place: Option<Place>,
    /// The goods.
    pub lines: Vec<GoodsLine>,
    /// Whether and since when the exporter agreed to sharing; exports only.
    pub consent: Option<Consent>,
}
