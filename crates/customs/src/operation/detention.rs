//! Goods detained because they may infringe a right: the holder is told, and has as long as the law says to answer.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Limit, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::words::{GOODS, Seized};
use crate::assistance::given;
use crate::macros::{codes, named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// One detention.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detention {
    stage: Option<Stage>,
    right: Option<CaseId>,
    consignment: Option<CaseId>,
    goods: Vec<Seized>,
    reason: String,
    law: String,
    answer_within: Option<Limit>,
    noticed: Option<Timestamp>,
    due: Option<Timestamp>,
    answer: Option<HolderSays>,
    outcome: String,
}

stages! {
    /// Held; the holder is not told yet.
    Detained = "detained",
    /// The holder is told; the law's clock runs.
    Noticed = "noticed",
    /// The holder went to court, or the goods are kept with its consent.
    Upheld = "upheld",
    /// Given back.
    Released = "released",
    /// Destroyed.
    Destroyed = "destroyed",
}

codes! {
    /// What the holder says.
    HolderSays:
    /// They infringe; it goes to court.
    Court = "goes-to-court",
    /// They infringe; both sides agree to destruction.
    AgreedDestruction = "agreed-destruction",
    /// They are genuine.
    Genuine = "genuine",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Goods are held.
    Detain {
        /// The right.
        right: CaseId,
        /// The consignment.
        #[serde(default)]
        consignment: Option<CaseId>,
        /// The goods.
        goods: Vec<Seized>,
        /// What makes them suspect.
        reason: String,
        /// The law it stands on, as the right's register says.
        law: String,
        /// How long the holder has to answer, as the right's register says.
        answer_within: Limit,
    },
    /// The holder is told.
    Notice,
    /// The law's clock starts.
    StartClock,
    /// The holder answers.
    Answer {
        /// What.
        says: HolderSays,
    },
    /// The holder's time is over.
    TimeOver,
    /// They are given back.
    Release {
        /// Why.
        reason: String,
    },
    /// They are destroyed.
    Destroy {
        /// How, and who saw it.
        protocol: String,
    },
}

named! {
    Detain = "detain", Notice = "notice", StartClock = "start-clock", Answer = "answer", TimeOver = "time-over", Release = "release",
    Destroy = "destroy",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Held.
    Detained {
        /// The right.
        right: CaseId,
        /// The consignment.
        consignment: Option<CaseId>,
        /// The goods.
        goods: Vec<Seized>,
        /// What makes them suspect.
        reason: String,
        /// The law.
        law: String,
        /// How long the holder has.
        answer_within: Limit,
    },
    /// To be told.
    NoticeGiven,
    /// Told; the clock runs.
    Noticed {
        /// When.
        at: Timestamp,
        /// By when it answers.
        due: Timestamp,
        /// Who holds the goods.
        us: NodeId,
    },
    /// Answered.
    Answered {
        /// What.
        says: HolderSays,
    },
    /// Not answered in time.
    TimeRanOut,
    /// Given back.
    Released {
        /// Why.
        reason: String,
    },
    /// Destroyed.
    Destroyed {
        /// How.
        protocol: String,
    },
}

const TRIPS: &str = "TRIPS, articles 51, 54, 55: suspension, notice, duration";

