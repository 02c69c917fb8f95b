//! The judge: compares pairs of lines, the quick fields first, and goes on only while the pair can still be one.

use std::collections::BTreeMap;

use customs::terms::{Country, TransportMode};

use super::beside::{Beside, Named, Party};
use super::evidence::{Docs, Evidence, Limits, Pair, days, place_value};
use super::frequency::{Valued, counts};
use super::laid::Laid;
use super::levels;
use super::most::Most;
use super::siblings::siblings;
use super::weighing::Weighing;
use super::{Field, Level, Millibits, Model};
use crate::held::{Code, Head, LineRow, Terms};
use crate::index::Settings;

/// Compares pairs by the settings.
#[derive(Clone, Debug)]
pub(crate) struct Judge<'a> {
    settings: &'a Settings,
    laid: Laid,
    /// The days of each way.
    limits: BTreeMap<(Code, Code, Code), Limits>,
    pub(super) most: Most,
    /// The heading asked for last, and what it adds.
    heading: (u64, Millibits),
    /// The place asked for last, and what it adds.
    place: (Code, Millibits),
}

/// What a pair weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weighed {
    /// Without quantity and quoted number.
    pub(crate) weight: Millibits,
    pub(crate) quoted: bool,
    /// With both, as if the two stood alone.
    pub(crate) alone: Millibits,
}

/// What two lines weigh as if they stood alone, but for the names of their parties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Promise<'a> {
    all: Weighing<'a>,
    quantity: Millibits,
    quoted: Level,
    /// The most it may come to with the names.
    pub(crate) most: Millibits,
}

impl Promise<'_> {
    /// Whether the import quotes the export.
    pub(crate) fn quotes(&self) -> bool {
        self.quoted == Level::Same
    }
}

/// A pair that weighs no more than this with the best of quantities is none.
pub(super) const CHANCE: Millibits = 0;
/// Nothing weighs less.
const ANY: Millibits = Millibits::MIN / 2;

