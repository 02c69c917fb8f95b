//! A difference between what they said and what we hold: codes and values, no sentences.

use std::fmt;

use kernel::{Quantity, Severity};
use serde::{Deserialize, Serialize};

use crate::doc::LineRef;
use crate::score::Field;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceCode {
    /// Less was declared at import than left, and no more is to come.
    QuantityShort,
    /// More was declared at import than left.
    QuantityOver,
    /// The two quantities measure different things and cannot be compared.
    UnitNotComparable,
    /// The commodity codes part within the level both share.
    HsMoved,
    /// The origins differ.
    OriginChanged,
    /// The party who received is not the one the export named.
    ConsigneeSwitched,
    /// The goods arrived before they left.
    ArrivedBeforeDeparture,
}

impl DifferenceCode {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::QuantityShort,
        Self::QuantityOver,
        Self::UnitNotComparable,
        Self::HsMoved,
        Self::OriginChanged,
        Self::ConsigneeSwitched,
        Self::ArrivedBeforeDeparture,
    ];

    /// The code in records, findings and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuantityShort => "quantity-short",
            Self::QuantityOver => "quantity-over",
            Self::UnitNotComparable => "unit-not-comparable",
            Self::HsMoved => "hs-moved",
            Self::OriginChanged => "origin-changed",
            Self::ConsigneeSwitched => "consignee-switched",
            Self::ArrivedBeforeDeparture => "arrived-before-departure",
        }
    }
}

impl fmt::Display for DifferenceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One difference of a linked group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What differs.
    pub code: DifferenceCode,
    /// The field it was seen in.
    pub field: Field,
    /// How much it weighs.
    pub severity: Severity,
    /// What they said, as a value.
    pub theirs: String,
    /// What we hold, as a value; for a quantity the sum over the group.
    pub ours: String,
    /// By how much, where that is a number: the whole gap, not the part past the tolerance.
    pub excess: Option<Quantity>,
    /// The line of ours that differs; absent where the group as a whole does.
    pub at: Option<LineRef>,
}
