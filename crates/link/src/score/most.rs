//! The most that is still open can weigh: what bounds a pair from above before all of it is compared.

use super::frequency::{self, counts};
use super::levels::Glance;
use super::{Field, Level, Millibits, Model};

/// The most each part of the evidence can weigh by these weights, with what being common or rare may add to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// The address of who receives.
    pub(super) address: Millibits,
    /// Who receives, whatever a glance shows.
    pub(super) consignee: Millibits,
    /// Who sends, the same way.
    pub(super) exporter: Millibits,
    /// The other lines.
    pub(super) siblings: Millibits,
    /// How much.
    pub(super) quantity: Millibits,
    /// What else a pair of lines says besides its documents; the quoted number aside.
    pub(super) line: Millibits,
}

impl Most {
    pub(super) fn of(model: &Model) -> Self {
        let most = |field| of_levels(model, field, Field::levels(field));
        Self {
            address: most(Field::Address),
            consignee: most(Field::Consignee),
            exporter: most(Field::Exporter),
            siblings: most(Field::Siblings),
            quantity: most(Field::Quantity),
            line: most(Field::Hs) + most(Field::Origin) + most(Field::Item),
        }
    }
}

/// The most a party's name can weigh after a glance.
pub(super) fn of_glance(model: &Model, field: Field, glance: Glance) -> Millibits {
    match glance {
        Glance::Sure(level) => of_levels(model, field, &[level]),
        Glance::Open(levels) => of_levels(model, field, levels),
    }
}

fn of_levels(model: &Model, field: Field, levels: &[Level]) -> Millibits {
    let valued = frequency::Valued::ALL.iter().any(|valued| valued.field() == field);
    let common = |level: Level| if valued && counts(level) { frequency::MOST } else { 0 };
    levels.iter().map(|level| model.weight(field, *level) + common(*level)).max().unwrap_or(0)
}
