//! Import declarations as comma-separated values: one row per goods item, a header line with known column names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder};
use customs::declaration::Declaration;
use kernel::{Finding, Place};

use super::columns::{COLUMNS, Level, Need, named};
use super::record::{Gather, Record};
use crate::tally::Tally;
use crate::text::{Limits, Lines, Position};

/// Separators that spreadsheets write.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// How many known column names make a first line a header.
const KNOWN_MIN: usize = 2;

/// Whether text begins with a header line that names columns known here.
pub(crate) fn looks_like(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().as_bytes();
    known(line, separator(line)) >= KNOWN_MIN
}

fn separator(line: &[u8]) -> u8 {
    let mut best = SEPARATORS[0];
    for other in SEPARATORS {
        if known(line, other) > known(line, best) {
            best = other;
        }
    }
    best
}

fn known(line: &[u8], separator: u8) -> usize {
    let names = line.split(|byte| *byte == separator).take(1_000);
    names.filter(|name| std::str::from_utf8(name).is_ok_and(|name| named(&heading(name)).is_some())).count()
}

/// A column name as a header line may write it: quotes, case and outer white space do not count.
fn heading(name: &str) -> String {
    name.trim().trim_matches('"').trim().to_ascii_lowercase()
}

/// Reads declarations out of rows; each declaration's head is from its first row.
pub(crate) fn read(text: &str, lines: &Lines<'_>, limits: &Limits, tally: &mut Tally) -> Vec<Declaration> {
    let first = text.trim_ascii_start().lines().next().unwrap_or_default();
    let separator = separator(first.as_bytes());
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Rows { text, separator, gather: Gather { lines, tally }, columns: Vec::new(), width: 0 };
    let (mut row, mut number) = (ByteRecord::new(), 0);
    let mut read = Declarations::default();
    // Reading from memory without a fixed width cannot fail; if it ever did, what was read stands.
    while reader.read_byte_record(&mut row).unwrap_or(false) {
        let at = row.position().map_or(0, |position| position.byte() as usize);
        if number > limits.rows {
            rows.gather.tell_rest(&format!("/row[{number}]"), at);
            break;
        }
        if rows.width == 0 {
            rows.header(&row, at);
        } else if let Some(record) = rows.record(&row, at, number) {
            read.take(&record, &mut rows.gather);
        }
        number += 1;
    }
    read.list
}

/// The rows of one file while they are read.
struct Rows<'r, 'a> {
    text: &'a str,
    separator: u8,
    gather: Gather<'r, 'a>,
    /// The column each field is in; `None` for those not known here.
    columns: Vec<Option<&'static str>>,
    width: usize,
}

impl<'a> Rows<'_, 'a> {
    fn header(&mut self, row: &ByteRecord, at: usize) {
        self.width = row.len();
        for (index, field) in row.iter().enumerate() {
            let name = heading(&String::from_utf8_lossy(field));
            let column = named(&name).map(|column| column.name);
            let place = || Place { path: format!("/header/{name}"), ..self.position(at, index) };
            if column.is_none() {
                let finding = Finding::of(kernel::Severity::Note, "csv-column-unknown", place());
                self.gather.tell(finding.seen(&name));
            } else if self.columns.contains(&column) {
                let finding = Finding::error("csv-column-twice", place());
                self.gather.tell(finding.seen(&name));
            }
            self.columns.push(column.filter(|name| !self.columns.contains(&Some(name))));
        }
        self.weigh_missing(at);
    }

    fn weigh_missing(&mut self, at: usize) {
        for column in COLUMNS.iter().filter(|column| column.need == Need::Must) {
            if !self.columns.contains(&Some(column.name)) {
                let place = Place { path: format!("/header/{}", column.name), ..self.position(at, 0) };
                self.gather.tell(Finding::error("csv-column-missing", place).expected(column.form));
            }
        }
    }

    /// The cells of a row; `None` for an empty line.
    fn record(&mut self, row: &ByteRecord, at: usize, number: usize) -> Option<Record<'a>> {
        if row.iter().all(|field| field.trim_ascii().is_empty()) {
            return None;
        }
        let path = format!("/row[{number}]");
        if row.len() != self.width {
            let place = Place { path: path.clone(), ..self.position(at, 0) };
            let finding = Finding::error("csv-row-length", place).seen(&row.len().to_string());
            self.gather.tell(finding.expected(format!("{} fields", self.width)));
        }
        let mut cells = Vec::with_capacity(row.len());
        for (index, (field, column)) in row.iter().zip(&self.columns).enumerate() {
            let Some(column) = column else { continue };
            let text = String::from_utf8_lossy(field).trim().to_owned();
            cells.push((
                *column,
                Cow::Owned(text),
                field_offset(&self.text[at..], self.separator, index) + at,
            ));
        }
        Some(Record { path, at, cells, told: Vec::new() })
    }

    fn position(&self, at: usize, field: usize) -> Place {
        let offset = at + self.text.get(at..).map_or(0, |rest| field_offset(rest, self.separator, field));
        let Position { line, column } = self.gather.lines.position(offset);
        Place { line, column, ..Place::default() }
    }
}

/// Where a row's field begins, counted from the row's beginning; separators in quotes do not count.
fn field_offset(row: &str, separator: u8, field: usize) -> usize {
    let (mut quoted, mut seen) = (false, 0);
    for (offset, byte) in row.bytes().enumerate() {
        if seen == field {
            return offset;
        }
        match byte {
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => seen += 1,
            _ => {}
        }
    }
    0
}

/// Declarations in the order of their first rows.
#[derive(Default)]
struct Declarations {
    list: Vec<Declaration>,
    index: BTreeMap<String, usize>,
}

impl Declarations {
    fn take(&mut self, record: &Record<'_>, gather: &mut Gather<'_, '_>) {
        let number = record.text("declaration_no").to_owned();
        let known = self.index.get(&number).copied();
        let at = known.unwrap_or_else(|| {
            self.list.push(gather.head(record));
            self.index.insert(number, self.list.len() - 1);
            self.list.len() - 1
        });
        if known.is_some() {
            weigh_head(&self.list[at], record, gather);
        }
        let line = gather.line(record);
        self.list[at].lines.push(line);
    }
}

/// Warns where a later row says something else of the declaration than its first.
fn weigh_head(declaration: &Declaration, record: &Record<'_>, gather: &mut Gather<'_, '_>) {
    let heads: [(&str, &str); 2] =
        [("importer_name", &declaration.importer.name), ("supplier_name", &declaration.exporter.name)];
    debug_assert!(heads.iter().all(|(name, _)| named(name).is_some_and(|c| c.level == Level::Declaration)));
    for (column, first) in heads {
        if record.text(column) != first {
            let finding = Finding::warning("csv-head-differs", record.place(column, gather.lines));
            gather.tell(finding.seen(record.text(column)).expected(first));
        }
    }
}
