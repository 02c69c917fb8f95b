//! Amounts that can be added up: in one unit a dimension, as whole millionths.

use kernel::{Quantity, Unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::Code;
use crate::compare::{Dimension, Measure};

/// An amount that can be summed with others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) kind: Kind,
    /// Millionths of the kind's unit.
    pub(crate) micro: i64,
}

/// What is summed: a dimension in its own unit, or a unit nobody can convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Known(Dimension),
    Own(Code),
}

/// What one of each unit seen is, by the unit's number.
#[derive(Clone, Debug, Default)]
pub(super) struct Units(Vec<Option<Measure>>);

impl Units {
    /// Learns a unit.
    pub(super) fn know(&mut self, code: Code, unit: &Unit) {
        if self.0.get(code.at()).is_none_or(Option::is_none) {
            let one = Quantity { amount: Decimal::ONE, unit: unit.clone() };
            Measure::of(&one).into_iter().for_each(|measure| self.set(code, measure));
        }
    }

    /// Sets what one of a unit is.
    pub(super) fn set(&mut self, code: Code, measure: Measure) {
        if self.0.len() <= code.at() {
            self.0.resize(code.at() + 1, None);
        }
        self.0[code.at()] = Some(measure);
    }

    /// The units it can convert, by the places of their codes.
    pub(super) fn known(&self) -> impl Iterator<Item = (usize, Measure)> + '_ {
        self.0.iter().enumerate().filter_map(|(at, measure)| Some((at, (*measure)?)))
    }

    /// An amount of a unit; `None` without a unit, and where it is too much to be counted.
    pub(super) fn amount(&self, amount: Decimal, unit: Code) -> Option<Amount> {
        if unit.is_none() {
            return None;
        }
        let (kind, one) = match self.0.get(unit.at()).copied().flatten() {
            Some(measure) => (Kind::Known(measure.dimension), measure.amount),
            None => (Kind::Own(unit), Decimal::ONE),
        };
        let micro = amount.checked_mul(one)?.checked_mul(Decimal::from(1_000_000))?.round().to_i64()?;
        Some(Amount { kind, micro })
    }
}

impl Amount {
    /// The sum of two amounts of one kind.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let micro = self.micro.checked_add(other.micro)?;
        (self.kind == other.kind).then_some(Self { micro, ..self })
    }

    /// Whether it has no more than two digits besides noughts.
    pub(crate) const fn is_round(self) -> bool {
        let mut rest = self.micro.unsigned_abs();
        while rest != 0 && rest.is_multiple_of(10) {
            rest /= 10;
        }
        rest < 100
    }

    /// So many parts per thousand of it, without its sign.
    pub(crate) const fn share(self, per_mille: u64) -> u64 {
        let whole = self.micro.unsigned_abs();
        match whole.checked_mul(per_mille) {
            Some(product) => product / 1_000,
            None => whole / 1_000 * per_mille,
        }
    }
}
