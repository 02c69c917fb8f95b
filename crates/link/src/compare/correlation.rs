//! Subheadings that name the same goods in different editions of the nomenclature.

use std::collections::{BTreeMap, BTreeSet};

use customs::terms::HsCode;
use serde::{Deserialize, Serialize};

/// Pairs of subheadings that may be the same goods because one was split, merged or moved between editions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Correlation(BTreeSet<(u64, u64)>);

impl Correlation {
    /// A table of pairs of codes; only their first six digits count, and a pair of equals says nothing.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (HsCode, HsCode)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(a, b)| ordered(six(a.prefix(6)), six(b.prefix(6))))
                .filter(|(a, b)| a != b)
                .collect(),
        )
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
        Self(all)
    }

    /// Whether two subheadings, as numbers, may be the same goods.
    #[must_use]
    pub fn holds(&self, left: u64, right: u64) -> bool {
        !self.0.is_empty() && self.0.contains(&ordered(left, right))
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
