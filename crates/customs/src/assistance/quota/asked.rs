//! A partner's question that our node answers by itself: counted against the term's quotas, worked out, answered, or answered
//! with a reason why not. Which question it is, its document says.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Summary,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::meter;
use crate::agreement::{Admission, Arrived, Writing};
use crate::macros::stages;
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};
use crate::terms::Purpose;

/// A document that asks something under a quota.
pub trait Question: Writing + Clone + PartialEq + Send + Sync + 'static {
    /// The document that answers it.
    type Answer: Writing + Clone + PartialEq + DeserializeOwned + Send + Sync;
    /// The desk of questions of this kind that partners ask us.
    const DESK: &'static str;
    /// What allows the node to work the answer out.
    const BASIS: &'static str;

    /// What the answer is to be used for.
    fn purpose(&self) -> Option<Purpose>;

    /// How many values it asks about, or why it is none that can be asked.
    ///
    /// # Errors
    /// A reason that goes back as the answer.
    fn values(&self, asker: &NodeId, us: &NodeId, facts: &Facts<'_>) -> Result<u64, Refusal>;

    /// The answer that says why there is none.
    fn refused(&self, reference: &str, refusal: &Refusal) -> Self::Answer;

    /// What lists call it.
    fn title(&self) -> &str;

    /// What lists show of it.
    fn shown(&self) -> Value;

    /// What lists show of an answer.
    fn answer_shown(_answer: &Self::Answer) -> Value {
        Value::Null
    }
}

/// One question of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound = "Q: Question")]
pub struct Asked<Q: Question> {
    stage: Option<Stage>,
    partner: NodeId,
    question: Q,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    answered: Option<Timestamp>,
    answer: Value,
    refusal: Option<Refusal>,
}

stages! {
    /// It is being counted.
    Counting = "counting",
    /// The answer is being worked out.
    Answering = "answering",
    /// Answered.
    Answered = "answered",
    /// Answered with a reason why not.
    Refused = "refused",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act", bound = "Q: Question")]
pub enum Act<Q: Question> {
    /// A question is here.
    Arrive {
        /// The question.
        question: Box<Q>,
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
    /// It is answered.
    Answer {
        /// The answer as it goes.
        answer: Box<Q::Answer>,
    },
    /// It cannot be worked out.
    HoldBack {
        /// Why.
        refusal: Refusal,
    },
}

impl<Q: Question> Named for Act<Q> {
    fn name(&self) -> &'static str {
        match self {
            Self::Arrive { .. } => "arrive",
            Self::Grant { .. } => "grant",
            Self::Deny { .. } => "deny",
            Self::Answer { .. } => "answer",
            Self::HoldBack { .. } => "hold-back",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event", bound = "Q: Question")]
pub enum Event<Q: Question> {
    /// Here.
    Arrived {
        /// The question.
        question: Box<Q>,
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
        answer: Box<Q::Answer>,
        /// When.
        at: Timestamp,
    },
}

const QUOTA: &str = "the quotas of the term; none, no question";

impl<Q: Question> Procedure for Asked<Q> {
    const NAME: &'static str = Q::DESK;
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, "the term for its kind, direction and day"),
        Offer::at(Stage::Counting, "grant", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "deny", Role::NODE, QUOTA),
        Offer::at(Stage::Answering, "answer", Role::NODE, Q::BASIS),
        Offer::at(Stage::Answering, "hold-back", Role::NODE, Q::BASIS),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act<Q>;
    type Event = Event<Q>;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act<Q>, facts: &Facts<'_>) -> Result<Vec<Event<Q>>, Refusal> {
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

    fn apply(&mut self, event: &Event<Q>) {
        match event {
            Event::Arrived { question, from, item, at, .. } => {
                self.stage = Some(Stage::Counting);
                self.partner = from.clone();
                self.question = (**question).clone();
                self.item = Some(item.clone());
                self.arrived = Some(*at);
            }
            Event::Granted { admission } => {
                self.stage = Some(Stage::Answering);
                self.admission = Some((**admission).clone());
            }
            Event::Refused { refusal, at } => {
                self.stage = Some(Stage::Refused);
                self.refusal = Some(refusal.clone());
                self.answered = Some(*at);
            }
            Event::Answered { answer, at } => {
                self.stage = Some(Stage::Answered);
                self.answer = Q::answer_shown(answer);
                self.answered = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event<Q>, facts: &Facts<'_>) -> Vec<Effect> {
        let send = |answer: &Q::Answer| {
            Effect::send(self.partner.clone(), <Q::Answer as Writing>::KIND, answer, facts.case.clone())
        };
        match event {
            Event::Arrived { question, from, to, .. } => vec![weighed(&**question, (from, to), facts)],
            Event::Refused { refusal, .. } => {
                vec![send(&self.question.refused(facts.case.key(), refusal))]
            }
            Event::Answered { answer, .. } => vec![send(answer)],
            Event::Granted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let mut shown = json!({
            "purpose": self.question.purpose(), "arrived": self.arrived, "answered": self.answered,
            "term": self.admission.as_ref().map(Admission::cite), "held_back": self.refusal,
        });
        for more in [self.question.shown(), self.answer.clone()] {
            let more = more.as_object().cloned().unwrap_or_default();
            shown.as_object_mut().expect("made as one above").extend(more);
        }
        Summary {
            stage: stage.word().into(),
            title: self.question.title().to_owned(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references: self.item.iter().map(|case| Reference::new("item", case.as_str())).collect(),
            shown,
            ..Summary::default()
        }
    }
}

impl<Q: Question> Asked<Q> {
    /// The case of a partner's question of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Q::DESK, format_args!("{from}-{reference}"))
    }

    /// What follows on our side once a question arrived.
    #[must_use]
    pub fn arrives(question: &Q, item: &Arrived<'_>) -> Vec<Effect> {
        let case = Self::case_of(&item.arrival.from, question.reference());
        let act = Act::Arrive {
            question: Box::new(question.clone()),
            from: item.arrival.from.clone(),
            to: item.arrival.to.clone(),
            item: item.case.clone(),
        };
        item.moves(case, &act)
    }

    /// The question.
    #[must_use]
    pub const fn question(&self) -> &Q {
        &self.question
    }

    /// The item it came in.
    #[must_use]
    pub const fn item(&self) -> Option<&CaseId> {
        self.item.as_ref()
    }

    /// The term under which it is answered.
    #[must_use]
    pub const fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
    }
}

/// The direction's count weighs the question; one that cannot be asked, or without a purpose, does not come so far.
fn weighed<Q: Question>(question: &Q, (from, to): (&NodeId, &NodeId), facts: &Facts<'_>) -> Effect {
    let values = question.values(from, to, facts);
    let purpose =
        question.purpose().ok_or_else(|| Refusal::new("purpose-missing", question.reference().to_owned()));
    match values.and_then(|values| Ok((values, purpose?))) {
        Ok(asked) => meter::count(facts.case, Q::KIND, (from, to), asked),
        Err(refusal) => Effect::act(facts.case.clone(), &Act::<Q>::Deny { refusal }),
    }
}
