//! Lodges the declarations of a consignment, and keeps the truth about each line beside them.

use customs::declaration::{Consent, Declaration, Flow, Function};
use customs::terms::{Country, GoodsLine, HsCode, Place, TransportMode};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::Quantity;
use rust_decimal::Decimal;

use super::consignment::{Load, Loading};
use super::identifier::{Kind, of_declaration};
use super::item::{Edition, Item, Side};
use super::papers::{self, Delivery};
use super::story::Story;
use super::truth::{Innocent, LineRef, Plant, Planted, Sharing, TrueLink};

/// Which export declaration of a consignment is lodged, and how many days after the first could be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filing {
    pub(crate) part: usize,
    pub(crate) function: Function,
    pub(crate) days: i64,
}

impl Filing {
    /// The first one.
    pub(crate) const fn first() -> Self {
        Self { part: 0, function: Function::Original, days: 0 }
    }
}

/// Where something was planted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) export: Option<LineRef>,
    pub(crate) import: Option<LineRef>,
    pub(crate) item: Option<usize>,
}

impl<'a> Loading<'a> {
    /// Lodges an export declaration of these items and returns its lines.
    pub(crate) fn export(&mut self, filing: Filing, items: Vec<Item<'a>>) -> Vec<LineRef> {
        let Filing { part, function, days } = filing;
        let departs = self.times().departs.saturating_add(days.days());
        let key = (self.done.case.number, part);
        let number = of_declaration(self.cast.from.code, Kind::Export, key, departs);
        let place = if self.story == Story::FreeZone { Delivery::FreeZone } else { Delivery::Premises };
        let (consignee, marks) = papers::consignee(&self.cast, self.trade.plan(), place, &mut self.dice);
        self.done.case.marks.join(marks);
        let (exporter, marks) = papers::exporter_at_home(&self.cast, self.trade.plan(), &mut self.dice);
        self.done.case.marks.join(marks);
        let from = self.cast.from.code;
        let declaration = Declaration {
            flow: Flow::Export,
            function,
            number: number.clone(),
            country: Country::new(from),
            exporter,
            importer: consignee,
            agent: papers::agent(self.cast.export_agent, self.cast.from, self.trade.plan(), &mut self.dice),
            export_country: Some(Country::new(from)),
            destination: Some(Country::new(self.cast.to.code)),
            departs: Some(departs),
            mode: Some(TransportMode::new(self.mode())),
            place: Some(Place::new(self.cast.route.places[0])),
            lines: items.iter().zip(1..).map(|(item, item_no)| item.exported(item_no, from)).collect(),
            consent: self.consent(departs),
            ..Declaration::default()
        };
        let version = if function == Function::Original { 1 } else { 2 };
        self.done.exports.push(papers::numbered(declaration, version));
        (1..).take(items.len()).map(|item_no| LineRef { number: number.clone(), item_no }).collect()
    }

    fn consent(&self, departs: Date) -> Option<Consent> {
        let exporter = self.cast.exporter;
        (self.cast.sharing == Sharing::Shared).then(|| Consent {
            reference: format!("{}-CONSENT-{:06}", self.cast.from.code, exporter.number),
            since: departs.saturating_sub((40 + i64::from(exporter.house % 300)).days()),
        })
    }

    /// Lodges an import declaration of these loads, `later` days after the first could come.
    pub(crate) fn import(&mut self, part: usize, loads: Vec<Load>, later: i64) {
        let latest = self.trade.plan().date;
        let arrives = self.times().arrives.saturating_add(later.days()).min(latest);
        let key = (self.done.case.number, part);
        let number = of_declaration(self.cast.to.code, Kind::Import, key, arrives);
        let mut declaration = self.import_head(number.clone(), arrives);
        let quoted = self.dice.chance(self.trade.plan().quoted);
        for (load, item_no) in loads.iter().zip(1..) {
            let line = LineRef { number: number.clone(), item_no };
            let mut stated = self.import_line(load, item_no);
            if quoted {
                stated.quoted_export = load.sources.first().map(|(export, _)| self.quote(&export.number));
            }
            declaration.lines.push(stated);
            self.tell(load, &line);
        }
        self.done.imports.push(declaration);
    }

