//! Books: what holds on a date. Rows are derived from editions; a lookup always takes a date.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Books, Digest};

/// The head of one dated, hashed publication of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionHead {
    /// The book.
    pub book: String,
    /// The edition's own name, such as `AHTN-2022-VN`.
    pub name: String,
    /// Where it comes from: the act, the publication, the agreement.
    pub source: String,
    /// The digest of the bytes it was read from.
    pub digest: Digest,
}

/// One row of an edition, with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the row is found by.
    pub key: String,
    /// First day it holds.
    pub from: Date,
    /// Last day it holds; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it says.
    pub value: Value,
}

impl Row {
    /// Whether the row holds on this day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// One publication of a book: its head and its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    /// What it is.
    pub head: EditionHead,
    /// What it says.
    pub rows: Vec<Row>,
}

/// A book held in memory: all its rows by key, the one of the latest start first.
#[derive(Clone, Debug, Default)]
pub struct Book {
    rows: BTreeMap<String, Vec<Row>>,
}

impl Book {
    /// Takes an edition in. Where two rows of a key hold on a day, the one that started later answers.
    pub fn publish(&mut self, edition: &Edition) {
        for row in &edition.rows {
            let rows = self.rows.entry(row.key.clone()).or_default();
            let place = rows.partition_point(|known| known.from > row.from);
            rows.insert(place, row.clone());
        }
    }

    /// The row under this key that holds on this day.
    #[must_use]
    pub fn at(&self, key: &str, day: Date) -> Option<&Row> {
        self.rows.get(key)?.iter().find(|row| row.holds(day))
    }

    /// All rows that hold on this day, by key.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Row> {
        self.rows.values().filter_map(move |rows| rows.iter().find(|row| row.holds(day)))
    }
}

/// A shelf of books by name.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    books: BTreeMap<String, Book>,
}

impl Shelf {
    /// Takes an edition in, opening its book where it is the first.
    pub fn publish(&mut self, edition: &Edition) {
        self.books.entry(edition.head.book.clone()).or_default().publish(edition);
    }

    /// The book of this name.
    #[must_use]
    pub fn book(&self, name: &str) -> Option<&Book> {
        self.books.get(name)
    }
}

impl Books for Shelf {
    fn at(&self, book: &str, key: &str, day: Date) -> Option<Value> {
        self.books.get(book)?.at(key, day).map(|row| row.value.clone())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn row(from: Date, until: Option<Date>, value: i32) -> Row {
        Row { key: "k".into(), from, until, value: json!(value) }
    }

    #[test]
    fn a_lookup_answers_for_its_day() {
        let head =
            EditionHead { book: "b".into(), name: "e".into(), source: "s".into(), digest: Digest::of(b"") };
        let rows = vec![row(date(2024, 1, 1), Some(date(2024, 12, 31)), 1), row(date(2024, 7, 1), None, 2)];
        let mut shelf = Shelf::default();
        shelf.publish(&Edition { head, rows });
        for (day, expected) in [
            (date(2023, 12, 31), None),
            (date(2024, 3, 1), Some(json!(1))),
            (date(2024, 7, 1), Some(json!(2))),
            (date(2030, 1, 1), Some(json!(2))),
        ] {
            assert_eq!(shelf.at("b", "k", day), expected, "{day}");
        }
    }
}
