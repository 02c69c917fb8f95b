//! Records: the cells of one row or JSON object, turned into a declaration's head or one of its lines.

use std::borrow::Cow;
use std::str::FromStr;

use customs::declaration::{Declaration, Flow};
use customs::terms::{
    Address, Country, CustomsProcedure, GoodsLine, HsCode, Identifier, Party, Place, QuotedCertificate,
    TransportMode,
};
use jiff::civil::Date;
use kernel::{Finding, Money, Place as At, Quantity, Severity};
use rust_decimal::Decimal;

use super::columns::{COLUMNS, Level, Need};
use crate::codes::{self, Codes};
use crate::tally::Tally;
use crate::terms::KILOGRAM;
use crate::text::Lines;

/// Cells of one row or object, and where it stands.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// Path, such as `/row[3]` or `/declarations[1]/items[2]`.
    pub(super) path: String,
    /// Byte offset of its beginning.
    pub(super) at: usize,
    /// Column name, trimmed text, byte offset.
    pub(super) cells: Vec<(&'static str, Cow<'a, str>, usize)>,
    /// Columns whose content has been told of and is not here.
    pub(super) told: Vec<&'static str>,
}

impl Record<'_> {
    /// The text of a column; empty where there is none.
    pub(super) fn text(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, ..)| *name == column).map_or("", |(_, text, _)| text)
    }

    fn owned(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The place of a column, or of the record where the column is not there.
    pub(super) fn place(&self, column: &str, lines: &Lines<'_>) -> At {
        let at = self.cells.iter().find(|(name, ..)| *name == column).map_or(self.at, |(.., at)| *at);
        let position = lines.position(at);
        let path = format!("{}/{column}", self.path);
        At { path, line: position.line, column: position.column, ..At::default() }
    }
}

/// Reads records and tells what is wrong with them.
pub(super) struct Gather<'g, 'a> {
    pub(super) lines: &'g Lines<'a>,
    pub(super) tally: &'g mut Tally,
}

impl Gather<'_, '_> {
    /// The head of a declaration, without lines.
    pub(super) fn head(&mut self, record: &Record<'_>) -> Declaration {
        self.weigh_needs(record, Level::Declaration);
        let export_country = self.country(record, "export_country");
        Declaration {
            flow: Flow::Import,
            number: record.text("declaration_no").to_owned(),
            reference: record.text("declaration_no").to_owned(),
            exporter: supplier(record),
            importer: importer(record),
            arrives: self.date(record, "arrival_date"),
            mode: self.listed(record, "mode", codes::modes(), "UN/ECE Rec 19").map(TransportMode::new),
            place: self.port(record),
            export_country,
            ..Declaration::default()
        }
    }

    /// One line of a declaration.
    pub(super) fn line(&mut self, record: &Record<'_>) -> GoodsLine {
        self.weigh_needs(record, Level::Item);
        let unit = self.listed(record, "unit", codes::units(), "UN/ECE Rec 20").unwrap_or_default();
        let quantity = self.amount(record, "quantity").map(|amount| Quantity::new(amount, unit));
        GoodsLine {
            item_no: self.item_no(record),
            hs: self.hs(record),
            quantity,
            origin: self.country(record, "origin"),
            gross: self.amount(record, "gross_kg").map(|amount| Quantity::new(amount, KILOGRAM)),
            value: self.value(record),
            quoted_export: record.owned("quoted_export_no"),
            description: record.text("description").to_owned(),
            scheme: record.owned("scheme").map(|scheme| scheme.to_uppercase()),
            procedure: CustomsProcedure::read(record.text("procedure")),
            certificates: record
                .text("certificates")
                .split(';')
                .filter_map(QuotedCertificate::read)
                .collect(),
        }
    }

    /// Says that there is more than is read; `at` is where the rest begins.
    pub(super) fn tell_rest(&mut self, path: &str, at: usize) {
        let position = self.lines.position(at);
        let place = At { line: position.line, column: position.column, ..At::at(path) };
        self.tell(Finding::of(Severity::Fatal, "too-many-rows", place));
    }

    pub(super) fn tell(&mut self, finding: Finding) {
        self.tally.tell(finding);
    }

    fn error(&mut self, record: &Record<'_>, column: &str, code: &'static str, expected: &str) {
        if !self.tally.admits(Severity::Error) {
            return;
        }
        let finding = Finding::error(code, record.place(column, self.lines));
        self.tell(finding.seen(record.text(column)).expected(expected));
    }

