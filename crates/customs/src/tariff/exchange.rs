//! Currency of the day: what money of one currency is in another on a day, by the editions that were published.
//!
//! An edition states what so many units of other currencies cost in one, its base: `USD 25 430` of Viet Nam's. Two others
//! are converted through the base. Every rate is an exact decimal; a day no edition holds on has no rate, and none is
//! carried over from another day.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Books, Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The book the rates are rows of: by the two currencies, and [`BASE`] for the one the edition is stated in.
pub const RATES: &str = "exchange-rates";
/// The key under which the edition's own currency stands.
pub const BASE: &str = "base";

/// What units of a currency cost in the edition's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The currency.
    pub currency: Currency,
    /// How many units of it are quoted: 1, for some currencies 100.
    pub units: u32,
    /// What they cost, in the edition's own currency.
    pub costs: Decimal,
}

impl Quote {
    /// Reads `USD 25430`, or `JPY/100 16750.5`; `None` where it is no such line.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let (what, costs) = line.trim().split_once(char::is_whitespace)?;
        let (currency, units) = match what.split_once('/') {
            Some((currency, units)) => (currency, units.parse().ok()?),
            None => (what, 1),
        };
        let costs: Decimal = costs.trim().parse().ok()?;
        let letters = currency.len() == 3 && currency.bytes().all(|letter| letter.is_ascii_uppercase());
        let counts = units > 0 && costs > Decimal::ZERO;
        (letters && counts).then(|| Self { currency: Currency::new(currency), units, costs })
    }
}

/// What one unit of a currency is in another on this day: stated, the other way round, or through the edition's base.
#[must_use]
pub fn rate(books: &dyn Books, (from, to): (&Currency, &Currency), day: Date) -> Option<Decimal> {
    if from == to {
        return Some(Decimal::ONE);
    }
    let base: Arc<Currency> = books.at(RATES, BASE, day)?.read().ok()?;
    let in_base = |currency: &Currency| {
        if *currency == *base {
            return Some(Decimal::ONE);
        }
        let quote: Arc<Quote> = books.at(RATES, currency.as_str(), day)?.read().ok()?;
        quote.costs.checked_div(Decimal::from(quote.units))
    };
    in_base(from)?.checked_div(in_base(to)?)
}

/// Money in another currency by the rate of the day, not rounded; `None` where there is no rate.
#[must_use]
pub fn converted(books: &dyn Books, money: &Money, to: &Currency, day: Date) -> Option<Money> {
    let amount = money.amount.checked_mul(rate(books, (&money.currency, to), day)?)?;
    Some(Money { amount, currency: to.clone() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::book::Shelf;
    use kernel::{Digest, Edition, EditionHead, Row};
    use serde_json::json;

    use super::*;

    fn shelf(days: &[(Date, &str)]) -> Shelf {
        let mut shelf = Shelf::default();
        for (day, lines) in days {
            let row = |key: &str, value| Row { key: key.into(), from: *day, until: Some(*day), value };
            let quotes = lines.lines().map(|line| Quote::read(line).expect("a quote"));
            let rows = quotes.map(|quote| row(quote.currency.as_str(), json!(quote)));
            let rows = rows.chain([row(BASE, json!("VND"))]).collect();
            let head = EditionHead {
                book: RATES.into(),
                name: day.to_string(),
                source: "a test".into(),
                digest: Digest::of(lines.as_bytes()),
            };
            shelf.publish(&Edition { head, rows });
        }
        shelf
    }

    #[test]
    fn money_is_converted_by_the_rate_of_its_day_and_through_the_base() {
        let (first, second) = (date(2026, 11, 19), date(2026, 11, 20));
        let books = shelf(&[(first, "USD 25000\nJPY/100 16000\nTHB 800"), (second, "USD 25500\nTHB 800")]);
        let check = |amount: i64, from: &str, to: &str, day| {
            let money = Money::new(Decimal::from(amount), from);
            converted(&books, &money, &Currency::new(to), day).map(|money| money.to_string())
        };
        assert_eq!(check(10, "USD", "VND", first).as_deref(), Some("250000 VND"));
        assert_eq!(check(10, "USD", "VND", second).as_deref(), Some("255000 VND"));
        assert_eq!(check(1_000, "JPY", "VND", first).as_deref(), Some("160000 VND"));
        assert_eq!(check(100, "USD", "THB", first).as_deref(), Some("3125 THB"));
        assert_eq!(check(160, "VND", "JPY", first).as_deref(), Some("1 JPY"));
        assert_eq!(check(7, "EUR", "EUR", date(2020, 1, 1)).as_deref(), Some("7 EUR"));
    }

    #[test]
    fn without_a_rate_of_the_day_there_is_no_amount() {
        let books = shelf(&[(date(2026, 11, 19), "USD 25000")]);
        let money = Money::new(Decimal::ONE, "USD");
        assert_eq!(converted(&books, &money, &Currency::new("VND"), date(2026, 11, 20)), None);
        assert_eq!(converted(&books, &money, &Currency::new("EUR"), date(2026, 11, 19)), None);
    }

    #[test]
    fn a_line_that_is_no_quote_is_not_read() {
        for line in ["USD", "usd 5", "USD -1", "USD 0", "USD/0 5", "USDX 5", "USD 1,5", ""] {
            assert_eq!(Quote::read(line), None, "{line}");
        }
    }
}
