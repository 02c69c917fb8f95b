//! Lines in, columns out.

use customs::terms::{Bag, Column, Gauge};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ABSENT, Bags, Lines, SCALE, Texts, thousandths};

/// Texts that are given numbers in the order they are first seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    list: Vec<String>,
    #[expect(clippy::disallowed_types, reason = "looked up, never iterated")]
    places: std::collections::HashMap<String, u32>,
}

impl Words {
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.places.get(text) {
            return *code;
        }
        let code = u32::try_from(self.list.len()).expect("fewer than four billion distinct texts");
        self.places.insert(text.to_owned(), code);
        self.list.push(text.to_owned());
        code
    }

    pub(crate) fn list(&self) -> &[String] {
        &self.list
    }
}

/// One goods line on its way into a batch.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    texts: Vec<(Column, &'a str)>,
    bags: Vec<(Bag, Vec<&'a str>)>,
    gauges: Vec<(Gauge, Decimal)>,
}

impl<'a> Entry<'a> {
    /// The same line with this text; codes are trimmed, the weekday is set by the day.
    #[must_use]
    pub fn text(mut self, column: Column, text: &'a str) -> Self {
        self.texts.push((column, text.trim()));
        self
    }

    /// The same line with these values.
    #[must_use]
    pub fn bag(mut self, bag: Bag, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.bags.push((bag, values.into_iter().collect()));
        self
    }

    /// The same line with this number.
    #[must_use]
    pub fn gauge(mut self, gauge: Gauge, value: Decimal) -> Self {
        self.gauges.push((gauge, value));
        self
    }
}

/// Gathers lines into a batch.
#[derive(Clone, Debug)]
pub struct Builder {
    lines: Lines,
}

impl Default for Builder {
    fn default() -> Self {
        let lines = Lines {
            texts: vec![Texts::default(); Column::COUNT],
            bags: vec![Bags::default(); Bag::COUNT],
            gauges: PLAIN.iter().map(|gauge| (gauge.clone(), Vec::new())).collect(),
            days: Vec::new(),
        };
        Self { lines }
    }
}

/// The numbers every batch has; unit value and duty are worked out where they are not given.
const PLAIN: [Gauge; 8] = [
    Gauge::Value,
    Gauge::NetMass,
    Gauge::GrossMass,
    Gauge::Quantity,
    Gauge::UnitValue,
    Gauge::Rate,
    Gauge::Duty,
    Gauge::Score,
];

const WEEKDAYS: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];

impl Builder {
    /// Adds a line of this day.
    pub fn push(&mut self, day: Date, entry: &Entry<'_>) {
        let mut texts = [""; Column::COUNT];
        for (column, text) in &entry.texts {
            texts[column.place()] = text;
        }
        texts[Column::Weekday.place()] =
            WEEKDAYS[day.weekday().to_monday_zero_offset().unsigned_abs() as usize];
        for (column, text) in self.lines.texts.iter_mut().zip(texts) {
            column.push(text);
        }
        for bag in Bag::ALL {
            let given = entry.bags.iter().filter(|(known, _)| known == bag);
            self.lines.bags[bag.place()].push(given.flat_map(|(_, values)| values.iter().copied()));
        }
        for (gauge, values) in &mut self.lines.gauges {
            values.push(entry.number(gauge).map_or(ABSENT, thousandths));
        }
        self.lines.days.push(day);
    }

    /// The batch.
    #[must_use]
    pub fn finish(self) -> Lines {
        self.lines
    }
}

impl Entry<'_> {
    fn given(&self, gauge: &Gauge) -> Option<Decimal> {
        self.gauges.iter().find(|(known, _)| known == gauge).map(|(_, value)| *value)
    }

    fn number(&self, gauge: &Gauge) -> Option<Decimal> {
        self.given(gauge).or_else(|| match gauge {
            Gauge::UnitValue => self.given(&Gauge::Value)?.checked_div(self.given(&Gauge::NetMass)?),
            Gauge::Duty => {
                let duty = self.given(&Gauge::Value)?.checked_mul(self.given(&Gauge::Rate)?)?;
                duty.checked_div(Decimal::ONE_HUNDRED)
            }
            _ => None,
        })
    }
}

const _: () = assert!(SCALE == 1_000, "thousandths() and Row::gauge() count in thousandths");
