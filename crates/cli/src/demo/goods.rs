//! The papers of the named scenes: real codes and places, invented firms.

use customs::declaration::{Consent, Declaration, Flow};
use customs::terms::{Address, Country, GoodsLine, HsCode, Identifier, Party, Place, TransportMode};
use jiff::civil::Date;
use kernel::{Money, Quantity};

/// One lot as the scenes tell it: who sends what to whom.
pub(crate) struct Lot {
    /// Exporting country.
    pub(crate) from: &'static str,
    /// Importing country.
    pub(crate) to: &'static str,
    /// Exporter, as its own country writes it.
    pub(crate) exporter: &'static str,
    /// Consignee, as the exporter writes it.
    pub(crate) consignee: &'static str,
    /// Importer, as its own country writes it.
    pub(crate) importer: &'static str,
    /// Supplier, as the importer writes it.
    pub(crate) supplier: &'static str,
    /// Commodity code of eight digits.
    pub(crate) hs: &'static str,
    /// Unit of quantity.
    pub(crate) unit: &'static str,
    /// Price of one unit, in US cents.
    pub(crate) cents: i64,
    /// Where the goods are unloaded.
    pub(crate) place: &'static str,
    /// Mode of transport.
    pub(crate) mode: &'static str,
}

impl Lot {
    /// The export declaration of so many units, departed on this day.
    pub(crate) fn export(&self, number: &str, units: i64, day: Date) -> Declaration {
        Declaration {
            flow: Flow::Export,
            number: number.into(),
            reference: number.into(),
            country: Country::new(self.from),
            exporter: party(self.exporter, self.from, "1"),
            importer: party(self.consignee, self.to, ""),
            agent: party("Inland Declarants", self.from, "7"),
            export_country: Some(Country::new(self.from)),
            destination: Some(Country::new(self.to)),
            departs: Some(day),
            mode: Some(TransportMode::new(self.mode)),
            place: Some(Place::new(self.place)),
            lines: vec![self.line(units, self.hs)],
            consent: Some(Consent { reference: format!("C-{number}"), since: day }),
            ..Declaration::default()
        }
    }

    /// The import declaration of so many units, arriving the day after this one, with no word of the export
    /// declaration's number.
    pub(crate) fn import(&self, number: &str, units: i64, day: Date) -> Declaration {
        Declaration {
            flow: Flow::Import,
            number: number.into(),
            reference: number.into(),
            country: Country::new(self.to),
            exporter: party(self.supplier, self.from, ""),
            importer: party(self.importer, self.to, "2"),
            agent: party("Gate Declarants", self.to, "8"),
            export_country: Some(Country::new(self.from)),
            destination: Some(Country::new(self.to)),
            arrives: day.checked_add(jiff::Span::new().days(1)).ok(),
            mode: Some(TransportMode::new(self.mode)),
            place: Some(Place::new(self.place)),
            lines: vec![self.line(units, self.hs)],
            ..Declaration::default()
        }
    }

    fn line(&self, units: i64, hs: &str) -> GoodsLine {
        let total = rust_decimal::Decimal::new(units * self.cents, 2);
        GoodsLine {
            item_no: 1,
            hs: HsCode::new(hs).ok(),
            quantity: Some(Quantity::new(units.into(), self.unit)),
            origin: Some(Country::new(self.from)),
            value: Some(Money::new(total, "USD")),
            ..GoodsLine::default()
        }
    }
}

fn party(name: &str, country: &str, id: &str) -> Party {
    let number: u32 =
        name.bytes().fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 89_999_999) + 10_000_000;
    let identifier = Identifier { scheme: country.to_owned(), value: format!("{number:08}{id}") };
    Party {
        name: name.to_owned(),
        identifiers: if id.is_empty() { Vec::new() } else { vec![identifier] },
        address: Address { country: Some(Country::new(country)), ..Address::default() },
    }
}

/// The day so many days before this one.
pub(crate) fn before(day: Date, days: i32) -> Date {
    day.checked_sub(jiff::Span::new().days(days)).unwrap_or(day)
}
