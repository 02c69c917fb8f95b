//! An issue of the dialogue with business: asked, owned, answered by a moment, published.

use kernel::{
    Effect, Facts, Field, Form, Limit, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Promise;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    stage: Option<Stage>,
    question: Option<Question>,
    owner: Option<NodeId>,
    due: Option<jiff::Timestamp>,
    answer: String,
    outcome: Option<Outcome>,
    reason: String,
    /// How often an owner was named: each time is a promise of its own.
    times: u32,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who asked: a council, a company.
    pub asked_by: String,
    /// What it is about, as a word.
    pub topic: String,
    /// What was asked.
    pub text: String,
    /// Where: a dialogue, a letter, the desk.
    pub channel: String,
    /// Whose administration answers.
    pub ours: NodeId,
}

/// What came of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The rule was explained.
    Explained,
    /// Something was changed.
    Changed,
    /// It was passed to whoever can change it.
    PassedOn,
    /// It stays as it is, for the reason given.
    NotAccepted,
}

/// Where an issue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Asked, nobody's yet.
    Raised,
    /// Somebody owes an answer.
    Assigned,
    /// Answered to who asked.
    Answered,
    /// The answer is public.
    Published,
    /// Taken back or asked twice.
    Withdrawn,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something is asked.
    Raise {
        /// What.
        question: Box<Question>,
    },
    /// A unit is to answer by a moment.
    Assign {
        /// The unit.
        owner: NodeId,
        /// By when.
        due: jiff::Timestamp,
        /// How long after that the Director General hears of it.
        #[serde(default)]
        director_after: Option<Limit>,
    },
    /// It is answered.
    Answer {
        /// What is answered.
        text: String,
        /// What came of it.
        outcome: Outcome,
    },
    /// The answer becomes public.
    Publish,
    /// Who asked is not content.
    Reopen {
        /// Why.
        reason: String,
    },
    /// It is taken back, or was asked before.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Raise { .. } => "raise",
            Self::Assign { .. } => "assign",
            Self::Answer { .. } => "answer",
            Self::Publish => "publish",
            Self::Reopen { .. } => "reopen",
            Self::Withdraw { .. } => "withdraw",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Asked.
    Raised {
        /// What.
        question: Box<Question>,
    },
    /// Somebody owes an answer.
    Assigned {
        /// Who.
        owner: NodeId,
        /// By when.
        due: jiff::Timestamp,
        /// How long after that the Director General hears of it.
        director_after: Option<Limit>,
    },
    /// Answered.
    Answered {
        /// What.
        text: String,
        /// What came of it.
        outcome: Outcome,
    },
    /// Public.
    Published,
    /// Open again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// Gone.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

const DIALOGUE: &str =
    "Revised Kyoto Convention, General Annex, standards 1.3 and 9.4; WTO TFA, articles 1 and 2";

