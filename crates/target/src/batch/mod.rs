//! Goods lines as typed columns: every text once, every line a number.

mod build;
mod column;
mod frequency;

use customs::terms::{Bag, Column, Gauge, Line};
use jiff::civil::Date;
use rust_decimal::Decimal;

pub use build::{Builder, Entry};
pub use column::{Bags, Texts};
pub use frequency::occurrences;

/// A batch of goods lines, column by column.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub(crate) texts: Vec<Texts>,
    pub(crate) bags: Vec<Bags>,
    pub(crate) gauges: Vec<(Gauge, Vec<i64>)>,
    pub(crate) days: Vec<Date>,
}

/// A number that is not there.
pub const ABSENT: i64 = i64::MIN;

/// Numbers are held in thousandths.
pub const SCALE: i64 = 1_000;

impl Lines {
    /// How many lines there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The day of a line.
    #[must_use]
    pub fn day(&self, row: usize) -> Date {
        self.days[row]
    }

    /// One column.
    #[must_use]
    pub fn column(&self, column: Column) -> &Texts {
        &self.texts[column.place()]
    }

    /// One bag.
    #[must_use]
    pub fn bags(&self, bag: Bag) -> &Bags {
        &self.bags[bag.place()]
    }

    /// One gauge in thousandths, where the batch has it.
    #[must_use]
    pub fn gauge(&self, gauge: &Gauge) -> Option<&[i64]> {
        self.gauges.iter().find(|(known, _)| known == gauge).map(|(_, values)| values.as_slice())
    }

    /// Adds a gauge that is worked out of others, such as a frequency or a score.
    ///
    /// # Panics
    /// Where it has not one number for every line.
    pub fn put(&mut self, gauge: Gauge, values: Vec<i64>) {
        assert_eq!(values.len(), self.len(), "one number for every line");
        self.gauges.retain(|(known, _)| *known != gauge);
        self.gauges.push((gauge, values));
    }

    /// Adds every frequency these gauges ask for and the batch has not yet.
    pub fn count(&mut self, gauges: impl IntoIterator<Item = Gauge>) {
        for gauge in gauges {
            if let Gauge::Frequency { column, days } = gauge
                && self.gauge(&gauge).is_none()
            {
                let counts = occurrences(&self.days, self.column(column).codes(), days);
                self.put(gauge, counts.into_iter().map(|count| i64::from(count) * SCALE).collect());
            }
        }
    }

    /// One line.
    #[must_use]
    pub const fn row(&self, row: usize) -> Row<'_> {
        Row { lines: self, row }
    }
}

/// One line of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    lines: &'a Lines,
    row: usize,
}

impl Line for Row<'_> {
    fn text(&self, column: Column) -> &str {
        self.lines.column(column).of(self.row)
    }

    fn bag(&self, bag: Bag) -> Vec<&str> {
        self.lines.bags(bag).of(self.row).collect()
    }

    fn gauge(&self, gauge: &Gauge) -> Option<Decimal> {
        let value = self.lines.gauge(gauge)?[self.row];
        (value != ABSENT).then(|| Decimal::new(value, 3))
    }
}

/// A decimal in thousandths, cut towards zero; what does not fit is absent.
#[must_use]
pub fn thousandths(value: Decimal) -> i64 {
    let scaled = value.checked_mul(Decimal::from(SCALE));
    scaled
        .and_then(|scaled| {
            i64::try_from(scaled.trunc().mantissa() / 10_i128.pow(scaled.trunc().scale())).ok()
        })
        .unwrap_or(ABSENT)
}
