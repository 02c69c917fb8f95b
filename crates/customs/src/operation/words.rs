//! The words of joint operations: goods packs, outcomes, places on the map, what a seizure is made of.

use jiff::Timestamp;
use kernel::{Field, Quantity, Sort};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::macros::codes;
use crate::terms::{Country, HsCode, Place};

codes! {
    /// The kind of goods an operation or an item is about; each has rules and fields of its own.
    Pack:
    /// No particular kind.
    General = "general",
    /// Waste (Basel Convention).
    Waste = "waste",
    /// Drugs and new psychoactive substances.
    Drugs = "drugs",
    /// Goods that infringe a right.
    Ipr = "ipr",
    /// Wild animals and plants (CITES).
    Wildlife = "wildlife",
}

codes! {
    /// What was done about a warning; one of these must be said.
    FeedbackOutcome:
    /// Looked at, and what was warned of was found.
    Found = "found",
    /// Looked at, and nothing was found.
    NothingFound = "nothing-found",
    /// Something else was found.
    OtherFound = "other-found",
    /// Let pass under watch.
    LetPass = "let-pass",
    /// It did not come.
    NotArrived = "not-arrived",
    /// It had left before the warning was read.
    GoneBefore = "gone-before",
    /// It could not be found in our systems.
    NotInSystem = "not-in-system",
    /// It was there and not looked at.
    NotChecked = "not-checked",
}

impl FeedbackOutcome {
    /// Whether the goods were looked at.
    #[must_use]
    pub const fn is_checked(self) -> bool {
        matches!(self, Self::Found | Self::NothingFound | Self::OtherFound)
    }
}

codes! {
    /// How something was detected.
    Method:
    /// A warning or other information.
    Information = "information",
    /// A risk profile.
    Profile = "profile",
    /// A scan or X-ray image.
    Scan = "scan",
    /// A dog.
    Dog = "dog",
    /// A physical search without any of these.
    Search = "search",
    /// The papers.
    Papers = "papers",
    /// By chance.
    Chance = "chance",
}

codes! {
    /// Where a case stands before the law.
    LegalState:
    /// Detained, nothing decided.
    Detained = "detained",
    /// Seized.
    Seized = "seized",
    /// Proceedings run.
    Proceedings = "proceedings",
    /// Settled with a fine.
    Fined = "fined",
    /// Given back.
    Released = "released",
}

/// A point on the map, in degrees (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// North is positive.
    pub lat: Decimal,
    /// East is positive.
    pub lon: Decimal,
}

impl Position {
    /// Whether it is a point on the earth.
    #[must_use]
    pub fn is_on_earth(&self) -> bool {
        self.lat.abs() <= Decimal::from(90) && self.lon.abs() <= Decimal::from(180)
    }
}

/// Goods of a warning or seizure. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seized {
    /// What it is.
    pub what: String,
    /// Commodity code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hs: Option<HsCode>,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// What it was declared as.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub declared_as: String,
    /// The substance, species, right or waste code, by the pack.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// The way of the goods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Route {
    /// Where they come from.
    pub origin: Option<Country>,
    /// Where they left.
    pub departure: Option<Place>,
    /// Through which places.
    pub transit: Vec<String>,
    /// Where they go.
    pub destination: Option<Place>,
}

/// How the goods move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carriage {
    /// Mode (UN/ECE Recommendation 19).
    pub mode: String,
    /// Container number.
    pub container: String,
    /// Transport document.
    pub bill: String,
    /// Plate, vessel or flight.
    pub vehicle: String,
    /// When they are expected.
    pub eta: Option<Timestamp>,
}

/// Goods in a form.
pub(super) const GOODS: &[Field] = &[
    Field::needed("what", Sort::Text(200)),
    Field::optional("hs", Sort::Text(14)),
    Field::optional("quantity", Sort::Quantity),
    Field::optional("declared_as", Sort::Text(200)),
    Field::optional("code", Sort::Text(60)),
];

/// The modes forms offer.
pub(super) const MODES: &[&str] = &["1", "2", "3", "4", "5", "7", "8"];