impl<'a> Judge<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        let frequencies = &settings.model.frequencies;
        Self {
            settings,
            laid: Laid::default(),
            limits: BTreeMap::new(),
            most: Most::of(&settings.model),
            heading: (0, frequencies.of(Valued::Heading).adds(0)),
            place: (Code::NONE, 0),
        }
    }

    /// The weights it goes by.
    pub(super) const fn model(&self) -> &'a Model {
        &self.settings.model
    }

    /// Two documents beside each other; `None` where no two of their lines are a pair, if none quotes better than this.
    pub(crate) fn beside(&mut self, docs: &Docs<'a>, quoted: Level) -> Option<Beside<'a>> {
        self.beside_above(docs, quoted, CHANCE)
    }

    /// The most two lines can weigh by all but the names of their parties; `None` where that is too little for a pair.
    pub(crate) fn promise(
        &mut self,
        beside: &Beside<'a>,
        pair: &Pair<'a>,
        quoted: Level,
    ) -> Option<Promise<'a>> {
        let all = self.nameless(beside, pair, quoted, CHANCE)?;
        let quantity = self.settings.model.weight(Field::Quantity, pair.quantity());
        Some(Promise { all, quantity, quoted, most: all.weight() + beside.names_most() + quantity })
    }

    /// What is left of a promise once the names of the parties are laid beside each other.
    pub(crate) fn kept(
        &mut self,
        promise: &Promise<'a>,
        beside: &mut Beside<'a>,
        docs: &Docs<'a>,
    ) -> Option<Weighed> {
        let all = self.named(promise.all, beside, docs, CHANCE)?.weight();
        let quoted = promise.quotes();
        let quote = if quoted { self.settings.model.weight(Field::Quoted, Level::Same) } else { 0 };
        Some(Weighed { weight: all - quote, quoted, alone: all + promise.quantity })
    }

    /// All evidence of a pair but its quantities. They are left out because they belong to a group.
    pub(crate) fn evidence(&mut self, pair: &Pair<'a>, quoted: Level) -> Evidence {
        let gathered = self.beside_above(&pair.docs, quoted, ANY).and_then(|mut beside| {
            let nameless = self.nameless(&beside, pair, quoted, ANY)?;
            self.named(nameless, &mut beside, &pair.docs, ANY)
        });
        *gathered.expect("any evidence weighs more than nothing does").evidence()
    }

    /// All evidence of a pair as if the two stood alone.
    pub(crate) fn alone(&mut self, pair: &Pair<'a>, quoted: Level) -> Evidence {
        let mut evidence = self.evidence(pair, quoted);
        evidence.set(Field::Quantity, pair.quantity());
        evidence
    }

    /// Compares what two documents say, what lies near first, as long as some pair of their lines may weigh more than
    /// `least`.
    fn beside_above(&mut self, docs: &Docs<'a>, quoted: Level, least: Millibits) -> Option<Beside<'a>> {
        let (model, most) = (&self.settings.model, self.most);
        let (export, import) = (docs.export.head(), docs.import.head());
        let limits = self.limits(docs.terms, export);
        let mut way = self.way(docs.terms, (export, import), limits);
        let lines = most.line + most.siblings + most.quantity + model.weight(Field::Quoted, quoted);
        if way.weight() + lines + most.receiver + most.exporter <= least {
            return None;
        }
        let (left, right) = docs.known(Valued::Consignee);
        let address = levels::address(left, right);
        way.set(Field::Address, address);
        let consignee = Named::new(docs, Party::Receiver(address), model);
        if way.weight() + lines + consignee.most + most.exporter <= least {
            return None;
        }
        let beside = Beside { way, consignee, exporter: Named::new(docs, Party::Sender, model) };
        (way.weight() + lines + beside.names_most() > least).then_some(beside)
    }

    /// The way the goods went.
    pub(super) fn way(
        &mut self,
        terms: &Terms,
        (export, import): (Head, Head),
        limits: Limits,
    ) -> Weighing<'a> {
        let days = days(export.day, import.day);
        let mut way = Weighing::new(&self.settings.model, limits.day(days));
        way.set(Field::Lag, levels::lag(days, limits));
        way.set(Field::Mode, levels::same(export.mode, import.mode));
        way.set(Field::From, levels::same(export.from, import.from));
        let place = levels::place(terms, export.place, import.place);
        way.set(Field::Place, place);
        if counts(place) {
            way.set_common(Valued::Place, self.place_adds(terms, import.place));
        }
        way
    }

    /// The days an export's lane takes.
    pub(crate) fn limits(&mut self, terms: &Terms, export: Head) -> Limits {
        let Head { country, mode, place, .. } = export;
        let Settings { tolerances, model, .. } = self.settings;
        *self.limits.entry((country, mode, place)).or_insert_with(|| {
            let text = |code| terms.codes.text(code);
            let tolerance = tolerances.of(&Country::new(text(country)));
            Limits {
                transit: tolerance.transit(Some(&TransportMode::new(text(mode)))),
                early: tolerance.early_days,
                way: model.habits.find(text(country), text(mode), text(place)),
            }
        })
    }

    /// Compares two lines but for the names of their parties, as long as they may weigh more than `least` with the best of
    /// quantities.
    fn nameless(
        &mut self,
        beside: &Beside<'a>,
        pair: &Pair<'a>,
        quoted: Level,
        least: Millibits,
    ) -> Option<Weighing<'a>> {
        let mut all = beside.way;
        all.regard(pair.quantity());
        self.line((pair.export_line.row(), pair.import_line.row()), quoted, &mut all);
        let open = self.most.quantity + beside.names_most();
        if all.weight() + open + self.most.siblings <= least {
            return None;
        }
        all.set(Field::Siblings, siblings(pair, &self.settings.tolerances.editions));
        (all.weight() + open > least).then_some(all)
    }

    /// Lays the names of both parties beside each other, as long as all may weigh more than `least`.
    fn named(
        &mut self,
        mut all: Weighing<'a>,
        beside: &mut Beside<'a>,
        docs: &Docs<'a>,
        least: Millibits,
    ) -> Option<Weighing<'a>> {
        let mut open = self.most.quantity + beside.names_most();
        for (named, valued) in
            [(&mut beside.consignee, Valued::Consignee), (&mut beside.exporter, Valued::Exporter)]
        {
            if all.weight() + open <= least {
                return None;
            }
            open -= named.most;
            all.set(valued.field(), named.level(docs, &self.settings.model, &mut self.laid));
            all.set_common(valued, named.adds);
        }
        (all.weight() + open > least).then_some(all)
    }

    /// Compares what the two lines say of the goods by themselves.
    pub(super) fn line(
        &mut self,
        (export, import): (LineRow, LineRow),
        quoted: Level,
        all: &mut Weighing<'_>,
    ) {
        all.set(Field::Quoted, quoted);
        let hs = levels::hs(export.hs, import.hs, &self.settings.tolerances.editions);
        all.set(Field::Hs, hs);
        if counts(hs) {
            all.set_common(Valued::Heading, self.heading_adds(import.hs.prefix(4)));
        }
        all.set(Field::Origin, levels::same(export.origin, import.origin));
        let same_item = export.item == import.item;
        all.set(Field::Item, if same_item { Level::Same } else { Level::Different });
    }

    /// What it adds that a place is common or rare.
    fn place_adds(&mut self, terms: &Terms, place: Code) -> Millibits {
        if self.place.0 != place {
            let places = self.settings.model.frequencies.of(Valued::Place);
            self.place = (place, places.adds(place_value(terms, place)));
        }
        self.place.1
    }

    /// What it adds that a heading is common or rare.
    fn heading_adds(&mut self, heading: u64) -> Millibits {
        if self.heading.0 != heading {
            let headings = self.settings.model.frequencies.of(Valued::Heading);
            self.heading = (heading, headings.adds(heading));
        }
        self.heading.1
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use kernel::Quantity;
    use proptest::prelude::*;

    use super::*;
    use crate::doc::{Doc, DocId, DocLine};
    use crate::held::{PartyNo, Terms};
    use crate::score::{Facing, Table};
    use customs::terms::{HsCode, Party, Place};

    const NAMES: [&str; 8] = [
        "Siam Rubber Products Co., Ltd.",
        "บริษัท สยามรับเบอร์ จำกัด",
        "Siam Ruber Prodcts",
        "Công ty TNHH Cao Su Minh Phát",
        "CONG TY CAO SU MINH PHAT",
        "Minh Phat Trading JSC",
        "Hoang Long Logistics",
        "",
    ];
    const CODES: [&str; 5] = ["40012210", "40012290", "400122", "84713020", "4002"];
    const PLACES: [&str; 3] = ["VNSGN", "VNHPH", "THLCH"];

    /// A document whose parts are chosen by numbers.
    fn doc(country: &str, choice: &[usize]) -> Doc {
        let of = |at: usize, count: usize| choice[at] % count;
        let party = |at: usize| Party::named(NAMES[of(at, NAMES.len())]);
        let line = |item: usize| DocLine {
            item: item as u32 + 1,
            hs: HsCode::new(CODES[of(2 + item, CODES.len())]).ok(),
            quantity: Some(Quantity::new((1 + of(5 + item, 4) as i64 * 37).into(), "KGM")),
            origin: Some(Country::new(["TH", "LA"][of(8, 2)])),
            quoted: None,
        };
        Doc {
            id: DocId::export(Country::new(country), "1"),
            sender: party(0),
            receiver: party(1),
            from: Some(Country::new(["TH", "LA"][of(9, 2)])),
            day: Date::new(2026, 5, 1 + of(10, 28) as i8).ok(),
            mode: Some(TransportMode::new(["1", "3"][of(11, 2)])),
            place: Some(Place::new(PLACES[of(12, PLACES.len())])),
            lines: (0..1 + of(13, 3)).map(line).collect(),
        }
    }

    /// Weights by which some values are rarer than others.
    fn settings() -> Settings {
        let mut settings = Settings::default();
        let stated: Vec<Vec<u64>> = (0..400).map(|at| vec![if at % 3 == 0 { 14_001 } else { at }]).collect();
        Valued::ALL.iter().for_each(|valued| settings.model.frequencies.set(*valued, Table::of(&stated)));
        settings
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        /// Whatever the judge gives up early, by rows or later, all its evidence weighs too little; and what it keeps weighs as
        /// much as that.
        #[test]
        fn what_is_given_up_early_is_no_pair(choices in prop::collection::vec(0_usize..1_000, 28), quoted in 0_usize..3) {
            let (settings, mut terms) = (settings(), Terms::default());
            let (export, import) = (terms.hold(doc("TH", &choices[..14])), terms.hold(doc("VN", &choices[14..])));
            let docs = Docs { terms: &terms, export: &export, import: &import };
            let quoted = [Level::Absent, Level::Same, Level::Different][quoted];
            let (mut judge, model) = (Judge::new(&settings), &settings.model);
            let mut beside = judge.beside(&docs, quoted);
            let rows = terms.parties.rows();
            let row = |no: PartyNo| &rows[no.number() as usize];
            let facing = Facing {
                heads: (export.head(), import.head()),
                consignees: (row(export.receiver), row(import.receiver)),
                exporters: (row(export.sender), row(import.sender)),
                siblings: export.lines.len() > 1 && import.lines.len() > 1,
            };
            let limits = judge.limits(&terms, export.head());
            let outlook = judge.outlook(&terms, &facing, limits, quoted);
            for (export_line, import_line) in export.lines.iter().flat_map(|a| import.lines.iter().map(move |b| (a, b))) {
                let pair = Pair { docs, export_line, import_line };
                let all = judge.evidence(&pair, quoted).weight(model);
                let weighed = beside.as_mut().and_then(|beside| {
                    let promise = judge.promise(beside, &pair, quoted)?;
                    judge.kept(&promise, beside, &docs)
                });
                prop_assert_eq!(weighed.is_some(), all + judge.most.quantity > CHANCE);
                if let Some(weighed) = weighed {
                    prop_assert_eq!(weighed.alone, judge.alone(&pair, quoted).weight(model));
                }
                let promise = beside.as_ref().and_then(|beside| judge.promise(beside, &pair, quoted));
                prop_assert!(weighed.is_none_or(|weighed| promise.is_some_and(|promise| promise.most >= weighed.alone)));
                let rows = (export_line.row(), import_line.row());
                let prospect = outlook.as_ref().and_then(|outlook| judge.prospect(outlook, rows, quoted));
                prop_assert!(promise.is_none_or(|promise| prospect.is_some_and(|most| most >= promise.most)));
            }
        }
    }
}
