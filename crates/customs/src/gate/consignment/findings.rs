//! The findings raised on a consignment: which stand, which stand no more, and the heaviest of them.

use kernel::{CaseId, Effect, Facts, Severity};
use serde::{Deserialize, Serialize};

use super::super::finding::{self, Finding};
use super::super::{Difference, Tie};
use super::Consignment;

/// A finding raised on a consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Raised {
    pub(super) item: CaseId,
    pub(super) code: String,
    pub(super) open: bool,
}

impl Consignment {
    /// The findings raised on it.
    pub fn findings(&self) -> impl Iterator<Item = &CaseId> {
        self.findings.keys()
    }

    /// What is wrong with our own declaration, whatever partners say.
    #[must_use]
    pub fn own(&self) -> &[Difference] {
        &self.own
    }

    pub(super) fn standing_on(&self, item: &CaseId) -> Vec<CaseId> {
        let on_item = |(_, raised): &(&CaseId, &Raised)| raised.item == *item;
        self.findings.iter().filter(on_item).map(|(case, _)| case.clone()).collect()
    }

    /// The findings of an item that its new judgement no longer bears out.
    pub(super) fn gone(&self, tie: &Tie, facts: &Facts<'_>) -> Vec<CaseId> {
        let stays = |case: &CaseId| {
            let mut cases =
                tie.differences.iter().map(|difference| Finding::case_of(facts.case, &tie.item, difference));
            cases.any(|still| still == *case)
        };
        self.standing_on(&tie.item).into_iter().filter(|case| !stays(case)).collect()
    }

    /// The findings of an earlier look at our own declaration that this one no longer bears out.
    pub(super) fn gone_own(&self, differences: &[Difference], facts: &Facts<'_>) -> Vec<CaseId> {
        let case = |difference: &Difference| Finding::case_of(facts.case, facts.case, difference);
        let stays: Vec<CaseId> = differences.iter().map(case).collect();
        let then = self.own.iter().map(case);
        then.filter(|case| !stays.contains(case) && self.findings.contains_key(case)).collect()
    }

    pub(super) fn forget(&mut self, gone: &[CaseId]) {
        for case in gone {
            self.findings.remove(case);
        }
    }

    pub(super) fn raise_own(&mut self) {
        let Some(declaration) = &self.declaration else { return };
        let (case, own) = (Self::case_of(&declaration.number), self.own.clone());
        self.raise(&case, &own);
    }

    pub(super) fn raise(&mut self, item: &CaseId, differences: &[Difference]) {
        let Some(declaration) = &self.declaration else { return };
        let case = Self::case_of(&declaration.number);
        for difference in differences.iter().filter(|difference| difference.severity >= Severity::Warning) {
            let raised = Raised {
                item: item.clone(),
                code: difference.code.clone(),
                open: !difference.is_explained(),
            };
            self.findings.entry(Finding::case_of(&case, item, difference)).or_insert(raised);
        }
    }

    /// A finding is raised on this consignment.
    pub(super) fn raised(
        &self,
        item: &CaseId,
        export: &str,
        difference: &Difference,
        facts: &Facts<'_>,
    ) -> Effect {
        let raise = finding::Act::Raise {
            consignment: facts.case.clone(),
            item: item.clone(),
            export: export.to_owned(),
            difference: Box::new(difference.clone()),
            decide_before: self.declaration.as_ref().and_then(|declaration| declaration.arrives),
        };
        Effect::act(Finding::case_of(facts.case, item, difference), &raise)
    }

    /// What an own look at our declaration saw becomes findings that stand on the consignment itself.
    pub(super) fn after_check(
        &self,
        differences: &[Difference],
        gone: &[CaseId],
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let withdrawn = gone.iter().map(|case| withdraw(case, "difference-gone"));
        let raised = differences.iter().map(|difference| self.raised(facts.case, "", difference, facts));
        withdrawn.chain(raised).collect()
    }

    pub(super) fn severity(&self) -> Option<Severity> {
        self.worst().map(|worst| worst.severity)
    }

    /// The heaviest difference that awaits a verdict, for the one sentence a list shows.
    pub(super) fn worst(&self) -> Option<&Difference> {
        let case = Self::case_of(&self.declaration.as_ref()?.number);
        let open = |item: &CaseId, difference: &Difference| {
            self.findings.get(&Finding::case_of(&case, item, difference)).is_some_and(|raised| raised.open)
        };
        let tied = self.ties.iter().map(|(item, tie)| (item, &tie.differences));
        let claimed = self.believed.values().map(|one| (one.stands_on(), &one.differences));
        let own = std::iter::once((&case, &self.own));
        let all = tied.chain(claimed).chain(own).flat_map(|(item, differences)| {
            differences.iter().filter(move |difference| open(item, difference))
        });
        all.max_by_key(|difference| difference.severity)
    }
}

pub(super) fn withdraw(case: &CaseId, reason: &str) -> Effect {
    Effect::act(case.clone(), &finding::Act::Withdraw { reason: reason.to_owned() })
}
