//! Passing on what a partner gave: to another authority, to a court, for another purpose. Asked of the giver, who grants
//! with conditions or refuses; both sides keep the case.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::clocks::Debt;
use super::given;
use super::words::RefusalReason;
use crate::agreement::{Admission, Arrived, Class, FieldClass, Onward, Writing, admit, field, term_in_force};
use crate::macros::{codes, named, stages};
use crate::roles::{DIRECTOR, EXCHANGE, REVIEWER};

/// One wish to pass something on, ours or a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PassingOn {
    stage: Option<Stage>,
    side: Side,
    us: NodeId,
    partner: NodeId,
    wish: OnwardRequest,
    admission: Option<Admission>,
    answer: Option<OnwardAnswer>,
    held_back: Option<Refusal>,
    asked: Option<Timestamp>,
}

/// On whose side the case is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Side {
    /// We want to pass on what they gave.
    #[default]
    Asking,
    /// They want to pass on what we gave.
    Granting,
}

stages! {
    /// Written.
    Wanted = "wanted",
    /// No live term lets it go, or the giver's term never allows it.
    Kept = "kept",
    /// The giver is asked.
    Asked = "asked",
    /// A partner asks us.
    AskedOfUs = "asked-of-us",
    /// It may be passed on, under the conditions named.
    Granted = "granted",
    /// It may not.
    Refused = "refused",
}

codes! {
    /// What it is to be passed on for.
    UseFor:
    /// Evidence in court.
    Court = "court",
    /// Another authority of the same country.
    Authority = "other-authority",
    /// Another country.
    Country = "other-country",
    /// Another purpose than the one it was given for.
    Purpose = "other-purpose",
}

/// The wish, as it goes to the giver.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnwardRequest {
    /// Its own number.
    pub reference: String,
    /// The kind of document that is to be passed on.
    pub kind: String,
    /// The giver's number of what is to be passed on.
    pub of: String,
    /// To whom.
    pub recipient: String,
    /// For what.
    pub use_for: Option<UseFor>,
    /// Why.
    pub reason: String,
}

/// The giver's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnwardAnswer {
    /// Its own number.
    pub reference: String,
    /// The number of the wish.
    pub answers: String,
    /// Whether it may be.
    pub granted: Option<Grant>,
    /// Under which conditions, or why not in words.
    pub conditions: String,
    /// Why not.
    pub reasons: Vec<RefusalReason>,
}

/// Whether something may be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// It may.
    Granted,
    /// It may not.
    Refused,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something of a partner's is to be passed on.
    Want {
        /// The giver.
        partner: NodeId,
        /// What, to whom, for what.
        wish: Box<OnwardRequest>,
    },
    /// The giver is asked, if the terms let us.
    Dispatch,
    /// A partner asks us.
    Arrive {
        /// What it wants.
        wish: Box<OnwardRequest>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// We let it.
    Grant {
        /// Under which conditions.
        #[serde(default)]
        conditions: String,
    },
    /// We do not.
    Refuse {
        /// Why.
        reasons: Vec<RefusalReason>,
        /// In words.
        #[serde(default)]
        conditions: String,
    },
    /// The giver answers.
    Hear {
        /// What.
        answer: Box<OnwardAnswer>,
        /// The item it came in.
        item: CaseId,
    },
}

