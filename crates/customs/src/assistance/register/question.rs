//! A question of ours to a partner's register: counted, sent, answered by the partner's node.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{RegisterAnswer, RegisterQuestionPaper};
use crate::agreement::{Admission, Writing as _};
use crate::assistance::quota::count;
use crate::assistance::{Debt, given};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};
use crate::terms::Purpose;

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisterQuestion {
    stage: Option<Stage>,
    partner: NodeId,
    us: NodeId,
    paper: RegisterQuestionPaper,
    about: Option<CaseId>,
    admission: Option<Admission>,
    sent: Option<Timestamp>,
    answer: Option<RegisterAnswer>,
    item: Option<CaseId>,
    held_back: Option<Refusal>,
}

stages! {
    /// It is being counted.
    Counting = "counting",
    /// Out.
    Sent = "sent",
    /// Answered: found or not.
    Answered = "answered",
    /// It did not go, or was not answered for a reason.
    Refused = "refused",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A declaration is to be looked up.
    Ask {
        /// With whom.
        partner: NodeId,
        /// Its number there.
        declaration: String,
        /// What for.
        purpose: Purpose,
        /// The case that needs to know.
        #[serde(default)]
        about: Option<CaseId>,
    },
    /// It is held against the quota.
    Weigh,
    /// The quota allows it: it goes.
    Grant {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// It does not.
    Deny {
        /// Why.
        refusal: Refusal,
    },
    /// The answer is here.
    Hear {
        /// What it says.
        answer: Box<RegisterAnswer>,
        /// From whom.
        from: NodeId,
        /// The item it came in.
        item: CaseId,
    },
}

named! {
    Ask = "ask", Weigh = "weigh", Grant = "grant", Deny = "deny", Hear = "hear",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Asked.
    Asked {
        /// Whom.
        partner: NodeId,
        /// What.
        paper: RegisterQuestionPaper,
        /// The case that needs to know.
        about: Option<CaseId>,
    },
    /// Handed to the count.
    Weighed {
        /// Who we are.
        us: NodeId,
    },
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// Not out.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Answered.
    Heard {
        /// What.
        answer: Box<RegisterAnswer>,
        /// The item it came in.
        item: CaseId,
    },
}

const DEMAND: &str = "the term for questions on demand";
const QUOTA: &str = "the quotas of the term; none, no question";

impl Procedure for RegisterQuestion {
    const NAME: &'static str = "register-question";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", ANALYST, DEMAND),
        Offer::opening("ask", EXCHANGE, DEMAND),
        Offer::at(Stage::Counting, "weigh", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "grant", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "deny", Role::NODE, QUOTA),
        Offer::at(Stage::Sent, "hear", Role::NODE, "the partner's answer"),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "ask",
        &[
            Field::needed("partner", Sort::Partner),
            Field::needed("declaration", Sort::Text(70)),
            Field::needed("purpose", Purpose::SORT),
            Field::optional("about", Sort::Case("")),
        ],
    )];
    const READERS: &'static [Role] = &[GATE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Ask { partner, declaration, purpose, about } => Event::Asked {
                partner: partner.clone(),
                paper: RegisterQuestionPaper {
                    reference: facts.case.key().to_owned(),
                    declaration: given("declaration", declaration)?,
                    purpose: Some(*purpose),
                },
                about: about.clone(),
            },
            Act::Weigh => Event::Weighed { us: NodeId::new(&facts.actor.name) },
            Act::Grant { admission } => Event::Dispatched { admission: admission.clone(), at: facts.now },
            Act::Deny { refusal } => Event::Refused { refusal: refusal.clone() },
            Act::Hear { from, .. } if *from != self.partner => {
                return Err(Refusal::new("not-the-partner-asked", from.as_str()));
            }
            Act::Hear { answer, item, .. } => Event::Heard { answer: answer.clone(), item: item.clone() },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Asked { partner, paper, about } => {
                self.stage = Some(Stage::Counting);
                self.partner = partner.clone();
                self.paper = paper.clone();
                self.about.clone_from(about);
            }
            Event::Weighed { us } => self.us = us.clone(),
            Event::Dispatched { admission, at } => {
                self.stage = Some(Stage::Sent);
                self.admission = Some((**admission).clone());
                self.sent = Some(*at);
            }
            Event::Refused { refusal } => {
                self.stage = Some(Stage::Refused);
                self.held_back = Some(refusal.clone());
            }
            Event::Heard { answer, item } => {
                let refused = answer.refusal.is_some();
                self.stage = Some(if refused { Stage::Refused } else { Stage::Answered });
                self.held_back.clone_from(&answer.refusal);
                self.answer = Some((**answer).clone());
                self.item = Some(item.clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Asked { .. } => vec![Effect::act(facts.case.clone(), &Act::Weigh)],
            Event::Weighed { us } => {
                let purpose = self.paper.purpose.unwrap_or(Purpose::Exchange);
                vec![count(facts.case, RegisterQuestionPaper::KIND, (us, &self.partner), (1, purpose))]
            }
            Event::Dispatched { admission, at } => {
                let debt = Debt { by: &self.partner, to: &self.us, about: facts.case, admission };
                let kind = RegisterQuestionPaper::KIND;
                let send = Effect::send(self.partner.clone(), kind, &self.paper, facts.case.clone());
                std::iter::once(send).chain(debt.open("answer", ANSWER, *at)).collect()
            }
            Event::Heard { item, .. } => vec![Owed::meet(ANSWER, facts.case, item.clone())],
            Event::Refused { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let answer = self.answer.as_ref();
        let mut references: Vec<_> =
            self.about.iter().map(|case| Reference::new("about", case.as_str())).collect();
        references.extend(self.item.iter().map(|case| Reference::new("item", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.paper.declaration.clone(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references,
            shown: json!({
                "declaration": self.paper.declaration, "purpose": self.paper.purpose, "sent": self.sent,
                "found": answer.and_then(|answer| answer.found),
                "flow": answer.and_then(|answer| answer.flow),
                "cancelled": answer.and_then(|answer| answer.cancelled),
                "exporter": answer.map(|answer| answer.exporter.name.as_str()),
                "consignee": answer.map(|answer| answer.consignee.name.as_str()),
                "departs": answer.and_then(|answer| answer.departs),
                "arrives": answer.and_then(|answer| answer.arrives),
                "lines": answer.map(|answer| &answer.lines),
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
            }),
            ..Summary::default()
        }
    }
}

impl RegisterQuestion {
    /// Whom and about which declaration was asked, and what the answer says; nothing before it is here.
    #[must_use]
    pub fn answered(&self) -> Option<(&NodeId, &str, &RegisterAnswer)> {
        let answer = self.answer.as_ref().filter(|answer| answer.found == Some(true))?;
        Some((&self.partner, &self.paper.declaration, answer))
    }

    /// The case of a question of ours of this number.
    #[must_use]
    pub fn case_of(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }
}

/// What the partner owes.
const ANSWER: &str = "answer-register";
