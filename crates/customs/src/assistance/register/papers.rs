//! The question and its answer.

use jiff::civil::Date;
use kernel::{Effect, Facts, NodeId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::question::{Act as QuestionAct, RegisterQuestion};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::assistance::quota::{Asked, Question};
use crate::declaration::Flow;
use crate::terms::{GoodsLine, Party, Purpose};

const TERM: &str = "the term for questions on demand";

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterQuestionPaper {
    /// The asker's own number.
    pub reference: String,
    /// The declaration's number with whoever is asked.
    pub declaration: String,
    /// What the answer is to be used for.
    pub purpose: Option<Purpose>,
}

impl Writing for RegisterQuestionPaper {
    const KIND: &'static str = "register-question";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("declaration", Class::Key, TERM),
        field("purpose", Class::Key, "model bilateral agreement, use of information"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.declaration
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        Asked::arrives(self, item)
    }
}

impl Question for RegisterQuestionPaper {
    type Answer = RegisterAnswer;
    const DESK: &'static str = "register-asked";
    const BASIS: &'static str =
        "the term for questions on demand: our own declarations, as far back as it says";

    fn purpose(&self) -> Option<Purpose> {
        self.purpose
    }

    fn values(&self, _asker: &NodeId, _us: &NodeId, _facts: &Facts<'_>) -> Result<u64, Refusal> {
        Ok(1)
    }

    fn refused(&self, reference: &str, refusal: &Refusal) -> RegisterAnswer {
        RegisterAnswer {
            reference: reference.to_owned(),
            question: self.reference.clone(),
            refusal: Some(refusal.clone()),
            ..RegisterAnswer::default()
        }
    }

    fn title(&self) -> &str {
        &self.declaration
    }

    fn shown(&self) -> Value {
        json!({ "declaration": self.declaration })
    }

    fn answer_shown(answer: &RegisterAnswer) -> Value {
        json!({ "found": answer.found })
    }
}

/// An answer: the declaration as far as the term lets it go, or that there is none, or why nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterAnswer {
    /// The answerer's own number.
    pub reference: String,
    /// The asker's number of the question.
    pub question: String,
    /// Whether there is such a declaration.
    pub found: Option<bool>,
    /// Which way the goods go.
    pub flow: Option<Flow>,
    /// Whether it was cancelled.
    pub cancelled: Option<bool>,
    /// Who sends the goods.
    pub exporter: Party,
    /// Who receives them.
    pub consignee: Party,
    /// When they left.
    pub departs: Option<Date>,
    /// When they came.
    pub arrives: Option<Date>,
    /// Line by line.
    pub lines: Vec<GoodsLine>,
    /// Why nothing is said.
    pub refusal: Option<Refusal>,
}

impl Writing for RegisterAnswer {
    const KIND: &'static str = "register-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("question", Class::Key, TERM),
        field("found", Class::Key, TERM),
        field("flow", Class::Transport, "WCO 017"),
        field("cancelled", Class::Conclusion, "own record"),
        field("exporter", Class::Trader, "WCO R031"),
        field("consignee", Class::Trader, "WCO R014"),
        field("departs", Class::Transport, "WCO 156"),
        field("arrives", Class::Transport, "WCO 172"),
        field("lines", Class::Goods, "WCO 07A"),
        field("refusal", Class::Key, "model bilateral agreement: reasons are given"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.question
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = RegisterQuestion::case_of(&self.question);
        let act = QuestionAct::Hear {
            answer: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            item: item.case.clone(),
        };
        item.moves(case, &act)
    }
}
