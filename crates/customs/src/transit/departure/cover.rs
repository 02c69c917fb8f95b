//! The guarantees of a movement, as what is asked and given back: those kept here within the step, those of another
//! country by message.

use jiff::Timestamp;
use kernel::{Effect, Facts};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::event::DepartureEvent;
use super::{Departure, Stage};
use crate::transit::guarantee::{Guarantee, GuaranteeAct, UsageState, UseRequest, question, return_of};
use crate::transit::wire::{self, Letter};

/// A word to the country of a guarantee.
struct Outgoing<'a> {
    code: &'static str,
    grn: &'a str,
    /// The moment it bears.
    at: Timestamp,
}

impl Departure {
    /// What is asked and given back here, and what is written to other countries.
    pub(super) fn covered(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            DepartureEvent::UseAsked { grn, at } => {
                self.ask_abroad(&Outgoing { code: "CD203C", grn, at: *at }, facts)
            }
            DepartureEvent::CheckAsked { grn, at } if self.is_abroad(grn) => {
                self.ask_abroad(&Outgoing { code: "CD200C", grn, at: *at }, facts)
            }
            DepartureEvent::CheckAsked { grn, .. } => {
                let request = self.requests().into_iter().find(|it| it.grn == *grn).map(Box::new);
                let act = request.map(|request| GuaranteeAct::Check { request });
                act.map(|act| Effect::act(Guarantee::case_of(grn), &act)).into_iter().collect()
            }
            DepartureEvent::ReturnedAbroad { grn, office, why, at } => {
                self.return_abroad((grn, office), (*why, *at), facts)
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

    fn ask_abroad(&self, word: &Outgoing<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        let request = self.requests().into_iter().find(|it| it.grn == word.grn);
        let content = request.map(|request| question(&request, self.accepted.map(wire::day)));
        content.map_or_else(Vec::new, |content| self.write_abroad(word, content, facts))
    }

    /// A cancellation (204), or after discharge a credit (209). The credit tells when the goods arrived, or, where they
    /// never did and the debt is paid, since when nothing is owed.
    fn return_abroad(
        &self,
        (grn, office): (&str, &str),
        (why, at): (UsageState, Timestamp),
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
        self.write_abroad(&Outgoing { code, grn, at }, content, facts)
    }

    fn write_abroad(&self, word: &Outgoing<'_>, content: Value, facts: &Facts<'_>) -> Vec<Effect> {
        let (from, to) = (self.country(), self.keeper(word.grn));
        let letter = Letter { from, to, code: word.code, content, answers: None };
        letter.send_as_of(word.at, (&self.mrn, self.sent), facts)
    }

    /// What is asked of each guarantee the declaration relies on.
    pub(super) fn requests(&self) -> Vec<UseRequest> {
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
