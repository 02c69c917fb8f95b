//! A consignment as goods lines: what profiles, lists and the model may look at, as far as the declaration says it.

use customs::certificate::{Dimension, Worth, in_base};
use customs::declaration::Declaration;
use customs::gate::Consignment;
use customs::operator::Benefit;
use customs::tariff::{self, Question};
use customs::terms::{Bag, Column, Gauge, GoodsLine, HsCode, Party};
use jiff::civil::Date;
use kernel::{Money, Quantity};
use rust_decimal::Decimal;
use target::batch::{Builder, Entry, Lines};

/// One goods line of a consignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Goods {
    /// The declaration's number and the line's in it.
    pub line: String,
    /// The day it counts for: that of arrival, else the one asked on.
    pub day: Date,
    /// The office; empty where no place is named.
    pub office: String,
    /// Code and description in a few words.
    pub words: String,
    /// The line's value.
    pub value: Option<Money>,
    texts: Vec<(Column, String)>,
    bags: Vec<(Bag, Vec<String>)>,
    gauges: Vec<(Gauge, Decimal)>,
}

impl Goods {
    /// The lines of a consignment; none where nothing is declared. `lists` are the watch lists a party of it stands on.
    #[must_use]
    pub fn of(consignment: &Consignment, lists: &[String], today: Date) -> Vec<Self> {
        let Some(declaration) = consignment.declaration() else { return Vec::new() };
        let day = declaration.arrives.unwrap_or(today);
        let shared = texts_of(declaration, consignment);
        let line = |line: &GoodsLine| Self {
            line: format!("{}-{}", declaration.number, line.item_no),
            day,
            office: office(declaration),
            words: words_of(line),
            value: line.value.clone(),
            texts: shared.iter().cloned().chain(texts_of_line(line)).collect(),
            bags: bags(consignment, line, lists),
            gauges: gauges(declaration, line, day),
        };
        declaration.lines.iter().map(line).collect()
    }

    /// The lines as a batch, in their order.
    #[must_use]
    pub fn batch<'a>(goods: impl IntoIterator<Item = &'a Self>) -> Lines {
        let mut builder = Builder::default();
        for goods in goods {
            builder.push(goods.day, &goods.entry());
        }
        builder.finish()
    }

    /// The same line with another number, such as one worked out over many lines.
    pub(crate) fn put(&mut self, gauge: Gauge, value: Decimal) {
        self.gauges.push((gauge, value));
    }

    /// One of the line's texts; empty where there is none.
    #[must_use]
    pub fn text(&self, column: Column) -> &str {
        self.texts.iter().find(|(known, _)| *known == column).map_or("", |(_, text)| text)
    }

    /// One of the line's numbers.
    #[must_use]
    pub fn gauge(&self, gauge: &Gauge) -> Option<Decimal> {
        self.gauges.iter().find(|(known, _)| known == gauge).map(|(_, value)| *value)
    }

    fn entry(&self) -> Entry<'_> {
        let entry =
            self.texts.iter().fold(Entry::default(), |entry, (column, text)| entry.text(*column, text));
        let bags = self.bags.iter();
        let entry =
            bags.fold(entry, |entry, (bag, values)| entry.bag(*bag, values.iter().map(String::as_str)));
        self.gauges.iter().fold(entry, |entry, (gauge, value)| entry.gauge(gauge.clone(), *value))
    }
}

fn office(declaration: &Declaration) -> String {
    declaration.place.as_ref().map(|place| place.as_str().to_owned()).unwrap_or_default()
}

fn texts_of(declaration: &Declaration, consignment: &Consignment) -> Vec<(Column, String)> {
    let country = |country: &Option<customs::terms::Country>| {
        country.as_ref().map(|country| country.as_str().to_owned()).unwrap_or_default()
    };
    let trust = match consignment.recognition().benefit {
        Benefit::Given => "recognised",
        Benefit::Refused => "refused",
        Benefit::NotAsked | Benefit::NearMiss => "none",
    };
    let mode = declaration.mode.as_ref().map(|mode| mode.as_str().to_owned()).unwrap_or_default();
    vec![
        (Column::Departure, country(&declaration.export_country)),
        (Column::Destination, country(&declaration.destination)),
        (Column::Office, office(declaration)),
        (Column::Transport, mode),
        (Column::Declarant, known_by(&declaration.agent)),
        (Column::Importer, known_by(&declaration.importer)),
        (Column::Seller, known_by(&declaration.exporter)),
        (Column::Trust, trust.to_owned()),
    ]
}

