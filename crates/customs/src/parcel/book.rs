//! National thresholds with their dates, as editions. What was not found out is absent, and a question about it is refused.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::terms::{Country, Standing};

/// The rules of all countries.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thresholds(pub Vec<Charges>);

/// What a country asks of low-value goods from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charges {
    /// The country.
    pub country: String,
    /// First day it holds.
    pub from: Date,
    /// Last day it holds; open where there is none.
    #[serde(default)]
    pub until: Option<Date>,
    /// The currency of the amounts.
    pub currency: String,
    /// No duty up to this value; `None` where there is no such relief.
    #[serde(default)]
    pub duty_free_to: Option<Decimal>,
    /// No tax up to this value; `None` where tax is owed from the first unit.
    #[serde(default)]
    pub tax_free_to: Option<Decimal>,
    /// Low-value procedure up to this value; above it, the full declaration.
    #[serde(default)]
    pub simplified_to: Option<Decimal>,
    /// Rate of VAT or GST in per cent; `None` where it was not found out.
    #[serde(default)]
    pub tax_rate: Option<Decimal>,
    /// Where tax is taken at the sale by registered vendors up to `simplified_to`.
    #[serde(default)]
    pub tax_at_sale: TaxAtSale,
    /// Flat rates of duty by first digits of the code, the longest fitting one; an empty one is all other goods.
    #[serde(default)]
    pub flat: Vec<Flat>,
    /// Whether this is law, was derived, or is a demonstration.
    pub standing: Standing,
    /// Where it was found.
    pub source: Vec<String>,
    /// What is doubtful about it.
    #[serde(default)]
    pub caveat: String,
}

/// Who takes the tax on low-value goods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaxAtSale {
    /// Customs, at the border.
    #[default]
    Never,
    /// A registered vendor at the sale; customs only where the vendor is not registered.
    Registered,
}

/// A flat rate of duty for some goods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flat {
    /// First digits of the code.
    pub prefix: String,
    /// Rate in per cent.
    pub rate: Decimal,
}

impl Thresholds {
    /// What a country asks on a day; where two hold, the one that started later.
    #[must_use]
    pub fn at(&self, country: &str, day: Date) -> Option<&Charges> {
        let holds = |row: &&Charges| {
            row.country == country && row.from <= day && row.until.is_none_or(|until| day <= until)
        };
        self.0.iter().filter(holds).max_by_key(|row| row.from)
    }

    /// The countries there are rules for.
    #[must_use]
    pub fn countries(&self) -> BTreeMap<&str, usize> {
        let mut countries = BTreeMap::new();
        for row in &self.0 {
            *countries.entry(row.country.as_str()).or_default() += 1;
        }
        countries
    }
}

impl Charges {
    /// The flat rate of a code.
    #[must_use]
    pub fn flat_rate(&self, code: &str) -> Option<Decimal> {
        let fits = self.flat.iter().filter(|flat| code.starts_with(flat.prefix.as_str()));
        fits.max_by_key(|flat| flat.prefix.len()).map(|flat| flat.rate)
    }
}

/// The edition that is shipped: eleven countries of South-East Asia, each with its sources and doubts.
///
/// # Panics
/// Never: a test reads it.
#[must_use]
pub fn shipped() -> Thresholds {
    serde_json::from_str(include_str!("low_value.json"))
        .expect("the shipped edition is readable, a test sees to it")
}

/// The value up to which goods take the low-value procedure of a country on a day, and need no declaration of their own; where it
/// has none, the value up to which they are free of duty.
#[must_use]
pub fn low_value(country: &Country, day: Date) -> Option<Money> {
    static SHIPPED: LazyLock<Thresholds> = LazyLock::new(shipped);
    let charges = SHIPPED.at(country.as_str(), day)?;
    let amount = charges.simplified_to.or(charges.duty_free_to)?;
    Some(Money::new(amount, charges.currency.as_str()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn eleven_countries_are_shipped_with_sources_or_doubts() {
        let thresholds = shipped();
        assert_eq!(thresholds.countries().len(), 11);
        for row in &thresholds.0 {
            assert!(!row.source.is_empty() || !row.caveat.is_empty(), "{} {}", row.country, row.from);
        }
    }

    #[test]
    fn the_rule_of_the_day_holds_and_not_the_one_before() {
        let thresholds = shipped();
        let tax_free = |day| thresholds.at("VN", day).expect("a rule").tax_free_to;
        assert_eq!(tax_free(date(2025, 2, 17)), Some(Decimal::from(1_000_000)));
        assert_eq!(tax_free(date(2025, 2, 18)), None);
        assert!(thresholds.at("MM", date(2026, 1, 1)).is_none_or(|row| row.tax_rate.is_none()));
    }
}
