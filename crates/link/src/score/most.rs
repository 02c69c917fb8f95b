//! The most that is still open can weigh: what bounds a pair from above before all of it is compared.

use super::frequency::{self, counts};
use super::levels::Glance;
use super::{Field, Level, Millibits, Model, receiver};

/// The most each part of the evidence can weigh by these weights, with what being common or rare may add to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Who receives and where, whatever a glance shows.
    pub(super) receiver: Millibits,
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
            receiver: receiver::most(model, Field::Consignee.levels(), Field::Address.levels()),
            exporter: most(Field::Exporter),
            siblings: most(Field::Siblings),
            quantity: most(Field::Quantity),
            line: most(Field::Hs) + most(Field::Origin) + most(Field::Item),
        }
    }
}

/// The most the name of who sends can weigh after a glance.
pub(super) fn of_exporter(model: &Model, glance: &Glance) -> Millibits {
    of_levels(model, Field::Exporter, glance.levels())
}

fn of_levels(model: &Model, field: Field, levels: &[Level]) -> Millibits {
    let valued = frequency::Valued::ALL.iter().any(|valued| valued.field() == field);
    let common = |level: Level| if valued && counts(level) { frequency::MOST } else { 0 };
    levels.iter().map(|level| model.weight(field, *level) + common(*level)).max().unwrap_or(0)
}