impl Procedure for Detention {
    const NAME: &'static str = "detention";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("detain", GATE, TRIPS),
        Offer::opening("detain", ANALYST, TRIPS),
        Offer::at(Stage::Detained, "notice", GATE, TRIPS),
        Offer::at(Stage::Detained, "notice", ANALYST, TRIPS),
        Offer::at(Stage::Detained, "start-clock", Role::NODE, TRIPS),
        Offer::at(Stage::Detained, "release", ANALYST, TRIPS),
        Offer::at(Stage::Noticed, "answer", ANALYST, TRIPS),
        Offer::at(Stage::Noticed, "answer", GATE, TRIPS),
        Offer::at(Stage::Noticed, "time-over", Role::NODE, TRIPS),
        Offer::at(Stage::Noticed, "release", ANALYST, TRIPS),
        Offer::at(Stage::Upheld, "destroy", ANALYST, "TRIPS, article 59: remedies"),
        Offer::at(Stage::Upheld, "release", ANALYST, TRIPS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "detain",
            &[
                Field::needed("right", Sort::Case("right")),
                Field::optional("consignment", Sort::Case("consignment")),
                Field::needed("goods", Sort::Lines(GOODS)),
                Field::needed("reason", Sort::LongText(1_000)),
                Field::needed("law", Sort::Text(200)),
                Field::needed("answer_within", Sort::Text(12)),
            ],
        ),
        Form::of("answer", &[Field::needed("says", Sort::Choice("holder-says", HolderSays::CODES))]),
        Form::of("release", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("destroy", &[Field::needed("protocol", Sort::LongText(1_000))]),
    ];
    const READERS: &'static [Role] = &[DIRECTOR, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Detain { right, consignment, goods, reason, law, answer_within } => vec![Event::Detained {
                right: right.clone(),
                consignment: consignment.clone(),
                goods: goods.clone(),
                reason: given("reason", reason)?,
                law: given("law", law)?,
                answer_within: *answer_within,
            }],
            Act::Notice => vec![Event::NoticeGiven],
            Act::StartClock => vec![self.noticed(facts)?],
            Act::Answer { says } => vec![Event::Answered { says: *says }],
            Act::TimeOver => vec![Event::TimeRanOut],
            Act::Release { reason } => vec![Event::Released { reason: given("reason", reason)? }],
            Act::Destroy { protocol } => vec![Event::Destroyed { protocol: given("protocol", protocol)? }],
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Detained { right, consignment, goods, reason, law, answer_within } => {
                self.stage = Some(Stage::Detained);
                self.right = Some(right.clone());
                self.consignment.clone_from(consignment);
                self.goods.clone_from(goods);
                self.reason.clone_from(reason);
                self.law.clone_from(law);
                self.answer_within = Some(*answer_within);
            }
            Event::NoticeGiven => {}
            Event::Noticed { at, due, .. } => {
                self.stage = Some(Stage::Noticed);
                self.noticed = Some(*at);
                self.due = Some(*due);
            }
            Event::Answered { says } => {
                self.stage = Some(match says {
                    HolderSays::Court | HolderSays::AgreedDestruction => Stage::Upheld,
                    HolderSays::Genuine => Stage::Released,
                });
                self.answer = Some(*says);
            }
            Event::TimeRanOut => {
                self.stage = Some(Stage::Released);
                self.outcome = "time-over".into();
            }
            Event::Released { reason } => {
                self.stage = Some(Stage::Released);
                self.outcome.clone_from(reason);
            }
            Event::Destroyed { protocol } => {
                self.stage = Some(Stage::Destroyed);
                self.outcome.clone_from(protocol);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let rest = || Effect::Rest { name: "time-over".into() };
        match event {
            Event::NoticeGiven => vec![Effect::act(facts.case.clone(), &Act::StartClock)],
            Event::Noticed { due, us, .. } => vec![
                Effect::wake("time-over", *due, &Act::TimeOver),
                Owed {
                    by: NodeId::new("right-holder"),
                    to: us.clone(),
                    what: ANSWER.into(),
                    about: facts.case.clone(),
                    source: self.law.clone(),
                    due: *due,
                    escalation: vec![(Limit::seconds(1), ANALYST)],
                }
                .open(),
            ],
            Event::Answered { .. } => vec![Owed::meet(ANSWER, facts.case, facts.case.clone()), rest()],
            Event::Released { .. } => vec![Owed::lapse(ANSWER, facts.case, "released"), rest()],
            Event::Detained { .. } | Event::TimeRanOut | Event::Destroyed { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let closed = matches!(stage, Stage::Released | Stage::Destroyed);
        let mut references: Vec<_> =
            self.right.iter().map(|right| Reference::new("about", right.as_str())).collect();
        references.extend(self.consignment.iter().map(|case| Reference::new("consignment", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.goods.first().map_or_else(String::new, |goods| goods.what.clone()),
            due: self.due.filter(|_| stage == Stage::Noticed),
            severity: (!closed).then_some(Severity::Warning),
            closed,
            references,
            shown: json!({
                "right": self.right, "reason": self.reason, "law": self.law, "noticed": self.noticed, "due": self.due,
                "says": self.answer, "outcome": self.outcome, "goods": self.goods,
            }),
            ..Summary::default()
        }
    }
}

impl Detention {
    /// The clock is the law's, as the right's register says; it runs from the notice.
    fn noticed(&self, facts: &Facts<'_>) -> Result<Event, Refusal> {
        let within = self.answer_within.ok_or_else(|| Refusal::new("text-missing", "answer-within"))?;
        Ok(Event::Noticed { at: facts.now, due: within.after(facts.now), us: NodeId::new(&facts.actor.name) })
    }
}

/// What the holder owes.
pub(super) const ANSWER: &str = "answer-detention";
