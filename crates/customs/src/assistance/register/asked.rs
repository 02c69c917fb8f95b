//! A partner's question to our register: counted, looked up by the node, answered.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{RegisterAnswer, RegisterQuestionPaper};
use crate::agreement::{Admission, Writing as _};
use crate::assistance::unseen::{MatchMeter, MatchMeterAct};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};

/// One question of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisterAsked {
    stage: Option<Stage>,
    partner: NodeId,
    question: RegisterQuestionPaper,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    answered: Option<Timestamp>,
    found: Option<bool>,
    refusal: Option<Refusal>,
}

stages! {
    /// It is being counted.
    Counting = "counting",
    /// The declaration is being looked up.
    LookingUp = "looking-up",
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
        question: Box<RegisterQuestionPaper>,
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
    /// It does not.
    Deny {
        /// Why.
        refusal: Refusal,
    },
    /// The register was looked into.
    Answer {
        /// What it says.
        answer: Box<RegisterAnswer>,
    },
}

named! {
    Arrive = "arrive", Grant = "grant", Deny = "deny", Answer = "answer",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// The question.
        question: Box<RegisterQuestionPaper>,
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
    /// Not answered.
    Refused {
        /// Why.
        refusal: Refusal,
        /// When.
        at: Timestamp,
    },
    /// Answered.
    Answered {
        /// What.
        answer: Box<RegisterAnswer>,
        /// When.
        at: Timestamp,
    },
}

const QUOTA: &str = "the quotas of the term; none, no question";
const REGISTER: &str = "the term for questions on demand: our own declarations, as far back as it says";

impl Procedure for RegisterAsked {
    const NAME: &'static str = "register-asked";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, "the term for its kind, direction and day"),
        Offer::at(Stage::Counting, "grant", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "deny", Role::NODE, QUOTA),
        Offer::at(Stage::LookingUp, "answer", Role::NODE, REGISTER),
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
            Act::Deny { refusal } => Event::Refused { refusal: refusal.clone(), at: facts.now },
            Act::Answer { answer } => Event::Answered { answer: answer.clone(), at: facts.now },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { question, from, item, at, .. } => {
                self.stage = Some(Stage::Counting);
                self.partner = from.clone();
                self.question = (**question).clone();
                self.item = Some(item.clone());
                self.arrived = Some(*at);
            }
            Event::Granted { admission } => {
                self.stage = Some(Stage::LookingUp);
                self.admission = Some((**admission).clone());
            }
            Event::Refused { refusal, at } => {
                self.stage = Some(Stage::Refused);
                self.refusal = Some(refusal.clone());
                self.answered = Some(*at);
            }
            Event::Answered { answer, at } => {
                self.stage = Some(Stage::Answered);
                self.found = answer.found;
                self.answered = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let send = |answer: &RegisterAnswer| {
            Effect::send(self.partner.clone(), RegisterAnswer::KIND, answer, facts.case.clone())
        };
        match event {
            Event::Arrived { question, from, to, .. } => vec![count(question, (from, to), facts)],
            Event::Refused { refusal, .. } => vec![send(&RegisterAnswer {
                reference: facts.case.key().to_owned(),
                question: self.question.reference.clone(),
                refusal: Some(refusal.clone()),
                ..RegisterAnswer::default()
            })],
            Event::Answered { answer, .. } => vec![send(answer)],
            Event::Granted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: self.question.declaration.clone(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references: self.item.iter().map(|case| Reference::new("item", case.as_str())).collect(),
            shown: json!({
                "declaration": self.question.declaration, "purpose": self.question.purpose,
                "arrived": self.arrived, "answered": self.answered, "found": self.found,
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.refusal,
            }),
            ..Summary::default()
        }
    }
}

impl RegisterAsked {
    /// The case of a partner's question of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// The question.
    #[must_use]
    pub const fn question(&self) -> &RegisterQuestionPaper {
        &self.question
    }

    /// The term under which it is answered.
    #[must_use]
    pub const fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
    }
}

/// The direction's count weighs the question; one without a purpose does not come so far.
fn count(question: &RegisterQuestionPaper, (from, to): (&NodeId, &NodeId), facts: &Facts<'_>) -> Effect {
    let Some(purpose) = question.purpose else {
        let refusal = Refusal::new("purpose-missing", question.reference.clone());
        return Effect::act(facts.case.clone(), &Act::Deny { refusal });
    };
    let act = MatchMeterAct::Count {
        question: facts.case.clone(),
        kind: RegisterQuestionPaper::KIND.to_owned(),
        from: from.clone(),
        to: to.clone(),
        values: 1,
        purpose,
    };
    Effect::act(MatchMeter::case_of(RegisterQuestionPaper::KIND, from, to), &act)
}
