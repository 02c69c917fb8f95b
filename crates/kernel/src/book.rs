//! Books: what holds on a date. Rows are derived from editions; a lookup always takes a date.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::de::DeserializeOwned;
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
    rows: BTreeMap<String, Vec<Held>>,
}

/// A row, and what it was first read as.
#[derive(Clone, Debug)]
struct Held {
    row: Row,
    read: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// What the row of a book says: JSON, read as the book's own data once.
#[derive(Clone, Copy, Debug)]
pub struct Said<'b>(&'b Held);

impl Said<'_> {
    /// As the book's own data.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read<T: DeserializeOwned + Send + Sync + 'static>(&self) -> Result<Arc<T>, serde_json::Error> {
        if let Some(Ok(read)) = self.0.read.get().map(|read| Arc::clone(read).downcast()) {
            return Ok(read);
        }
        let read = Arc::new(T::deserialize(&**self)?);
        // Whoever read it first is remembered: a book has one kind of row.
        let _ = self.0.read.set(Arc::<T>::clone(&read));
        Ok(read)
    }
}

impl Deref for Said<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.row.value
    }
}

impl Book {
    /// Takes an edition in. Where two rows of a key hold on a day, the one that started later answers.
    pub fn publish(&mut self, edition: &Edition) {
        for row in &edition.rows {
            let rows = self.rows.entry(row.key.clone()).or_default();
            let place = rows.partition_point(|known| known.row.from > row.from);
            rows.insert(place, Held { row: row.clone(), read: OnceLock::new() });
        }
    }

    /// The row under this key that holds on this day.
    #[must_use]
    pub fn at(&self, key: &str, day: Date) -> Option<&Row> {
        self.held(key, day).map(|held| &held.row)
    }

    fn held(&self, key: &str, day: Date) -> Option<&Held> {
        self.rows.get(key)?.iter().find(|held| held.row.holds(day))
    }

    /// All rows that hold on this day, by key.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Row> {
        self.rows
            .values()
            .filter_map(move |rows| rows.iter().map(|held| &held.row).find(|row| row.holds(day)))
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
    fn at(&self, book: &str, key: &str, day: Date) -> Option<Said<'_>> {
        self.books.get(book)?.held(key, day).map(Said)
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
            assert_eq!(shelf.at("b", "k", day).as_deref(), expected.as_ref(), "{day}");
        }
    }

    #[test]
    fn what_a_row_says_is_read_once_and_as_whatever_it_is_asked_for() {
        let held = Held { row: row(date(2024, 1, 1), None, 7), read: OnceLock::new() };
        let (one, other) =
            (Said(&held).read::<u8>().expect("a number"), Said(&held).read().expect("a number"));
        assert!(Arc::ptr_eq(&one, &other));
        assert_eq!(*Said(&held).read::<i64>().expect("a number"), 7);
        assert!(Said(&held).read::<String>().is_err());
    }
}
