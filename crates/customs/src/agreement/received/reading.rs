//! What follows once a received item was read: its own area takes it, and its giver may be owed what comes of it.

use kernel::{CaseId, Effect, Facts, Findings, Owed, Written};

use super::super::kind::Arrived;
use super::super::{Document, sent};
use super::reply::remarks_of;
use super::{Arrival, Event, Received};
use crate::declaration::{Function, Outcome, Response};

impl Received {
    pub(super) fn after_reading(
        &self,
        arrival: &Arrival,
        document: &Document,
        findings: &Findings,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        match document {
            Document::CustomsResponse(response) => vec![answers(arrival, response, facts.case)],
            Document::Acdd(acdd) => {
                let outcome =
                    if acdd.function == Function::Cancel { Outcome::Cancelled } else { Outcome::Accepted };
                self.taken(arrival, outcome, findings, facts)
            }
            Document::Paper(paper) => {
                let mut effects = self.taken(arrival, Outcome::Accepted, findings, facts);
                if let Some(admission) = &self.admission {
                    let item = Arrived { case: facts.case, arrival, admission };
                    effects.extend(paper.kind().arrived(paper.content(), &item, facts));
                }
                effects
            }
        }
    }

    /// It is usable: its giver hears that, and may be owed what comes of it.
    fn taken(
        &self,
        arrival: &Arrival,
        outcome: Outcome,
        findings: &Findings,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let response = self.response(arrival, outcome, facts);
        let mut effects = self.reply(arrival, Response { remarks: remarks_of(findings), ..response }, facts);
        if self.document().is_some_and(Document::wants_result) {
            effects.extend(self.result_owed(arrival, facts));
        }
        effects
    }

    fn result_owed(&self, arrival: &Arrival, facts: &Facts<'_>) -> Option<Effect> {
        let admission = self.admission.as_ref()?;
        let owed = Owed {
            by: arrival.to.clone(),
            to: arrival.from.clone(),
            what: "tell-result".into(),
            about: facts.case.clone(),
            source: admission.cite(),
            due: admission.term.result_within?.after(facts.now),
            escalation: admission.term.steps(),
        };
        Some(owed.open())
    }
}

pub(super) fn read(document: Option<&Written<Document>>, findings: &Findings) -> Event {
    match document {
        Some(document) if findings.is_acceptable() => {
            Event::Understood { document: document.clone(), findings: findings.clone() }
        }
        document => Event::FoundFaulty { document: document.cloned(), findings: findings.clone() },
    }
}

/// A response is about something we sent: that case takes the answer.
fn answers(arrival: &Arrival, response: &Response, case: &CaseId) -> Effect {
    let sent = sent::Sent::case_of(&arrival.from, "acdd", &response.answers);
    Effect::act(sent, &sent::Act::Answer { response: Box::new(response.clone()), evidence: case.clone() })
}
