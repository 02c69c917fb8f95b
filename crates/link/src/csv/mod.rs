//! Declarations as comma-separated values, for administrations that keep files: `docs/formats/link-csv.md`.
//!
//! Rows of one declaration that stand together become one document. A value that cannot be read is left out and found;
//! the row stays.

mod rows;
mod write;

pub use write::{Links, MirrorRows};

use customs::terms::{Address, Country, HsCode, Identifier, Party, Place, TransportMode};
use kernel::{Finding, Findings, Quantity};
use rust_decimal::Decimal;

use crate::doc::{Doc, DocId, DocLine, Side};
use rows::{Missing, Rows};

/// The columns of a file of exports: the fifteen parameters of an ACDD by their WCO names, and the exporting country.
pub const EXPORT_COLUMNS: [&str; 16] = [
    "exporter_id",
    "exporter_name",
    "consignee_name",
    "consignee_address",
    "agent_id",
    "agent_name",
    "departure_date",
    "item_no",
    "hs_code",
    "quantity",
    "unit",
    "origin",
    "mode",
    "port_of_discharge",
    "declaration_no",
    "export_country",
];

/// The columns of a file of imports.
pub const IMPORT_COLUMNS: [&str; 18] = [
    "declaration_no",
    "item_no",
    "importer_id",
    "importer_name",
    "importer_address",
    "supplier_name",
    "arrival_date",
    "hs_code",
    "quantity",
    "unit",
    "origin",
    "export_country",
    "mode",
    "port",
    "invoice_value",
    "currency",
    "gross_kg",
    "quoted_export_no",
];

/// Which column holds what, by place among a side's columns.
struct Layout {
    number: usize,
    item: usize,
    sender_id: Option<usize>,
    sender: usize,
    receiver_id: Option<usize>,
    receiver: usize,
    receiver_address: usize,
    day: usize,
    hs: usize,
    quantity: usize,
    unit: usize,
    origin: usize,
    from: usize,
    mode: usize,
    place: usize,
    quoted: Option<usize>,
    value: Option<usize>,
}

const EXPORTS: Layout = Layout {
    number: 14,
    item: 7,
    sender_id: Some(0),
    sender: 1,
    receiver_id: None,
    receiver: 2,
    receiver_address: 3,
    day: 6,
    hs: 8,
    quantity: 9,
    unit: 10,
    origin: 11,
    from: 15,
    mode: 12,
    place: 13,
    quoted: None,
    value: None,
};

const IMPORTS: Layout = Layout {
    number: 0,
    item: 1,
    sender_id: None,
    sender: 5,
    receiver_id: Some(2),
    receiver: 3,
    receiver_address: 4,
    day: 6,
    hs: 7,
    quantity: 8,
    unit: 9,
    origin: 10,
    from: 11,
    mode: 12,
    place: 13,
    quoted: Some(17),
    value: Some(14),
};

/// Reads a file of one side, a document at a time, and says what could not be read.
pub fn read(side: Side, text: &str, mut take: impl FnMut(Doc)) -> Findings {
    let (columns, layout): (&[&'static str], _) = match side {
        Side::Export => (&EXPORT_COLUMNS, &EXPORTS),
        Side::Import => (&IMPORT_COLUMNS, &IMPORTS),
    };
    let needed = [columns[layout.number], columns[layout.item]];
    let rows = match Rows::new(text, columns, &needed) {
        Ok(rows) => rows,
        Err(Missing(column)) => return missing(column),
    };
    let mut reading = Reading { side, layout, columns, rows, findings: Findings::new() };
    let mut open: Option<Doc> = None;
    while reading.rows.advance() {
        let Some(line) = reading.line() else { continue };
        if !open.as_ref().is_some_and(|doc| reading.continues(doc)) {
            open.replace(reading.doc()).into_iter().for_each(&mut take);
        }
        open.iter_mut().for_each(|doc| doc.lines.push(line.clone()));
    }
    open.into_iter().for_each(take);
    reading.findings
}

fn missing(column: &'static str) -> Findings {
    let mut findings = Findings::new();
    let place = kernel::Place { line: 1, ..kernel::Place::default() };
    findings.push(Finding::error("csv-column-missing", place).expected(column));
    findings
}

struct Reading<'a> {
    side: Side,
    layout: &'static Layout,
    columns: &'static [&'static str],
    rows: Rows<'a>,
    findings: Findings,
}

