//! What is at stake in a difference: the value of the goods in question and, where the tariff book is loaded, duty and tax on it; and
//! what can be done next.

use jiff::civil::Date;
use kernel::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::tariff::{self, Measure, Question, Rate};
use crate::terms::{Country, HsCode};

/// Duty and tax in question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stake {
    /// Import duty on the value in question.
    pub duty: Money,
    /// Value-added tax on the value and the duty; absent where no rate is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Money>,
    /// The rates and the acts they stand in, as they were found.
    pub basis: String,
}

/// What is looked up.
#[derive(Clone, Debug)]
pub struct Levied<'a> {
    /// Whose tariff.
    pub country: &'a Country,
    /// The code the goods are declared under.
    pub declared: &'a HsCode,
    /// The code they would be under by the other statement, where that differs.
    pub stated: Option<&'a HsCode>,
    /// The value in question.
    pub value: &'a Money,
    /// On which day.
    pub day: Date,
}

impl Stake {
    /// Duty and tax in question at the general rate; `None` where the tariff of that day is not loaded or is not in per cent.
    /// Where two codes compete, the duty is what lies between their rates.
    #[must_use]
    pub fn of(levied: &Levied<'_>) -> Option<Self> {
        let (ours, beside) = rates(levied, levied.declared)?;
        let (percent, basis) = match levied.stated {
            None => (percent(&ours)?, source(&ours)),
            Some(code) => {
                let (theirs, _) = rates(levied, code)?;
                let apart = percent(&theirs)? - percent(&ours)?;
                (apart.max(Decimal::ZERO), format!("{} · {}", source(&theirs), source(&ours)))
            }
        };
        let duty = share(levied.value, percent)?;
        let tax = beside.as_ref().and_then(|vat| {
            let base = if levied.stated.is_some() { duty.amount } else { levied.value.amount + duty.amount };
            share(&Money { amount: base, currency: levied.value.currency.clone() }, self::percent(vat)?)
        });
        Some(Self { duty, tax, basis })
    }

    /// Duty and tax together.
    #[must_use]
    pub fn whole(&self) -> Money {
        let tax = self.tax.as_ref().map_or(Decimal::ZERO, |tax| tax.amount);
        Money { amount: self.duty.amount + tax, currency: self.duty.currency.clone() }
    }
}

fn rates(levied: &Levied<'_>, code: &HsCode) -> Option<(Measure, Option<Measure>)> {
    let code = HsCode::new(code.prefix(8)).ok()?;
    let question =
        Question { country: levied.country.clone(), code, origin: None, day: levied.day, scheme: None };
    let answer = tariff::answer(&question).ok()?;
    Some((answer.applies?, answer.beside.into_iter().next()))
}

fn percent(measure: &Measure) -> Option<Decimal> {
    match &measure.rate {
        Rate::Percent { .. } => measure.rate.percent(),
        Rate::Specific { .. } | Rate::Conditional { .. } | Rate::Excluded | Rate::NotLoaded => None,
    }
}

fn source(measure: &Measure) -> String {
    let rate =
        measure.rate.percent().map_or_else(String::new, |percent| format!("{}% ", percent.normalize()));
    format!("{rate}{}", measure.series.source())
}

fn share(value: &Money, percent: Decimal) -> Option<Money> {
    let amount = value.amount.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?.round_dp(2);
    Some(Money { amount, currency: value.currency.clone() })
}

/// What an officer can do about a difference, in the order it usually helps; as codes.
#[must_use]
pub fn next_steps(code: &str) -> &'static [&'static str] {
    match code {
        "quantity-short" => &["count", "ask-importer", "ask-partner", "search-rest"],
        "quantity-over" => &["count", "ask-importer", "search-other-export"],
        "hs-moved" => &["look-at-goods", "ask-importer", "ask-tariff", "ask-partner"],
        "origin-changed" => &["ask-proof-of-origin", "look-at-marks", "ask-partner"],
        "consignee-switched" => &["ask-importer", "look-at-papers", "ask-partner"],
        "unit-not-comparable" => &["weigh-and-count", "ask-importer"],
        "arrived-before-departure" => &["look-at-papers", "ask-partner"],
        "weight-impossible" => &["weigh-and-count", "look-at-goods"],
        "mass-differs" => &["weigh-and-count", "look-at-papers"],
        "goods-differ" => &["look-at-goods", "look-at-papers", "ask-importer"],
        "seals-changed" => &["look-at-goods", "count", "look-at-papers"],
        "consignor-switched" => &["look-at-papers", "ask-importer"],
        "certificate-overdrawn" => &["look-at-papers", "ask-partner"],
        "exporter-silent" => &["look-at-papers", "ask-partner"],
        _ => &["look-at-papers", "ask-importer"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levied(declared: &str, stated: Option<&str>, value: i64) -> Option<Stake> {
        let declared = HsCode::new(declared).expect("a code");
        let stated = stated.map(|code| HsCode::new(code).expect("a code"));
        let value = Money::new(Decimal::from(value), "USD");
        let country = Country::new("VN");
        let day = Date::constant(2026, 11, 22);
        Stake::of(&Levied {
            country: &country,
            declared: &declared,
            stated: stated.as_ref(),
            value: &value,
            day,
        })
    }

    #[test]
    fn duty_follows_the_loaded_rate_and_says_where_it_stands() {
        let stake = levied("10063099", None, 10_000).expect("the rate is loaded");
        assert_eq!(stake.duty, Money::new(Decimal::from(4_000), "USD"));
        assert!(stake.basis.starts_with("40% "), "{}", stake.basis);
        assert_eq!(levied("84713020", None, 10_000).map(|stake| stake.whole().amount), Some(Decimal::ZERO));
    }

    #[test]
    fn between_two_codes_lies_what_the_dearer_costs_more_and_never_less_than_nothing() {
        let hidden = levied("84713020", Some("10063099"), 10_000).expect("both rates are loaded");
        let lost = levied("10063099", Some("84713020"), 10_000).expect("both rates are loaded");
        assert_eq!((hidden.duty.amount, lost.duty.amount), (Decimal::from(4_000), Decimal::ZERO));
    }

    #[test]
    fn what_is_not_loaded_is_not_nothing() {
        assert_eq!(levied("99999999", None, 10_000), None);
        let country = Country::new("XX");
        let code = HsCode::new("08045020").expect("a code");
        let value = Money::new(Decimal::ONE, "USD");
        let day = Date::constant(2026, 11, 22);
        let other = Levied { country: &country, declared: &code, stated: None, value: &value, day };
        assert_eq!(Stake::of(&other), None);
    }
}
