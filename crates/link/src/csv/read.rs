//! Reads a file of one side, a piece at a time.

use customs::terms::{Address, Country, Identifier, Party, Place, TransportMode};
use kernel::{Finding, Findings, Money, Quantity};
use rust_decimal::Decimal;

use super::columns::{Layout, layout};
use super::rows::{More, Rows, Step};
use super::value;
use crate::compare::Measure;
use crate::doc::{Doc, DocId, DocLine, Side};

/// A document with what its lines carry besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Lodged {
    /// The document.
    pub doc: Doc,
    /// For each of its lines, what linking does not rest on.
    pub goods: Vec<Goods>,
}

/// Value and mass of a line, where its file has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goods {
    /// Invoice value.
    pub value: Option<Money>,
    /// Gross mass in kilograms.
    pub gross: Option<Quantity>,
}

/// Reads documents out of a file that is given in pieces.
#[derive(Debug)]
pub struct Reader {
    reading: Reading,
    begun: bool,
    /// What of the pieces no row was made of yet.
    rest: Vec<u8>,
    open: Option<Lodged>,
    broken: bool,
}

/// The longest row; a longer one, such as after a quotation mark that never closes, ends the file.
const ROW_MAX: usize = 1 << 20;

impl Reader {
    /// A reader of this side's file.
    #[must_use]
    pub fn new(side: Side) -> Self {
        let reading =
            Reading { layout: layout(side), rows: Rows::default(), findings: Findings::new(), at: 0 };
        Self { reading, begun: false, rest: Vec::new(), open: None, broken: false }
    }

    /// Takes a piece of the file, and gives the documents that end in it.
    pub fn take(&mut self, piece: &[u8], mut give: impl FnMut(Lodged)) {
        if !self.broken {
            self.rest.extend_from_slice(piece);
            self.read(More::Follows, &mut give);
        }
    }

    /// The file ends: gives what is left, and what could not be read.
    pub fn end(mut self, mut give: impl FnMut(Lodged)) -> Findings {
        if !self.broken {
            self.read(More::Ended, &mut give);
        }
        self.open.into_iter().for_each(give);
        self.reading.findings
    }

    fn read(&mut self, more: More, give: &mut impl FnMut(Lodged)) {
        let mut at = 0;
        if !self.begun && (self.rest.contains(&b'\n') || more == More::Ended) {
            self.begun = true;
            self.reading.rows.sniff(&self.rest);
        }
        while self.begun && !self.broken && at < self.rest.len() {
            match self.reading.rows.read(&self.rest[at..], more) {
                Step::Row(taken) => at += taken,
                Step::Unfinished if self.rest.len() - at > ROW_MAX => self.too_long(),
                Step::Unfinished => break,
            }
            if !self.broken && !self.reading.rows.is_blank() {
                self.row(give);
            }
        }
        self.rest.drain(..at);
    }

    fn too_long(&mut self) {
        self.broken = true;
        self.reading.find("csv-row-too-long", "", "a row of at most 1 MB");
    }

    fn row(&mut self, give: &mut impl FnMut(Lodged)) {
        if self.reading.rows.line() == 1 {
            self.broken = self.reading.head();
            return;
        }
        let reading = &mut self.reading;
        if reading.text(reading.layout.number).is_empty() {
            reading.find(
                "csv-no-number",
                reading.layout.columns[reading.layout.number],
                "a declaration number",
            );
            return;
        }
        if !self.open.as_ref().is_some_and(|lodged| reading.continues(&lodged.doc)) {
            let doc = reading.doc();
            self.open.replace(Lodged { doc, goods: Vec::new() }).into_iter().for_each(give);
        }
        if let Some(lodged) = &mut self.open {
            let (line, goods) = self.reading.line(lodged.doc.lines.len());
            lodged.doc.lines.push(line);
            lodged.goods.push(goods);
        }
    }
}

#[derive(Debug)]
struct Reading {
    layout: &'static Layout,
    rows: Rows,
    findings: Findings,
    /// How many units that nobody can convert were told of.
    at: u32,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.side.code())
    }
}

impl Reading {
    /// Takes the head; says whether nothing can be read without a column it lacks.
    fn head(&mut self) -> bool {
        self.rows.head(self.layout.columns);
        for (at, column) in self.layout.columns.iter().enumerate() {
            if !self.rows.has(at) {
                let place = kernel::Place { line: 1, ..kernel::Place::default() };
                let needed = at == self.layout.number;
                let find = if needed { Finding::error } else { Finding::warning };
                self.findings.push(find("csv-column-missing", place).expected(*column));
            }
        }
        !self.rows.has(self.layout.number)
    }

