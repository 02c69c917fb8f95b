//! How a consignment is tied to what partners said.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CaseId, Effect, Facts, Refusal};

use super::super::{Group, Tie};
use super::findings::withdraw;
use super::{Consignment, Event, Stage};
use crate::agreement::ReceivedAct;

impl Consignment {
    /// What partners said about it, by received item.
    #[must_use]
    pub const fn ties(&self) -> &BTreeMap<CaseId, Tie> {
        &self.ties
    }

    /// Whether somebody judged how it is tied.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        !self.confirmed.is_empty() || !self.rejected.is_empty()
    }

    /// Items somebody judged to be the right ones.
    #[must_use]
    pub const fn confirmed(&self) -> &BTreeSet<CaseId> {
        &self.confirmed
    }

    /// Items somebody judged not to be about it.
    #[must_use]
    pub const fn rejected(&self) -> &BTreeSet<CaseId> {
        &self.rejected
    }

    pub(super) fn judged(&self) -> Stage {
        let any = |group: Group| self.ties.values().any(|tie| tie.group == group && !self.is_settled(tie));
        match () {
            () if self.findings.values().any(|raised| raised.open) => Stage::Flagged,
            () if any(Group::Ambiguous) => Stage::Ambiguous,
            () if any(Group::Partial) => Stage::Partial,
            () if self.ties.is_empty() => Stage::Declared,
            () => Stage::Matched,
        }
    }

    /// Whether somebody settled how it is tied where several ways were likely.
    pub(super) fn is_settled(&self, tie: &Tie) -> bool {
        tie.group == Group::Ambiguous && self.confirmed.contains(&tie.item)
    }

    /// Of the ways that compete, one is picked, or none; those left are not tied again.
    pub(super) fn chosen(&self, item: Option<&CaseId>) -> Result<Event, Refusal> {
        let open: Vec<&CaseId> =
            self.ties.values().filter(|tie| tie.group == Group::Ambiguous).map(|tie| &tie.item).collect();
        if open.is_empty() || item.is_some_and(|item| !open.contains(&item)) {
            let named = item.map_or_else(String::new, ToString::to_string);
            return Err(Refusal::new("link-not-open", named)
                .remedy(open.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")));
        }
        let instead = open.into_iter().filter(|other| Some(*other) != item);
        let instead = instead.map(|other| (other.clone(), self.standing_on(other))).collect();
        Ok(Event::Chosen { item: item.cloned(), instead })
    }

    pub(super) fn tie(&mut self, tie: &Tie, gone: &[CaseId]) {
        self.forget(gone);
        self.ties.insert(tie.item.clone(), tie.clone());
        self.raise(&tie.item, &tie.differences);
    }

    pub(super) fn untie(&mut self, item: &CaseId, reason: &str, gone: &[CaseId]) {
        self.forget(gone);
        self.ties.remove(item);
        if reason == WRONG_LINK {
            self.rejected.insert(item.clone());
        }
    }

    pub(super) fn settle(&mut self, item: Option<&CaseId>, instead: &BTreeMap<CaseId, Vec<CaseId>>) {
        for (other, gone) in instead {
            self.untie(other, WRONG_LINK, gone);
        }
        self.confirmed.extend(item.cloned());
    }

    /// The item hears that it is tied, and the differences become findings.
    pub(super) fn after_tie(&self, tie: &Tie, gone: &[CaseId], facts: &Facts<'_>) -> Vec<Effect> {
        let link = ReceivedAct::Link { consignment: facts.case.clone() };
        let mut effects = vec![Effect::act(tie.item.clone(), &link)];
        effects.extend(gone.iter().map(|case| withdraw(case, "difference-gone")));
        let raised = |difference| self.raised(&tie.item, &tie.export, difference, facts);
        effects.extend(tie.differences.iter().map(raised));
        effects
    }
}

/// Items hear that they are tied no more, and the findings that stood on them are withdrawn.
pub(super) fn untied<'a>(
    gone: impl Iterator<Item = (&'a CaseId, &'a Vec<CaseId>)> + Clone,
    reason: &str,
    facts: &Facts<'_>,
) -> Vec<Effect> {
    let unlink = ReceivedAct::Unlink { consignment: facts.case.clone() };
    let unlinked = gone.clone().map(|(item, _)| Effect::act(item.clone(), &unlink));
    let withdrawn = gone.flat_map(|(_, cases)| cases).map(|case| withdraw(case, reason));
    unlinked.chain(withdrawn).collect()
}

/// The reason that also keeps an item from being tied again.
pub(crate) const WRONG_LINK: &str = "wrong-link";
