//! Why a hit is one: every test of the profile with the value it saw. The sentences are made where people read them.

use customs::terms::{Bag, Column, Gauge, Lists, Profile, Test};
use rust_decimal::Decimal;
use serde::Serialize;

use super::bind::Bound;
use super::compile::Selection;
use super::evaluate::Hit;
use crate::batch::{ABSENT, Lines};

/// A hit with what each test of its profile saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained<'a> {
    /// The profile's name.
    pub profile: &'a str,
    /// The reason it gives.
    pub reason: &'a str,
    /// Test by test.
    pub seen: Vec<Seen<'a>>,
}

/// What a test saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen<'a> {
    /// The value of a column that is, or is not, among those asked for.
    Text {
        /// Which column.
        column: Column,
        /// Its value.
        value: &'a str,
        /// The first digits that fitted, the list it stands on, or the value itself.
        by: &'a str,
    },
    /// The values of a bag that were asked for; none where they had to be absent.
    Bag {
        /// Which bag.
        bag: Bag,
        /// The values.
        values: Vec<&'a str>,
    },
    /// A number and the band it lies in.
    Number {
        /// Which number.
        gauge: &'a Gauge,
        /// The number.
        value: Decimal,
        /// At least.
        least: Option<Decimal>,
        /// At most.
        most: Option<Decimal>,
    },
}

impl<'a, L: Lists> Bound<'a, L> {
    /// Explains a hit.
    #[must_use]
    pub fn explain(&self, hit: Hit) -> Explained<'a> {
        Explained::of(self.selection.profile(hit.slot), self.lines, hit.row)
    }
}

impl<L: Lists> Selection<L> {
    /// The profiles that hold for one line, each explained: for a declaration that comes alone, for which nothing need be
    /// laid.
    #[must_use]
    pub fn of_line<'a>(&'a self, lines: &'a Lines, row: usize) -> Vec<(&'a Profile, Explained<'a>)> {
        let line = lines.row(row);
        let holding = self.profiles().filter(|profile| profile.matches(&line, self.lists()));
        holding.map(|profile| (profile, Explained::of(profile, lines, row))).collect()
    }
}

impl<'a> Explained<'a> {
    /// What each test of a profile that holds for a line saw there.
    fn of(profile: &'a Profile, lines: &'a Lines, row: usize) -> Self {
        let seen = profile.tests.iter().map(|test| seen(lines, row, test)).collect();
        Self { profile: &profile.id, reason: &profile.reason, seen }
    }
}

fn seen<'a>(lines: &'a Lines, row: usize, test: &'a Test) -> Seen<'a> {
    match test {
        Test::Is { column, .. } => {
            let value = lines.column(*column).of(row);
            Seen::Text { column: *column, value, by: value }
        }
        Test::Listed { column, list, .. } => {
            Seen::Text { column: *column, value: lines.column(*column).of(row), by: list }
        }
        Test::Code { prefixes, .. } => {
            let value = lines.column(Column::Code).of(row);
            let lengths = (1..=value.len()).rev();
            let by = lengths.filter_map(|length| value.get(..length)).find(|by| prefixes.contains(*by));
            Seen::Text { column: Column::Code, value, by: by.unwrap_or(value) }
        }
        Test::Has { bag, values, .. } => {
            let there = lines.bags(*bag).of(row).filter(|value| values.contains(*value));
            Seen::Bag { bag: *bag, values: there.collect() }
        }
        Test::Within { gauge, least, most } => {
            let value = lines.gauge(gauge).map_or(ABSENT, |values| values[row]);
            Seen::Number { gauge, value: Decimal::new(value, 3), least: *least, most: *most }
        }
    }
}