    fn find(&mut self, code: &'static str, path: &str, expected: &'static str) {
        let place =
            kernel::Place { path: path.to_owned(), line: self.rows.line(), ..kernel::Place::default() };
        self.findings.push(Finding::warning(code, place).expected(expected));
    }

    fn text(&self, column: usize) -> &str {
        self.rows.get(column)
    }

    /// The value of a column; found where something stands there that cannot be one.
    fn value<T>(
        &mut self,
        column: usize,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.rows.get(column);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            let path = self.layout.columns[column].to_owned();
            let place = kernel::Place { path, line: self.rows.line(), ..kernel::Place::default() };
            self.findings.push(Finding::warning("csv-value", place).seen(text).expected(expected));
        }
        value
    }

    fn code<T>(&self, column: usize, code: impl Fn(&str) -> T) -> Option<T> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(code)
    }

    fn continues(&self, doc: &Doc) -> bool {
        self.text(self.layout.number) == doc.id.number
            && (self.layout.side == Side::Import || self.country() == doc.id.country)
    }

    /// The administration the declaration was lodged with: the exporting one, or the one of the port of entry.
    fn country(&self) -> Country {
        match self.layout.side {
            Side::Export => Country::new(value::country(self.text(self.layout.from))),
            Side::Import => {
                let place = Place::new(value::place(self.text(self.layout.place)));
                place.country().unwrap_or_else(|| Country::new(""))
            }
        }
    }

    fn doc(&mut self) -> Doc {
        let layout = self.layout;
        let day = self.value(layout.day, "a date YYYY-MM-DD", value::date);
        Doc {
            id: DocId {
                side: layout.side,
                country: self.country(),
                number: self.text(layout.number).to_owned(),
            },
            sender: self.party(layout.sender, layout.sender_id, None),
            receiver: self.party(layout.receiver, layout.receiver_id, Some(layout.receiver_address)),
            from: self.code(layout.from, |text| Country::new(value::country(text))),
            day,
            mode: self.code(layout.mode, |text| TransportMode::new(value::mode(text))),
            place: self.code(layout.place, |text| Place::new(value::place(text))),
            lines: Vec::new(),
        }
    }

    fn party(&self, name: usize, id: Option<usize>, address: Option<usize>) -> Party {
        let id = id.map(|id| self.text(id)).filter(|id| !id.is_empty());
        let scheme = || self.country().to_string();
        Party {
            name: self.text(name).to_owned(),
            identifiers: id
                .map(|id| Identifier { scheme: scheme(), value: id.to_owned() })
                .into_iter()
                .collect(),
            address: Address {
                line: address.map_or_else(String::new, |address| self.text(address).to_owned()),
                ..Address::default()
            },
        }
    }

    /// The row's line, which follows so many others; its number is its place where the row has none.
    fn line(&mut self, before: usize) -> (DocLine, Goods) {
        let layout = self.layout;
        let item = self.value(layout.item, "a whole number", |text| text.trim_end_matches(".0").parse().ok());
        let quoted = layout.own.and_then(|own| self.code(own.quoted, str::to_owned));
        let line = DocLine {
            item: item.unwrap_or_else(|| u32::try_from(before + 1).unwrap_or(u32::MAX)),
            hs: self.value(layout.hs, "4 to 12 digits", value::hs),
            quantity: self.quantity(),
            origin: self.code(layout.origin, |text| Country::new(value::country(text))),
            quoted,
        };
        (line, self.goods())
    }

    fn quantity(&mut self) -> Option<Quantity> {
        let layout = self.layout;
        let amount = self.value(layout.quantity, "a decimal number", value::decimal)?;
        let unit = value::unit(self.text(layout.unit));
        let quantity = Quantity::new(amount, unit);
        if Measure::of(&Quantity { amount: Decimal::ONE, unit: quantity.unit.clone() }).is_none()
            && self.at < UNITS_TOLD
        {
            self.at += 1;
            let path = layout.columns[layout.unit].to_owned();
            let place = kernel::Place { path, line: self.rows.line(), ..kernel::Place::default() };
            let finding = Finding::of(kernel::Severity::Note, "csv-unit", place);
            self.findings.push(finding.seen(quantity.unit.as_str()).expected("UN/ECE Rec 20"));
        }
        Some(quantity)
    }

    fn goods(&mut self) -> Goods {
        let Some(own) = self.layout.own else { return Goods::default() };
        let value = self.value(own.value, "a decimal number", value::decimal);
        let currency = self.text(own.currency).to_ascii_uppercase();
        let gross = self.value(own.gross, "a decimal number", value::decimal);
        Goods {
            value: value.map(|value| Money::new(value, currency)),
            gross: gross.map(|gross| Quantity::new(gross, "KGM")),
        }
    }
}

