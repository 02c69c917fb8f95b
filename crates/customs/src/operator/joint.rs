//! A joint validation: two programmes look at operators together, so that each may believe the other's.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::code::OperatorCode;
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::roles::TRUSTED;
use crate::terms::Country;

/// One joint validation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JointValidation {
    plan: Option<JointPlan>,
    partner: NodeId,
    ours: bool,
    answer: Option<JointAnswer>,
    observations: Vec<Observation>,
    closed: Option<String>,
}

/// A proposal, an agreement or a refusal, as it passes between nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JointPlan {
    /// The sender's reference.
    pub reference: String,
    /// Who writes.
    pub country: Country,
    /// The plan, shared by both sides.
    pub plan: String,
    /// What it does.
    pub step: JointStep,
    /// Whose operators are visited.
    pub operators: Vec<OperatorCode>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Who goes.
    pub team: Vec<String>,
    /// More, in words.
    pub note: String,
}

/// What a plan document does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JointStep {
    /// It proposes.
    #[default]
    Propose,
    /// It agrees.
    Agree,
    /// It cannot.
    Decline,
}

/// How a proposal was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JointAnswer {
    /// Agreed.
    Agreed,
    /// Not possible.
    Declined,
}

/// What was seen at one operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Whose.
    pub code: OperatorCode,
    /// What.
    pub note: String,
    /// When it was written down.
    pub at: Timestamp,
}

/// Where a joint validation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// We proposed it.
    Proposed,
    /// The partner proposed it.
    Asked,
    /// Both agreed.
    Agreed,
    /// It does not take place.
    Declined,
    /// It took place and is written down.
    Closed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// We propose.
    Propose {
        /// To whom.
        partner: NodeId,
        /// What.
        plan: Box<JointPlan>,
    },
    /// A document of the partner arrived.
    Receive {
        /// From whom.
        partner: NodeId,
        /// What.
        plan: Box<JointPlan>,
    },
    /// We answer.
    Answer {
        /// Yes or no.
        answer: JointAnswer,
        /// More, in words.
        #[serde(default)]
        note: String,
    },
    /// Something was seen.
    Observe {
        /// At whose.
        code: OperatorCode,
        /// What.
        note: String,
    },
    /// It is over.
    Close {
        /// The conclusion.
        conclusion: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Propose { .. } => "propose",
            Self::Receive { .. } => "receive",
            Self::Answer { .. } => "answer",
            Self::Observe { .. } => "observe",
            Self::Close { .. } => "close",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Proposed by us.
    Proposed {
        /// To whom.
        partner: NodeId,
        /// What.
        plan: Box<JointPlan>,
    },
    /// Proposed by the partner.
    Asked {
        /// By whom.
        partner: NodeId,
        /// What.
        plan: Box<JointPlan>,
    },
    /// Answered by us.
    Answered {
        /// How.
        answer: JointAnswer,
        /// More.
        note: String,
    },
    /// Answered by the partner.
    PartnerAnswered {
        /// How.
        answer: JointAnswer,
    },
    /// Seen.
    Observed {
        /// What.
        observation: Observation,
    },
    /// Over.
    Closed {
        /// The conclusion.
        conclusion: String,
    },
}

const ARRANGEMENT: &str = "the recognition arrangement: joint validation";

