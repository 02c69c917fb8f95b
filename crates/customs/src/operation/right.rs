//! A right registered with customs: who holds it, in which goods, until when, and how long its holder has to answer a
//! detention by the law it was registered under.

use jiff::civil::Date;
use kernel::{Effect, Facts, Field, Form, Limit, Offer, Procedure, Reference, Refusal, Role, Sort, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::assistance::given;
use crate::macros::{codes, named, stages};
use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};

/// One right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Right {
    stage: Option<Stage>,
    record: RightRecord,
    by: String,
    reason: String,
}

stages! {
    /// Goods that infringe it are detained.
    Registered = "registered",
    /// It holds no more.
    Ended = "ended",
}

codes! {
    /// What kind of right.
    RightKind:
    /// A trade mark.
    TradeMark = "trade-mark",
    /// A design.
    Design = "design",
    /// Copyright.
    Copyright = "copyright",
    /// A patent.
    Patent = "patent",
    /// A geographical indication.
    Geographical = "geographical-indication",
}

/// What is known of a right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RightRecord {
    /// What it is called, such as the mark.
    pub name: String,
    /// What kind.
    pub kind: Option<RightKind>,
    /// Who holds it.
    pub holder: String,
    /// How the holder is reached.
    pub contact: String,
    /// Headings of the goods it is in.
    pub headings: Vec<String>,
    /// How genuine goods are told from others.
    pub features: String,
    /// Who is allowed to ship such goods.
    pub licensed: Vec<String>,
    /// Until when it holds.
    pub until: Option<Date>,
    /// The law the detention stands on.
    pub law: String,
    /// How long the holder has to answer, by that law.
    pub answer_within: Option<Limit>,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is registered, or changed.
    Register {
        /// What is known of it.
        record: Box<RightRecord>,
    },
    /// It holds no more.
    End {
        /// Why.
        reason: String,
    },
}

named! {
    Register = "register", End = "end",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Registered.
    Registered {
        /// What is known of it.
        record: Box<RightRecord>,
        /// By whom.
        by: String,
    },
    /// Ended.
    Ended {
        /// Why.
        reason: String,
    },
}

const TRIPS: &str = "TRIPS, article 52: application by the right holder";

impl Procedure for Right {
    const NAME: &'static str = "right";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("register", ANALYST, TRIPS),
        Offer::at(Stage::Registered, "register", ANALYST, TRIPS),
        Offer::at(Stage::Registered, "end", ANALYST, TRIPS),
        Offer::at(Stage::Ended, "register", ANALYST, "registered anew"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "register",
            &[
                Field::needed("record.name", Sort::Text(120)),
                Field::needed("record.kind", Sort::Choice("right-kind", RightKind::CODES)),
                Field::needed("record.holder", Sort::Text(200)),
                Field::needed("record.contact", Sort::Text(200)),
                Field::needed("record.headings", Sort::Words(40)),
                Field::optional("record.features", Sort::LongText(4_000)),
                Field::optional("record.licensed", Sort::Words(40)),
                Field::needed("record.until", Sort::Day),
                Field::needed("record.law", Sort::Text(200)),
                Field::needed("record.answer_within", Sort::Text(12)),
            ],
        ),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[GATE, DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Register { record } if record.answer_within.is_none() => {
                Err(Refusal::new("text-missing", "answer-within").remedy("answer-within"))
            }
            Act::Register { record } => {
                given("law", &record.law)?;
                Ok(vec![Event::Registered { record: record.clone(), by: facts.actor.name.clone() }])
            }
            Act::End { reason } => Ok(vec![Event::Ended { reason: given("reason", reason)? }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Registered { record, by } => {
                self.stage = Some(Stage::Registered);
                self.record = (**record).clone();
                self.by.clone_from(by);
            }
            Event::Ended { reason } => {
                self.stage = Some(Stage::Ended);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: self.record.name.clone(),
            closed: stage == Stage::Ended,
            references: self
                .record
                .headings
                .iter()
                .map(|heading| Reference::new("heading", heading.clone()))
                .collect(),
            shown: json!({
                "holder": self.record.holder, "kind": self.record.kind, "until": self.record.until,
                "law": self.record.law, "answer_within": self.record.answer_within, "features": self.record.features,
                "licensed": self.record.licensed, "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}
