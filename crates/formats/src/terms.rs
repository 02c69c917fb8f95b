//! Terms: texts of a message into customs terms. What cannot be one is left out and told.

use std::str::FromStr;

use customs::terms::{Address, Country, HsCode, Identifier, Party};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz};
use kernel::{Finding, Money, Quantity, Severity};
use rust_decimal::Decimal;

use crate::model::Node;
use crate::tally::Tally;
use crate::text::Lines;

/// The unit weights are in where a message does not say.
pub(crate) const KILOGRAM: &str = "KGM";

/// Turns nodes of one document into terms, telling what it had to leave out.
pub(crate) struct Terms<'t, 'a> {
    pub(crate) lines: &'t Lines<'a>,
    pub(crate) tally: &'t mut Tally,
    /// How much weight it has that a text is no term.
    pub(crate) severity: Severity,
}

impl Terms<'_, '_> {
    /// A finding about this node.
    pub(crate) fn tell(&mut self, code: &'static str, node: Node<'_, '_>, expected: &str) {
        if !self.tally.admits(self.severity) {
            return;
        }
        let finding = Finding::of(self.severity, code, node.place(self.lines));
        self.tally.tell(finding.seen(node.text()).expected(expected));
    }

    /// A warning about this node as a whole.
    pub(crate) fn warn(&mut self, code: &'static str, node: Node<'_, '_>, expected: &str) {
        if self.tally.admits(Severity::Warning) {
            self.tally.tell(Finding::warning(code, node.place(self.lines)).expected(expected));
        }
    }

    /// An exact number; the reader has told what is no number.
    pub(crate) fn decimal(&self, node: Node<'_, '_>) -> Option<Decimal> {
        let text = node.text();
        Decimal::from_str(text.strip_prefix('+').unwrap_or(text)).ok()
    }

    /// A quantity with its unit, or this unit where it has none.
    pub(crate) fn quantity(&self, node: Option<Node<'_, '_>>, unit: &str) -> Option<Quantity> {
        let node = node?;
        let amount = self.decimal(node)?;
        Some(Quantity::new(amount, node.attribute("unitCode").unwrap_or(unit)))
    }

    /// An amount of money; one without currency is left out.
    pub(crate) fn money(&self, node: Option<Node<'_, '_>>) -> Option<Money> {
        let node = node?;
        let amount = self.decimal(node)?;
        node.attribute("currencyID").map(|currency| Money::new(amount, currency))
    }

    /// A commodity code.
    pub(crate) fn hs(&mut self, node: Option<Node<'_, '_>>) -> Option<HsCode> {
        let node = node?;
        let code = HsCode::new(node.text()).ok();
        if code.is_none() && !node.text().is_empty() {
            self.tell("hs-code-wrong", node, "4 to 12 digits");
        }
        code
    }

    /// The day of a date or of a moment, as the sender's calendar has it; the reader has told of wrong ones.
    pub(crate) fn day(&self, node: Option<Node<'_, '_>>) -> Option<Date> {
        day(node?.text())
    }
}

/// The day of `CCYYMMDD`, alone or before a time.
pub(crate) fn day(text: &str) -> Option<Date> {
    let digits = text.get(..8)?;
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i16>().ok();
    if !digits.is_ascii() {
        return None;
    }
    let (month, day) = (i8::try_from(number(4..6)?).ok()?, i8::try_from(number(6..8)?).ok()?);
    Date::new(number(0..4)?, month, day).ok()
}

/// The moment of `CCYYMMDDHHMMSS` with `Z` or `+hh`.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let date = day(text)?;
    let time = text.get(8..14).filter(|time| time.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number = |from: usize| time[from..from + 2].parse::<i8>().ok();
    let at = date.to_datetime(Time::new(number(0)?, number(2)?, number(4)?, 0).ok()?);
    let offset = match text.get(14..)? {
        "Z" => tz::Offset::UTC,
        zone => tz::Offset::from_hours(zone.parse().ok()?).ok()?,
    };
    offset.to_timestamp(at).ok()
}

/// A moment as `CCYYMMDDHHMMSSZ`; fractions of a second are dropped.
pub(crate) fn write_moment(moment: Timestamp) -> String {
    let at = tz::Offset::UTC.to_datetime(moment);
    let (date, time) = (at.date(), at.time());
    format!("{}{:02}{:02}{:02}Z", write_day(date), time.hour(), time.minute(), time.second())
}

/// A day as `CCYYMMDD`.
pub(crate) fn write_day(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A party: its name, all its identifiers, its address. `scheme` is the issuing scheme where none is said.
pub(crate) fn party(node: Option<Node<'_, '_>>, scheme: &str) -> Party {
    let Some(node) = node else { return Party::default() };
    let identifiers = node.children("ID").filter(|id| !id.text().is_empty()).map(|id| Identifier {
        scheme: id.attribute("schemeID").unwrap_or(scheme).to_owned(),
        value: id.text().to_owned(),
    });
    Party {
        name: text(node, &["Name"]),
        identifiers: identifiers.collect(),
        address: node.child("Address").map(address).unwrap_or_default(),
    }
}

fn address(node: Node<'_, '_>) -> Address {
    let subdivision =
        node.text_at(&["CountrySubDivisionName"]).or_else(|| node.text_at(&["CountrySubDivisionCode"]));
    Address {
        line: text(node, &["Line"]),
        city: text(node, &["CityName"]),
        subdivision: subdivision.unwrap_or_default().to_owned(),
        postcode: text(node, &["PostcodeID"]),
        country: node.text_at(&["CountryCode"]).map(Country::new),
    }
}

/// The text down this path; empty where there is none.
pub(crate) fn text(node: Node<'_, '_>, path: &[&'static str]) -> String {
    node.text_at(path).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_their_zone_and_written_in_utc() {
        for (text, written) in [
            ("20260131235959Z", Some("20260131235959Z")),
            ("20260201065959+07", Some("20260131235959Z")),
            ("20260131185959-05", Some("20260131235959Z")),
            ("20260131", None),
            ("20260131246060Z", None),
            ("20260131 1: :9Z", None),
            ("2026013123595９Z", None),
        ] {
            assert_eq!(moment(text).map(write_moment).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn days_are_read_from_dates_and_moments() {
        for (text, written) in [
            ("20260131", Some("20260131")),
            ("20260131235959Z", Some("20260131")),
            ("20260230", None),
            ("2026", None),
            ("2026-1-31", None),
            ("20+60131", None),
        ] {
            assert_eq!(day(text).map(write_day).as_deref(), written, "{text}");
        }
    }
}
