//! What the giver of a received item hears of it, and who hears that the giver knows.

use kernel::{CaseId, Effect, Facts, Findings, Owed, Procedure as _};

use super::super::kind::Writing as _;
use super::super::{Document, DocumentResponse, is_answer, sent};
use super::{Arrival, Received};
use crate::declaration::{Outcome, Remark, Response};
use crate::gate::FindingAct;

impl Received {
    /// A response goes to the giver of a document; responses themselves are not answered. A kind without a response of
    /// its own standard is answered where its term has a clock for that.
    pub(super) fn reply(&self, arrival: &Arrival, response: Response, facts: &Facts<'_>) -> Vec<Effect> {
        let (to, about) = (arrival.from.clone(), facts.case.clone());
        match arrival.kind.as_str() {
            kind if is_answer(kind) => Vec::new(),
            "acdd" => vec![Effect::send(to, "customs-response", &response, about)],
            kind if self.is_answer_wanted() => {
                let response = DocumentResponse { answered: kind.to_owned(), response };
                vec![Effect::send(to, DocumentResponse::KIND, &response, about)]
            }
            _ => Vec::new(),
        }
    }

    fn is_answer_wanted(&self) -> bool {
        self.admission.as_ref().is_some_and(|admission| {
            admission.term.answer_within.is_some() || admission.term.result_within.is_some()
        })
    }

    /// The reference of the response asked for last.
    fn response_reference(&self, arrival: &Arrival) -> String {
        format!("{}-{}-{}", arrival.to, arrival.wire.short(), self.responses)
    }

    pub(super) fn response_case(&self) -> CaseId {
        let arrival = self.arrival.as_ref().expect("what is acted on has arrived");
        let kind = if arrival.kind == "acdd" { "customs-response" } else { DocumentResponse::KIND };
        sent::Sent::case_of(&arrival.from, kind, &self.response_reference(arrival))
    }

    pub(super) fn response(&self, arrival: &Arrival, outcome: Outcome, facts: &Facts<'_>) -> Response {
        let document = self.document();
        Response {
            outcome,
            reference: self.response_reference(arrival),
            issued: Some(facts.now),
            country: crate::terms::Country::new(arrival.from.as_str()),
            number: document.map_or("", Document::number).to_owned(),
            answers: document.map_or(arrival.message_id.as_str(), Document::reference).to_owned(),
            version: document.and_then(Document::version),
            remarks: Vec::new(),
        }
    }

    /// The giver knows: what we owed is met, and each finding that was decided hears of it.
    pub(super) fn findings_told(&self, evidence: &CaseId, facts: &Facts<'_>) -> Vec<Effect> {
        let told = FindingAct::Tell { evidence: evidence.clone() };
        let told_now = self.telling.iter().filter(|(decision, response)| {
            decision.desk() == crate::gate::Finding::NAME && response == evidence
        });
        let met = Owed::meet("tell-result", facts.case, evidence.clone());
        std::iter::once(met).chain(told_now.map(|(case, _)| Effect::act(case.clone(), &told))).collect()
    }
}

pub(super) fn remarks_of(findings: &Findings) -> Vec<Remark> {
    let remark = |finding: &kernel::Finding| Remark {
        code: finding.code.to_string(),
        pointer: if finding.place.pointer.is_empty() {
            finding.place.path.clone()
        } else {
            finding.place.pointer.clone()
        },
        text: finding.seen.clone(),
    };
    findings.iter().take(REMARKS_MAX).map(remark).collect()
}

/// The most remarks one response carries; the rest stay in our record.
const REMARKS_MAX: usize = 99;
