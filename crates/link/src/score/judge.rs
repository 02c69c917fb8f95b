//! The judge: compares pairs of lines, and remembers parties it has compared.

use std::collections::BTreeMap;

use customs::terms::{Country, TransportMode};

use super::evidence::{self, Evidence, Limits, Pair};
use super::frequency::{self, Valued};
use super::{Field, Level, Millibits, quantity_level};
use crate::compare::Correlation;
use crate::held::{Code, PartyNo, mix};
use crate::index::Settings;

/// Compares pairs by the settings.
#[derive(Clone, Debug)]
pub(crate) struct Judge<'a> {
    settings: &'a Settings,
    /// How far two parties agree, names and identifiers, addresses: of the pairs compared last.
    parties: Vec<Option<Compared>>,
    /// The days of each way.
    limits: BTreeMap<(Code, Code, Code), Limits>,
    bound: Millibits,
}

/// Two parties compared: how far their names and identifiers agree, and their addresses, and what it adds that the name
/// is common or rare.
#[derive(Clone, Copy, Debug)]
struct Compared {
    valued: Valued,
    left: PartyNo,
    right: PartyNo,
    name: Level,
    address: Level,
    common: Millibits,
}

/// Pairs of parties remembered: as many as fit a processor's nearer memory.
const REMEMBERED: usize = 1 << 12;

/// What a pair weighs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weighed {
    /// Without quantity and quoted number.
    pub(crate) weight: Millibits,
    pub(crate) quoted: bool,
    /// With both, as if the two stood alone.
    pub(crate) alone: Millibits,
}

/// Fields that take time, compared only where the others leave a chance.
const SLOW: [Field; 4] = [Field::Consignee, Field::Exporter, Field::Address, Field::Siblings];

