//! What books, terms and habits say around a difference: the rates of the days, the low-value threshold of the day, how much of the
//! lane is shared, what its term lets freight add.

use customs::agreement::term_in_force;
use customs::declaration::Declaration;
use customs::tariff;
use customs::terms::Country;
use jiff::civil::Date;
use kernel::book::Shelf;
use kernel::{Currency, Money, NodeId};
use link::Tolerance;
use link::lane::Share;
use rust_decimal::Decimal;

use super::Matcher;

/// What is known around the differences of one of our imports.
pub(super) struct Around<'a> {
    pub(super) shelf: &'a Shelf,
    /// The share of the giver's exports that is shared with us.
    pub(super) share: Option<Share>,
    /// How much freight and insurance add on the lane at most, in per cent, by its term.
    pub(super) freight: Option<u32>,
}

impl<'a> Around<'a> {
    /// What is known around this import on this day.
    pub(super) fn of(shelf: &'a Shelf, matcher: &Matcher, import: &Declaration, today: Date) -> Self {
        let from = import.export_country.as_ref();
        let term = from.and_then(|from| quota(shelf, (from, &import.country), FREIGHT, today));
        Self { shelf, share: from.and_then(|from| matcher.habits.share(from)), freight: term }
    }

    /// What one of a currency cost in another on these days, each rate once.
    pub(super) fn rates(&self, (from, to): (&Currency, &Currency), days: &[Option<Date>]) -> Vec<Decimal> {
        let mut rates: Vec<Decimal> =
            days.iter().flatten().filter_map(|day| tariff::rate(self.shelf, (from, to), *day)).collect();
        rates.dedup();
        rates
    }

    /// The value below which goods are let in without a declaration of their own, in this currency by the rate of the day where
    /// there is one, else as the rule states it.
    pub(super) fn low_value(&self, country: &Country, currency: &Currency, day: Date) -> Option<Money> {
        let threshold = customs::parcel::low_value(country, day)?;
        tariff::converted(self.shelf, &threshold, currency, day).or(Some(threshold))
    }
}

/// The tolerances of every lane whose term states some; what a term does not name is as anywhere else.
pub(super) fn tolerances(shelf: &Shelf, us: &NodeId, today: Date) -> Vec<(Country, Tolerance)> {
    let Some(book) = shelf.book(customs::agreement::TERMS) else { return Vec::new() };
    let own = format!("/{us}");
    let keys = book.on(today).map(|row| row.key.as_str());
    let lanes = keys.filter_map(|key| key.strip_prefix("acdd/")?.strip_suffix(own.as_str()));
    let lane = |from: &str| {
        let (from, to) = (Country::new(from), Country::new(us.as_str()));
        let quota = |name: &str| quota(shelf, (&from, &to), name, today);
        let days =
            |name: &str, usual: i32| quota(name).and_then(|days| i32::try_from(days).ok()).unwrap_or(usual);
        let usual = Tolerance::default();
        let by_mode = usual.transit_days.iter();
        let tolerance = Tolerance {
            quantity: quota(QUANTITY).unwrap_or(usual.quantity),
            closing_days: days(CLOSING, usual.closing_days),
            early_days: days(EARLY, usual.early_days),
            transit_days: by_mode
                .map(|(mode, usual)| (mode.clone(), days(&format!("{TRANSIT}{mode}"), *usual)))
                .collect(),
            ..usual
        };
        (from, tolerance)
    };
    lanes.map(lane).filter(|(_, tolerance)| *tolerance != Tolerance::default()).collect()
}

fn quota(shelf: &Shelf, (from, to): (&Country, &Country), name: &str, day: Date) -> Option<u32> {
    let (from, to) = (NodeId::new(from.as_str()), NodeId::new(to.as_str()));
    term_in_force(shelf, "acdd", &from, &to, day)?.term.quota(name)
}

/// Quotas of a lane's term: how much freight and insurance add at most, in per cent.
const FREIGHT: &str = "freight-percent";
/// How far quantities may lie apart, in thousandths.
const QUANTITY: &str = "quantity-permille";
/// Days after the last part of a lot in which the rest may still come.
const CLOSING: &str = "closing-days";
/// Days after departure by which goods of a mode (Recommendation 19, its digit behind this) have arrived and are declared.
const TRANSIT: &str = "transit-days-";
/// Days an arrival may stand before the departure.
const EARLY: &str = "early-days";

#[cfg(test)]
mod tests {
    use customs::agreement::{Agreement, edition};
    use customs::terms::TransportMode;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn how_long_goods_take_is_a_term_of_their_lane() {
        let agreement: Agreement = serde_json::from_value(json!({
            "id": "ASW-TH-VN", "title": "A test's own", "parties": ["TH", "VN"], "route": "ministry", "source": "a test",
            "from": "2026-01-01", "term": [{
                "id": "1", "kind": "acdd", "from": "TH", "to": "VN", "lane": "live", "fields": [], "purposes": ["exchange"],
                "handling": "h1", "consent": "not-needed", "onward": "never", "keep": "1d", "delivery": { "waits": ["30s"] },
                "clocks": {}, "escalation": [], "quotas": { "transit-days-3": 4, "closing-days": 6 },
            }],
        }))
        .expect("an agreement");
        let mut shelf = Shelf::default();
        shelf.publish(&edition(&agreement, date(2026, 1, 1), None));
        let found = tolerances(&shelf, &NodeId::new("VN"), date(2026, 11, 22));
        let [(from, lane)] = &found[..] else { panic!("one lane: {found:?}") };
        let days = |mode: &str| lane.transit(Some(&TransportMode::new(mode)));
        let usual = Tolerance::default().transit(Some(&TransportMode::new("1")));
        assert_eq!((from.as_str(), days("3"), days("1"), lane.closing_days), ("TH", 4, usual, 6));
    }
}