    fn import_head(&mut self, number: String, arrives: Date) -> Declaration {
        let (cast, plan) = (self.cast, self.trade.plan());
        let switched = self.story == Story::Fraud(Plant::ConsigneeSwitched);
        let who = if switched { cast.with_other_importer(&mut self.dice) } else { cast };
        let (supplier, marks) = papers::supplier(&cast, plan, &mut self.dice);
        self.done.case.marks.join(marks);
        let (importer, marks) = papers::importer_at_home(&who, plan, &mut self.dice);
        self.done.case.marks.join(marks);
        let through = self.story == Story::ThirdCountry;
        let declaration = Declaration {
            flow: Flow::Import,
            number,
            country: Country::new(cast.to.code),
            exporter: supplier,
            importer,
            agent: papers::agent(cast.import_agent, cast.to, plan, &mut self.dice),
            export_country: Some(Country::new(if through { self.transit() } else { cast.from.code })),
            destination: Some(Country::new(cast.to.code)),
            arrives: Some(arrives),
            mode: Some(TransportMode::new(self.mode())),
            place: Some(Place::new(self.place_of_import())),
            ..Declaration::default()
        };
        papers::numbered(declaration, 1)
    }

    /// A country the goods may have passed through.
    fn transit(&mut self) -> &'static str {
        let cast = self.cast;
        let others = ["SG", "MY", "KH", "HK"]
            .into_iter()
            .filter(|code| ![cast.from.code, cast.to.code].contains(code));
        let others: Vec<_> = others.collect();
        others[self.dice.below(others.len())]
    }

    /// The port's code, or another code of the same port.
    fn place_of_import(&mut self) -> &'static str {
        let places = &self.cast.route.places;
        let other = places.len() > 1 && self.dice.chance(self.trade.plan().dirt.place);
        places[if other { 1 + self.dice.below(places.len() - 1) } else { 0 }]
    }

    /// The number as an importer copies it.
    fn quote(&mut self, number: &str) -> String {
        match self.dice.below(20) {
            0 => number.to_lowercase(),
            1 => format!("{} {}", &number[..2], &number[2..]),
            _ => number.to_owned(),
        }
    }

    /// A line of an import, with the fraud of the story in it where it is the one struck.
    fn import_line(&mut self, load: &Load, item_no: u32) -> GoodsLine {
        let item = self.items[load.item].clone();
        let struck = load.item == self.struck;
        let full = if load.sources.is_empty() { item.amount } else { load.amount() };
        let amount = match self.story {
            Story::Fraud(Plant::QuantityShort) if struck => {
                item.grained(full * Decimal::new(self.dice.between(600, 920), 3))
            }
            _ => self.weighed(&item, full),
        };
        let mut line = item.imported(item_no, self.cast.to.code, amount, self.freight());
        match self.story {
            Story::Fraud(Plant::HsMoved) if struck => line.hs = HsCode::new(&self.moved(&item)).ok(),
            Story::Fraud(Plant::OriginChanged) if struck => line.origin = Some(self.other_origin(&item)),
            Story::Fraud(Plant::ImpossibleWeight) if struck => self.lighten(&mut line),
            _ if self.dice.chance(self.trade.plan().dirt.missing) => line.origin = None,
            _ => {}
        }
        line
    }

    /// The amount as the other side's scales show it.
    fn weighed(&mut self, item: &Item<'_>, amount: Decimal) -> Decimal {
        let scales = matches!(item.good.unit, "KGM" | "TNE" | "LTR" | "MTQ");
        if !scales || !self.dice.chance(self.trade.plan().dirt.weighed) {
            return amount;
        }
        let shown = item.grained(amount * Decimal::new(1000 + self.dice.between(-4, 4), 3));
        // A small amount rounded to whole units could differ by more than the scales do.
        let off = (shown - amount).abs() * Decimal::ONE_THOUSAND;
        if off > amount * Decimal::from(5) { amount } else { shown }
    }

    /// Freight and insurance for each hundred of value.
    fn freight(&mut self) -> i64 {
        match (self.story, self.mode()) {
            (Story::DearFreight, _) => self.dice.between(13, 33),
            (_, "4") => self.dice.between(5, 11),
            (_, "1") => self.dice.between(2, 8),
            _ => self.dice.between(1, 4),
        }
    }

    /// The code of other goods, of the same chapter where there are some.
    fn moved(&mut self, item: &Item<'_>) -> String {
        let others = self.trade.goods().iter().filter(|good| good.hs6() != item.good.hs6());
        let near: Vec<_> = others.clone().filter(|good| good.chapter() == item.good.chapter()).collect();
        let from = if near.is_empty() { others.collect() } else { near };
        let good = from[self.dice.below(from.len())];
        super::goods::national(good, self.cast.to.code)
    }

    fn other_origin(&mut self, item: &Item<'_>) -> Country {
        let others = ["VN", "TH", "MY", "KH", "ID", "LA"].into_iter().filter(|code| *code != item.origin);
        let others: Vec<_> = others.collect();
        Country::new(others[self.dice.below(others.len())])
    }

    /// Makes the gross mass a twentieth to a quarter of what it is.
    fn lighten(&mut self, line: &mut GoodsLine) {
        if let Some(Quantity { amount, .. }) = &mut line.gross {
            let light = *amount * Decimal::new(self.dice.between(50, 250), 3);
            *amount = light.round_dp(1).max(Decimal::new(1, 1)).normalize();
        }
    }

    /// Puts the truth about an import line beside it.
    fn tell(&mut self, load: &Load, line: &LineRef) {
        let item = self.items[load.item].clone();
        for (export, share) in &load.sources {
            let share = item.counted(*share, Side::Export);
            let link = TrueLink { export: export.clone(), import: line.clone(), class: load.class, share };
            self.done.case.links.push(link);
        }
        let export = load.sources.first().map(|(export, _)| export.clone());
        let here = Spot { export, import: Some(line.clone()), item: Some(load.item) };
        if item.unit.is_some() && here.export.is_some() {
            self.innocent(Innocent::Unit, here.clone());
        }
        if item.edition == Edition::Older && here.export.is_some() {
            self.innocent(Innocent::Edition, here.clone());
        }
        let (struck, first) = (load.item == self.struck, line.item_no == 1);
        match self.story {
            Story::Fraud(plant @ (Plant::ConsigneeSwitched | Plant::PhantomExporter)) if first => {
                self.plant(plant, here);
            }
            Story::Fraud(Plant::ConsigneeSwitched | Plant::PhantomExporter) => {}
            Story::Fraud(plant) if struck => self.plant(plant, here),
            Story::ThirdCountry if first => self.innocent(Innocent::ThirdCountry, here),
            Story::Delayed if first => self.innocent(Innocent::Timing, here),
            Story::DearFreight => self.innocent(Innocent::CifFob, here),
            _ => {}
        }
    }

    pub(crate) fn plant(&mut self, kind: Plant, spot: Spot) {
        let planted = self.planted(kind, spot);
        self.done.case.plants.push(planted);
    }

    pub(crate) fn innocent(&mut self, kind: Innocent, spot: Spot) {
        let planted = self.planted(kind, spot);
        self.done.case.innocents.push(planted);
    }

    fn planted<K>(&self, kind: K, spot: Spot) -> Planted<K> {
        let Spot { export, import, item } = spot;
        let item = item.map(|place| &self.items[place]);
        let hs = item.and_then(|item| HsCode::new(item.good.code).ok());
        let quantity = item.map(|item| item.counted(item.amount, Side::Export));
        Planted { kind, export, import, hs, quantity }
    }
}