    fn weigh_needs(&mut self, record: &Record<'_>, level: Level) {
        let must = |column: &&super::Column| column.need == Need::Must && column.level == level;
        for column in COLUMNS.iter().filter(must) {
            if record.text(column.name).is_empty() && !record.told.contains(&column.name) {
                self.error(record, column.name, "value-missing", column.form);
            }
        }
    }

    fn item_no(&mut self, record: &Record<'_>) -> u32 {
        let text = record.text("item_no");
        match text.parse() {
            Ok(number) if number > 0 => return number,
            _ if text.is_empty() => {}
            _ => self.error(record, "item_no", "value-not-a-number", "a whole number from 1"),
        }
        0
    }

    fn hs(&mut self, record: &Record<'_>) -> Option<HsCode> {
        let text = record.text("hs_code");
        let code = HsCode::new(text).ok();
        if code.is_none() && !text.is_empty() {
            self.error(record, "hs_code", "hs-code-wrong", "4 to 12 digits");
        }
        code
    }

    fn amount(&mut self, record: &Record<'_>, column: &'static str) -> Option<Decimal> {
        let amount = self.decimal(record, column)?;
        if amount.is_sign_negative() && !amount.is_zero() {
            self.error(record, column, "quantity-negative", "not negative");
        }
        Some(amount)
    }

    fn decimal(&mut self, record: &Record<'_>, column: &'static str) -> Option<Decimal> {
        let text = record.text(column);
        let amount = Decimal::from_str(text).ok();
        if amount.is_none() && !text.is_empty() {
            self.error(record, column, "value-not-a-number", "a decimal with a point");
        }
        amount
    }

    fn value(&mut self, record: &Record<'_>) -> Option<Money> {
        let currency = self.listed(record, "currency", codes::currencies(), "ISO 4217");
        let amount = self.decimal(record, "invoice_value")?;
        if currency.is_none() {
            self.error(record, "currency", "value-missing", "ISO 4217");
        }
        Some(Money::new(amount, currency?))
    }

    fn date(&mut self, record: &Record<'_>, column: &'static str) -> Option<Date> {
        let text = record.text(column);
        let digits = match text.as_bytes() {
            [_, _, _, _, b'-', _, _, b'-', _, _] => text.replace('-', ""),
            _ => text.to_owned(),
        };
        let formed = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let date = if formed { crate::terms::day(&digits) } else { None };
        if date.is_none() && !text.is_empty() {
            let code = if formed { "date-not-existing" } else { "date-wrong-form" };
            self.error(record, column, code, "CCYY-MM-DD");
        }
        date
    }

    fn country(&mut self, record: &Record<'_>, column: &'static str) -> Option<Country> {
        self.listed(record, column, codes::countries(), "ISO 3166-1 alpha-2").map(Country::new)
    }

    /// A code of an open list: unknown ones are kept and warned of.
    fn listed(
        &mut self,
        record: &Record<'_>,
        column: &'static str,
        list: &Codes,
        name: &str,
    ) -> Option<String> {
        let text = record.owned(column)?;
        self.doubt(record, column, list.knows(&text), name);
        Some(text)
    }

    fn port(&mut self, record: &Record<'_>) -> Option<Place> {
        let text = record.owned("port")?;
        self.doubt(record, "port", codes::is_place(&text), "UN/LOCODE");
        Some(Place::new(text))
    }

    fn doubt(&mut self, record: &Record<'_>, column: &'static str, known: bool, list: &str) {
        if !known && self.tally.admits(Severity::Warning) {
            let finding = Finding::warning("code-unknown", record.place(column, self.lines));
            self.tell(finding.seen(record.text(column)).expected(list));
        }
    }
}

fn supplier(record: &Record<'_>) -> Party {
    let code = record.owned("supplier_operator_code");
    let code = code.map(|value| Identifier { scheme: customs::operator::SCHEME.to_owned(), value });
    Party { identifiers: code.into_iter().collect(), ..Party::named(record.text("supplier_name")) }
}

fn importer(record: &Record<'_>) -> Party {
    let id = record.owned("importer_id").map(|value| Identifier { scheme: String::new(), value });
    Party {
        name: record.text("importer_name").to_owned(),
        identifiers: id.into_iter().collect(),
        address: Address { line: record.text("importer_address").to_owned(), ..Address::default() },
    }
}
