//! What passes between the two sides: a published set, a blinded question, its answer. Points and tags travel as hexadecimal
//! text; nobody can read from them what they stand for.

use kernel::{Effect, Facts, Refusal};
use serde::{Deserialize, Serialize};

use super::asked::{Act as AskedAct, MatchAsked};
use super::question::{Act as QuestionAct, MatchQuestion};
use super::set::{Act as SetAct, MatchSet};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::assistance::SubjectKind;
use crate::terms::Purpose;

const TERM: &str = "the term that allows asking without showing";

/// A published set: the tags of its values, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchSetPaper {
    /// The edition's name with its holder, unique there.
    pub reference: String,
    /// What kind of thing its values are.
    pub kind: Option<SubjectKind>,
    /// The holder's public key for this edition.
    pub public: String,
    /// How many values it has.
    pub size: u64,
    /// Their tags, one after the other.
    pub tags: String,
}

impl Writing for MatchSetPaper {
    const KIND: &'static str = "match-set";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("kind", Class::Key, TERM),
        field("public", Class::Key, "RFC 9497: public key of the evaluation"),
        field("size", Class::Key, TERM),
        field("tags", Class::Trader, "RFC 9497: outputs of the function, cut"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = MatchSet::case_of(&item.arrival.from, &self.reference);
        let act = SetAct::Arrive { set: Box::new(self.clone()), from: item.arrival.from.clone() };
        item.moves(case, &act)
    }
}

/// A blinded question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchQuestionPaper {
    /// The asker's own number.
    pub reference: String,
    /// The edition it asks, by the holder's name of it.
    pub set: String,
    /// What the answer is to be used for.
    pub purpose: Option<Purpose>,
    /// The blinded points.
    pub blinded: Vec<String>,
}

impl Writing for MatchQuestionPaper {
    const KIND: &'static str = "match-question";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("set", Class::Key, TERM),
        field("purpose", Class::Key, "model bilateral agreement, use of information"),
        field("blinded", Class::Trader, "RFC 9497: blinded elements"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = MatchAsked::case_of(&item.arrival.from, &self.reference);
        let act = AskedAct::Arrive {
            question: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            to: item.arrival.to.clone(),
            item: item.case.clone(),
        };
        item.moves(case, &act)
    }
}

/// The answer to a question: the evaluated points with proofs, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchAnswer {
    /// The holder's own number.
    pub reference: String,
    /// The asker's number of the question.
    pub question: String,
    /// The evaluated points, in the question's order.
    pub evaluated: Vec<String>,
    /// One proof a batch.
    pub proofs: Vec<String>,
    /// Why it is not answered.
    pub refusal: Option<Refusal>,
}

impl Writing for MatchAnswer {
    const KIND: &'static str = "match-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("question", Class::Key, TERM),
        field("evaluated", Class::Trader, "RFC 9497: evaluated elements"),
        field("proofs", Class::Trader, "RFC 9497: proofs of the evaluation"),
        field("refusal", Class::Key, "model bilateral agreement: reasons are given"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.question
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = MatchQuestion::case_of(&self.question);
        let act = QuestionAct::Hear {
            answer: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            item: item.case.clone(),
        };
        item.moves(case, &act)
    }
}
