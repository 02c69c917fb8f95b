//! Loads one consignment: the documents of both sides and the truth beside them.

use customs::declaration::{Declaration, Function};
use customs::terms::Country;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::cast::Cast;
use super::generator::Trade;
use super::item::Item;
use super::lodge::{Filing, Spot};
use super::marks::Marks;
use super::papers;
use super::plan::Lane;
use super::routes::window;
use super::story::{Journey, PARTS_APART_MAX, Story, Times};
use super::truth::{Case, Class, Innocent, LineRef, Plant};
use crate::dice::Dice;

/// One consignment: what each side was told, and what is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Consignment {
    /// The exporting administration's declarations, in the order they were lodged.
    pub exports: Vec<Declaration>,
    /// The importing administration's declarations, in the order they were lodged.
    pub imports: Vec<Declaration>,
    /// What is true of them.
    pub case: Case,
}

/// A consignment being loaded.
pub(crate) struct Loading<'a> {
    pub(crate) trade: &'a Trade,
    pub(crate) cast: Cast<'a>,
    pub(crate) story: Story,
    pub(crate) dice: Dice,
    pub(crate) items: Vec<Item<'a>>,
    times: Option<Times>,
    /// The item a fraud or a correction is about.
    pub(crate) struck: usize,
    pub(crate) done: Consignment,
}

/// What goes into one line of an import: parts of export lines, all of one item.
pub(crate) struct Load {
    pub(crate) item: usize,
    pub(crate) sources: Vec<(LineRef, Decimal)>,
    pub(crate) class: Class,
}

impl Load {
    pub(crate) fn amount(&self) -> Decimal {
        self.sources.iter().map(|(_, amount)| *amount).sum()
    }
}

impl<'a> Loading<'a> {
    pub(crate) fn new(trade: &'a Trade, lane: &Lane, number: u64, mut dice: Dice) -> Self {
        let cast = Cast::draw(trade, lane, &mut dice);
        let story = Story::draw(&trade.plan().mix, cast.sharing, &mut dice);
        let case = Case {
            number,
            from: Country::new(cast.from.code),
            to: Country::new(cast.to.code),
            sharing: cast.sharing,
            class: Class::OneToOne,
            plants: Vec::new(),
            innocents: Vec::new(),
            links: Vec::new(),
            marks: Marks::default(),
        };
        let done = Consignment { exports: Vec::new(), imports: Vec::new(), case };
        Self { trade, cast, story, dice, items: Vec::new(), times: None, struck: 0, done }
    }

    /// The same with another story.
    pub(crate) fn with_story(self, story: Story) -> Self {
        Self { story, ..self }
    }

    /// The same, arriving on this day after the shortest time its way takes.
    pub(crate) fn arriving(self, arrives: Date) -> Self {
        let departs = arrives.saturating_sub(self.cast.route.days.0.days());
        Self { times: Some(Times { departs, arrives }), ..self }
    }

    /// Loads it.
    pub(crate) fn load(mut self) -> Consignment {
        let (route, mode, plan) = (self.cast.route, self.mode(), self.trade.plan());
        let drawn = Journey { route, mode, plan }.times(self.story, &mut self.dice);
        self.times.get_or_insert(drawn);
        self.items = self.draw_items();
        self.struck = self.dice.below(self.items.len());
        match self.story {
            Story::Split => self.split(),
            Story::Merged => self.merged(),
            Story::Partial => self.partial(),
            Story::Cancelled => self.cancelled(),
            Story::Replaced => self.replaced(),
            Story::Fraud(Plant::PhantomExporter) => self.phantom(),
            Story::Fraud(Plant::NeverDeclared) | Story::LowValue | Story::FreeZone => self.undeclared(),
            Story::Clean | Story::Fraud(_) | Story::ThirdCountry | Story::Delayed | Story::DearFreight => {
                self.whole();
            }
        }
        self.done
    }

    /// One export, one import.
    fn whole(&mut self) {
        let lines = self.export(Filing::first(), self.items.clone());
        if self.times().arrives > self.trade.plan().date {
            self.done.case.class = Class::Awaited;
            return;
        }
        let loads = self.all_of(&lines, Class::OneToOne);
        self.import(0, loads, 0);
    }

