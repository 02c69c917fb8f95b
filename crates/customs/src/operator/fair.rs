//! The benefit measured like for like: goods with the benefit beside comparable goods without.
//!
//! Goods are comparable that share chapter, origin, mode and month. Within each such stratum the share of checks and
//! the release time are compared; strata are weighted by the number of benefited consignments that have a counterpart
//! (the effect on those who got it). Consignments without counterpart are counted and left out, never guessed at.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One consignment that reached its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What makes it comparable: chapter, origin, mode, month.
    pub stratum: String,
    /// Whether it had the benefit.
    pub side: Side,
    /// Whether it was held or looked into.
    pub checked: Checked,
    /// Minutes from declaration to release; none where it was not released.
    pub minutes: Option<u32>,
}

/// With or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// With the benefit.
    With,
    /// Without.
    Without,
}

/// Whether somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// It was checked.
    Yes,
    /// It was not.
    No,
}

/// One side of the comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// How many stand behind it.
    pub consignments: u32,
    /// Share checked in thousandths, weighted.
    pub checked_permille: Decimal,
    /// Mean minutes to release, weighted; none where nothing was released.
    pub minutes: Option<Decimal>,
}

/// The comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// With the benefit.
    pub with: Measured,
    /// Comparable goods without.
    pub without: Measured,
    /// Strata both sides stand in.
    pub strata: u32,
    /// Benefited consignments without any counterpart, left out.
    pub left_out: u32,
    /// The same without weighting: what a naive report would say.
    pub naive_with_permille: Decimal,
    /// And of the others.
    pub naive_without_permille: Decimal,
}

#[derive(Default)]
struct Cell {
    number: u32,
    checked: u32,
    released: u32,
    minutes: u64,
}

/// Compares like for like.
#[must_use]
pub fn compare(passages: &[Passage]) -> Comparison {
    let mut strata: BTreeMap<&str, BTreeMap<Side, Cell>> = BTreeMap::new();
    for passage in passages {
        let cell = strata.entry(&passage.stratum).or_default().entry(passage.side).or_default();
        cell.number += 1;
        cell.checked += u32::from(passage.checked == Checked::Yes);
        if let Some(minutes) = passage.minutes {
            cell.released += 1;
            cell.minutes += u64::from(minutes);
        }
    }
    let mut comparison = Comparison::default();
    let (mut with, mut without) = (Sum::default(), Sum::default());
    for cells in strata.values() {
        match (cells.get(&Side::With), cells.get(&Side::Without)) {
            (Some(own), Some(other)) => {
                comparison.strata += 1;
                with.add(own, own.number);
                without.add(other, own.number);
            }
            (Some(own), None) => comparison.left_out += own.number,
            (None, _) => {}
        }
    }
    comparison.with = with.measured();
    comparison.without = without.measured();
    comparison.naive_with_permille = naive(passages, Side::With);
    comparison.naive_without_permille = naive(passages, Side::Without);
    comparison
}

#[derive(Default)]
struct Sum {
    consignments: u32,
    weight: Decimal,
    checked: Decimal,
    time_weight: Decimal,
    minutes: Decimal,
}

impl Sum {
    fn add(&mut self, cell: &Cell, weight: u32) {
        let weight = Decimal::from(weight);
        self.consignments += cell.number;
        self.weight += weight;
        self.checked += weight * Decimal::from(cell.checked) / Decimal::from(cell.number.max(1));
        if cell.released > 0 {
            self.time_weight += weight;
            self.minutes += weight * Decimal::from(cell.minutes) / Decimal::from(cell.released);
        }
    }

    fn measured(&self) -> Measured {
        let share = |sum: Decimal, weight: Decimal| sum.checked_div(weight).map(|share| share.round_dp(1));
        let permille = self.checked * Decimal::ONE_THOUSAND;
        Measured {
            consignments: self.consignments,
            checked_permille: share(permille, self.weight).unwrap_or_default(),
            minutes: share(self.minutes, self.time_weight),
        }
    }
}

fn naive(passages: &[Passage], side: Side) -> Decimal {
    let own = || passages.iter().filter(|passage| passage.side == side);
    let checked = own().filter(|passage| passage.checked == Checked::Yes).count();
    let share = Decimal::from(checked) * Decimal::ONE_THOUSAND;
    share.checked_div(Decimal::from(own().count())).map(|share| share.round_dp(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(number: usize, checked: usize, stratum: &str, side: Side, minutes: u32) -> Vec<Passage> {
        (0..number)
            .map(|at| Passage {
                stratum: stratum.into(),
                side,
                checked: if at < checked { Checked::Yes } else { Checked::No },
                minutes: Some(minutes),
            })
            .collect()
    }

    /// Trusted traders ship the goods that are checked less anyway: a naive report shows a benefit where there is none.
    #[test]
    fn what_is_not_alike_is_not_compared() {
        let mut passages = many(90, 9, "85", Side::With, 60);
        passages.extend(many(10, 1, "85", Side::Without, 60));
        passages.extend(many(10, 5, "02", Side::With, 300));
        passages.extend(many(90, 45, "02", Side::Without, 300));
        passages.extend(many(7, 0, "99", Side::With, 10));
        let found = compare(&passages);
        assert_eq!(found.with.checked_permille, found.without.checked_permille);
        assert_eq!(found.with.minutes, found.without.minutes);
        assert!(found.naive_with_permille < found.naive_without_permille);
        assert_eq!((found.strata, found.left_out), (2, 7));
    }

    #[test]
    fn a_real_benefit_shows() {
        let mut passages = many(50, 2, "85", Side::With, 30);
        passages.extend(many(50, 10, "85", Side::Without, 120));
        let found = compare(&passages);
        assert_eq!(found.with.checked_permille, Decimal::from(40));
        assert_eq!(found.without.checked_permille, Decimal::from(200));
        assert_eq!((found.with.minutes, found.without.minutes), (Some(30.into()), Some(120.into())));
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(compare(&[]), Comparison::default());
    }
}