/// A party's number, else its name.
fn known_by(party: &Party) -> String {
    let id = party.id();
    if id.is_empty() { party.name.trim().to_owned() } else { id.to_owned() }
}

fn texts_of_line(line: &GoodsLine) -> Vec<(Column, String)> {
    let code = line.hs.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default();
    let origin = line.origin.as_ref().map(|origin| origin.as_str().to_owned()).unwrap_or_default();
    vec![
        (Column::Code, code),
        (Column::Origin, origin),
        (Column::Regime, line.scheme.clone().unwrap_or_default()),
    ]
}

fn bags(consignment: &Consignment, line: &GoodsLine, lists: &[String]) -> Vec<(Bag, Vec<String>)> {
    let about = |item_no: u32| item_no == 0 || item_no == line.item_no;
    let codes = |differences: &[customs::gate::Difference]| -> Vec<String> {
        let open = differences.iter().filter(|one| about(one.item_no) && !one.is_explained());
        open.map(|one| one.code.clone()).collect()
    };
    let own = codes(consignment.own());
    let mut foreign: Vec<String> =
        consignment.ties().values().flat_map(|tie| codes(&tie.differences)).collect();
    if foreign.is_empty() {
        foreign.push(if consignment.ties().is_empty() { "none" } else { "agrees" }.to_owned());
    }
    let claims = consignment.believed().values().filter(|one| about(one.item_no));
    let papers = claims.map(|one| format!("{}:{}", one.kind, worth(one.worth)));
    vec![
        (Bag::Words, names::words(&line.description)),
        (Bag::Findings, own),
        (Bag::Foreign, foreign),
        (Bag::Papers, papers.collect()),
        (Bag::Lists, lists.to_vec()),
    ]
}

const fn worth(worth: Worth) -> &'static str {
    match worth {
        Worth::Holds => "holds",
        Worth::Awaited => "awaited",
        Worth::Doubtful => "doubtful",
        Worth::Fails => "fails",
    }
}

fn gauges(declaration: &Declaration, line: &GoodsLine, day: Date) -> Vec<(Gauge, Decimal)> {
    let value = line.value.as_ref().map(|value| (Gauge::Value, value.amount));
    let gross = line.gross.as_ref().and_then(kilograms).map(|mass| (Gauge::GrossMass, mass));
    let net = line.quantity.as_ref().and_then(kilograms).map(|mass| (Gauge::NetMass, mass));
    let quantity = line.quantity.as_ref().map(|quantity| (Gauge::Quantity, quantity.amount));
    let rate = rate(declaration, line, day).map(|rate| (Gauge::Rate, rate));
    [value, gross, net, quantity, rate].into_iter().flatten().collect()
}

fn kilograms(quantity: &Quantity) -> Option<Decimal> {
    in_base(quantity).filter(|(dimension, _)| *dimension == Dimension::Mass).map(|(_, amount)| amount)
}

/// The rate of duty in per cent, where the tariff of the day is loaded and is in per cent.
fn rate(declaration: &Declaration, line: &GoodsLine, day: Date) -> Option<Decimal> {
    let code = HsCode::new(line.hs.as_ref()?.prefix(8)).ok()?;
    let country = declaration.country.clone();
    let question = Question { country, code, origin: line.origin.clone(), day, scheme: line.scheme.clone() };
    tariff::answer(&question).ok()?.applies?.rate.percent()
}

fn words_of(line: &GoodsLine) -> String {
    let code = line.hs.as_ref().map_or("", |code| code.as_str());
    format!("{code} {}", line.description).trim().chars().take(WORDS_MAX).collect()
}

/// The most letters a referral says of goods.
const WORDS_MAX: usize = 120;
