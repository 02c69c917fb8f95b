//! The weights: what each level of agreement says for or against a link, in thousandths of a bit.

pub(crate) use names::pow2;
pub use names::{Millibits, per_mille};
use serde::{Deserialize, Serialize};

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

    /// The most any level of a field can say.
    pub(crate) fn most(&self, field: Field) -> Millibits {
        self.weights[field as usize].iter().copied().max().unwrap_or(0)
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
        row(Field::Consignee, [0, 4_000, 2_600, 2_500, 2_000, -2_000, 0]);
        row(Field::Exporter, [0, 3_500, 2_200, 2_200, 1_700, -1_600, 0]);
        row(Field::Address, [0, 2_500, -600, -4_000, 0, 0, 0]);
        row(Field::Hs, [0, 2_000, 1_700, -4_500, -5_500, -6_000, 0]);
        row(Field::Quantity, [0, 7_000, 3_600, 5_500, -2_000, -3_500, -4_000]);
        row(Field::Origin, [0, 600, -5_000, 0, 0, 0, 0]);
        row(Field::Lag, [0, 2_100, -2_300, -5_000, -4_500, -6_000, 0]);
        row(Field::Mode, [0, 800, -5_000, 0, 0, 0, 0]);
        row(Field::Place, [0, 1_000, -2_500, -3_000, 0, 0, 0]);
        row(Field::From, [0, 400, -3_300, 0, 0, 0, 0]);
        row(Field::Item, [0, 900, -2_500, 0, 0, 0, 0]);
        row(Field::Siblings, [0, 2_300, -5_000, 0, 0, 0, 0]);
        Self { weights, prior: -4_600, lots: -1_000, further: 4_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_the_field_does_not_have_says_nothing() {
        assert_eq!(Model::default().weight(Field::Origin, Level::Six), 0);
    }
}
