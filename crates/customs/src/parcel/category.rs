//! The four groups of immediate release.

use serde::{Deserialize, Serialize};

use super::Contents;
use super::book::Charges;

/// A group of immediate release (WCO Immediate Release Guidelines, categories 1 to 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// 1: correspondence and documents without value of their own.
    Documents,
    /// 2: low value, nothing owed.
    LowFree,
    /// 3: low value, something owed.
    LowOwed,
    /// 4: high value, or goods that need a full declaration.
    High,
}

impl Category {
    /// The number the guidelines give it.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Documents => 1,
            Self::LowFree => 2,
            Self::LowOwed => 3,
            Self::High => 4,
        }
    }
}

/// The group of contents of this value, in thousandths of the rule's currency.
#[must_use]
pub fn category(charges: &Charges, contents: Contents, value: i64) -> Category {
    let up_to = |limit: Option<rust_decimal::Decimal>| {
        limit.is_some_and(|limit| rust_decimal::Decimal::new(value, 3) <= limit)
    };
    let no_tax_at_all = charges.tax_rate.is_some_and(|rate| rate.is_zero());
    let (duty_free, tax_free) = (up_to(charges.duty_free_to), no_tax_at_all || up_to(charges.tax_free_to));
    match contents {
        Contents::Documents if value == 0 => Category::Documents,
        _ if duty_free && tax_free => Category::LowFree,
        _ if up_to(charges.simplified_to) || duty_free => Category::LowOwed,
        _ => Category::High,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::shipped;
    use super::*;

    #[test]
    fn groups_follow_the_country_and_the_day() {
        let thresholds = shipped();
        for (country, day, contents, value, expected) in [
            ("VN", date(2025, 1, 31), Contents::Sale, 900_000, Category::LowFree),
            ("VN", date(2025, 3, 1), Contents::Sale, 900_000, Category::LowOwed),
            ("VN", date(2025, 3, 1), Contents::Sale, 1_000_001, Category::High),
            ("VN", date(2025, 3, 1), Contents::Documents, 0, Category::Documents),
            ("PH", date(2026, 1, 1), Contents::Sale, 10_000, Category::LowFree),
            ("PH", date(2026, 1, 1), Contents::Sale, 10_001, Category::High),
            ("ID", date(2026, 1, 1), Contents::Sale, 3, Category::LowOwed),
            ("ID", date(2026, 1, 1), Contents::Sale, 1_500, Category::LowOwed),
            ("ID", date(2026, 1, 1), Contents::Sale, 1_501, Category::High),
            ("TH", date(2025, 12, 31), Contents::Sale, 1_500, Category::LowOwed),
            ("TH", date(2026, 1, 1), Contents::Sale, 1_500, Category::High),
            ("KH", date(2026, 1, 1), Contents::Gift, 50, Category::LowFree),
        ] {
            let charges = thresholds.at(country, day).expect("a rule");
            assert_eq!(category(charges, contents, value * 1_000), expected, "{country} {day} {value}");
        }
    }
}
