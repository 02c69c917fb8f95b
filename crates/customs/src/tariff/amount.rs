//! From a rate to an amount: exact, step by step, rounded as the policy says.

use std::fmt;

use kernel::{Currency, Money, Quantity};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

/// Which way what is left over goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Towards zero: what is left over is dropped.
    Truncate,
    /// To the nearest, halves away from zero.
    HalfUp,
    /// Away from zero.
    Up,
}

/// How amounts of a currency are rounded: a policy of the administration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rounding {
    /// Of which currency.
    pub currency: Currency,
    /// How many decimals are kept.
    pub decimals: u32,
    /// Which way the rest goes.
    pub mode: Mode,
}

impl Rounding {
    /// Truncation at the currency's minor unit (ISO 4217; two decimals where the currency is not known to differ).
    #[must_use]
    pub fn truncating(currency: &Currency) -> Self {
        let decimals = match currency.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Self { currency: currency.clone(), decimals, mode: Mode::Truncate }
    }

    fn apply(&self, exact: Decimal) -> Decimal {
        let strategy = match self.mode {
            Mode::Truncate => RoundingStrategy::ToZero,
            Mode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Mode::Up => RoundingStrategy::AwayFromZero,
        };
        exact.round_dp_with_strategy(self.decimals, strategy)
    }
}

/// One step of a calculation, with what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// The value the percentage is taken of.
    Value {
        /// The value.
        value: Money,
    },
    /// The quantity the money is taken by.
    Quantity {
        /// The quantity.
        quantity: Quantity,
    },
    /// The percentage.
    Percent {
        /// So many hundredths.
        percent: Decimal,
    },
    /// The money per unit.
    PerUnit {
        /// So much.
        amount: Money,
    },
    /// Value by percentage, or quantity by money: exact.
    Product {
        /// The exact amount.
        exact: Decimal,
    },
    /// Taken off.
    Deducted {
        /// So much is taken off.
        deducted: Decimal,
        /// What is left, exact.
        exact: Decimal,
    },
    /// Rounded as the policy says.
    Rounded {
        /// The policy.
        rounding: Rounding,
        /// What is owed.
        amount: Decimal,
    },
}

/// An amount with the steps that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Calculation {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// What is owed.
    pub amount: Money,
}

/// The amount cannot be calculated exactly: more digits than 28, or another currency than the policy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotExact;

impl fmt::Display for NotExact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("amount-not-exact: too many digits, or another currency than the rounding's")
    }
}

impl std::error::Error for NotExact {}

/// So many hundredths of a value, less what is taken off.
///
/// # Errors
/// [`NotExact`], never a rounded product.
pub fn ad_valorem(
    value: &Money,
    percent: Decimal,
    deducted: Decimal,
    rounding: &Rounding,
) -> Result<Calculation, NotExact> {
    let hundredth = product(percent, Decimal::new(1, 2))?;
    let exact = product(value.amount, hundredth)?;
    let steps =
        vec![Step::Value { value: value.clone() }, Step::Percent { percent }, Step::Product { exact }];
    finish(steps, (exact, &value.currency), deducted, rounding)
}

/// So much money per unit of a quantity, less what is taken off.
///
/// # Errors
/// [`NotExact`], never a rounded product.
pub fn specific(
    quantity: &Quantity,
    per_unit: &Money,
    deducted: Decimal,
    rounding: &Rounding,
) -> Result<Calculation, NotExact> {
    let exact = product(quantity.amount, per_unit.amount)?;
    let steps = vec![
        Step::Quantity { quantity: quantity.clone() },
        Step::PerUnit { amount: per_unit.clone() },
        Step::Product { exact },
    ];
    finish(steps, (exact, &per_unit.currency), deducted, rounding)
}

fn finish(
    mut steps: Vec<Step>,
    (product, currency): (Decimal, &Currency),
    deducted: Decimal,
    rounding: &Rounding,
) -> Result<Calculation, NotExact> {
    if *currency != rounding.currency {
        return Err(NotExact);
    }
    let exact = difference(product, deducted)?;
    if !deducted.is_zero() {
        steps.push(Step::Deducted { deducted, exact });
    }
    let amount = rounding.apply(exact);
    steps.push(Step::Rounded { rounding: rounding.clone(), amount });
    Ok(Calculation { steps, amount: Money { amount, currency: currency.clone() } })
}

/// The exact product. The decimal's own multiplication would round what does not fit.
fn product(a: Decimal, b: Decimal) -> Result<Decimal, NotExact> {
    let (a, b) = (a.normalize(), b.normalize());
    let mantissa = a.mantissa().checked_mul(b.mantissa()).ok_or(NotExact)?;
    Decimal::try_from_i128_with_scale(mantissa, a.scale() + b.scale()).map_err(|_| NotExact)
}

/// The exact difference.
fn difference(a: Decimal, b: Decimal) -> Result<Decimal, NotExact> {
    let result = a.checked_sub(b).ok_or(NotExact)?;
    // A sum that had to drop digits has fewer decimals than its parts.
    let kept = result.scale() >= a.normalize().scale().max(b.normalize().scale());
    kept.then_some(result).ok_or(NotExact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn an_amount_is_exact_and_then_rounded_as_the_policy_says() {
        let check = |(value, currency): (&str, &str), percent, mode, expected: &str| {
            let value = Money::new(decimal(value), currency);
            let rounding = Rounding { mode, ..Rounding::truncating(&value.currency) };
            let found = ad_valorem(&value, decimal(percent), Decimal::ZERO, &rounding).expect("it fits");
            assert_eq!(found.amount, Money::new(decimal(expected), currency), "{value} {percent}");
        };
        check(("2365.53", "GBP"), "20", Mode::Truncate, "473.10");
        check(("2365.53", "GBP"), "20", Mode::HalfUp, "473.11");
        check(("2365.51", "GBP"), "20", Mode::Up, "473.11");
        check(("999.99", "USD"), "7.5", Mode::Truncate, "74.99");
        check(("199", "VND"), "5", Mode::Truncate, "9");
        check(("-199", "VND"), "5", Mode::Truncate, "-9");
    }

    #[test]
    fn what_does_not_fit_is_refused_not_rounded() {
        let usd = Currency::new("USD");
        let rounding = Rounding::truncating(&usd);
        let long = Money::new(decimal("1.000000000000000000000000001"), "USD");
        assert_eq!(ad_valorem(&long, decimal("7.5"), Decimal::ZERO, &rounding), Err(NotExact));
        let large = Money::new(Decimal::MAX, "USD");
        assert_eq!(ad_valorem(&large, decimal("101"), Decimal::ZERO, &rounding), Err(NotExact));
        let other = Money::new(decimal("1"), "EUR");
        assert_eq!(ad_valorem(&other, decimal("1"), Decimal::ZERO, &rounding), Err(NotExact));
    }

    #[test]
    fn money_per_unit_is_taken_by_the_quantity() {
        let quantity = Quantity::new(decimal("12.5"), "KGM");
        let rate = Money::new(decimal("450"), "IDR");
        let rounding = Rounding::truncating(&rate.currency);
        let found = specific(&quantity, &rate, decimal("25"), &rounding).expect("it fits");
        assert_eq!(found.amount, Money::new(decimal("5600"), "IDR"));
        assert_eq!(found.steps.len(), 5);
    }
}