    /// One export, two to four imports that make it up.
    fn split(&mut self) {
        let lines = self.export(Filing::first(), self.items.clone());
        let parts = 2 + self.dice.below(3);
        self.in_parts(&lines, parts, Class::Split);
    }

    /// One export, of whose two or three parts all but the last have come.
    fn partial(&mut self) {
        let lines = self.export(Filing::first(), self.items.clone());
        let parts = 2 + self.dice.below(2);
        self.in_parts(&lines, parts, Class::Partial);
    }

    /// Two or three exports of the same goods, one import.
    fn merged(&mut self) {
        let whole = self.items.remove(0);
        let parts = 2 + self.dice.below(2);
        let shares = self.shares(&whole, parts);
        let mut sources = Vec::new();
        for (part, share) in shares.into_iter().enumerate() {
            let apart = self.dice.between(0, self.slack());
            let lines =
                self.export(Filing { part, days: -apart, ..Filing::first() }, vec![whole.of_amount(share)]);
            sources.push((lines[0].clone(), share));
        }
        self.items = vec![whole.of_amount(whole.amount)];
        self.done.case.class = Class::Merged;
        self.innocent(Innocent::Lots, Spot::default());
        self.import(0, vec![Load { item: 0, sources, class: Class::Merged }], 0);
    }

    /// The export was made void; nothing came.
    fn cancelled(&mut self) {
        let lines = self.export(Filing::first(), self.items.clone());
        let void = Declaration { function: Function::Cancel, ..self.done.exports[0].clone() };
        self.done.exports.push(papers::numbered(void, 2));
        self.done.case.class = Class::Void;
        self.innocent(Innocent::Cancelled, Spot { export: Some(lines[0].clone()), ..Spot::default() });
    }

    /// The export stated one quantity wrongly and was replaced; the import agrees with the correction.
    fn replaced(&mut self) {
        let mut wrong = self.items.clone();
        let permille = *self.dice.pick(&[600, 700, 800, 1150, 1250, 1500]);
        let right = &self.items[self.struck];
        wrong[self.struck] = right.of_amount(right.grained(right.amount * Decimal::new(permille, 3)));
        self.export(Filing::first(), wrong);
        let lines =
            self.export(Filing { function: Function::Replace, ..Filing::first() }, self.items.clone());
        let export = Some(lines[self.struck].clone());
        self.innocent(Innocent::Replaced, Spot { export, import: None, item: Some(self.struck) });
        let loads = self.all_of(&lines, Class::OneToOne);
        self.import(0, loads, 0);
    }

    /// The export is not declared at the other side: never, or not in the usual way.
    fn undeclared(&mut self) {
        let lines = self.export(Filing::first(), self.items.clone());
        self.done.case.class = Class::Overdue;
        let first = Spot { export: Some(lines[0].clone()), import: None, item: Some(0) };
        match self.story {
            Story::LowValue => self.innocent(Innocent::LowValue, first),
            Story::FreeZone => self.innocent(Innocent::FreeZone, first),
            _ => self.plant(Plant::NeverDeclared, first),
        }
    }

    /// An import that names an exporter who did not export it.
    fn phantom(&mut self) {
        let loads =
            (0..self.items.len()).map(|item| Load { item, sources: Vec::new(), class: Class::ImportOnly });
        self.done.case.class = Class::ImportOnly;
        self.import(0, loads.collect(), 0);
    }

    /// The imports that make up the export, so many; of a partial lot the last has not come.
    fn in_parts(&mut self, lines: &[LineRef], parts: usize, class: Class) {
        let come = if class == Class::Split { parts } else { parts - 1 };
        let shares: Vec<Vec<Decimal>> = (0..lines.len())
            .map(|item| {
                let whole = self.items[item].clone();
                self.shares(&whole, parts)
            })
            .collect();
        self.done.case.class = class;
        self.innocent(Innocent::Lots, Spot::default());
        let latest = if class == Class::Split { self.slack() } else { 0 };
        for part in 0..come {
            let load = |(item, (line, shares)): (usize, (&LineRef, &Vec<Decimal>))| Load {
                item,
                sources: vec![(line.clone(), shares[part])],
                class,
            };
            let loads = lines.iter().zip(&shares).enumerate().map(load).collect();
            let later = self.dice.between(0, latest);
            self.import(part, loads, later);
        }
    }

