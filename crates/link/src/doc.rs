//! What is linked: the documents of both sides, reduced to what a link can rest on.

use std::fmt;

use customs::declaration::{Acdd, Declaration, Flow};
use customs::terms::{Country, HsCode, Party, Place, TransportMode};
use jiff::civil::Date;
use kernel::Quantity;
use serde::{Deserialize, Serialize};

/// Which side a document speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Goods leave: what the exporting administration said.
    Export,
    /// Goods enter: what was declared at import.
    Import,
}

impl Side {
    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Import => "import",
        }
    }
}

/// The natural key of a document: side, administration it was lodged with, declaration number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId {
    /// Export or import.
    pub side: Side,
    /// The administration it was lodged with.
    pub country: Country,
    /// Its declaration number, as it stood.
    pub number: String,
}

impl DocId {
    /// The export declaration of this number, lodged in this country.
    #[must_use]
    pub fn export(country: Country, number: impl Into<String>) -> Self {
        Self { side: Side::Export, country, number: number.into() }
    }

    /// The import declaration of this number, lodged in this country.
    #[must_use]
    pub fn import(country: Country, number: impl Into<String>) -> Self {
        Self { side: Side::Import, country, number: number.into() }
    }
}

impl DocId {
    /// The key as a number; two keys may by chance be one number.
    pub(crate) fn key(&self) -> u64 {
        crate::held::hash(&[self.side.code(), self.country.as_str(), &self.number])
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.side.code(), self.country, self.number)
    }
}

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineRef {
    /// The document.
    pub doc: DocId,
    /// The line's serial number in it.
    pub item: u32,
}

impl fmt::Display for LineRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.doc, self.item)
    }
}

/// A document as the linker sees it. What a document does not carry is absent, and says neither yes nor no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// Its natural key.
    pub id: DocId,
    /// Who sends: the exporter, or the supplier an import names.
    pub sender: Party,
    /// Who receives: the consignee an export names, or the importer.
    pub receiver: Party,
    /// The country the goods leave.
    pub from: Option<Country>,
    /// The day of departure of an export, of arrival of an import.
    pub day: Option<Date>,
    /// Mode of transport at the border.
    pub mode: Option<TransportMode>,
    /// Where the goods are unloaded.
    pub place: Option<Place>,
    /// The goods.
    pub lines: Vec<DocLine>,
}

/// One line as the linker sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocLine {
    /// Serial number, from 1.
    pub item: u32,
    /// Commodity code.
    pub hs: Option<HsCode>,
    /// Quantity with its unit.
    pub quantity: Option<Quantity>,
    /// Country of origin.
    pub origin: Option<Country>,
    /// Imports only: the export declaration number quoted for this line.
    pub quoted: Option<String>,
}

impl Doc {
    /// The reference of one of its lines.
    #[must_use]
    pub fn line_ref(&self, item: u32) -> LineRef {
        LineRef { doc: self.id.clone(), item }
    }
}

impl From<&Acdd> for Doc {
    fn from(acdd: &Acdd) -> Self {
        Self {
            id: DocId::export(acdd.country.clone(), &acdd.number),
            sender: acdd.exporter.clone(),
            receiver: acdd.consignee.clone(),
            from: Some(acdd.country.clone()),
            day: acdd.departs,
            mode: acdd.mode.clone(),
            place: acdd.discharge.clone(),
            lines: acdd
                .lines
                .iter()
                .map(|line| DocLine {
                    item: line.item_no,
                    hs: line.hs.clone(),
                    quantity: line.quantity.clone(),
                    origin: line.origin.clone(),
                    quoted: None,
                })
                .collect(),
        }
    }
}

impl From<&Declaration> for Doc {
    fn from(declaration: &Declaration) -> Self {
        let (side, from, day) = match declaration.flow {
            Flow::Export => (Side::Export, Some(declaration.country.clone()), declaration.departs),
            Flow::Import => (Side::Import, declaration.export_country.clone(), declaration.arrives),
        };
        Self {
            id: DocId { side, country: declaration.country.clone(), number: declaration.number.clone() },
            sender: declaration.exporter.clone(),
            receiver: declaration.importer.clone(),
            from,
            day,
            mode: declaration.mode.clone(),
            place: declaration.place.clone(),
            lines: declaration
                .lines
                .iter()
                .map(|line| DocLine {
                    item: line.item_no,
                    hs: line.hs.clone(),
                    quantity: line.quantity.clone(),
                    origin: line.origin.clone(),
                    quoted: line.quoted_export.clone().filter(|_| side == Side::Import),
                })
                .collect(),
        }
    }
}
