//! What is true of the generated trade: who belongs to whom, what was planted, and what only looks wrong.

use customs::terms::{Country, HsCode};
use kernel::Quantity;

use super::marks::Marks;

/// The truth about some trade.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// One for each consignment, in the order of their numbers.
    pub cases: Vec<Case>,
}

/// The truth about one consignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The consignment's number in its plan.
    pub number: u64,
    /// The exporting country.
    pub from: Country,
    /// The importing country.
    pub to: Country,
    /// Whether the importing side can see the export.
    pub sharing: Sharing,
    /// What became of it.
    pub class: Class,
    /// The frauds in it.
    pub plants: Vec<Planted<Plant>>,
    /// What differs between the two sides, and is innocent.
    pub innocents: Vec<Planted<Innocent>>,
    /// Which export line belongs to which import line.
    pub links: Vec<TrueLink>,
    /// What its names and addresses suffered.
    pub marks: Marks,
}

/// Whether the exporter agreed that the declaration is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// It did.
    Shared,
    /// It did not: the importing side sees nothing of the export.
    Withheld,
}

/// What becomes of the statements about a consignment, as a matcher is to see it on the plan's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// One export line, one import line.
    OneToOne,
    /// One export line, several import lines that together make it up.
    Split,
    /// Several export lines, one import line that makes them up.
    Merged,
    /// Import lines that make up a part; the rest may still come.
    Partial,
    /// No import yet, and still time.
    Awaited,
    /// No import, and no time left.
    Overdue,
    /// The export is void.
    Void,
    /// No export that could be seen.
    ImportOnly,
}

impl Class {
    /// All classes there are.
    pub const ALL: [Self; 8] = [
        Self::OneToOne,
        Self::Split,
        Self::Merged,
        Self::Partial,
        Self::Awaited,
        Self::Overdue,
        Self::Void,
        Self::ImportOnly,
    ];

    /// The class's code in the truth file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneToOne => "one-to-one",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Partial => "partial",
            Self::Awaited => "awaited",
            Self::Overdue => "overdue",
            Self::Void => "void",
            Self::ImportOnly => "import-only",
        }
    }
}

/// A fraud the documents show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// Less is declared at import than left.
    QuantityShort,
    /// Another commodity is declared at import.
    HsMoved,
    /// Another origin is declared at import.
    OriginChanged,
    /// Somebody else imports than the goods were sent to.
    ConsigneeSwitched,
    /// Nothing is declared at import.
    NeverDeclared,
    /// The import names an exporter who shares what it exports, and has exported nothing of the kind.
    PhantomExporter,
    /// The gross mass cannot be that of these goods.
    ImpossibleWeight,
}

impl Plant {
    /// All frauds there are.
    pub const ALL: [Self; 7] = [
        Self::QuantityShort,
        Self::HsMoved,
        Self::OriginChanged,
        Self::ConsigneeSwitched,
        Self::NeverDeclared,
        Self::PhantomExporter,
        Self::ImpossibleWeight,
    ];

    /// The fraud's code in the truth file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuantityShort => "quantity-short",
            Self::HsMoved => "hs-moved",
            Self::OriginChanged => "origin-changed",
            Self::ConsigneeSwitched => "consignee-switched",
            Self::NeverDeclared => "never-declared",
            Self::PhantomExporter => "phantom-exporter",
            Self::ImpossibleWeight => "impossible-weight",
        }
    }
}

/// A difference that is innocent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Innocent {
    /// The line is declared in another unit.
    Unit,
    /// The exporter declares by an older edition of the nomenclature.
    Edition,
    /// A low-value parcel, cleared without a declaration of the usual kind.
    LowValue,
    /// In a free zone, not declared yet.
    FreeZone,
    /// The import names the country of transit as the country of export.
    ThirdCountry,
    /// It came later than usual.
    Timing,
    /// High freight and insurance between the two values.
    CifFob,
    /// The export was cancelled.
    Cancelled,
    /// The export was replaced.
    Replaced,
    /// The export was made up by several imports, or several by one.
    Lots,
}

impl Innocent {
    /// All innocent differences there are.
    pub const ALL: [Self; 10] = [
        Self::Unit,
        Self::Edition,
        Self::LowValue,
        Self::FreeZone,
        Self::ThirdCountry,
        Self::Timing,
        Self::CifFob,
        Self::Cancelled,
        Self::Replaced,
        Self::Lots,
    ];

    /// The difference's code in the truth file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Edition => "edition",
            Self::LowValue => "low-value",
            Self::FreeZone => "free-zone",
            Self::ThirdCountry => "third-country",
            Self::Timing => "timing",
            Self::CifFob => "cif-fob",
            Self::Cancelled => "cancelled",
            Self::Replaced => "replaced",
            Self::Lots => "lots",
        }
    }
}

/// Something planted, and where it is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted<K> {
    /// What.
    pub kind: K,
    /// On which export line; `None` where there is none.
    pub export: Option<LineRef>,
    /// On which import line; `None` where there is none.
    pub import: Option<LineRef>,
    /// The true commodity of the line.
    pub hs: Option<HsCode>,
    /// The true quantity of the line, in the export's unit.
    pub quantity: Option<Quantity>,
}

/// A line of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRef {
    /// The declaration's number.
    pub number: String,
    /// The line's serial number in it.
    pub item_no: u32,
}

/// An export line and an import line that are about the same goods.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueLink {
    /// The export line.
    pub export: LineRef,
    /// The import line.
    pub import: LineRef,
    /// The class the two are in together.
    pub class: Class,
    /// How much of the export line went into the import line, in the export's unit.
    pub share: Quantity,
}

impl Truth {
    /// The links the importing side can see: those of shared exports.
    pub fn visible(&self) -> impl Iterator<Item = &TrueLink> {
        self.cases.iter().filter(|case| case.sharing == Sharing::Shared).flat_map(|case| &case.links)
    }

    /// How many consignments hold this fraud.
    #[must_use]
    pub fn count_of(&self, plant: Plant) -> usize {
        self.cases.iter().filter(|case| case.plants.iter().any(|planted| planted.kind == plant)).count()
    }
}
