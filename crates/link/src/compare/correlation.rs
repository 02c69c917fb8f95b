//! Subheadings that name the same goods in different editions of the nomenclature.

use std::collections::BTreeSet;

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
        let six = |code: &HsCode| code.prefix(6).parse::<u64>().unwrap_or(0);
        Self(pairs.into_iter().map(|(a, b)| ordered(six(&a), six(&b))).filter(|(a, b)| a != b).collect())
    }

    /// Whether two subheadings, as numbers, may be the same goods.
    #[must_use]
    pub fn holds(&self, left: u64, right: u64) -> bool {
        !self.0.is_empty() && self.0.contains(&ordered(left, right))
    }

    /// Whether two codes may be the same goods by their subheadings.
    #[must_use]
    pub fn relates(&self, left: &HsCode, right: &HsCode) -> bool {
        let six = |code: &HsCode| code.prefix(6).parse().unwrap_or(0);
        self.holds(six(left), six(right))
    }
}

const fn ordered(a: u64, b: u64) -> (u64, u64) {
    if a <= b { (a, b) } else { (b, a) }
}
