//! A partner's question that shows nothing: counted against the term's quotas, evaluated, answered. What is asked stays with whoever
//! asks; what is known here is how much was asked, when, and what for.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::QUESTION_MAX;
use super::meter::{Act as MeterAct, MatchMeter};
use super::papers::{MatchAnswer, MatchQuestionPaper};
use crate::agreement::{Admission, Writing as _};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};

/// One question of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchAsked {
    stage: Option<Stage>,
    partner: NodeId,
    question: MatchQuestionPaper,
    count: usize,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    answered: Option<Timestamp>,
    refusal: Option<Refusal>,
}

stages! {
    /// Its values are being counted.
    Counting = "counting",
    /// It is being evaluated.
    Evaluating = "evaluating",
    /// Answered.
    Answered = "answered",
    /// Answered with a reason why not.
    Refused = "refused",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A question is here.
    Arrive {
        /// The question.
        question: Box<MatchQuestionPaper>,
        /// Whose.
        from: NodeId,
        /// Who we are.
        to: NodeId,
        /// The item it came in.
        item: CaseId,
    },
    /// The quota allows it.
    Grant {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// The term or its quota does not allow it.
    Deny {
        /// Why.
        refusal: Refusal,
    },
    /// It is evaluated and answered.
    Answer {
        /// The answer as it goes.
        answer: Box<MatchAnswer>,
    },
    /// It cannot be evaluated.
    HoldBack {
        /// Why.
        refusal: Refusal,
    },
}

named! {
    Arrive = "arrive", Grant = "grant", Deny = "deny", Answer = "answer", HoldBack = "hold-back",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// The question.
        question: Box<MatchQuestionPaper>,
        /// Whose.
        from: NodeId,
        /// Who we are.
        to: NodeId,
        /// The item it came in.
        item: CaseId,
        /// When.
        at: Timestamp,
    },
    /// Let through.
    Granted {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// Not let through, or not possible.
    Refused {
        /// Why.
        refusal: Refusal,
        /// When.
        at: Timestamp,
    },
    /// Answered.
    Answered {
        /// What.
        answer: Box<MatchAnswer>,
        /// When.
        at: Timestamp,
    },
}

const QUOTA: &str = "the quotas of the term; none, no question";
const NODE: &str = "RFC 9497, calculated by the node";

impl Procedure for MatchAsked {
    const NAME: &'static str = "match-asked";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, "the term for its kind, direction and day"),
        Offer::at(Stage::Counting, "grant", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "deny", Role::NODE, QUOTA),
        Offer::at(Stage::Evaluating, "answer", Role::NODE, NODE),
        Offer::at(Stage::Evaluating, "hold-back", Role::NODE, NODE),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Arrive { question, from, to, item } => Event::Arrived {
                question: question.clone(),
                from: from.clone(),
                to: to.clone(),
                item: item.clone(),
                at: facts.now,
            },
            Act::Grant { admission } => Event::Granted { admission: admission.clone() },
            Act::Deny { refusal } | Act::HoldBack { refusal } => {
                Event::Refused { refusal: refusal.clone(), at: facts.now }
            }
            Act::Answer { answer } => Event::Answered { answer: answer.clone(), at: facts.now },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { question, from, item, at, .. } => {
                self.stage = Some(Stage::Counting);
                self.partner = from.clone();
                self.question = (**question).clone();
                self.count = question.blinded.len();
                self.item = Some(item.clone());
                self.arrived = Some(*at);
            }
            Event::Granted { admission } => {
                self.stage = Some(Stage::Evaluating);
                self.admission = Some((**admission).clone());
            }
            Event::Refused { refusal, at } => {
                self.stage = Some(Stage::Refused);
                self.refusal = Some(refusal.clone());
                self.answered = Some(*at);
            }
            Event::Answered { at, .. } => {
                self.stage = Some(Stage::Answered);
                self.answered = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let send = |answer: &MatchAnswer| {
            Effect::send(self.partner.clone(), "match-answer", answer, facts.case.clone())
        };
        match event {
            Event::Arrived { question, from, to, .. } => vec![count(question, (from, to), facts)],
            Event::Refused { refusal, .. } => vec![send(&MatchAnswer {
                reference: facts.case.key().to_owned(),
                question: self.question.reference.clone(),
                refusal: Some(refusal.clone()),
                ..MatchAnswer::default()
            })],
            Event::Answered { answer, .. } => vec![send(answer)],
            Event::Granted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let mut references = vec![Reference::new("set", self.question.set.clone())];
        references.extend(self.item.iter().map(|case| Reference::new("item", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.question.set.clone(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references,
            shown: json!({
                "values_asked": self.count, "set": self.question.set, "purpose": self.question.purpose,
                "arrived": self.arrived, "answered": self.answered,
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.refusal,
            }),
            ..Summary::default()
        }
    }
}

impl MatchAsked {
    /// The case of a partner's question of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// The question.
    #[must_use]
    pub const fn question(&self) -> &MatchQuestionPaper {
        &self.question
    }
}

/// The direction's count weighs the question; one longer than any may be, or without a purpose, does not come so far.
fn count(question: &MatchQuestionPaper, (from, to): (&NodeId, &NodeId), facts: &Facts<'_>) -> Effect {
    let refuse = |code: &'static str, seen: String| {
        Effect::act(facts.case.clone(), &Act::Deny { refusal: Refusal::new(code, seen) })
    };
    let Some(purpose) = question.purpose else {
        return refuse("purpose-missing", question.reference.clone());
    };
    if !(1..=QUESTION_MAX).contains(&question.blinded.len()) {
        return refuse("values-too-many", question.blinded.len().to_string());
    }
    let act = MeterAct::Count {
        question: facts.case.clone(),
        kind: MatchQuestionPaper::KIND.to_owned(),
        from: from.clone(),
        to: to.clone(),
        values: question.blinded.len() as u64,
        purpose,
    };
    Effect::act(MatchMeter::case_of(MatchQuestionPaper::KIND, from, to), &act)
}
