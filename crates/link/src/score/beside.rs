//! Two documents beside each other: what all pairs of their lines have in common, compared once.

use super::evidence::Docs;
use super::frequency::{Valued, counts};
use super::laid::Laid;
use super::levels::{self, Glance};
use super::weighing::Weighing;
use super::{Field, Level, Millibits, Model, most, receiver};

/// What two documents say of any of their lines, names of parties as far as anybody asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// The way of the goods and the address.
    pub(super) way: Weighing<'a>,
    pub(super) consignee: Named,
    pub(super) exporter: Named,
}

/// Which party of two documents.
#[derive(Clone, Copy, Debug)]
pub(super) enum Party {
    /// Who sends.
    Sender,
    /// Who receives, and how far the addresses agree.
    Receiver(Level),
}

/// Two parties, of whom at first no more is known than a glance shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    party: Party,
    seen: Glance,
    /// What being common or rare adds; nothing before the names are laid beside each other.
    pub(super) adds: Millibits,
    /// The most all of it may weigh.
    pub(super) most: Millibits,
}

impl Beside<'_> {
    /// The most the names of both parties may weigh.
    pub(super) const fn names_most(&self) -> Millibits {
        self.consignee.most + self.exporter.most
    }
}

impl Party {
    const fn valued(self) -> Valued {
        match self {
            Self::Sender => Valued::Exporter,
            Self::Receiver(_) => Valued::Consignee,
        }
    }

    /// What a name says beside what the address said.
    fn weight(self, name: Level, model: &Model) -> Millibits {
        let weight = model.weight(self.valued().field(), name);
        match self {
            Self::Sender => weight,
            Self::Receiver(address) => {
                weight + receiver::spared(weight, model.weight(Field::Address, address))
            }
        }
    }

    /// The most it can say after a glance.
    fn most(self, glance: &Glance, model: &Model) -> Millibits {
        match self {
            Self::Sender => most::of_exporter(model, glance),
            Self::Receiver(address) => {
                receiver::most(model, glance.levels(), &[address]) - model.weight(Field::Address, address)
            }
        }
    }
}

impl Named {
    /// Two parties at a glance.
    pub(super) fn new(docs: &Docs<'_>, party: Party, model: &Model) -> Self {
        let (left, right) = docs.known(party.valued());
        let seen = levels::glance(left, right);
        Self { party, seen, adds: 0, most: party.most(&seen, model) }
    }

    /// How far they agree, their names laid beside each other where that was not done yet.
    pub(super) fn level(&mut self, docs: &Docs<'_>, model: &Model, laid: &mut Laid) -> Level {
        if let Glance::Sure(level) = self.seen {
            return level;
        }
        let valued = self.party.valued();
        let (left, right) = docs.parties(valued);
        let level = laid.level(&docs.terms.parties, left, right);
        if counts(level) {
            let (left, right) = docs.known(valued);
            self.adds = model.frequencies.of(valued).adds_shared(left, right);
        }
        self.seen = Glance::Sure(level);
        self.most = self.party.weight(level, model) + self.adds;
        level
    }
}
