//! Weights learnt without labels, by expectation and maximisation: how often each level occurs among pairs that belong
//! together and among candidates that do not.
//!
//! A round gives every candidate of an import line the probability the present weights give it *beside the line's other
//! candidates and none of them*, and counts levels by it. That an import line belongs to at most one of its candidates
//! tells the two populations apart by more than their own levels, which keeps the rounds from drifting to another split of
//! the data (such as one relation of traders against the rest). Verdicts of officers count as pairs whose answer is known.

use super::days::Days;
use super::evidence::Evidence;
use super::model::{millibits, pow2};
use super::{Field, Level, Millibits, Model};

/// What is learnt from: the candidates of sampled import lines, and pairs whose answer is known.
#[derive(Debug, Default)]
pub(crate) struct Taught {
    /// For each import line, the evidence of its candidates.
    pub(crate) lines: Vec<Vec<Evidence>>,
    /// Pairs a person judged to be one.
    pub(crate) one: Vec<Evidence>,
    /// Pairs a person judged to be two.
    pub(crate) two: Vec<Evidence>,
}

/// The weights these lines speak for, after so many rounds from the ones given.
pub(crate) fn expected(taught: &Taught, base: &Model, rounds: u32) -> Model {
    let mut model = base.clone();
    for _ in 0..rounds {
        let mut tally = Tally { days: Days::new(&model.habits), ..Tally::default() };
        taught.lines.iter().for_each(|candidates| tally.line(candidates, &model));
        // A verdict counts as much as so many pairs nobody judged: officers see the doubtful ones.
        taught.one.iter().for_each(|evidence| (0..VERDICT).for_each(|_| tally.add(evidence, 1_000)));
        taught.two.iter().for_each(|evidence| (0..VERDICT).for_each(|_| tally.add(evidence, 0)));
        model = tally.model(base);
    }
    model
}

/// Pairs a verdict counts for.
const VERDICT: u32 = 5;

/// Counts of levels among linked and unlinked pairs, in thousandths of a pair.
#[derive(Clone, Debug, Default)]
struct Tally {
    linked: Counts,
    unlinked: Counts,
    /// Import lines counted, and how many of them none of their candidates belongs to, in thousandths.
    lines: u64,
    alone: u64,
    /// Linked and unlinked pairs by the days they would have taken.
    days: Days,
}

#[derive(Clone, Debug)]
struct Counts {
    pairs: u64,
    levels: [[u64; LEVELS]; Field::ALL.len()],
}

const LEVELS: usize = 7;

impl Default for Counts {
    fn default() -> Self {
        Self { pairs: 0, levels: [[0; LEVELS]; Field::ALL.len()] }
    }
}

impl Counts {
    fn add(&mut self, evidence: &Evidence, weight: u64) {
        self.pairs += weight;
        for field in Field::ALL {
            self.levels[field as usize][evidence.place(field)] += weight;
        }
    }

    /// How often the level at this place is seen where the field says anything, a little of every level assumed.
    fn rate(&self, field: Field, place: usize) -> f64 {
        let row = &self.levels[field as usize];
        let levels = field.levels().len();
        let seen: u64 = row[1..levels].iter().sum();
        (row[place] as f64 + ASSUMED) / (seen as f64 + ASSUMED * (levels - 1) as f64)
    }
}

/// What a line's candidates lean to a link, since the true one is rarely missing where the exporter shares at all; fitted
/// where the truth is known.
const LEAN: Millibits = 1_500;
/// The least share of lines that is assumed to belong to none of their candidates.
const ALONE_MIN: f64 = 0.1;
/// What is assumed of every level before anything is counted, in thousandths of a pair.
const ASSUMED: f64 = 2_000.0;
/// Fewer linked pairs than this teach nothing.
const LINKED_MIN: u64 = 200_000;
/// No level speaks for a link with more than this, however rare it is on the other side.
const WEIGHT_MAX: Millibits = 9_000;
/// Nor against one with more than this: false statements are among what is linked, and rare as they are, a round that
/// missed them must not teach the next to miss them.
const WEIGHT_MIN: Millibits = -6_000;
/// The place of [`Level::Same`] among the levels of a party.
const SAME: usize = 2;
/// The same for commodity codes: other goods are rarely the same goods.
const GOODS_MIN: Millibits = -9_000;
/// The same for quantities, where a part still to come is no disagreement at all.
const QUANTITY_MIN: Millibits = -4_000;

