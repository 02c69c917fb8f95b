//! The shipped rates by country: the measures of a line on a day.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::blocks::Chapters;
use super::{Measure, Rate, Series, manifest};

/// The countries whose rates are shipped.
pub fn countries() -> impl Iterator<Item = &'static str> {
    BOOKS.iter().map(|book| book.country)
}

/// All measures of a line on a day, in the order of the series; `None` where the country's rates do not list it.
/// A series that holds but says nothing for the line is there with [`Rate::NotLoaded`].
#[must_use]
pub fn measures(country: &str, code: &str, day: Date) -> Option<Vec<Measure>> {
    let book = book(country)?;
    let row = book.rates.of(code)?.get(code)?;
    let measure = |(series, cell): (&'static Series, &&str)| Measure {
        code: code.to_owned(),
        rate: Rate::read(cell),
        series,
    };
    let all = book.series.iter().zip(row).map(measure);
    Some(all.filter(|measure| measure.series.holds(day)).collect())
}

/// Every series of a country.
pub(super) fn series(country: &str) -> &'static [Series] {
    book(country).map_or(&[], |book| &book.series)
}

/// Where a line of a scheme is known to be overtaken: the rate a later publication implies, if one could be derived.
pub(super) fn stale(country: &str, code: &str, scheme: &str) -> Option<Option<Decimal>> {
    let rows = &book(country)?.stale;
    rows.0.get(&(code, scheme)).map(|implied| Rate::read(implied).percent())
}

/// In how many rows the source held the line of a scheme, where in more than one.
pub(super) fn several(country: &str, code: &str, scheme: &str) -> Option<u32> {
    book(country)?.several.0.get(&(code, scheme))?.parse().ok()
}

/// What is said of some lines of some schemes: the word by line and scheme.
struct Marks(BTreeMap<(&'static str, &'static str), &'static str>);

struct Book {
    country: &'static str,
    rates: Chapters<BTreeMap<&'static str, Vec<&'static str>>>,
    series: LazyLock<Vec<Series>>,
    stale: LazyLock<Marks>,
    several: LazyLock<Marks>,
}

fn book(country: &str) -> Option<&'static Book> {
    BOOKS.iter().find(|book| book.country == country)
}

fn rows(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let split = |line: &'static str| line.split_once('\t');
    text.lines().filter_map(split).map(|(code, cells)| (code, cells.split('\t').collect())).collect()
}

fn read_series(block: Option<&'static str>) -> Vec<Series> {
    let read =
        |line| serde_json::from_str(line).expect("the converter writes the series, and a test reads them");
    block.unwrap_or_default().lines().map(read).collect()
}

fn marks(block: Option<&'static str>) -> Marks {
    let mark = |line: &'static str| {
        let (code, rest) = line.split_once('\t')?;
        let (scheme, said) = rest.split_once('\t')?;
        Some(((code, scheme), said))
    };
    Marks(block.unwrap_or_default().lines().filter_map(mark).collect())
}

static BOOKS: [Book; 2] = [
    Book {
        country: "VN",
        rates: Chapters::new(|| manifest::open("rates-vn"), rows),
        series: LazyLock::new(|| read_series(BOOKS[0].rates.block("series"))),
        stale: LazyLock::new(|| marks(BOOKS[0].rates.block("stale"))),
        several: LazyLock::new(|| marks(BOOKS[0].rates.block("several"))),
    },
    Book {
        country: "ID",
        rates: Chapters::new(|| manifest::open("rates-id"), rows),
        series: LazyLock::new(|| read_series(BOOKS[1].rates.block("series"))),
        stale: LazyLock::new(|| marks(BOOKS[1].rates.block("stale"))),
        several: LazyLock::new(|| marks(BOOKS[1].rates.block("several"))),
    },
];
