//! Subheadings that name the same goods in different editions of the nomenclature.

use std::collections::{BTreeMap, BTreeSet};

use customs::terms::HsCode;
use serde::{Deserialize, Serialize};

use crate::held::mix;

/// Pairs of subheadings that may be the same goods because one was split, merged or moved between editions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeSet<(u64, u64)>", into = "BTreeSet<(u64, u64)>")]
pub struct Correlation {
    pairs: BTreeSet<(u64, u64)>,
    /// A bit for every pair at the place its number falls on: nearly all pairs that are asked about are none of these, and
    /// one look says so.
    marks: Vec<u64>,
}

/// How many bits the marks have.
const MARKS: usize = 1 << 17;

fn mark((a, b): (u64, u64)) -> (usize, u64) {
    let place = mix(a, b) as usize % MARKS;
    (place / 64, 1 << (place % 64))
}

impl From<BTreeSet<(u64, u64)>> for Correlation {
    fn from(pairs: BTreeSet<(u64, u64)>) -> Self {
        let mut marks = vec![0; if pairs.is_empty() { 0 } else { MARKS / 64 }];
        for pair in &pairs {
            let (place, bit) = mark(*pair);
            marks[place] |= bit;
        }
        Self { pairs, marks }
    }
}

impl From<Correlation> for BTreeSet<(u64, u64)> {
    fn from(correlation: Correlation) -> Self {
        correlation.pairs
    }
}

impl Correlation {
    /// A table of pairs of codes; only their first six digits count, and a pair of equals says nothing.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (HsCode, HsCode)>) -> Self {
        let pairs = pairs.into_iter().map(|(a, b)| ordered(six(a.prefix(6)), six(b.prefix(6))));
        pairs.filter(|(a, b)| a != b).collect::<BTreeSet<_>>().into()
    }

    /// The published tables between the editions of 2012, 2017 and 2022, without pairs a whole basket of which answers to
    /// one another (such as electronic waste): those would call half a chapter the same.
    #[must_use]
    pub fn published() -> Self {
        use customs::tariff::Nomenclature::{Hs2012, Hs2017, Hs2022};
        let mut all = BTreeSet::new();
        for (new, old) in [(Hs2022, Hs2017), (Hs2022, Hs2012), (Hs2017, Hs2012)] {
            let pairs: Vec<(u64, u64)> =
                customs::tariff::pairs(new, old).map(|(a, b)| (six(a), six(b))).collect();
            let mut answers: BTreeMap<u64, usize> = BTreeMap::new();
            for (a, b) in &pairs {
                *answers.entry(*a).or_default() += 1;
                *answers.entry(1_000_000 + *b).or_default() += 1;
            }
            let few = |code: u64| answers.get(&code).is_none_or(|answers| *answers <= ANSWERS_MAX);
            all.extend(
                pairs
                    .iter()
                    .filter(|(a, b)| a != b && few(*a) && few(1_000_000 + *b))
                    .map(|(a, b)| ordered(*a, *b)),
            );
        }
        all.into()
    }

    /// Whether two subheadings, as numbers, may be the same goods.
    #[must_use]
    pub fn holds(&self, left: u64, right: u64) -> bool {
        let pair = ordered(left, right);
        let (place, bit) = mark(pair);
        self.marks.get(place).is_some_and(|marks| marks & bit != 0) && self.pairs.contains(&pair)
    }

    /// Whether two codes may be the same goods by their subheadings.
    #[must_use]
    pub fn relates(&self, left: &HsCode, right: &HsCode) -> bool {
        self.holds(six(left.prefix(6)), six(right.prefix(6)))
    }
}

fn six(digits: &str) -> u64 {
    digits.parse().unwrap_or(0)
}

/// A code that answers to more codes than this says nothing about any of them.
const ANSWERS_MAX: usize = 30;

const fn ordered(a: u64, b: u64) -> (u64, u64) {
    if a <= b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_is_found_whatever_its_marks() {
        let pairs: BTreeSet<(u64, u64)> =
            (0..20_000).map(|at| ordered(at * 37 % 9_973, at * 11 % 9_967)).collect();
        let correlation = Correlation::from(pairs.clone());
        for (a, b) in (0..400).flat_map(|a| (0..400).map(move |b| (a, b))) {
            assert_eq!(correlation.holds(a, b), pairs.contains(&ordered(a, b)), "{a} {b}");
        }
        assert!(!Correlation::default().holds(1, 2));
    }
}