impl Tally {
    /// Counts the candidates of one import line, of which at most one is linked.
    fn line(&mut self, candidates: &[Evidence], model: &Model) {
        let odds: Vec<f64> = candidates.iter().map(|evidence| pow2(evidence.weight(model))).collect();
        let all = 1.0 + odds.iter().sum::<f64>();
        for (evidence, odds) in candidates.iter().zip(odds) {
            self.add(evidence, (1_000.0 * odds / all).round() as u16);
        }
        self.lines += 1_000;
        self.alone += (1_000.0 / all).round() as u64;
    }

    /// Counts a candidate pair that is linked with this many parts per thousand.
    fn add(&mut self, evidence: &Evidence, per_mille: u16) {
        let linked = u64::from(per_mille.min(1_000));
        self.linked.add(evidence, linked);
        self.unlinked.add(evidence, 1_000 - linked);
        self.days.add(evidence, linked);
    }

    /// The weights these counts speak for; those of `base` where too little was counted, and always for a quoted
    /// number and for groups, of which pairs teach nothing.
    fn model(&self, base: &Model) -> Model {
        let mut model = base.clone();
        if self.linked.pairs < LINKED_MIN || self.unlinked.pairs == 0 {
            return model;
        }
        let taught = Field::ALL
            .into_iter()
            .filter(|field| !matches!(field, Field::Quoted | Field::Lots | Field::Prior));
        for field in taught {
            for (place, level) in field.levels().iter().enumerate().skip(1) {
                model.set(field, *level, self.weight(field, place));
            }
        }
        model.habits = self.days.habits(&base.habits);
        // A line's candidates stand against each other in the assignment; the prior holds one of them against none.
        let alone = (self.alone.max(1) as f64 / self.lines.max(1) as f64).max(ALONE_MIN);
        model.prior = LEAN + millibits(self.linked.pairs as f64 / (self.unlinked.pairs as f64 * alone));
        model
    }

    fn weight(&self, field: Field, place: usize) -> Millibits {
        // A name somebody is known by, and an identifier nobody used yet, say at least what the same name says.
        if matches!(field.levels()[place], Level::Identifier | Level::Alias)
            && self.linked.levels[field as usize][place] == 0
        {
            return self.weight(field, SAME);
        }
        let ratio = self.linked.rate(field, place) / self.unlinked.rate(field, place);
        let least = match field {
            Field::Quantity => QUANTITY_MIN,
            Field::Hs => GOODS_MIN,
            _ => WEIGHT_MIN,
        };
        let most = if field.levels()[place] == Level::Different { 0 } else { WEIGHT_MAX };
        millibits(ratio).clamp(least, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_teaches_nothing() {
        assert_eq!(expected(&Taught::default(), &Model::default(), 3), Model::default());
    }

    #[test]
    fn what_is_common_among_links_and_rare_besides_speaks_for_one() {
        let with = |level| {
            let mut evidence = Evidence::empty();
            evidence.set(Field::Origin, level);
            evidence
        };
        let mut taught = Taught::default();
        for at in 0..1_000 {
            taught.one.push(with(if at % 10 == 0 { Level::Different } else { Level::Same }));
            taught.two.push(with(if at % 2 == 0 { Level::Different } else { Level::Same }));
        }
        let model = expected(&taught, &Model::default(), 1);
        assert!(model.weight(Field::Origin, Level::Same) > 700);
        assert!(model.weight(Field::Origin, Level::Different) < -2_000);
    }

    #[test]
    fn rounds_without_labels_find_the_field_that_tells() {
        // Of three candidates one agrees in amount and address, two agree in neither; the origin tells nothing.
        let candidate = |amount, address, origin| {
            let mut evidence = Evidence::empty();
            evidence.set(Field::Quantity, amount);
            evidence.set(Field::Address, address);
            evidence.set(Field::Origin, origin);
            evidence.set(Field::Consignee, Level::Part);
            evidence
        };
        let lines = (0..1_000).map(|at| {
            let origin = if at % 2 == 0 { Level::Same } else { Level::Different };
            let other = candidate(Level::Under, Level::Different, origin);
            vec![candidate(Level::Same, Level::Same, origin), other, other]
        });
        let taught = Taught { lines: lines.collect(), ..Taught::default() };
        let model = expected(&taught, &Model::default(), 5);
        assert!(model.weight(Field::Quantity, Level::Same) > 4_000);
        assert!(model.weight(Field::Origin, Level::Same).abs() < 700);
    }
}
