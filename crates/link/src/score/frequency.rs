//! How common a value is, and what that makes of its agreeing: two firms that share a rare word are sooner one than two
//! that share a word many have, and a heading everybody trades in tells little.
//!
//! This is Winkler's adjustment of Fellegi and Sunter's weights. What a level of agreement weighs is an average over all
//! values; the adjustment takes the average apart again, by how often each value occurs among the documents at hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{Millibits, millibits};
use super::{Field, Level};
use crate::held::Known;

/// A field in whose values it matters how common they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Valued {
    /// The rarest word of who receives.
    Consignee,
    /// The rarest word of who sends.
    Exporter,
    /// The heading of the goods.
    Heading,
    /// Where they are unloaded.
    Place,
}

impl Valued {
    pub(crate) const ALL: [Self; 4] = [Self::Consignee, Self::Exporter, Self::Heading, Self::Place];

    pub(crate) const fn field(self) -> Field {
        match self {
            Self::Consignee => Field::Consignee,
            Self::Exporter => Field::Exporter,
            Self::Heading => Field::Hs,
            Self::Place => Field::Place,
        }
    }
}

/// What being common or rare adds, by field and value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Frequencies([Table; Valued::ALL.len()]);

/// The values of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Table {
    /// Statements counted.
    counted: u32,
    /// How often values occur that occur more than once, and what each of them adds.
    values: BTreeMap<u64, Seen>,
    /// What a value adds that occurs once or was never seen.
    rare: Millibits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    times: u32,
    adds: Millibits,
}

impl Frequencies {
    /// The values of a field.
    pub(crate) const fn of(&self, valued: Valued) -> &Table {
        &self.0[valued as usize]
    }

    /// Sets what was counted of a field.
    pub(crate) fn set(&mut self, valued: Valued, table: Table) {
        self.0[valued as usize] = table;
    }
}

impl Table {
    /// What these statements say, each with its values: one code, or the words of a name. A name agrees by its rarest
    /// word.
    pub(crate) fn of(stated: &[Vec<u64>]) -> Self {
        let mut times: BTreeMap<u64, u32> = BTreeMap::new();
        stated.iter().flatten().for_each(|value| *times.entry(*value).or_default() += 1);
        let rarest = stated.iter().filter_map(|values| values.iter().map(|value| times[value]).min());
        let (counted, sum) =
            rarest.fold((0_u32, 0_u64), |(counted, sum), times| (counted + 1, sum + u64::from(times)));
        if counted < COUNTED_MIN {
            return Self::default();
        }
        // How often two statements taken by chance agree.
        let whole = f64::from(counted);
        let usual = sum as f64 / whole / whole;
        let adds = |times: u32| {
            let share = (f64::from(times) + SMOOTHED) / (whole + SMOOTHED);
            (millibits(usual / share) * PART / 100).clamp(-MOST, MOST)
        };
        let often = times.iter().filter(|(_, times)| **times > 1);
        let values =
            often.map(|(value, times)| (*value, Seen { times: *times, adds: adds(*times) })).collect();
        Self { counted, values, rare: adds(1) }
    }

    /// What a value adds where it agrees.
    pub(crate) fn adds(&self, value: u64) -> Millibits {
        self.seen(value).adds
    }

    /// How often a value was stated, of how many statements.
    pub(crate) fn times(&self, value: u64) -> (u32, u32) {
        (self.seen(value).times, self.counted)
    }

    /// The rarest word of a name, with its number; of equals the first.
    pub(crate) fn rarest(&self, party: &Known) -> Option<(u64, String)> {
        let words = party.telling.iter().copied().enumerate();
        words.min_by_key(|(_, word)| self.times(*word).0).map(|(at, word)| (word, party.spelled(at)))
    }

    /// What it adds that two names agree: of their rarest words the more common one counts, since what a slip of the pen
    /// makes rare says nothing.
    pub(crate) fn adds_shared(&self, left: &Known, right: &Known) -> Millibits {
        let rarest =
            |party: &Known| party.telling.iter().map(|word| self.seen(*word)).min_by_key(|seen| seen.times);
        match (rarest(left), rarest(right)) {
            (Some(left), Some(right)) if left.times > right.times => left.adds,
            (Some(_), Some(right)) => right.adds,
            _ => 0,
        }
    }

    fn seen(&self, value: u64) -> Seen {
        self.values.get(&value).copied().unwrap_or(Seen { times: 1, adds: self.rare })
    }
}

/// Whether a field agrees at a level at which its value counts.
pub(crate) const fn counts(level: Level) -> bool {
    matches!(level, Level::Same | Level::Close | Level::Part | Level::Six)
}

/// The most one value's being rare or common adds.
pub(crate) const MOST: Millibits = 2_000;
/// How much of the adjustment is applied, in hundredths: names that were misspelled look rarer than they are.
const PART: Millibits = 60;
/// Statements assumed of every value beside those seen.
const SMOOTHED: f64 = 1.0;
/// Fewer statements than this say nothing of how common their values are.
const COUNTED_MIN: u32 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_have_says_less_than_what_few_have() {
        let stated = (0..1_000_u64).map(|at| if at.is_multiple_of(2) { 0 } else { at });
        let table = Table::of(&stated.map(|value| vec![value]).collect::<Vec<_>>());
        assert!(table.adds(0) < 0, "half of all have it");
        assert!(table.adds(3) > 0, "one in a thousand has it");
        assert_eq!(
            table.adds(3),
            table.adds(999_999),
            "what was never seen is as rare as what was seen once"
        );
        assert_eq!((table.times(0), table.times(3)), ((500, 1_000), (1, 1_000)));
    }

    #[test]
    fn where_all_values_are_alike_common_nothing_is_added() {
        let table = Table::of(&(0..1_000_u64).map(|at| vec![at % 10]).collect::<Vec<_>>());
        assert!(table.adds(4).abs() < 30, "{}", table.adds(4));
    }

    #[test]
    fn a_name_is_as_common_as_its_rarest_word() {
        // All are called 1; every tenth is called 2 as well, the others something of their own.
        let named = |at: u64| vec![1, if at.is_multiple_of(10) { 2 } else { 1_000 + at }];
        let table = Table::of(&(0..1_000).map(named).collect::<Vec<_>>());
        assert!(table.adds(2) < table.adds(1_003), "shared by a hundred");
        assert!(table.adds(1) < table.adds(2), "shared by all");
    }

    #[test]
    fn few_statements_say_nothing() {
        assert_eq!(Table::of(&[vec![1], vec![1, 2]]), Table::default());
        assert_eq!(Table::default().adds(1), 0);
    }
}
