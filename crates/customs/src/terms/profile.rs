//! Risk profiles: closed predicates over one goods line, what a hit leads to, and who answers for it.
//!
//! A profile is all its tests together (`and`); what is meant as `or` is two profiles, each with its own reason and hit
//! rate. There is no expression language: every test says by itself what it looks at, so every hit can be told.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Bag, Column, Gauge, Line};

/// One risk profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name in reasons and reports.
    pub id: String,
    /// What it is after, in a few words.
    pub title: String,
    /// The unit that answers for it.
    pub owner: String,
    /// First day it holds.
    pub from: Date,
    /// Last day it holds; there is always one, so that none is forgotten.
    pub until: Date,
    /// The priority control area it belongs to; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    /// Whether its content is law, was derived, or is a demonstration.
    #[serde(default)]
    pub standing: Standing,
    /// What must hold, all of it.
    pub tests: Vec<Test>,
    /// Where a hit goes.
    pub lane: Lane,
    /// What is to be done.
    #[serde(default)]
    pub measures: BTreeSet<Measure>,
    /// Why the goods are of interest, as a code the officer sees.
    pub reason: String,
}

/// Where goods go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// Released.
    #[default]
    Green,
    /// Papers are looked at.
    Yellow,
    /// Goods are looked at.
    Red,
}

impl Lane {
    /// All lanes.
    pub const ALL: [Self; 3] = [Self::Green, Self::Yellow, Self::Red];

    /// The name in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// What is to be done with a line that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Papers are looked at.
    Documents,
    /// The picture of a scanner is looked at.
    Scan,
    /// The goods are opened.
    Open,
    /// A sample goes to a laboratory.
    Sample,
    /// The giver or carrier is asked.
    Ask,
    /// Looked at after release.
    Audit,
}

/// What a profile or book row rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A published legal text.
    Official,
    /// Worked out from published texts.
    Derived,
    /// Made up to show how it works; nothing is to be decided by it.
    #[default]
    Demonstration,
}

/// Whether one of the values must be there, or none may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sense {
    /// One of them must be there.
    #[default]
    Any,
    /// None of them may be there.
    None,
}

/// One thing a profile looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "test", deny_unknown_fields)]
pub enum Test {
    /// The value of a column is among these.
    Is {
        /// Which column.
        column: Column,
        /// Among, or not among.
        #[serde(default)]
        sense: Sense,
        /// The values.
        values: BTreeSet<String>,
    },
    /// The commodity code begins with one of these digits.
    Code {
        /// The nomenclature the digits are of, such as `HS2022` or `AHTN2022`.
        edition: String,
        /// Begins, or does not begin.
        #[serde(default)]
        sense: Sense,
        /// The first digits.
        prefixes: BTreeSet<String>,
    },
    /// A bag holds one of these.
    Has {
        /// Which bag.
        bag: Bag,
        /// Holds one, or holds none.
        #[serde(default)]
        sense: Sense,
        /// The values.
        values: BTreeSet<String>,
    },
    /// A party stands on a list of the books.
    Listed {
        /// Which party.
        column: Column,
        /// Stands on it, or does not.
        #[serde(default)]
        sense: Sense,
        /// The list.
        list: String,
    },
    /// A number lies in a band; a bound that is absent is open.
    Within {
        /// Which number.
        gauge: Gauge,
        /// At least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        least: Option<Decimal>,
        /// At most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<Decimal>,
    },
}

impl Profile {
    /// Whether it holds on this day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether a line meets all its tests, by definition: one test after another on the line's own values. The compiled
    /// form must always agree with this.
    #[must_use]
    pub fn matches(&self, line: &impl Line, lists: &impl Lists) -> bool {
        self.tests.iter().all(|test| test.holds(line, lists))
    }
}

/// Who stands on a list.
pub trait Lists {
    /// Whether this value stands on this list.
    fn has(&self, list: &str, value: &str) -> bool;
    /// All values of this list, in their order.
    fn members(&self, list: &str) -> Vec<String>;
}

/// Lists in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListBook(pub std::collections::BTreeMap<String, BTreeSet<String>>);

impl Lists for ListBook {
    fn has(&self, list: &str, value: &str) -> bool {
        self.0.get(list).is_some_and(|members| members.contains(value))
    }

    fn members(&self, list: &str) -> Vec<String> {
        self.0.get(list).into_iter().flatten().cloned().collect()
    }
}

impl Sense {
    /// Whether what was found answers the question as it was put.
    #[must_use]
    pub const fn of(self, found: Found) -> bool {
        matches!((self, found), (Self::Any, Found::Yes) | (Self::None, Found::No))
    }
}

/// Whether a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was.
    Yes,
    /// It was not.
    No,
}

impl From<bool> for Found {
    fn from(found: bool) -> Self {
        if found { Self::Yes } else { Self::No }
    }
}

impl Test {
    /// Whether the line meets the test.
    #[must_use]
    pub fn holds(&self, line: &impl Line, lists: &impl Lists) -> bool {
        match self {
            Self::Is { column, .. } => self.holds_for(line.text(*column), lists),
            Self::Code { .. } => self.holds_for(line.text(Column::Code), lists),
            Self::Listed { column, .. } => self.holds_for(line.text(*column), lists),
            Self::Has { bag, sense, values } => {
                sense.of(line.bag(*bag).into_iter().any(|value| values.contains(value)).into())
            }
            Self::Within { gauge, least, most } => line.gauge(gauge).is_some_and(|value| {
                least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
            }),
        }
    }

    /// Whether a single value of the column the test looks at meets it; tests of bags and bands never do.
    #[must_use]
    pub fn holds_for(&self, value: &str, lists: &impl Lists) -> bool {
        match self {
            Self::Is { sense, values, .. } => sense.of(values.contains(value).into()),
            Self::Code { sense, prefixes, .. } => {
                let begins = (1..=value.len())
                    .any(|length| value.get(..length).is_some_and(|prefix| prefixes.contains(prefix)));
                sense.of(begins.into())
            }
            Self::Listed { list, sense, .. } => sense.of(lists.has(list, value).into()),
            Self::Has { .. } | Self::Within { .. } => false,
        }
    }

    /// The column the test looks at, where it looks at one.
    #[must_use]
    pub const fn column(&self) -> Option<Column> {
        match self {
            Self::Is { column, .. } | Self::Listed { column, .. } => Some(*column),
            Self::Code { .. } => Some(Column::Code),
            Self::Has { .. } | Self::Within { .. } => None,
        }
    }
}
