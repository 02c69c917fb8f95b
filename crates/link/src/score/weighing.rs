//! Evidence while it is gathered, and what it weighs so far.

use super::evidence::Evidence;
use super::frequency::Valued;
use super::habit::DayAt;
use super::{Field, Level, Millibits, Model};

/// Evidence of which some is gathered, each field once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighing<'a> {
    model: &'a Model,
    evidence: Evidence,
    weight: Millibits,
}

impl<'a> Weighing<'a> {
    /// Nothing gathered yet but the days the goods took.
    pub(super) fn new(model: &'a Model, day: DayAt) -> Self {
        Self { model, evidence: Evidence::of(day), weight: model.prior + model.habits.adds(day) }
    }

    /// Takes in how far the amounts of the two lines agree; what that weighs belongs to their group.
    pub(super) const fn regard(&mut self, quantity: Level) {
        self.evidence.regard(quantity);
    }

    /// Takes in how far a field agrees.
    pub(super) fn set(&mut self, field: Field, level: Level) {
        self.weight += self.model.at(field, field.place(level)) - self.spared_by(field);
        self.evidence.set(field, level);
        self.weight += self.spared_by(field);
    }

    /// Takes in what being common or rare adds, where the field agrees in a value.
    pub(super) fn set_common(&mut self, valued: Valued, adds: Millibits) {
        self.weight += self.evidence.set_common(valued, adds);
    }

    /// What depends on a field besides its own weight.
    fn spared_by(&self, field: Field) -> Millibits {
        match field {
            Field::Consignee | Field::Address => self.evidence.spared(self.model),
            _ => 0,
        }
    }

    /// What is gathered weighs so much, the prior included.
    pub(super) const fn weight(&self) -> Millibits {
        self.weight
    }

    pub(super) const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}
