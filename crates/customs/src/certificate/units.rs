//! Units that can be compared: what they measure, and how much of the base unit one of them is.

use kernel::Quantity;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// Mass, in kilograms.
    Mass,
    /// Volume, in cubic metres.
    Volume,
    /// Pieces.
    Count,
    /// Length, in metres.
    Length,
    /// Area, in square metres.
    Area,
}

impl Dimension {
    /// The unit sums are kept in.
    #[must_use]
    pub const fn base(self) -> &'static str {
        match self {
            Self::Mass => "KGM",
            Self::Volume => "MTQ",
            Self::Count => "NMB",
            Self::Length => "MTR",
            Self::Area => "MTK",
        }
    }
}

/// The quantity in the base unit of what it measures; `None` for a unit not known here.
#[must_use]
pub fn in_base(quantity: &Quantity) -> Option<(Dimension, Decimal)> {
    let unit = quantity.unit.as_str();
    let (_, dimension, factor) = UNITS.iter().find(|(code, ..)| code.eq_ignore_ascii_case(unit))?;
    let (mantissa, scale) = *factor;
    let amount = quantity.amount.checked_mul(Decimal::new(mantissa, scale))?;
    Some((*dimension, amount.normalize()))
}

/// UN/ECE Recommendation 20 code, what it measures, and its size in the base unit.
const UNITS: &[(&str, Dimension, (i64, u32))] = &[
    ("KGM", Dimension::Mass, (1, 0)),
    ("KG", Dimension::Mass, (1, 0)),
    ("GRM", Dimension::Mass, (1, 3)),
    ("MGM", Dimension::Mass, (1, 6)),
    ("TNE", Dimension::Mass, (1_000, 0)),
    ("DTN", Dimension::Mass, (100, 0)),
    ("LBR", Dimension::Mass, (45_359_237, 8)),
    ("MTQ", Dimension::Volume, (1, 0)),
    ("LTR", Dimension::Volume, (1, 3)),
    ("HLT", Dimension::Volume, (1, 1)),
    ("MLT", Dimension::Volume, (1, 6)),
    ("NMB", Dimension::Count, (1, 0)),
    ("C62", Dimension::Count, (1, 0)),
    ("H87", Dimension::Count, (1, 0)),
    ("EA", Dimension::Count, (1, 0)),
    ("PCE", Dimension::Count, (1, 0)),
    ("SET", Dimension::Count, (1, 0)),
    ("NPR", Dimension::Count, (2, 0)),
    ("PR", Dimension::Count, (2, 0)),
    ("DZN", Dimension::Count, (12, 0)),
    ("MIL", Dimension::Count, (1_000, 0)),
    ("MTR", Dimension::Length, (1, 0)),
    ("CMT", Dimension::Length, (1, 2)),
    ("KMT", Dimension::Length, (1_000, 0)),
    ("MTK", Dimension::Area, (1, 0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_measure_meet_in_its_base() {
        let of = |amount: &str, unit: &str| {
            in_base(&Quantity::new(amount.parse().expect("a number"), unit)).map(|found| found.1.to_string())
        };
        for (amount, unit, expected) in [
            ("1.5", "TNE", Some("1500")),
            ("250", "GRM", Some("0.25")),
            ("2", "LBR", Some("0.90718474")),
            ("30", "dzn", Some("360")),
            ("1", "sacks", None),
        ] {
            assert_eq!(of(amount, unit), expected.map(str::to_owned), "{amount} {unit}");
        }
    }
}