impl Procedure for Issue {
    const NAME: &'static str = "issue";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("raise", SECRETARY, DIALOGUE),
        Offer::at(Stage::Raised, "assign", SECRETARY, DIALOGUE),
        Offer::at(Stage::Raised, "withdraw", SECRETARY, DIALOGUE),
        Offer::at(Stage::Assigned, "assign", SECRETARY, DIALOGUE),
        Offer::at(Stage::Assigned, "answer", SECRETARY, DIALOGUE),
        Offer::at(Stage::Assigned, "answer", EXCHANGE, DIALOGUE),
        Offer::at(Stage::Assigned, "answer", ANALYST, DIALOGUE),
        Offer::at(Stage::Assigned, "withdraw", SECRETARY, DIALOGUE),
        Offer::at(Stage::Answered, "publish", DIRECTOR, DIALOGUE),
        Offer::at(Stage::Answered, "reopen", SECRETARY, DIALOGUE),
        Offer::at(Stage::Published, "reopen", SECRETARY, DIALOGUE),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "raise",
            &[
                Field::needed("question.asked_by", Sort::Text(120)),
                Field::needed("question.topic", Sort::Text(60)),
                Field::needed("question.text", Sort::LongText(4_000)),
                Field::needed("question.channel", Sort::Text(120)),
                Field::needed("question.ours", Sort::Text(12)),
            ],
        ),
        Form::of(
            "assign",
            &[
                Field::needed("owner", Sort::Text(80)),
                Field::needed("due", Sort::Moment),
                Field::optional("director_after", Sort::Text(12)),
            ],
        ),
        Form::of(
            "answer",
            &[
                Field::needed("text", Sort::LongText(8_000)),
                Field::needed(
                    "outcome",
                    Sort::Choice("issue-outcome", &["explained", "changed", "passed-on", "not-accepted"]),
                ),
            ],
        ),
        Form::of("reopen", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("withdraw", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let given = |text: &str, what: &'static str| {
            if text.trim().is_empty() {
                Err(Refusal::new("text-missing", act.name()).remedy(what))
            } else {
                Ok(())
            }
        };
        match act {
            Act::Raise { question } => {
                given(&question.text, "text")?;
                Ok(vec![Event::Raised { question: question.clone() }])
            }
            Act::Assign { owner, due, director_after } => {
                Ok(vec![Event::Assigned { owner: owner.clone(), due: *due, director_after: *director_after }])
            }
            Act::Answer { text, outcome } => {
                given(text, "text")?;
                Ok(vec![Event::Answered { text: text.clone(), outcome: *outcome }])
            }
            Act::Publish => Ok(vec![Event::Published]),
            Act::Reopen { reason } => {
                given(reason, "reason")?;
                Ok(vec![Event::Reopened { reason: reason.clone() }])
            }
            Act::Withdraw { reason } => {
                given(reason, "reason")?;
                Ok(vec![Event::Withdrawn { reason: reason.clone() }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { question } => {
                self.stage = Some(Stage::Raised);
                self.question = Some((**question).clone());
            }
            Event::Assigned { owner, due, .. } => {
                self.stage = Some(Stage::Assigned);
                self.owner = Some(owner.clone());
                self.due = Some(*due);
                self.times += 1;
            }
            Event::Answered { text, outcome } => {
                self.stage = Some(Stage::Answered);
                self.answer.clone_from(text);
                self.outcome = Some(*outcome);
            }
            Event::Published => self.stage = Some(Stage::Published),
            Event::Reopened { reason } => {
                self.stage = Some(Stage::Raised);
                self.reason.clone_from(reason);
            }
            Event::Withdrawn { reason } => {
                self.stage = Some(Stage::Withdrawn);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(question) = &self.question else { return Vec::new() };
        let lapse = |times: u32, why: &str| Owed::lapse(&owed(times), facts.case, why);
        match event {
            Event::Assigned { owner, due, director_after } => {
                let promise = Promise {
                    by: owner.clone(),
                    to: question.ours.clone(),
                    due: *due,
                    director_after: *director_after,
                };
                let open = promise.open(&owed(self.times), facts.case, &question.channel);
                // A new owner takes the matter from the one before.
                let before = (self.times > 1).then(|| lapse(self.times - 1, "assigned-anew"));
                before.into_iter().chain([open]).collect()
            }
            Event::Answered { .. } => vec![Owed::meet(&owed(self.times), facts.case, facts.case.clone())],
            Event::Withdrawn { .. } if self.times > 0 => vec![lapse(self.times, "withdrawn")],
            Event::Raised { .. } | Event::Published | Event::Reopened { .. } | Event::Withdrawn { .. } => {
                Vec::new()
            }
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(question)) = (self.stage, &self.question) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: question.text.chars().take(TITLE_MAX).collect(),
            due: self.due.filter(|_| stage == Stage::Assigned),
            closed: matches!(stage, Stage::Answered | Stage::Published | Stage::Withdrawn),
            references: vec![
                Reference::new("asked-by", question.asked_by.clone()),
                Reference::new("topic", question.topic.clone()),
            ],
            shown: json!({
                "asked_by": question.asked_by, "topic": question.topic, "channel": question.channel,
                "text": question.text, "owner": self.owner, "answer": self.answer, "outcome": self.outcome,
                "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Assigned => "assigned",
            Self::Answered => "answered",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What the obligation is called: one each time somebody was named.
fn owed(times: u32) -> String {
    format!("answer-issue:{times}")
}

/// How much of the question stands in lists, in characters.
const TITLE_MAX: usize = 120;
