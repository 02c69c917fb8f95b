//! What an answer to a request says, and what comes back for it: the result, a withdrawal of the request.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts};
use serde::{Deserialize, Serialize};

use super::asking::case_of;
use super::request::Act as RequestAct;
use super::requested::{Act as RequestedAct, Requested};
use super::spontaneous_out::{Act as OutAct, SpontaneousOut};
use super::words::{AnswerKind, Evidence, Grade, RefusalReason, Statement, Usefulness};
use crate::agreement::{
    Arrived, Class, Dispatched, Ending, FieldClass, Handling, ReceivedAct, Writing, field,
};
use crate::declaration::Acdd;

/// An answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// The answer's own number.
    pub reference: String,
    /// The requester's number of the request.
    pub answers: String,
    /// The number the request has with the answering side.
    pub number: String,
    /// Its place among the answers to this request, from 1, so that answers that overtook each other are known in their
    /// order; 0 where the answering side does not count.
    pub place: u32,
    /// What it is.
    pub kind: Option<AnswerKind>,
    /// Why, where it refuses, postpones or holds back a part.
    pub reasons: Vec<RefusalReason>,
    /// Until when it is postponed.
    pub until: Option<Timestamp>,
    /// What the answering side says, statement by statement.
    pub statements: Vec<Statement>,
    /// Export declarations as the answering side has them; they go into the matcher.
    pub extracts: Vec<Acdd>,
    /// In words.
    pub text: String,
    /// Conditions on its use.
    pub conditions: String,
    /// How it must be handled.
    pub handling: Option<Handling>,
    /// How its source and content are graded.
    pub grade: Option<Grade>,
    /// What goes with it.
    pub evidence: Vec<Evidence>,
}

impl Writing for Answer {
    const KIND: &'static str = "assistance-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "model bilateral agreement, execution"),
        field("answers", Class::Key, "model bilateral agreement, execution"),
        field("number", Class::Key, "model bilateral agreement, execution"),
        field("place", Class::Key, "model bilateral agreement, execution"),
        field("kind", Class::Key, "model bilateral agreement, execution"),
        field("reasons", Class::Key, "model bilateral agreement, exemptions"),
        field("until", Class::Key, "model bilateral agreement, exemptions"),
        field("statements", Class::Conclusion, "own records"),
        field("extracts", Class::Goods, "own records"),
        field("text", Class::Conclusion, "model bilateral agreement, execution"),
        field("conditions", Class::Key, "TFA 12.5"),
        field("handling", Class::Key, "Europol handling codes"),
        field("grade", Class::Key, "Europol 4x4"),
        field("evidence", Class::Conclusion, "own records"),
    ];
    const ENDING: Ending = Ending::Destroyed;

    fn reference(&self) -> &str {
        &self.reference
    }

    #[expect(clippy::misnamed_getters, reason = "an answer is about the request it answers")]
    fn number(&self) -> &str {
        &self.answers
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = case_of(&self.answers);
        let act = RequestAct::Hear {
            answer: Box::new(self.clone()),
            item: item.case.clone(),
            from: item.arrival.from.clone(),
            admission: Box::new(item.admission.clone()),
        };
        let link = ReceivedAct::Link { consignment: case.clone() };
        vec![Effect::act(case, &act), Effect::act(item.case.clone(), &link)]
    }

    fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        vec![Effect::act(sent.about.clone(), &RequestedAct::Deliver { evidence: sent.case.clone() })]
    }
}

/// What came of an answer, or of information given without being asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultTold {
    /// The result's own number.
    pub reference: String,
    /// What it is the result of: the requester's number of the request, or the giver's of the information.
    pub of: String,
    /// Which of the two.
    pub on: On,
    /// How useful it was.
    pub usefulness: Option<Usefulness>,
    /// What was decided because of it.
    pub result: String,
    /// How often it was used.
    pub uses: u32,
    /// When what was received was destroyed, where it was.
    pub destroyed: Option<Timestamp>,
}

/// What a result is the result of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// An answer to a request.
    #[default]
    Request,
    /// Spontaneous information.
    Information,
}

impl Writing for ResultTold {
    const KIND: &'static str = "assistance-result";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "model bilateral agreement, use of information"),
        field("of", Class::Key, "model bilateral agreement, use of information"),
        field("on", Class::Key, "model bilateral agreement, use of information"),
        field("usefulness", Class::Conclusion, "model bilateral agreement, use of information"),
        field("result", Class::Conclusion, "model bilateral agreement, use of information"),
        field("uses", Class::Conclusion, "TFA 12.5"),
        field("destroyed", Class::Key, "TFA 12.5"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.of
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let (case, act): (CaseId, Effect) = match self.on {
            On::Request => {
                let case = Requested::case_of(&item.arrival.from, &self.of);
                let act =
                    RequestedAct::HearResult { result: Box::new(self.clone()), item: item.case.clone() };
                (case.clone(), Effect::act(case, &act))
            }
            On::Information => {
                let case = SpontaneousOut::case_of(&self.of);
                let act = OutAct::HearResult { result: Box::new(self.clone()), item: item.case.clone() };
                (case.clone(), Effect::act(case, &act))
            }
        };
        vec![act, Effect::act(item.case.clone(), &ReceivedAct::Link { consignment: case })]
    }
}

/// A request is withdrawn by its requester.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recall {
    /// The recall's own number.
    pub reference: String,
    /// The requester's number of the request.
    pub recalls: String,
    /// Why.
    pub reason: String,
}

impl Writing for Recall {
    const KIND: &'static str = "assistance-recall";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "own practice"),
        field("recalls", Class::Key, "own practice"),
        field("reason", Class::Key, "own practice"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.recalls
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = Requested::case_of(&item.arrival.from, &self.recalls);
        let act = RequestedAct::Recall { reason: self.reason.clone(), item: item.case.clone() };
        vec![Effect::act(case, &act)]
    }
}
