//! The guarantees of a movement: asked when the office has concluded, given back when the movement never begins or is
//! discharged. Those kept here are asked within the step, those of another country by message.
//!
//! To another country a guarantee has one use at a time: the next is asked after the answer to the one before is here. An
//! answer that comes when the movement has gone another way is given back at once.

use jiff::{SignedDuration, Timestamp};
use kernel::{Effect, Facts, NodeId, Refusal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::event::DepartureEvent;
use super::{Departure, Stage};
use crate::transit::guarantee::{
    Guarantee, GuaranteeAct, Reason, UsageState, UseRequest, question, return_of,
};
use crate::transit::wire::{self, Letter};
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
    fn is_abroad(&self, grn: &str) -> bool {
        grn_is_sound(grn) && self.keeper(grn) != self.country()
    }

    fn keeper(&self, grn: &str) -> NodeId {
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

    /// What is asked and given back here, and what is written to other countries.
    pub(super) fn covered(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            DepartureEvent::UseAsked { grn, at } => self.ask_abroad("CD203C", grn, *at, facts),
            DepartureEvent::CheckAsked { grn, at } if self.is_abroad(grn) => {
                self.ask_abroad("CD200C", grn, *at, facts)
            }
            DepartureEvent::CheckAsked { grn, .. } => {
                let request = self.requests().into_iter().find(|it| it.grn == *grn).map(Box::new);
                let act = request.map(|request| GuaranteeAct::Check { request });
                act.map(|act| Effect::act(Guarantee::case_of(grn), &act)).into_iter().collect()
            }
            DepartureEvent::ReturnedAbroad { grn, office, why, at } => {
                self.return_abroad((grn, office), *why, *at, facts)
            }
            _ => self.covered_here(event),
        }
    }

    fn covered_here(&self, event: &DepartureEvent) -> Vec<Effect> {
        let to_all = |act: &GuaranteeAct| {
            let here = self.guarantees.keys().filter(|grn| !self.is_abroad(grn));
            here.map(|grn| Effect::act(Guarantee::case_of(grn), act)).collect::<Vec<_>>()
        };
        let back = |why: UsageState| to_all(&GuaranteeAct::GiveBack { mrn: self.mrn.clone(), why });
        match event {
            DepartureEvent::Concluded { .. } => self.ask_here(),
            DepartureEvent::Amended { .. } if self.stage == Some(Stage::GuaranteeRegistration) => {
                self.ask_here()
            }
            DepartureEvent::GuaranteeInvalid { .. }
            | DepartureEvent::NotReleased { .. }
            | DepartureEvent::Invalidated { .. } => back(UsageState::Cancelled),
            DepartureEvent::WrittenOff { .. } => back(UsageState::GivenBack),
            // Of another country's the debt is claimed where it is asked to recover (150).
            DepartureEvent::RecoveryBegun { .. } => to_all(&GuaranteeAct::Claim { mrn: self.mrn.clone() }),
            _ => Vec::new(),
        }
    }

    fn ask_here(&self) -> Vec<Effect> {
        let here = self.requests().into_iter().filter(|request| !self.is_abroad(&request.grn));
        here.map(|request| {
            let case = Guarantee::case_of(&request.grn);
            Effect::act(case, &GuaranteeAct::Use { request: Box::new(request) })
        })
        .collect()
    }

    fn ask_abroad(&self, code: &'static str, grn: &str, at: Timestamp, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(request) = self.requests().into_iter().find(|it| it.grn == grn) else { return Vec::new() };
        self.write_abroad(code, grn, question(&request, self.accepted.map(wire::day)), at, facts)
    }

    /// A cancellation (204), or after discharge a credit (209). The credit tells when the goods arrived, or, where they
    /// never did and the debt is paid, since when nothing is owed.
    fn return_abroad(
        &self,
        (grn, office): (&str, &str),
        why: UsageState,
        at: Timestamp,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let kind = self.references().into_iter().find(|(_, it)| it.grn == grn).map(|(kind, _)| kind);
        let (code, operation) = if why == UsageState::GivenBack {
            let arrived = self.arrival.as_ref().map_or(at, |(_, at)| *at);
            ("CD209C", json!({ "MRN": self.mrn, "arrivalDateAndTimeActual": wire::moment(arrived) }))
        } else {
            ("CD204C", json!({ "MRN": self.mrn, "usageCancellationDate": wire::day(at) }))
        };
        let content = json!({ "TransitOperation": operation,
            "CustomsOfficeOfDeparture": wire::office(&self.lodging.declaration.departure.reference_number),
            "Guarantee": return_of((kind.as_deref().unwrap_or("1"), grn, office)) });
        self.write_abroad(code, grn, content, at, facts)
    }

    fn write_abroad(
        &self,
        code: &'static str,
        grn: &str,
        content: Value,
        at: Timestamp,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let letter = Letter { from: self.country(), to: self.keeper(grn), code, content, answers: None };
        letter.send_as_of(at, (&self.mrn, self.sent), facts)
    }

    /// What is asked of each guarantee the declaration relies on.
    fn requests(&self) -> Vec<UseRequest> {
        let declaration = &self.lodging.declaration;
        let references = self.references();
        let count = Decimal::from(references.len().max(1));
        let goods: Vec<_> = declaration.lines().into_iter().map(|line| line.code).collect();
        let requests = references.into_iter().map(|(kind, reference)| {
            let declared = reference.amount_to_be_covered.unwrap_or_default();
            // What was worked out counts where it is more than the principal declared.
            let needed = self.worked.as_ref().map(|worked| worked.amount.amount / count).unwrap_or_default();
            UseRequest {
                grn: reference.grn,
                kind,
                mrn: self.mrn.clone(),
                holder: declaration.holder.identification_number.clone(),
                code: reference.code,
                amount: declared.max(needed.ceil()),
                currency: reference.currency,
                route: declaration.route(),
                offices: (
                    declaration.departure.reference_number.clone(),
                    declaration.destination.reference_number.clone(),
                ),
                goods: goods.clone(),
                about: Self::case_of(&self.mrn),
                word: None,
            }
        });
        requests.collect()
    }
}
