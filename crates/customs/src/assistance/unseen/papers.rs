//! What passes between the two sides: a published set, a blinded question, its answer. Points, tags and proofs travel beside
//! the document; nobody can read from them what they stand for.

use kernel::{Effect, Facts, NodeId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::beside::{Beside, POINT_BYTES};
use super::question::{Act as QuestionAct, MatchQuestion};
use super::set::{Act as SetAct, MatchSet};
use super::{Wants, fits, is_told};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::assistance::SubjectKind;
use crate::assistance::quota::{Asked, Question};
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
    /// Their tags, sorted, where it can be asked which values are in it.
    pub tags: Beside,
    /// Their points, sorted, where it can be asked only how many are.
    pub points: Beside,
}

impl MatchSetPaper {
    /// What can be asked of it.
    #[must_use]
    pub const fn wants(&self) -> Wants {
        if self.points.is_empty() { Wants::Which } else { Wants::HowMany }
    }
}

impl Writing for MatchSetPaper {
    const KIND: &'static str = "match-set";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("kind", Class::Key, TERM),
        field("public", Class::Key, "RFC 9497: public key of the evaluation"),
        field("size", Class::Key, TERM),
        field("tags", Class::Trader, "RFC 9497: outputs of the function, cut"),
        field("points", Class::Trader, "De Cristofaro, Gasti, Tsudik 2012: points under the holder's secret"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = MatchSet::case_of(&item.arrival.from, &self.reference);
        let act = SetAct::Arrive {
            set: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            item: Some(item.case.clone()),
        };
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
    /// What it wants to know; which of its values are in the set, where it does not say.
    pub wants: Option<Wants>,
    /// The blinded points.
    pub blinded: Beside,
}

impl Writing for MatchQuestionPaper {
    const KIND: &'static str = "match-question";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, TERM),
        field("set", Class::Key, TERM),
        field("purpose", Class::Key, "model bilateral agreement, use of information"),
        field("wants", Class::Key, TERM),
        field("blinded", Class::Trader, "RFC 9497: blinded elements"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        Asked::arrives(self, item)
    }
}

impl MatchQuestionPaper {
    /// What it wants to know.
    #[must_use]
    pub fn what(&self) -> Wants {
        self.wants.unwrap_or(Wants::Which)
    }

    /// How many values it says to ask about.
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.blinded.count(POINT_BYTES)
    }
}

impl Question for MatchQuestionPaper {
    type Answer = MatchAnswer;
    const DESK: &'static str = "match-asked";
    const BASIS: &'static str = "RFC 9497, calculated by the node";

    fn purpose(&self) -> Option<Purpose> {
        self.purpose
    }

    /// One that is longer than any may be does not come to the count, nor one that wants to know what no term tells.
    fn values(&self, asker: &NodeId, us: &NodeId, facts: &Facts<'_>) -> Result<u64, Refusal> {
        let count = self.asked();
        fits(count, self.what())?;
        is_told(self.what(), (us, asker), facts).map(|()| count)
    }

    fn refused(&self, reference: &str, refusal: &Refusal) -> MatchAnswer {
        MatchAnswer {
            reference: reference.to_owned(),
            question: self.reference.clone(),
            refusal: Some(refusal.clone()),
            ..MatchAnswer::default()
        }
    }

    fn title(&self) -> &str {
        &self.set
    }

    fn shown(&self) -> Value {
        json!({ "values_asked": self.asked(), "set": self.set, "wants": self.what() })
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
    pub evaluated: Beside,
    /// One proof a batch.
    pub proofs: Beside,
    /// The evaluated points of a question that wants only how many, in the order of their bytes.
    pub reordered: Beside,
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
        field("reordered", Class::Trader, "De Cristofaro, Gasti, Tsudik 2012: evaluated elements, reordered"),
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
