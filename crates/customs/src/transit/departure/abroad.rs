//! How it stands with guarantees other countries keep: asked, answered, given back.
//!
//! To another country a guarantee has one use at a time: the next is asked after the answer to the one before is here. An
//! answer that comes when the movement has gone another way is given back at once.

use jiff::{SignedDuration, Timestamp};
use kernel::{Facts, NodeId, Refusal};
use serde::{Deserialize, Serialize};

use super::event::DepartureEvent;
use super::{Departure, Stage};
use crate::transit::guarantee::{Reason, UsageState};
use crate::transit::wire;
use crate::transit::{country_of, grn_is_sound};

/// What another country says with its answer, beside the reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The message it answers.
    pub message: String,
    /// The office that keeps the guarantee; empty where there is none.
    pub office: String,
    /// Countries it is not good in.
    pub not_in: Vec<NodeId>,
}

/// How it stands with a guarantee of another country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Abroad {
    /// The use (203) whose answer is awaited, by its id.
    awaited: Option<String>,
    /// The office that keeps it, while it is bound for the movement.
    bound: Option<String>,
    /// When the last word about it was written.
    last: Option<Timestamp>,
    /// The check (200) whose answer is awaited, by its id.
    check: Option<String>,
}

impl Departure {
    /// Whether a guarantee is kept by another country, as its number says.
    pub(super) fn is_abroad(&self, grn: &str) -> bool {
        grn_is_sound(grn) && self.keeper(grn) != self.country()
    }

    pub(super) fn keeper(&self, grn: &str) -> NodeId {
        NodeId::new(country_of(grn.get(2..).unwrap_or_default()))
    }

    /// The country of the first guarantee that is asked abroad, before any was.
    pub(super) fn first_keeper_abroad(&self) -> Option<NodeId> {
        let first = self.abroad.values().all(|it| it.last.is_none());
        let asked = first && self.stage == Some(Stage::GuaranteeRegistration);
        let grn = self.guarantees.keys().find(|grn| self.is_abroad(grn)).filter(|_| asked)?;
        Some(self.keeper(grn))
    }

    /// Whether an answer of another country is still to come.
    pub(super) fn awaits_abroad(&self) -> bool {
        self.abroad.values().any(|it| it.awaited.is_some())
    }

    /// What events mean for guarantees of other countries: asked when all are asked, given back when all are.
    pub(super) fn with_abroad(&self, events: Vec<DepartureEvent>, now: Timestamp) -> Vec<DepartureEvent> {
        let amended = events.iter().any(|event| matches!(event, DepartureEvent::Amended { .. }));
        let relies = self.references().iter().any(|(_, it)| self.is_abroad(&it.grn));
        if !amended && !relies && self.abroad.is_empty() {
            return events;
        }
        let mut then = self.clone();
        let mut all = Vec::with_capacity(events.len());
        for event in events {
            then.take_in(&event);
            let further = then.abroad_after(&event, now);
            further.iter().for_each(|event| then.take_in(event));
            all.push(event);
            all.extend(further);
        }
        all
    }

    fn abroad_after(&self, event: &DepartureEvent, now: Timestamp) -> Vec<DepartureEvent> {
        let asked = self.stage == Some(Stage::GuaranteeRegistration);
        match event {
            DepartureEvent::Concluded { .. } | DepartureEvent::Amended { .. } if asked => {
                let abroad = self.guarantees.keys().filter(|grn| self.is_abroad(grn));
                abroad
                    .map(|grn| DepartureEvent::UseAsked { grn: grn.clone(), at: self.after_last(grn, now) })
                    .collect()
            }
            DepartureEvent::GuaranteeInvalid { .. }
            | DepartureEvent::NotReleased { .. }
            | DepartureEvent::Invalidated { .. } => self.returns(UsageState::Cancelled, now),
            DepartureEvent::AnsweredAbroad { .. } if !asked => self.returns(UsageState::Cancelled, now),
            DepartureEvent::WrittenOff { .. } => self.returns(UsageState::GivenBack, now),
            _ => Vec::new(),
        }
    }

