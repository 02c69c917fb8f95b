//! What stands before a movement, and what its destination told, held against it: findings of the ordinary kind.

use kernel::{CaseId, Effect, Facts, Refusal, Severity};

use super::Departure;
use super::act::Answer;
use super::event::DepartureEvent;
use crate::gate::{Awaits, Difference, Finding, FindingAct, Tie, WRONG_LINK};
use crate::transit::ends::{self, Leg, Sealed};

impl Departure {
    /// The declarations held against the movement, and what its destination told.
    pub fn ends(&self) -> impl Iterator<Item = &Tie> {
        self.ends.values()
    }

    /// The findings raised on the movement, and whether each awaits a verdict.
    pub fn findings(&self) -> impl Iterator<Item = (&CaseId, bool)> {
        self.raised.iter().map(|(case, (_, open))| (case, *open))
    }

    /// Whether somebody judged that a declaration does not belong to it.
    #[must_use]
    pub fn rejects(&self, item: &CaseId) -> bool {
        self.rejected.contains(item)
    }

    pub(super) fn linked(&self, tie: &Tie) -> Result<Vec<DepartureEvent>, Refusal> {
        if self.rejected.contains(&tie.item) {
            return Err(Refusal::new("link-rejected", tie.export.clone()));
        }
        if self.ends.get(&tie.item) == Some(tie) {
            return Ok(Vec::new());
        }
        let stays: Vec<CaseId> = tie.differences.iter().map(|seen| self.finding(&tie.item, seen)).collect();
        let gone = self.standing_on(&tie.item).into_iter().filter(|case| !stays.contains(case)).collect();
        Ok(vec![DepartureEvent::Linked { tie: Box::new(tie.clone()), gone }])
    }

    pub(super) fn unlinked(&self, item: &CaseId, reason: &str) -> Vec<DepartureEvent> {
        let event = || DepartureEvent::Unlinked {
            item: item.clone(),
            reason: reason.to_owned(),
            gone: self.standing_on(item),
        };
        self.ends.contains_key(item).then(event).into_iter().collect()
    }

    /// What the destination told, where it differs from what left.
    pub(super) fn differs(
        &self,
        office: &str,
        (seals, differences): (Option<Answer>, &serde_json::Value),
    ) -> Option<DepartureEvent> {
        let leg = Leg::of(&self.lodging.declaration.consignment);
        let sealed = Sealed {
            left: leg.seals.clone(),
            renewed: ends::renewed(&self.incidents),
            broken: (seals == Some(Answer::No)).then_some("broken"),
        };
        let own = Self::case_of(&self.mrn);
        let from = format!("{}:{}", crate::transit::country_of(office), self.mrn);
        let tie = ends::told(&leg, (&own, &from), differences, &sealed)?;
        Some(DepartureEvent::Linked { tie: Box::new(tie), gone: self.standing_on(&own) })
    }

    pub(super) fn take_in_ends(&mut self, event: &DepartureEvent) {
        match event {
            DepartureEvent::Linked { tie, gone } => {
                self.raised.retain(|case, _| !gone.contains(case));
                for seen in tie.differences.iter().filter(|seen| seen.severity >= Severity::Warning) {
                    let (case, open) = (self.finding(&tie.item, seen), !seen.is_explained());
                    self.raised.entry(case).or_insert_with(|| (tie.item.clone(), open));
                }
                self.ends.insert(tie.item.clone(), (**tie).clone());
            }
            DepartureEvent::Unlinked { item, reason, gone } => {
                self.raised.retain(|case, _| !gone.contains(case));
                self.ends.remove(item);
                if reason == WRONG_LINK {
                    self.rejected.insert(item.clone());
                }
            }
            DepartureEvent::FindingNoted { finding, awaits } => {
                if let Some((_, open)) = self.raised.get_mut(finding) {
                    *open = *awaits == Awaits::Verdict;
                }
            }
            _ => {}
        }
    }

    pub(super) fn ends_followed(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let withdraw = |gone: &[CaseId], reason: &str| {
            let act = FindingAct::Withdraw { reason: reason.to_owned() };
            gone.iter().map(|case| Effect::act(case.clone(), &act)).collect::<Vec<_>>()
        };
        match event {
            DepartureEvent::Linked { tie, gone } => {
                let grave = tie.differences.iter().filter(|seen| seen.severity >= Severity::Warning);
                let raised = grave.map(|seen| {
                    let raise = FindingAct::Raise {
                        consignment: facts.case.clone(),
                        item: tie.item.clone(),
                        export: tie.export.clone(),
                        difference: Box::new(seen.clone()),
                        decide_before: self.limit,
                    };
                    Effect::act(self.finding(&tie.item, seen), &raise)
                });
                withdraw(gone, "difference-gone").into_iter().chain(raised).collect()
            }
            DepartureEvent::Unlinked { reason, gone, .. } => withdraw(gone, reason),
            _ => Vec::new(),
        }
    }

    fn finding(&self, item: &CaseId, seen: &Difference) -> CaseId {
        Finding::case_of(&Self::case_of(&self.mrn), item, seen)
    }

    fn standing_on(&self, item: &CaseId) -> Vec<CaseId> {
        let on = self.raised.iter().filter(|(_, (of, _))| of == item);
        on.map(|(case, _)| case.clone()).collect()
    }
}
