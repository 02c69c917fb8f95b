//! What a guarantee must cover: of each line the highest duty and tax due in any country on the way, with every step
//! kept. Exact decimals throughout; what is not known is said and taken at the policy's substitute, never at nothing.

use std::fmt;

use jiff::civil::Date;
use kernel::{Money, NodeId};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::declaration::Line;
use super::policy::{Maximum, Policy, Towards};
use crate::tariff::{Rate, measures};

/// What one line is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Valued {
    /// The line's number.
    pub line: u32,
    /// Its customs value, in the guarantee's currency.
    pub value: Decimal,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The lines.
    pub lines: &'a [Line],
    /// Their values.
    pub values: &'a [Valued],
    /// The countries of the way.
    pub route: &'a [NodeId],
    /// The day whose rates count.
    pub day: Date,
    /// The currency of values and guarantee.
    pub currency: &'a str,
}

/// The amount and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worked {
    /// What must be covered.
    pub amount: Money,
    /// Each line in each country.
    pub steps: Vec<Step>,
    /// Which steps count.
    pub maximum: Maximum,
    /// The sum before rounding.
    pub exact: Decimal,
}

/// One line in one country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The line's number.
    pub line: u32,
    /// The country.
    pub country: NodeId,
    /// The customs value.
    pub value: Decimal,
    /// The duty in hundredths, and where it stands.
    pub duty: Taken,
    /// The tax in hundredths of value and duty together, and where it stands.
    pub tax: Taken,
    /// Duty and tax, exact.
    pub owed: Decimal,
}

/// A rate and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// In hundredths.
    pub percent: Decimal,
    /// The publication, or why the substitute was taken.
    pub source: String,
}

/// Why an amount could not be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unworked {
    /// A line has no value.
    NoValue(u32),
    /// The figures are too long to stay exact.
    NotExact(u32),
}

impl fmt::Display for Unworked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue(line) => write!(f, "line {line} has no customs value"),
            Self::NotExact(line) => write!(f, "the figures of line {line} are too long to stay exact"),
        }
    }
}

impl std::error::Error for Unworked {}

/// Works out what a guarantee must cover.
///
/// # Errors
/// [`Unworked`] where a line has no value or the figures would have to be rounded on the way.
pub fn work_out(asked: &Asked<'_>, policy: &Policy) -> Result<Worked, Unworked> {
    let mut steps = Vec::with_capacity(asked.lines.len() * asked.route.len());
    for line in asked.lines {
        let value = asked
            .values
            .iter()
            .find(|it| it.line == line.number)
            .ok_or(Unworked::NoValue(line.number))?
            .value;
        for country in asked.route {
            steps.push(step(line, country, value, asked.day, policy)?);
        }
    }
    let exact = match policy.maximum {
        Maximum::PerLine => sum(asked.lines.iter().map(|line| most(&steps, |step| step.line == line.number))),
        Maximum::PerCountry => {
            let of = |country: &NodeId| {
                sum(steps.iter().filter(|step| step.country == *country).map(|step| step.owed))
            };
            asked.route.iter().map(of).max().unwrap_or_default()
        }
    };
    let strategy = match policy.rounding {
        Towards::Up => RoundingStrategy::AwayFromZero,
        Towards::Down => RoundingStrategy::ToZero,
    };
    let amount = Money::new(exact.round_dp_with_strategy(policy.places, strategy), asked.currency);
    Ok(Worked { amount, steps, maximum: policy.maximum, exact })
}

fn sum(parts: impl Iterator<Item = Decimal>) -> Decimal {
    parts.fold(Decimal::ZERO, |sum, part| sum + part)
}

fn most(steps: &[Step], of: impl Fn(&Step) -> bool) -> Decimal {
    steps.iter().filter(|step| of(step)).map(|step| step.owed).max().unwrap_or_default()
}

fn step(line: &Line, country: &NodeId, value: Decimal, day: Date, policy: &Policy) -> Result<Step, Unworked> {
    let (duty, tax) = rates_of(&line.code, country, day, policy);
    let hundredth = Decimal::new(1, 2);
    let part = |base: Decimal, percent: Decimal| {
        base.checked_mul(percent)
            .and_then(|it| it.checked_mul(hundredth))
            .ok_or(Unworked::NotExact(line.number))
    };
    let owed = part(value, duty.percent)?;
    let taxed = part(value + owed, tax.percent)?;
    Ok(Step { line: line.number, country: country.clone(), value, duty, tax, owed: owed + taxed })
}

/// The duty and the tax of a line in a country. Countries whose rates are not loaded take the policy's substitute as
/// duty and no tax besides.
fn rates_of(code: &str, country: &NodeId, day: Date, policy: &Policy) -> (Taken, Taken) {
    let none = || Taken { percent: Decimal::ZERO, source: String::new() };
    let substitute = |why: &str| Taken { percent: policy.substitute, source: format!("substitute: {why}") };
    let eight: String = code.chars().take(8).collect();
    let Some(found) = measures(country.as_str(), &eight, day) else {
        return (substitute("no rates of this country or line are loaded"), none());
    };
    let duties = found.iter().filter(|measure| measure.series.scheme != "VAT");
    let highest = duties.filter_map(|it| Some((it.rate.percent()?, it))).max_by_key(|(percent, _)| *percent);
    let duty = match highest {
        Some((percent, measure)) => Taken { percent, source: measure.series.source() },
        None if found.iter().any(|it| matches!(it.rate, Rate::Specific { .. })) => {
            substitute("the duty is per unit")
        }
        None => substitute("no rate of this line is loaded"),
    };
    let tax = found.iter().find(|measure| measure.series.scheme == "VAT");
    let tax = tax.and_then(|it| Some(Taken { percent: it.rate.percent()?, source: it.series.source() }));
    (duty, tax.unwrap_or_else(none))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn line(number: u32, code: &str) -> Line {
        Line { number, code: code.into(), ..Line::default() }
    }

    fn work(maximum: Maximum, route: &[&str]) -> Worked {
        let lines = [line(1, "84713020"), line(2, "87032260")];
        let values = [
            Valued { line: 1, value: Decimal::from(10_000) },
            Valued { line: 2, value: Decimal::from(20_001) },
        ];
        let route: Vec<_> = route.iter().map(|country| NodeId::new(*country)).collect();
        let policy = Policy { maximum, ..Policy::standard().clone() };
        let asked =
            Asked { lines: &lines, values: &values, route: &route, day: date(2026, 11, 1), currency: "VND" };
        work_out(&asked, &policy).expect("is worked out")
    }

    #[test]
    fn the_maximum_of_sums_is_never_more_than_the_sum_of_maxima() {
        let (lines, countries) =
            (work(Maximum::PerLine, &["VN", "ID"]), work(Maximum::PerCountry, &["VN", "ID"]));
        assert!(countries.exact <= lines.exact, "{countries:?} {lines:?}");
        assert_eq!(lines.steps.len(), 4);
    }

    #[test]
    fn a_country_without_rates_is_taken_at_the_substitute_and_says_so() {
        let worked = work(Maximum::PerLine, &["LA"]);
        assert_eq!(worked.exact, Decimal::from(30_001));
        assert!(worked.steps.iter().all(|step| step.duty.source.starts_with("substitute")));
    }

    #[test]
    fn a_line_without_value_is_not_guessed() {
        let lines = [line(1, "847130")];
        let asked = Asked { lines: &lines, values: &[], route: &[], day: date(2026, 1, 1), currency: "VND" };
        assert_eq!(work_out(&asked, Policy::standard()), Err(Unworked::NoValue(1)));
    }
}