    fn returns(&self, why: UsageState, now: Timestamp) -> Vec<DepartureEvent> {
        let bound = self.abroad.iter().filter_map(|(grn, it)| Some((grn, it.bound.clone()?)));
        bound
            .map(|(grn, office)| DepartureEvent::ReturnedAbroad {
                grn: grn.clone(),
                office,
                why,
                at: self.after_last(grn, now),
            })
            .collect()
    }

    /// The moment under which the next word about a guarantee is written: later than the one before by what messages can
    /// tell, since its country puts them in order by it.
    fn after_last(&self, grn: &str, now: Timestamp) -> Timestamp {
        let last = self.abroad.get(grn).and_then(|it| it.last);
        let next = last.and_then(|last| last.checked_add(SignedDuration::from_secs(1)).ok());
        next.map_or(now, |next| next.max(now))
    }

    /// The answer of another country, where it is the one that is awaited.
    pub(super) fn answered_abroad(
        &self,
        grn: &str,
        reasons: &[Reason],
        told: &Told,
        facts: &Facts<'_>,
    ) -> Vec<DepartureEvent> {
        let awaited = self.abroad.get(grn).and_then(|it| it.awaited.as_deref());
        if awaited != Some(told.message.as_str()) {
            return Vec::new();
        }
        let (grn_told, office) = (grn.to_owned(), told.office.clone());
        let reasons = self.reasons_abroad(reasons, told);
        let next = self.guarantee(grn, &reasons, facts);
        let answered = DepartureEvent::AnsweredAbroad { grn: grn_told, office, reasons };
        std::iter::once(answered).chain(next).collect()
    }

    fn reasons_abroad(&self, reasons: &[Reason], told: &Told) -> Vec<Reason> {
        let route = self.lodging.declaration.route();
        let barred = told.not_in.iter().any(|country| route.contains(country));
        let mut reasons = reasons.to_vec();
        if barred && !reasons.contains(&Reason::G08) {
            reasons.push(Reason::G08);
        }
        reasons
    }

    /// The office wants to know before it concludes.
    pub(super) fn check_guarantees(&self, now: Timestamp) -> Result<Vec<DepartureEvent>, Refusal> {
        let requests = self.requests();
        if requests.is_empty() {
            return Err(Refusal::new("guarantee-missing", self.mrn.clone()));
        }
        Ok(requests.into_iter().map(|it| DepartureEvent::CheckAsked { grn: it.grn, at: now }).collect())
    }

    pub(super) fn check_told(
        &self,
        grn: &str,
        reasons: &[Reason],
        told: Option<&Told>,
    ) -> Vec<DepartureEvent> {
        let asked = self.abroad.get(grn).and_then(|it| it.check.as_deref());
        if self.is_abroad(grn) && asked != told.map(|told| told.message.as_str()) {
            return Vec::new();
        }
        let reasons = told.map_or_else(|| reasons.to_vec(), |told| self.reasons_abroad(reasons, told));
        vec![DepartureEvent::CheckTold { grn: grn.to_owned(), reasons }]
    }

    pub(super) fn take_abroad(&mut self, event: &DepartureEvent) {
        match event {
            DepartureEvent::UseAsked { grn, at } => {
                let id = wire::letter_id("CD203C", (&self.mrn, self.sent), "transit-departure");
                let abroad = self.abroad.entry(grn.clone()).or_default();
                (abroad.awaited, abroad.last) = (Some(id), Some(*at));
            }
            DepartureEvent::AnsweredAbroad { grn, office, reasons } => {
                let abroad = self.abroad.entry(grn.clone()).or_default();
                abroad.awaited = None;
                abroad.bound = reasons.is_empty().then(|| office.clone());
            }
            DepartureEvent::ReturnedAbroad { grn, at, .. } => {
                let abroad = self.abroad.entry(grn.clone()).or_default();
                (abroad.bound, abroad.last) = (None, Some(*at));
            }
            DepartureEvent::CheckAsked { grn, .. } if self.is_abroad(grn) => {
                let id = wire::letter_id("CD200C", (&self.mrn, self.sent), "transit-departure");
                self.abroad.entry(grn.clone()).or_default().check = Some(id);
            }
            DepartureEvent::CheckTold { grn, reasons } => {
                if let Some(abroad) = self.abroad.get_mut(grn) {
                    abroad.check = None;
                }
                self.checked.insert(grn.clone(), reasons.clone());
            }
            _ => {}
        }
    }
}
