//! What comes of linking: matches with their class, reasons and differences.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::compare::Difference;
use crate::doc::{DocId, LineRef};
use crate::score::Contribution;

/// How lines stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// One export line is one import line.
    OneToOne,
    /// One export line was declared in several import lines, and all of it is there.
    Split,
    /// Several export lines were declared in one import line.
    Merged,
    /// A part has been declared, and the rest may still come.
    Partial,
    /// Nothing has been declared yet, and it is not late.
    Awaited,
    /// Nothing has been declared, and it is late. Proves nothing by itself.
    Overdue,
    /// Several answers are about equally likely: for a person to decide.
    Ambiguous,
}

impl Class {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::OneToOne,
        Self::Split,
        Self::Merged,
        Self::Partial,
        Self::Awaited,
        Self::Overdue,
        Self::Ambiguous,
    ];

    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneToOne => "one-to-one",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Partial => "partial",
            Self::Awaited => "awaited",
            Self::Overdue => "overdue",
            Self::Ambiguous => "ambiguous",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Lines judged to be about one consignment, or an export line that still stands alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Their lines: one, or several where they were merged at import. Empty where an import quotes an export that is
    /// not at hand.
    pub exports: Vec<LineRef>,
    /// Our lines: none while awaited, several where the load was split.
    pub imports: Vec<LineRef>,
    /// How they stand to each other.
    pub class: Class,
    /// How likely it is, in parts per thousand; 0 where nothing is linked.
    pub probability: u16,
    /// The last day before silence means something: an awaited line becomes overdue, a partial one short.
    pub due: Option<Date>,
    /// The reasons, by field.
    pub contributions: Vec<Contribution>,
    /// What differs. Empty while the match is ambiguous.
    pub differences: Vec<Difference>,
    /// What else it could be, likeliest first.
    pub rivals: Vec<Rival>,
}

/// What a match could be instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rival {
    /// Their lines.
    pub exports: Vec<LineRef>,
    /// Our lines.
    pub imports: Vec<LineRef>,
    /// How likely it is, in parts per thousand.
    pub probability: u16,
    /// The reasons, by field; only where the match is ambiguous, since somebody has to choose between the two.
    pub contributions: Vec<Contribution>,
}

/// The documents whose matches a change has changed, the changed one first where it still has any; each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// Their natural keys, in order.
    pub docs: Vec<DocId>,
}
