//! Exchange rates by day. A day without a rate has none: nothing is carried over.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// Rates of currencies into the currency of the thresholds.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    rates: BTreeMap<String, Vec<(Date, Date, i128)>>,
}

/// One line of a table of rates.
#[derive(Clone, Debug, Deserialize)]
pub struct Quoted {
    /// The currency.
    pub currency: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// So much of the thresholds' currency for one of it.
    pub rate: Decimal,
}

/// Rates are held in parts of this.
const SCALE: i128 = 1_000_000_000;

impl Exchange {
    /// A table of rates; of two for a day the later line holds.
    #[must_use]
    pub fn new(quoted: impl IntoIterator<Item = Quoted>) -> Self {
        let mut exchange = Self::default();
        for Quoted { currency, from, until, rate } in quoted {
            let scaled = (rate * Decimal::from(SCALE as i64)).trunc();
            let parts = scaled.mantissa() / 10_i128.pow(scaled.scale());
            exchange.rates.entry(currency).or_default().insert(0, (from, until, parts));
        }
        exchange
    }

    /// An amount in thousandths of `from` in thousandths of `to` on a day, cut; `None` where the day is not covered.
    #[must_use]
    pub fn convert(&self, amount: i64, from: &str, to: &str, day: Date) -> Option<i64> {
        if from == to {
            return Some(amount);
        }
        let rates = self.rates.get(from)?.iter();
        let (_, _, rate) = rates.into_iter().find(|(first, last, _)| *first <= day && day <= *last)?;
        i64::try_from(i128::from(amount).checked_mul(*rate)? / SCALE).ok()
    }
}
