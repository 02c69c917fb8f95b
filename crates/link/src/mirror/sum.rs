//! Sums of lines: how many, how much by kind of amount, and what they are worth.

use std::collections::BTreeMap;

use kernel::{Money, Quantity};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compare::Measure;

/// What lines come to. Amounts of different kinds stand beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many lines.
    pub lines: u64,
    /// Amounts by unit, units of one kind brought to one.
    pub amounts: BTreeMap<String, Decimal>,
    /// Values by currency.
    pub values: BTreeMap<String, Decimal>,
}

impl Sum {
    /// Adds a line.
    pub fn add(&mut self, quantity: Option<&Quantity>, value: Option<&Money>) {
        self.lines += 1;
        if let Some(quantity) = quantity {
            let (unit, amount) = match Measure::of(quantity) {
                Some(measure) => (measure.dimension.unit(), measure.amount),
                None => (quantity.unit.as_str(), quantity.amount),
            };
            add(&mut self.amounts, unit, amount);
        }
        if let Some(value) = value {
            add(&mut self.values, value.currency.as_str(), value.amount);
        }
    }

    /// The amount in this unit; nought where there is none.
    #[must_use]
    pub fn amount(&self, unit: &str) -> Decimal {
        self.amounts.get(unit).copied().unwrap_or_default()
    }

    /// The value in this currency; nought where there is none.
    #[must_use]
    pub fn value(&self, currency: &str) -> Decimal {
        self.values.get(currency).copied().unwrap_or_default()
    }

    /// The unit that holds most of the lines' goods, as far as both sums use it.
    #[must_use]
    pub fn common_unit<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        let shared = self.amounts.keys().find(|unit| other.amounts.contains_key(*unit));
        shared.or_else(|| self.amounts.keys().chain(other.amounts.keys()).next()).map(String::as_str)
    }

    /// The currency both use, or the one either uses.
    #[must_use]
    pub fn common_currency<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        let shared = self.values.keys().find(|currency| other.values.contains_key(*currency));
        shared.map(String::as_str)
    }
}

/// Adds up; what grows past all numbers stays where it is.
fn add(sums: &mut BTreeMap<String, Decimal>, of: &str, amount: Decimal) {
    let sum = sums.entry(of.to_owned()).or_default();
    *sum = sum.checked_add(amount).unwrap_or(*sum);
}
