//! The ASEAN Customs Declaration Document: fifteen parameters of an export declaration, and nothing else.

use jiff::civil::Date;
use kernel::Quantity;
use serde::{Deserialize, Serialize};

use super::{Consent, Declaration, Flow, Function};
use crate::terms::{Country, HsCode, Party, Place, TransportMode};

/// The fifteen parameters, with what the exchange needs around them: function, version, consent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acdd {
    /// Original, replacement, cancellation, or request for one.
    pub function: Function,
    /// Counts up with every document about the same declaration, from 1.
    pub version: u32,
    /// The sender's reference of this document (WCO D026).
    pub reference: String,
    /// Exporting country: part of the natural key.
    pub country: Country,
    /// o. Export declaration number (WCO D014).
    pub number: String,
    /// a, b. Exporter: identifier and name.
    pub exporter: Party,
    /// c, d. Consignee: name and address.
    pub consignee: Party,
    /// e, f. Declaring agent: identifier and name.
    pub agent: Party,
    /// g. Departure date.
    pub departs: Option<Date>,
    /// l. Outward transport mode.
    pub mode: Option<TransportMode>,
    /// m. Port of discharge.
    pub discharge: Option<Place>,
    /// h, i, j, k, n. The items.
    pub lines: Vec<AcddLine>,
    /// The exporter's agreement to the sharing.
    pub consent: Option<Consent>,
    /// Why it is cancelled or replaced; empty for an original.
    pub reason: String,
}

/// One item: serial number, commodity code, quantity with unit, origin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcddLine {
    /// n. Serial number of the item, from 1.
    pub item_no: u32,
    /// h. Commodity code.
    pub hs: Option<HsCode>,
    /// i, j. Quantity with its unit.
    pub quantity: Option<Quantity>,
    /// k. Country of origin.
    pub origin: Option<Country>,
}

impl Acdd {
    /// The fifteen parameters of an export declaration; `None` for an import.
    #[must_use]
    pub fn extract(export: &Declaration, version: u32) -> Option<Self> {
        (export.flow == Flow::Export).then(|| Self {
            function: export.function,
            version,
            reference: format!("{}-{}-{version}", export.country, export.number),
            country: export.country.clone(),
            number: export.number.clone(),
            exporter: Party { address: Default::default(), ..export.exporter.clone() },
            consignee: Party { identifiers: Vec::new(), ..export.importer.clone() },
            agent: Party { address: Default::default(), ..export.agent.clone() },
            departs: export.departs,
            mode: export.mode.clone(),
            discharge: export.place.clone(),
            lines: export.lines.iter().map(AcddLine::extract).collect(),
            consent: export.consent.clone(),
            reason: String::new(),
        })
    }
}

impl AcddLine {
    fn extract(line: &crate::terms::GoodsLine) -> Self {
        Self {
            item_no: line.item_no,
            hs: line.hs.clone(),
            quantity: line.quantity.clone(),
            origin: line.origin.clone(),
        }
    }
}