named! {
    Want = "want", Dispatch = "dispatch", Arrive = "arrive", Grant = "grant", Refuse = "refuse", Hear = "hear",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Wanted.
    Wanted {
        /// The giver.
        partner: NodeId,
        /// What.
        wish: Box<OnwardRequest>,
    },
    /// The giver is asked.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// Not asked.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// We are asked.
    Arrived {
        /// What.
        wish: Box<OnwardRequest>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// We answered.
    Answered {
        /// What.
        answer: Box<OnwardAnswer>,
    },
    /// The giver answered.
    Heard {
        /// What.
        answer: Box<OnwardAnswer>,
        /// The item it came in.
        item: CaseId,
    },
}

const CONSENT: &str =
    "no passing on without the giver's written consent (handling codes H1, H2; the term's onward rule)";

impl Procedure for PassingOn {
    const NAME: &'static str = "onward";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("want", EXCHANGE, CONSENT),
        Offer::opening("arrive", Role::NODE, CONSENT),
        Offer::at(Stage::Wanted, "dispatch", Role::NODE, CONSENT),
        Offer::at(Stage::Kept, "want", EXCHANGE, CONSENT),
        Offer::at(Stage::Asked, "hear", Role::NODE, CONSENT),
        Offer::at(Stage::AskedOfUs, "arrive", Role::NODE, "the same wish again"),
        Offer::at(Stage::AskedOfUs, "grant", EXCHANGE, CONSENT),
        Offer::at(Stage::AskedOfUs, "grant", DIRECTOR, CONSENT),
        Offer::at(Stage::AskedOfUs, "refuse", EXCHANGE, CONSENT),
        Offer::at(Stage::AskedOfUs, "refuse", DIRECTOR, CONSENT),
        Offer::at(Stage::Granted, "arrive", Role::NODE, "the same wish again"),
        Offer::at(Stage::Refused, "arrive", Role::NODE, "the same wish again"),
        Offer::at(Stage::Granted, "hear", Role::NODE, "the same answer again"),
        Offer::at(Stage::Refused, "hear", Role::NODE, "the same answer again"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "want",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("wish.kind", Sort::Text(60)),
                Field::needed("wish.of", Sort::Text(120)),
                Field::needed("wish.recipient", Sort::Text(200)),
                Field::needed("wish.use_for", Sort::Choice("use-for", UseFor::CODES)),
                Field::needed("wish.reason", Sort::LongText(1_000)),
            ],
        ),
        Form::of("grant", &[Field::optional("conditions", Sort::LongText(1_000))]),
        Form::of(
            "refuse",
            &[
                Field::needed("reasons", Sort::Several("refusal-reason", RefusalReason::CODES)),
                Field::optional("conditions", Sort::LongText(1_000)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Want { partner, wish } => {
                let mut wish = wish.clone();
                facts.case.key().clone_into(&mut wish.reference);
                given("reason", &wish.reason)?;
                vec![Event::Wanted { partner: partner.clone(), wish }]
            }
            Act::Dispatch => vec![self.dispatched(facts)],
            Act::Arrive { .. } if self.stage.is_some() => Vec::new(),
            Act::Arrive { wish, item, admission } => vec![Event::Arrived {
                wish: wish.clone(),
                item: item.clone(),
                admission: admission.clone(),
                us: NodeId::new(&facts.actor.name),
                at: facts.now,
            }],
            Act::Grant { conditions } => vec![self.answered(Grant::Granted, conditions, &[], facts)],
            Act::Refuse { reasons, .. } if reasons.is_empty() => {
                return Err(Refusal::new("reason-missing", "refuse").remedy(RefusalReason::CODES.join(", ")));
            }
            Act::Refuse { reasons, conditions } => {
                vec![self.answered(Grant::Refused, conditions, reasons, facts)]
            }
            Act::Hear { .. } if self.answer.is_some() => Vec::new(),
            Act::Hear { answer, item } => vec![Event::Heard { answer: answer.clone(), item: item.clone() }],
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Wanted { partner, wish } => {
                self.stage = Some(Stage::Wanted);
                self.partner = partner.clone();
                self.wish = (**wish).clone();
            }
            Event::Dispatched { admission, us, at } => {
                self.stage = Some(Stage::Asked);
                self.us = us.clone();
                self.admission = Some((**admission).clone());
                self.asked = Some(*at);
                self.held_back = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Arrived { wish, admission, us, at, .. } => {
                self.stage = Some(Stage::AskedOfUs);
                self.side = Side::Granting;
                self.us = us.clone();
                self.partner = admission.term.from.clone();
                self.wish = (**wish).clone();
                self.admission = Some((**admission).clone());
                self.asked = Some(*at);
            }
            Event::Answered { answer } | Event::Heard { answer, .. } => {
                let granted = answer.granted == Some(Grant::Granted);
                self.stage = Some(if granted { Stage::Granted } else { Stage::Refused });
                self.answer = Some((**answer).clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Wanted { .. } => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { admission, us, at } => {
                let debt = Debt { by: &self.partner, to: us, about: facts.case, admission };
                let mut effects = vec![Effect::send(
                    self.partner.clone(),
                    OnwardRequest::KIND,
                    &self.wish,
                    facts.case.clone(),
                )];
                effects.extend(debt.open("reply", OWED, *at));
                effects
            }
            Event::Arrived { admission, us, at, .. } => {
                let debt = Debt { by: us, to: &self.partner, about: facts.case, admission };
                debt.open("reply", OWED, *at).into_iter().collect()
            }
            Event::Answered { answer } => vec![
                Effect::send(self.partner.clone(), OnwardAnswer::KIND, &**answer, facts.case.clone()),
                Owed::meet(OWED, facts.case, facts.case.clone()),
            ],
            Event::Heard { item, .. } => vec![Owed::meet(OWED, facts.case, item.clone())],
            Event::HeldBack { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: self.wish.of.clone(),
            partner: self.partner.to_string(),
            severity: matches!(stage, Stage::Kept | Stage::AskedOfUs).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Granted | Stage::Refused),
            references: vec![Reference::new("onward", format!("{} {}", self.wish.kind, self.wish.of))],
            shown: json!({
                "side": self.side, "kind": self.wish.kind, "recipient": self.wish.recipient,
                "use_for": self.wish.use_for, "reason": self.wish.reason, "held_back": self.held_back,
                "conditions": self.answer.as_ref().map(|answer| &answer.conditions),
                "reasons": self.answer.as_ref().map(|answer| &answer.reasons),
            }),
            ..Summary::default()
        }
    }
}

impl PassingOn {
    /// Asked only where the term under which the thing came leaves room for it.
    fn dispatched(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        let given_under = term_in_force(facts.books, &self.wish.kind, &self.partner, &us, facts.day());
        let allowed = match given_under {
            None => Err(Refusal::new("no-live-term", self.wish.kind.clone()).remedy("agreement")),
            Some(standing) if standing.term.onward == Onward::Never => {
                Err(Refusal::new("onward-never", standing.cite()))
            }
            Some(_) => admit(facts.books, OnwardRequest::KIND, &us, &self.partner, facts.day()),
        };
        match allowed {
            Ok(admission) => Event::Dispatched { admission: Box::new(admission), us, at: facts.now },
            Err(refusal) => Event::HeldBack { refusal },
        }
    }

    fn answered(
        &self,
        grant: Grant,
        conditions: &str,
        reasons: &[RefusalReason],
        facts: &Facts<'_>,
    ) -> Event {
        Event::Answered {
            answer: Box::new(OnwardAnswer {
                reference: format!("{}-answer", facts.case.key()),
                answers: self.wish.reference.clone(),
                granted: Some(grant),
                conditions: conditions.to_owned(),
                reasons: reasons.to_vec(),
            }),
        }
    }
}

impl Writing for OnwardRequest {
    const KIND: &'static str = "onward-request";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "model bilateral agreement, use of information"),
        field("kind", Class::Key, "model bilateral agreement, use of information"),
        field("of", Class::Key, "model bilateral agreement, use of information"),
        field("recipient", Class::Conclusion, "model bilateral agreement, use of information"),
        field("use_for", Class::Key, "model bilateral agreement, use of information"),
        field("reason", Class::Conclusion, "model bilateral agreement, use of information"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.of
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = CaseId::of(PassingOn::NAME, format_args!("{}-{}", item.arrival.from, self.reference));
        let act = Act::Arrive {
            wish: Box::new(self.clone()),
            item: item.case.clone(),
            admission: Box::new(item.admission.clone()),
        };
        item.moves(case, &act)
    }
}

impl Writing for OnwardAnswer {
    const KIND: &'static str = "onward-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "model bilateral agreement, use of information"),
        field("answers", Class::Key, "model bilateral agreement, use of information"),
        field("granted", Class::Key, "model bilateral agreement, use of information"),
        field("conditions", Class::Key, "model bilateral agreement, use of information"),
        field("reasons", Class::Key, "model bilateral agreement, exemptions"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.answers
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = CaseId::of(PassingOn::NAME, &self.answers);
        vec![Effect::act(case, &Act::Hear { answer: Box::new(self.clone()), item: item.case.clone() })]
    }
}

/// What the giver owes.
pub(super) const OWED: &str = "answer-onward";