    pub(crate) fn times(&self) -> Times {
        self.times.expect("drawn before anything is loaded")
    }

    /// How many days parts of a lot may be apart without one of them being late.
    fn slack(&self) -> i64 {
        let Times { departs, arrives } = self.times();
        let way = arrives.since(departs).map_or(0, |way| i64::from(way.get_days()));
        (i64::from(window(self.mode())) - way).clamp(0, PARTS_APART_MAX)
    }

    pub(crate) fn mode(&self) -> &'static str {
        if self.story == Story::LowValue { "5" } else { self.cast.route.mode }
    }

    /// One to five items of what the exporter deals in; one for the stories that are about one.
    fn draw_items(&mut self) -> Vec<Item<'a>> {
        let range: Vec<usize> = if self.story == Story::Fraud(Plant::PhantomExporter) {
            vec![self.foreign_good()]
        } else {
            self.cast.exporter.goods.clone()
        };
        let most = match self.story {
            Story::Merged | Story::LowValue | Story::FreeZone | Story::Fraud(Plant::NeverDeclared) => 1,
            Story::Split | Story::Partial => 2,
            _ => 5,
        };
        let many = 1 + self.dice.weighed([600, 220, 100, 50, 30].into_iter());
        let many = many.min(most).min(range.len());
        let start = self.dice.below(range.len());
        let goods = (0..many).map(|step| &self.trade.goods()[range[(start + step) % range.len()]]);
        let (from, plan) = (self.cast.from.code, self.trade.plan());
        let mut items: Vec<Item<'a>> =
            goods.map(|good| Item::lot(good, from, plan, &mut self.dice)).collect();
        for item in &mut items {
            if self.story == Story::LowValue {
                *item = item.of_amount(Decimal::from(self.dice.between(1, 3)));
            } else if self.story != Story::Clean && item.amount < DIVISIBLE {
                *item = item.of_amount(DIVISIBLE);
            }
        }
        items
    }

    /// A kind of goods the exporter does not deal in.
    fn foreign_good(&mut self) -> usize {
        let goods = self.trade.goods();
        let own = &self.cast.exporter.goods;
        let chapter = |place: usize| goods[place].chapter();
        loop {
            let place = self.dice.below(goods.len());
            if own.iter().all(|sold| chapter(*sold) != chapter(place)) {
                return place;
            }
        }
    }

    /// The item's amount in so many parts, none of them tiny, that add up to it exactly.
    fn shares(&mut self, item: &Item<'_>, parts: usize) -> Vec<Decimal> {
        let weights: Vec<i64> = (0..parts).map(|_| self.dice.between(20, 60)).collect();
        let total: i64 = weights.iter().sum();
        let mut left = item.amount;
        let mut shares = Vec::with_capacity(parts);
        for weight in &weights[1..] {
            let share = item.grained(item.amount * Decimal::from(*weight) / Decimal::from(total)).min(left);
            left -= share;
            shares.push(share);
        }
        shares.push(left);
        shares
    }

    /// Loads that take each export line whole, in any order.
    fn all_of(&mut self, lines: &[LineRef], class: Class) -> Vec<Load> {
        let load = |(item, line): (usize, &LineRef)| Load {
            item,
            sources: vec![(line.clone(), self.items[item].amount)],
            class,
        };
        let mut loads: Vec<Load> = lines.iter().enumerate().map(load).collect();
        if self.dice.chance(200) {
            self.dice.shuffle(&mut loads);
        }
        loads
    }
}

/// The smallest lot of which a part can be told from the whole.
const DIVISIBLE: Decimal = Decimal::from_parts(12, 0, 0, false, 0);