impl<'a> Judge<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        let model = &settings.model;
        let most =
            SLOW.into_iter().chain([Field::Quantity]).map(|field| model.most(field)).sum::<Millibits>();
        let bound = most + 2 * frequency::MOST;
        Self { settings, parties: vec![None; REMEMBERED], limits: BTreeMap::new(), bound }
    }

    /// What a pair weighs; `None` where it is no pair whatever its quantities.
    pub(crate) fn weigh(&mut self, pair: &Pair<'_>, quoted: Level) -> Option<Weighed> {
        let model = &self.settings.model;
        let mut evidence = self.quick(pair, quoted);
        if evidence.weight(model) + self.bound <= 0 {
            return None;
        }
        if !self.slow_while(pair, &mut evidence, |evidence, open| evidence.weight(model) + open > 0) {
            return None;
        }
        let all = evidence.weight(model);
        let quote = if quoted == Level::Same { model.weight(Field::Quoted, quoted) } else { 0 };
        let alone = all + model.weight(Field::Quantity, pair.quantity());
        Some(Weighed { weight: all - quote, quoted: quoted == Level::Same, alone })
    }

    /// All evidence of a pair but its quantities.
    pub(crate) fn evidence(&mut self, pair: &Pair<'_>, quoted: Level) -> Evidence {
        let mut evidence = self.quick(pair, quoted);
        self.slow(pair, &mut evidence);
        evidence
    }

    /// All evidence of a pair as if the two stood alone.
    pub(crate) fn alone(&mut self, pair: &Pair<'_>, quoted: Level) -> Evidence {
        let mut evidence = self.evidence(pair, quoted);
        evidence.set(Field::Quantity, pair.quantity());
        evidence
    }

    fn quick(&mut self, pair: &Pair<'_>, quoted: Level) -> Evidence {
        let limits = self.limits(pair);
        let mut evidence = Evidence::quick(pair, limits, &self.settings.tolerances.editions, quoted);
        for valued in [Valued::Heading, Valued::Place] {
            let agrees = frequency::counts(evidence.level(valued.field()));
            evidence.set_common(valued, if agrees { self.common(pair, valued) } else { 0 });
        }
        evidence
    }

    fn limits(&mut self, pair: &Pair<'_>) -> Limits {
        let (country, mode, place) = (pair.export.country, pair.export.mode, pair.export.place);
        let Settings { tolerances, model, .. } = self.settings;
        *self.limits.entry((country, mode, place)).or_insert_with(|| {
            let text = |code| pair.terms.codes.text(code);
            let tolerance = tolerances.of(&Country::new(text(country)));
            Limits {
                transit: tolerance.transit(Some(&TransportMode::new(text(mode)))),
                early: tolerance.early_days,
                way: model.habits.find(text(country), text(mode), text(place)),
            }
        })
    }

    fn slow(&mut self, pair: &Pair<'_>, evidence: &mut Evidence) {
        self.slow_while(pair, evidence, |_, _| true);
    }

    /// Compares the fields that take time one after the other, as long as `worth` says so of what is known and of the most
    /// the fields left may weigh; whether it came to the end.
    fn slow_while(
        &mut self,
        pair: &Pair<'_>,
        evidence: &mut Evidence,
        worth: impl Fn(&Evidence, Millibits) -> bool,
    ) -> bool {
        let settings = self.settings;
        let mut open = self.bound;
        let mut known = |evidence: &mut Evidence, field: Field, level: Level| {
            evidence.set(field, level);
            open -= settings.model.most(field);
            worth(evidence, open)
        };
        let consignee = self.parties(pair, Valued::Consignee, (pair.export.receiver, pair.import.receiver));
        if !known(evidence, Field::Address, consignee.address)
            || !known(evidence, Field::Consignee, consignee.name)
        {
            return false;
        }
        evidence.set_common(Valued::Consignee, consignee.common);
        let exporter = self.parties(pair, Valued::Exporter, (pair.export.sender, pair.import.sender));
        if !known(evidence, Field::Exporter, exporter.name) {
            return false;
        }
        evidence.set_common(Valued::Exporter, exporter.common);
        known(evidence, Field::Siblings, siblings(pair, &settings.tolerances.editions))
    }

    /// Compares the two receivers, or the two senders.
    fn parties(&mut self, pair: &Pair<'_>, valued: Valued, (left, right): (PartyNo, PartyNo)) -> Compared {
        let at = mix(u64::from(left.number()), u64::from(right.number())) as usize % REMEMBERED;
        if let Some(known) = self.parties[at]
            && (known.valued, known.left, known.right) == (valued, left, right)
        {
            return known;
        }
        let name = evidence::party(pair.terms, left, right);
        let address = evidence::address(pair.terms, left, right);
        let common = if frequency::counts(name) { self.common(pair, valued) } else { 0 };
        let compared = Compared { valued, left, right, name, address, common };
        self.parties[at] = Some(compared);
        compared
    }

    /// What it adds that the value a field agrees in is common or rare.
    fn common(&self, pair: &Pair<'_>, valued: Valued) -> Millibits {
        let table = self.settings.model.frequencies.of(valued);
        pair.value(valued, table).map_or(0, |value| table.adds(value))
    }
}

/// Lines looked at as siblings, at most.
const SIBLINGS_MAX: usize = 40;

/// Whether the other lines of the two documents that are about the same goods have the same quantities.
///
/// Less on all lines is what a split load looks like, more on all of them a merged one; only less on one and more on
/// another speaks against the two documents, and so does an import whose other lines are all about other goods.
fn siblings(pair: &Pair<'_>, editions: &Correlation) -> Level {
    let (mut less, mut more) = direction(pair.quantity());
    let (mut others, mut shared) = (false, false);
    let exports = pair.export.lines.iter().take(SIBLINGS_MAX);
    for export in exports.filter(|line| line.item != pair.export_line.item) {
        let imports = pair.import.lines.iter().take(SIBLINGS_MAX);
        for import in imports.filter(|line| line.item != pair.import_line.item) {
            others = true;
            if !matches!(evidence::hs(export.hs, import.hs, editions), Level::Same | Level::Six) {
                continue;
            }
            shared = true;
            let level = quantity_level(pair.terms.amount(export), pair.terms.amount(import));
            if matches!(level, Level::Same | Level::Round | Level::Near) {
                return Level::Same;
            }
            let (less_here, more_here) = direction(level);
            (less, more) = (less || less_here, more || more_here);
        }
    }
    match () {
        () if less && more && shared => Level::Different,
        () if shared => Level::Part,
        () if others => Level::Other,
        () => Level::Absent,
    }
}

/// Whether a quantity is less at import, or more.
const fn direction(level: Level) -> (bool, bool) {
    (matches!(level, Level::Under), matches!(level, Level::Over))
}
