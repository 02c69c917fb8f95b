//! The answer to a document that has no response of its own standard: whether it is usable, and later what came of it.

use kernel::{CaseId, Effect, Facts, NodeId};
use serde::{Deserialize, Serialize};

use super::disclosure::field;
use super::kind::{Arrived, Nature, Writing};
use super::{Class, FieldClass, Sent, SentAct};
use crate::declaration::Response;

/// What the receiving side says of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentResponse {
    /// The kind of the document answered.
    pub answered: String,
    /// What is said of it; `answers` names it by its sender's reference.
    #[serde(flatten)]
    pub response: Response,
}

impl DocumentResponse {
    /// The case of ours that a response from `from` speaks of.
    #[must_use]
    pub fn about(&self, from: &NodeId) -> CaseId {
        Sent::case_of(from, &self.answered, &self.response.answers)
    }
}

impl Writing for DocumentResponse {
    const KIND: &'static str = "document-response";
    const NATURE: Nature = Nature::Answer;
    const FIELDS: &'static [FieldClass] = &[
        field("answered", Class::Key, "envelope"),
        field("outcome", Class::Key, "WCO 017"),
        field("reference", Class::Key, "WCO D026"),
        field("issued", Class::Key, "WCO D029"),
        field("country", Class::Key, "envelope"),
        field("number", Class::Key, "WCO D014"),
        field("answers", Class::Key, "WCO D026"),
        field("version", Class::Key, "WCO 383"),
        field("remarks", Class::Conclusion, "WCO 226 225 377 488"),
    ];

    fn reference(&self) -> &str {
        &self.response.reference
    }

    fn number(&self) -> &str {
        &self.response.number
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let answer =
            SentAct::Answer { response: Box::new(self.response.clone()), evidence: item.case.clone() };
        vec![Effect::act(self.about(&item.arrival.from), &answer)]
    }
}
