//! Two documents beside each other: what all pairs of their lines have in common, compared once.

use super::evidence::Docs;
use super::frequency::{Valued, counts};
use super::laid::Laid;
use super::levels::{self, Glance};
use super::weighing::Weighing;
use super::{Level, Millibits, Model, most};

/// What two documents say of any of their lines, names of parties as far as anybody asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// The way of the goods and the address.
    pub(super) way: Weighing<'a>,
    pub(super) consignee: Named,
    pub(super) exporter: Named,
}

/// Two parties, of whom at first no more is known than a glance shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    valued: Valued,
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

impl Named {
    /// Two parties at a glance.
    pub(super) fn new(docs: &Docs<'_>, valued: Valued, model: &Model) -> Self {
        let (left, right) = docs.known(valued);
        let seen = levels::glance(left, right);
        Self { valued, seen, adds: 0, most: most::of_glance(model, valued.field(), seen) }
    }

    /// How far they agree, their names laid beside each other where that was not done yet.
    pub(super) fn level(&mut self, docs: &Docs<'_>, model: &Model, laid: &mut Laid) -> Level {
        if let Glance::Sure(level) = self.seen {
            return level;
        }
        let (left, right) = docs.parties(self.valued);
        let level = laid.level(&docs.terms.parties, left, right);
        if counts(level) {
            let (left, right) = docs.known(self.valued);
            self.adds = model.frequencies.of(self.valued).adds_shared(left, right);
        }
        self.seen = Glance::Sure(level);
        self.most = model.weight(self.valued.field(), level) + self.adds;
        level
    }
}
