//! The customs procedure goods are placed under.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A procedure as a declaration states it (WCO class 70A).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomsProcedure {
    /// The one asked for (WCO 166): `40`, `71`; a national code as it stood.
    pub current: String,
    /// The one the goods come from (WCO 161); empty where they come from none, or none is stated.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub previous: String,
}

/// What a procedure means for goods that arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regime {
    /// Released for use here.
    HomeUse,
    /// Under bond in a warehouse.
    Warehouse,
    /// In a free zone.
    FreeZone,
    /// Brought in to be worked on and sent out again, or for a time.
    Temporary,
    /// Goods that had left and come back as they were.
    Returned,
    /// Goods that had left to be repaired or worked on, and come back.
    Repair,
}

impl CustomsProcedure {
    /// Reads a code of two, or of four digits with the previous procedure behind the current one, a national code, or a
    /// regime's own word; `None` where nothing stands.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        let (current, previous) = match plain.as_str() {
            "" => return None,
            digits if digits.len() == 4 && is_number(digits) => digits.split_at(2),
            other => (other, ""),
        };
        let previous = if previous == NONE { "" } else { previous };
        Some(Self { current: current.to_owned(), previous: previous.to_owned() })
    }

    /// What it means; `None` for a code nobody here knows.
    #[must_use]
    pub fn regime(&self) -> Option<Regime> {
        if let Some(regime) = Regime::ALL.into_iter().find(|regime| regime.code() == self.current) {
            return Some(regime);
        }
        if let Some((_, regime)) = NATIONAL.iter().find(|(code, _)| *code == self.current) {
            return Some(*regime);
        }
        let group: u8 = self.current.get(..2).filter(|group| is_number(group))?.parse().ok()?;
        match group {
            40..=49 => Some(Regime::HomeUse),
            50..=59 => Some(Regime::Temporary),
            60..=69 if self.previous.starts_with('2') => Some(Regime::Repair),
            60..=69 => Some(Regime::Returned),
            70..=77 => Some(Regime::Warehouse),
            78 => Some(Regime::FreeZone),
            _ => None,
        }
    }
}

impl fmt::Display for CustomsProcedure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.current, self.previous)
    }
}

impl Regime {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::HomeUse, Self::Warehouse, Self::FreeZone, Self::Temporary, Self::Returned, Self::Repair];

    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HomeUse => "home-use",
            Self::Warehouse => "warehouse",
            Self::FreeZone => "free-zone",
            Self::Temporary => "temporary",
            Self::Returned => "returned",
            Self::Repair => "repair",
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|digit| digit.is_ascii_digit())
}

/// No previous procedure.
const NONE: &str = "00";

/// Codes that do not follow the two digits of the single administrative document: Viet Nam's kinds of import (Decision
/// 1357/QD-TCHQ of 2021).
const NATIONAL: &[(&str, Regime)] = &[
    ("A11", Regime::HomeUse),
    ("A12", Regime::HomeUse),
    ("A31", Regime::Returned),
    ("C11", Regime::Warehouse),
    ("C21", Regime::FreeZone),
    ("G11", Regime::Temporary),
    ("G12", Regime::Temporary),
    ("G13", Regime::Temporary),
    ("G51", Regime::Returned),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_becomes_of_goods() {
        for (text, expected) in [
            ("4000", Some(Regime::HomeUse)),
            ("40", Some(Regime::HomeUse)),
            ("4071", Some(Regime::HomeUse)),
            ("7100", Some(Regime::Warehouse)),
            ("78", Some(Regime::FreeZone)),
            ("5100", Some(Regime::Temporary)),
            ("6110", Some(Regime::Returned)),
            ("61 22", Some(Regime::Repair)),
            ("C11", Some(Regime::Warehouse)),
            ("warehouse", Some(Regime::Warehouse)),
            ("1000", None),
            ("XYZ", None),
        ] {
            let procedure = CustomsProcedure::read(text).expect("something stands there");
            assert_eq!(procedure.regime(), expected, "{text}");
        }
        assert_eq!(CustomsProcedure::read("  "), None);
    }

    #[test]
    fn the_previous_procedure_stands_behind_the_current_one() {
        let procedure = CustomsProcedure::read("4071").expect("two codes");
        assert_eq!((procedure.current.as_str(), procedure.previous.as_str()), ("40", "71"));
        assert_eq!(CustomsProcedure::read("4000").expect("one code").previous, "");
    }
}
