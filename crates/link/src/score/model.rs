//! The weights: what each level of agreement says for or against a link, in thousandths of a bit.

pub(crate) use names::pow2;
pub use names::{Millibits, per_mille};
use serde::{Deserialize, Serialize};

use super::frequency::Frequencies;
use super::habit::Habits;
use super::{Field, Level};

const FIELD_COUNT: usize = Field::ALL.len();
const LEVEL_COUNT: usize = 7;

/// The weights of all levels of all fields, and the prior.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    weights: [[Millibits; LEVEL_COUNT]; FIELD_COUNT],
    /// Odds of a candidate pair before anything is compared.
    pub prior: Millibits,
    /// What each further line of a split or merged group weighs.
    pub lots: Millibits,
    /// The most a further line's own evidence adds: parties and route are the same evidence again.
    pub further: Millibits,
    /// How common values are.
    #[serde(default)]
    pub(crate) frequencies: Frequencies,
    /// How many days goods usually take.
    #[serde(default)]
    pub(crate) habits: Habits,
}

impl Model {
    /// What this level says for a link; 0 for a level the field does not have.
    #[must_use]
    pub fn weight(&self, field: Field, level: Level) -> Millibits {
        let at = field.levels().iter().position(|known| *known == level);
        at.map_or(0, |at| self.weights[field as usize][at])
    }

    /// Sets what a level says; a level the field does not have is left out.
    pub fn set(&mut self, field: Field, level: Level, weight: Millibits) {
        if let Some(at) = field.levels().iter().position(|known| *known == level) {
            self.weights[field as usize][at] = weight;
        }
    }

    /// The weight at a position of [`Field::levels`].
    #[must_use]
    pub(crate) fn at(&self, field: Field, level: u8) -> Millibits {
        self.weights[field as usize][usize::from(level)]
    }
}

/// Weights for a lane of which nothing is known yet: learnt from trade of other lanes, rounded, and softened where a
/// lane may have habits of its own.
impl Default for Model {
    fn default() -> Self {
        let mut weights = [[0; LEVEL_COUNT]; FIELD_COUNT];
        let mut row = |field: Field, row: [Millibits; LEVEL_COUNT]| weights[field as usize] = row;
        row(Field::Quoted, [0, 40_000, -12_000, 0, 0, 0, 0]);
        row(Field::Consignee, [0, 4_000, 2_600, 2_500, 2_000, -2_000, 2_600]);
        row(Field::Exporter, [0, 3_500, 2_200, 2_200, 1_700, -1_600, 2_200]);
        row(Field::Address, [0, 2_500, -600, -4_000, 0, 0, 0]);
        row(Field::Hs, [0, 2_000, 1_700, -4_500, -5_500, -6_000, 0]);
        row(Field::Quantity, [0, 7_000, 3_600, 5_500, -2_000, -3_500, -4_000]);
        row(Field::Origin, [0, 600, -5_000, 0, 0, 0, 0]);
        row(Field::Lag, [0, 2_100, -2_300, -5_000, -4_500, -6_000, 0]);
        row(Field::Mode, [0, 800, -5_000, 0, 0, 0, 0]);
        row(Field::Place, [0, 1_000, -2_500, -3_000, 0, 0, 0]);
        row(Field::From, [0, 400, -3_300, 0, 0, 0, 0]);
        row(Field::Item, [0, 900, -2_500, 0, 0, 0, 0]);
        row(Field::Siblings, [0, 2_300, 500, -2_000, -5_000, 0, 0]);
        Self {
            weights,
            prior: -4_600,
            lots: -1_000,
            further: 4_000,
            frequencies: Frequencies::default(),
            habits: Habits::default(),
        }
    }
}

/// The binary logarithm in thousandths, by halving and squaring alone, so that every machine gives the same number.
pub(crate) fn millibits(ratio: f64) -> Millibits {
    if !(ratio.is_finite() && ratio > 0.0) {
        return if ratio > 0.0 { LOG_MAX } else { -LOG_MAX };
    }
    let (mut rest, mut whole) = (ratio, 0_i32);
    while rest >= 2.0 {
        rest /= 2.0;
        whole += 1;
    }
    while rest < 1.0 {
        rest *= 2.0;
        whole -= 1;
    }
    let (mut part, mut bit) = (0.0_f64, 0.5);
    for _ in 0..16 {
        rest *= rest;
        if rest >= 2.0 {
            rest /= 2.0;
            part += bit;
        }
        bit /= 2.0;
    }
    whole * 1_000 + (part * 1_000.0).round() as Millibits
}

/// What stands for the logarithm of nought and of more than can be counted.
const LOG_MAX: Millibits = 9_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_the_field_does_not_have_says_nothing() {
        assert_eq!(Model::default().weight(Field::Origin, Level::Six), 0);
    }

    #[test]
    fn millibits_are_the_logarithm() {
        for ratio in [0.001, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 1_000.0] {
            let exact = f64::log2(ratio) * 1_000.0;
            assert!((f64::from(millibits(ratio)) - exact).abs() <= 1.0, "{ratio}");
        }
        assert_eq!((millibits(0.0), millibits(f64::INFINITY)), (-LOG_MAX, LOG_MAX));
    }
}