impl Procedure for JointValidation {
    const NAME: &'static str = "joint-validation";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("propose", TRUSTED, ARRANGEMENT),
        Offer::opening("receive", Role::NODE, ARRANGEMENT),
        Offer::at(Stage::Proposed, "receive", Role::NODE, ARRANGEMENT),
        Offer::at(Stage::Asked, "answer", TRUSTED, ARRANGEMENT),
        Offer::at(Stage::Asked, "receive", Role::NODE, ARRANGEMENT),
        Offer::at(Stage::Agreed, "observe", TRUSTED, ARRANGEMENT),
        Offer::at(Stage::Agreed, "close", TRUSTED, ARRANGEMENT),
        Offer::at(Stage::Agreed, "receive", Role::NODE, ARRANGEMENT),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "propose",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("plan.operators", Sort::Words(50)),
                Field::optional("plan.from", Sort::Day),
                Field::optional("plan.until", Sort::Day),
                Field::optional("plan.team", Sort::Words(20)),
                Field::optional("plan.note", Sort::LongText(2_000)),
            ],
        ),
        Form::of(
            "answer",
            &[
                Field::needed("answer", Sort::Choice("joint-answer", &["agreed", "declined"])),
                Field::optional("note", Sort::LongText(2_000)),
            ],
        ),
        Form::of(
            "observe",
            &[Field::needed("code", Sort::Text(20)), Field::needed("note", Sort::LongText(2_000))],
        ),
        Form::of("close", &[Field::needed("conclusion", Sort::LongText(2_000))]),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.plan.as_ref()?;
        Some(match (&self.closed, self.answer, self.ours) {
            (Some(_), ..) => Stage::Closed,
            (None, Some(JointAnswer::Agreed), _) => Stage::Agreed,
            (None, Some(JointAnswer::Declined), _) => Stage::Declined,
            (None, None, true) => Stage::Proposed,
            (None, None, false) => Stage::Asked,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Propose { plan, .. } if plan.operators.is_empty() => {
                Err(Refusal::new("value-missing", "operators").remedy("operators"))
            }
            Act::Propose { partner, plan } => {
                let mut plan = plan.clone();
                facts.case.key().clone_into(&mut plan.plan);
                plan.step = JointStep::Propose;
                plan.reference = format!("{}-propose", plan.plan);
                Ok(vec![Event::Proposed { partner: partner.clone(), plan }])
            }
            Act::Receive { partner, plan } => Ok(self.received(partner, plan)),
            Act::Answer { answer, note } => {
                Ok(vec![Event::Answered { answer: *answer, note: note.trim().to_owned() }])
            }
            Act::Observe { code, .. } if !self.visits(code) => {
                Err(Refusal::new("operator-not-in-plan", code.as_str()).remedy("operators"))
            }
            Act::Observe { code, note } => {
                let observation =
                    Observation { code: code.clone(), note: note.trim().to_owned(), at: facts.now };
                Ok(vec![Event::Observed { observation }])
            }
            Act::Close { conclusion } if conclusion.trim().is_empty() => {
                Err(Refusal::new("result-missing", "close").remedy("conclusion"))
            }
            Act::Close { conclusion } => Ok(vec![Event::Closed { conclusion: conclusion.trim().to_owned() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Proposed { partner, plan } | Event::Asked { partner, plan } => {
                self.partner = partner.clone();
                self.plan = Some((**plan).clone());
                self.ours = matches!(event, Event::Proposed { .. });
            }
            Event::Answered { answer, .. } | Event::PartnerAnswered { answer } => self.answer = Some(*answer),
            Event::Observed { observation } => self.observations.push(observation.clone()),
            Event::Closed { conclusion } => self.closed = Some(conclusion.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(plan) = &self.plan else { return Vec::new() };
        match event {
            Event::Proposed { plan, .. } => {
                vec![Effect::send(self.partner.clone(), JointPlan::KIND, &**plan, facts.case.clone())]
            }
            Event::Answered { answer, note } => {
                let step = match answer {
                    JointAnswer::Agreed => JointStep::Agree,
                    JointAnswer::Declined => JointStep::Decline,
                };
                let reference = format!("{}-answer", plan.plan);
                let answer = JointPlan {
                    step,
                    reference,
                    note: note.clone(),
                    country: Country::default(),
                    ..plan.clone()
                };
                vec![
                    Effect::send(self.partner.clone(), JointPlan::KIND, &answer, facts.case.clone()),
                    Owed::meet(OWED, facts.case, facts.case.clone()),
                ]
            }
            Event::PartnerAnswered { .. } => vec![Owed::meet(OWED, facts.case, facts.case.clone())],
            Event::Asked { .. } | Event::Observed { .. } | Event::Closed { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(plan), Some(stage)) = (&self.plan, self.stage()) else { return Summary::default() };
        let start = plan.from.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
        Summary {
            stage: format!("{stage:?}").to_lowercase(),
            title: plan.plan.clone(),
            partner: self.partner.to_string(),
            due: start
                .map(|zoned| zoned.timestamp())
                .filter(|_| stage != Stage::Closed && stage != Stage::Declined),
            closed: matches!(stage, Stage::Closed | Stage::Declined),
            references: plan.operators.iter().map(|code| Reference::new("operator", code.as_str())).collect(),
            shown: json!({
                "operators": plan.operators, "from": plan.from, "until": plan.until, "team": plan.team,
                "observations": self.observations.len(), "ours": self.ours, "note": plan.note,
            }),
            ..Summary::default()
        }
    }
}

impl JointValidation {
    /// The case of a plan, by its shared name.
    #[must_use]
    pub fn case_of(plan: &str) -> CaseId {
        CaseId::of(Self::NAME, plan)
    }

    fn visits(&self, code: &OperatorCode) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.operators.contains(code))
    }

    fn received(&self, partner: &NodeId, plan: &JointPlan) -> Vec<Event> {
        match (plan.step, &self.plan, self.answer) {
            (JointStep::Propose, None, _) => {
                vec![Event::Asked { partner: partner.clone(), plan: Box::new(plan.clone()) }]
            }
            (JointStep::Agree, Some(_), None) => vec![Event::PartnerAnswered { answer: JointAnswer::Agreed }],
            (JointStep::Decline, Some(_), None) => {
                vec![Event::PartnerAnswered { answer: JointAnswer::Declined }]
            }
            _ => Vec::new(),
        }
    }
}

impl Writing for JointPlan {
    const KIND: &'static str = "joint-validation";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("plan", Class::Key, "shared name"),
        field("step", Class::Key, "arrangement"),
        field("operators", Class::Trader, "arrangement"),
        field("from", Class::Key, "arrangement"),
        field("until", Class::Key, "arrangement"),
        field("team", Class::Key, "arrangement"),
        field("note", Class::Conclusion, "arrangement"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.plan
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::Receive { partner: item.arrival.from.clone(), plan: Box::new(self.clone()) };
        vec![Effect::act(JointValidation::case_of(&self.plan), &act)]
    }
}

/// What is owed, as obligations name it.
const OWED: &str = "joint-validation-answer";
