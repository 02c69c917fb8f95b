//! The judge: compares pairs of lines, and remembers parties it has compared.

use std::collections::BTreeMap;

use customs::terms::{Country, TransportMode};

use super::evidence::{self, Evidence, Limits, Pair};
use super::{Field, Level, Millibits, quantity_level};
use crate::compare::Correlation;
use crate::held::{Code, PartyNo, mix};
use crate::index::Settings;

/// Compares pairs by the settings.
#[derive(Clone, Debug)]
pub(crate) struct Judge<'a> {
    settings: &'a Settings,
    /// How far two parties agree, names and identifiers, addresses: of the pairs compared last.
    parties: Vec<Option<(PartyNo, PartyNo, Level, Level)>>,
    /// The days of each lane and mode.
    limits: BTreeMap<(Code, Code), Limits>,
    bound: Millibits,
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
        let bound = SLOW.into_iter().chain([Field::Quantity]).map(|field| model.most(field)).sum();
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
        Evidence::quick(pair, limits, &self.settings.tolerances.editions, quoted)
    }

    fn limits(&mut self, pair: &Pair<'_>) -> Limits {
        let (country, mode) = (pair.export.country, pair.export.mode);
        let tolerances = &self.settings.tolerances;
        *self.limits.entry((country, mode)).or_insert_with(|| {
            let text = |code| pair.terms.codes.text(code);
            let tolerance = tolerances.of(&Country::new(text(country)));
            Limits {
                transit: tolerance.transit(Some(&TransportMode::new(text(mode)))),
                early: tolerance.early_days,
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
        let model = &self.settings.model;
        let mut open = self.bound;
        let mut known = |evidence: &mut Evidence, field: Field, level: Level| {
            evidence.set(field, level);
            open -= model.most(field);
            worth(evidence, open)
        };
        let (consignee, address) = self.parties(pair, pair.export.receiver, pair.import.receiver);
        if !known(evidence, Field::Address, address) || !known(evidence, Field::Consignee, consignee) {
            return false;
        }
        let (exporter, _) = self.parties(pair, pair.export.sender, pair.import.sender);
        known(evidence, Field::Exporter, exporter)
            && known(evidence, Field::Siblings, siblings(pair, &self.settings.tolerances.editions))
    }

    fn parties(&mut self, pair: &Pair<'_>, left: PartyNo, right: PartyNo) -> (Level, Level) {
        let at = mix(u64::from(left.number()), u64::from(right.number())) as usize % REMEMBERED;
        if let Some((known_left, known_right, name, address)) = self.parties[at]
            && (known_left, known_right) == (left, right)
        {
            return (name, address);
        }
        let (name, address) =
            (evidence::party(pair.terms, left, right), evidence::address(pair.terms, left, right));
        self.parties[at] = Some((left, right, name, address));
        (name, address)
    }
}

/// Lines looked at as siblings, at most.
const SIBLINGS_MAX: usize = 40;

/// Whether the other lines of the two documents that are about the same goods have the same quantities.
///
/// Less on all lines is what a split load looks like, more on all of them a merged one; only less on one and more on
/// another speaks against the two documents.
fn siblings(pair: &Pair<'_>, editions: &Correlation) -> Level {
    let (mut less, mut more) = direction(pair.quantity());
    let exports = pair.export.lines.iter().take(SIBLINGS_MAX);
    for export in exports.filter(|line| line.item != pair.export_line.item) {
        let imports = pair.import.lines.iter().take(SIBLINGS_MAX);
        for import in imports.filter(|line| line.item != pair.import_line.item) {
            if !matches!(evidence::hs(export.hs, import.hs, editions), Level::Same | Level::Six) {
                continue;
            }
            let level = quantity_level(pair.terms.amount(export), pair.terms.amount(import));
            if matches!(level, Level::Same | Level::Round | Level::Near) {
                return Level::Same;
            }
            let (less_here, more_here) = direction(level);
            (less, more) = (less || less_here, more || more_here);
        }
    }
    if less && more { Level::Different } else { Level::Absent }
}

/// Whether a quantity is less at import, or more.
const fn direction(level: Level) -> (bool, bool) {
    (matches!(level, Level::Under), matches!(level, Level::Over))
}