impl Reading<'_> {
    fn text(&self, column: usize) -> &str {
        self.rows.field(column)
    }

    /// The value of a column; found where something stands there that cannot be one.
    fn value<T>(&mut self, column: usize, expected: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.rows.field(column);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            let path = self.columns[column].to_owned();
            let place = kernel::Place { path, line: self.rows.line(), ..kernel::Place::default() };
            self.findings.push(Finding::warning("csv-value", place).seen(text).expected(expected));
        }
        value
    }

    fn code<T>(&self, column: usize, code: impl Fn(&str) -> T) -> Option<T> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(code)
    }

    fn continues(&self, doc: &Doc) -> bool {
        self.text(self.layout.number) == doc.id.number && self.country() == doc.id.country
    }

    /// The administration the declaration was lodged with: the exporting one, or the one of the port of entry.
    fn country(&self) -> Country {
        match self.side {
            Side::Export => Country::new(self.text(self.layout.from)),
            Side::Import => {
                Place::new(self.text(self.layout.place)).country().unwrap_or_else(|| Country::new(""))
            }
        }
    }

    fn doc(&mut self) -> Doc {
        let layout = self.layout;
        let day = self.value(layout.day, "a date YYYY-MM-DD", |text| text.parse().ok());
        Doc {
            id: DocId { side: self.side, country: self.country(), number: self.text(layout.number).to_owned() },
            sender: self.party(layout.sender, layout.sender_id, None),
            receiver: self.party(layout.receiver, layout.receiver_id, Some(layout.receiver_address)),
            from: self.code(layout.from, Country::new),
            day,
            mode: self.code(layout.mode, TransportMode::new),
            place: self.code(layout.place, Place::new),
            lines: Vec::new(),
        }
    }

    fn party(&self, name: usize, id: Option<usize>, address: Option<usize>) -> Party {
        let id = id.map(|id| self.text(id)).filter(|id| !id.is_empty());
        let scheme = || self.country().to_string();
        Party {
            name: self.text(name).to_owned(),
            identifiers: id.map(|id| Identifier { scheme: scheme(), value: id.to_owned() }).into_iter().collect(),
            address: Address {
                line: address.map_or_else(String::new, |address| self.text(address).to_owned()),
                ..Address::default()
            },
        }
    }

    /// The row's line; `None` where it has no item number.
    fn line(&mut self) -> Option<DocLine> {
        let layout = self.layout;
        let item = self.value(layout.item, "a whole number", |text| text.parse().ok())?;
        let amount = self.value(layout.quantity, "a decimal number", |text| text.parse::<Decimal>().ok());
        let unit = self.text(layout.unit).to_owned();
        Some(DocLine {
            item,
            hs: self.value(layout.hs, "4 to 12 digits", |text| HsCode::new(text).ok()),
            quantity: amount.map(|amount| Quantity::new(amount, unit)),
            origin: self.code(layout.origin, Country::new),
            quoted: layout.quoted.and_then(|quoted| self.code(quoted, str::to_owned)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_stand_together_are_one_document() {
        let text = "declaration_no,item_no,export_country,hs_code,quantity,unit,departure_date\n\
                    E1,1,TH,8471.30,40,NMB,2026-05-03\nE1,2,TH,400122,18,TNE,2026-05-03\nE1,1,LA,,,,\n";
        let mut docs = Vec::new();
        let findings = read(Side::Export, text, |doc| docs.push(doc));
        assert!(findings.is_empty(), "{findings:?}");
        let told: Vec<String> = docs.iter().map(|doc| format!("{} {}", doc.id, doc.lines.len())).collect();
        assert_eq!(told, ["export/TH/E1 2", "export/LA/E1 1"]);
        assert_eq!(docs[0].lines[0].hs, HsCode::new("847130").ok());
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_found() {
        let text = "declaration_no,item_no,hs_code,quantity,arrival_date\nI1,1,X,many,2026-02-30\nI2,one,,,\n";
        let mut docs = Vec::new();
        let findings = read(Side::Import, text, |doc| docs.push(doc));
        let told: Vec<String> = findings.iter().map(|finding| format!("{} {}", finding.place, finding.seen)).collect();
        assert_eq!(told, ["2:0 quantity many", "2:0 hs_code X", "2:0 arrival_date 2026-02-30", "3:0 item_no one"]);
        assert_eq!(docs.len(), 1);
        let found = read(Side::Import, "item_no\n1", |_| unreachable!("no number, no document"));
        assert_eq!(found.iter().next().map(|finding| finding.expected.as_str()), Some("declaration_no"));
    }
}