/// Units that nobody can convert are told of so often, and then no more.
const UNITS_TOLD: u32 = 20;

#[cfg(test)]
mod tests {
    use customs::terms::HsCode;

    use super::*;

    fn read(side: Side, text: &str) -> (Vec<Lodged>, Findings) {
        let mut docs = Vec::new();
        let mut reader = Reader::new(side);
        text.as_bytes()
            .chunks(if text.len() > 1_000 { 1 << 16 } else { 7 })
            .for_each(|piece| reader.take(piece, |doc| docs.push(doc)));
        let findings = reader.end(|doc| docs.push(doc));
        (docs, findings)
    }

    #[test]
    fn rows_that_stand_together_are_one_document() {
        let text = "declaration_no,item_no,export_country,hs_code,quantity,unit,departure_date\n\
                    E1,1,TH,8471.30,40,NMB,2026-05-03\nE1,2,TH,400122,18,TNE,2026-05-03\nE1,1,LA,,,,\n";
        let (docs, findings) = read(Side::Export, text);
        assert!(findings.iter().all(|finding| finding.code == "csv-column-missing"), "{findings:?}");
        let told: Vec<String> =
            docs.iter().map(|lodged| format!("{} {}", lodged.doc.id, lodged.doc.lines.len())).collect();
        assert_eq!(told, ["export/TH/E1 2", "export/LA/E1 1"]);
        assert_eq!(docs[0].doc.lines[0].hs, HsCode::new("847130").ok());
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_found() {
        let text = "declaration_no,item_no,hs_code,quantity,unit,arrival_date\nI1,1,X,many,,2026-02-30\nI2,one,,5,crate,\n,,,,,\n";
        let (docs, findings) = read(Side::Import, text);
        let told = |code: &str| -> Vec<String> {
            let of = findings.iter().filter(|finding| finding.code == code);
            of.map(|finding| format!("{} {}", finding.place, finding.seen)).collect()
        };
        assert_eq!(
            told("csv-value"),
            ["2:0 arrival_date 2026-02-30", "2:0 hs_code X", "2:0 quantity many", "3:0 item_no one"]
        );
        assert_eq!(told("csv-unit"), ["3:0 unit CRATE"]);
        assert_eq!((docs.len(), docs[1].doc.lines[0].item), (2, 1));
        let (docs, findings) = read(Side::Import, "item_no\n1\n");
        assert!(docs.is_empty());
        let needed = findings.iter().find(|finding| finding.severity == kernel::Severity::Error);
        assert_eq!(needed.map(|finding| finding.expected.as_str()), Some("declaration_no"));
    }

    #[test]
    fn an_import_carries_value_and_mass_beside_its_lines() {
        let text = "Declaration No;item_no;quantity;unit;invoice_value;currency;gross_kg\nI1;1;1,5;t;1.234,50;usd;1600\n";
        let (docs, _) = read(Side::Import, text);
        let goods = &docs[0].goods[0];
        assert_eq!(goods.value.as_ref().map(ToString::to_string).as_deref(), Some("1234.5 USD"));
        assert_eq!(goods.gross.as_ref().map(ToString::to_string).as_deref(), Some("1600 KGM"));
        assert_eq!(
            docs[0].doc.lines[0].quantity.as_ref().map(ToString::to_string).as_deref(),
            Some("1.5 TNE")
        );
    }

    #[test]
    fn a_row_without_end_ends_the_file() {
        let mut text = "declaration_no\nI1\n\"".to_owned();
        text.push_str(&"x".repeat(ROW_MAX + 10));
        let (docs, findings) = read(Side::Import, &text);
        assert_eq!(docs.len(), 1);
        assert!(findings.iter().any(|finding| finding.code == "csv-row-too-long"));
    }
}
