//! The Harmonized System of 2022, 2017 and 2012: chapters, headings and subheadings with an English text.

use super::blocks::Chapters;
use super::manifest;

/// A year's edition of the Harmonized System.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edition {
    Y2012,
    Y2017,
    Y2022,
}

impl Edition {
    /// Its bit in the shipped rows.
    const fn bit(self) -> u8 {
        match self {
            Self::Y2022 => 1,
            Self::Y2017 => 2,
            Self::Y2012 => 4,
        }
    }
}

/// The text of a chapter, heading or subheading in an edition.
pub(super) fn text(edition: Edition, code: &str) -> Option<&'static str> {
    let rows = EDITION.of(code)?;
    let from = rows.partition_point(|row| row.code < code);
    let same = rows[from..].iter().take_while(|row| row.code == code);
    same.clone().find(|row| row.editions & edition.bit() != 0).map(|row| row.text)
}

/// The six-digit codes of an edition, in order.
pub(super) fn subheadings(edition: Edition) -> impl Iterator<Item = &'static str> {
    let rows = EDITION.all().flatten();
    rows.filter(move |row| row.code.len() == 6 && row.editions & edition.bit() != 0).map(|row| row.code)
}

struct Row {
    code: &'static str,
    editions: u8,
    text: &'static str,
}

fn read(text: &'static str) -> Vec<Row> {
    let row = |line: &'static str| {
        let (code, rest) = line.split_once('\t')?;
        let (editions, text) = rest.split_once('\t')?;
        Some(Row { code, editions: editions.parse().ok()?, text })
    };
    let mut rows: Vec<Row> = text.lines().filter_map(row).collect();
    rows.sort_by_key(|row| row.code);
    rows
}

static EDITION: Chapters<Vec<Row>> = Chapters::new(|| manifest::open("hs"), read);
