//! What a carrier is asked before loading: information, a screening, or not to load. Asked, answered, lifted; late by itself.

use jiff::Timestamp;
use kernel::{
    Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{ANALYST, CLEARANCE, DIRECTOR, GATE, REVIEWER};

/// What a carrier is asked (the three referrals of advance cargo data: information, screening, do not load).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// What was said is not enough: say more.
    Information,
    /// Put it through a scanner and say what was seen.
    Screening,
    /// Do not load it.
    DoNotLoad,
}

impl Ask {
    /// The name in files and lists.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Screening => "screening",
            Self::DoNotLoad => "do-not-load",
        }
    }
}

/// A carrier referral's case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    stage: Option<Stage>,
    ask: Option<Ask>,
    parcel: String,
    carrier: String,
    reason: String,
    due: Option<Timestamp>,
    answer: String,
    asked_by: String,
    late: u32,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The carrier must answer.
    Asked,
    /// The carrier has answered; we must look.
    Answered,
    /// It must not be loaded.
    Held,
    /// Nothing is asked any more.
    Lifted,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Ask the carrier.
    Ask {
        /// What.
        ask: Ask,
        /// Of which parcel.
        parcel: String,
        /// Which carrier.
        carrier: String,
        /// Why, as codes.
        reason: String,
        /// By when.
        due: Timestamp,
    },
    /// What the carrier says or saw.
    Answer {
        /// What.
        answer: String,
    },
    /// It must not be loaded; a person's word, with a reason.
    Hold {
        /// Why.
        reason: String,
    },
    /// Nothing is asked any more.
    Lift {
        /// Why.
        reason: String,
    },
    /// Its moment is over.
    Remind,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::Answer { .. } => "answer",
            Self::Hold { .. } => "hold",
            Self::Lift { .. } => "lift",
            Self::Remind => "remind",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    Asked { ask: Ask, parcel: String, carrier: String, reason: String, due: Timestamp, by: String },
    Answered { answer: String },
    Held { reason: String, by: String },
    Lifted { reason: String },
    Reminded,
}

const BASIS: &str =
    "WCO SAFE Framework, pillar 1 (advance cargo information); Convention of the UPU, article 8";
const PERSON: &str = "own practice: that goods are not loaded is a person's word, never a rule's";

impl Procedure for Referral {
    const NAME: &'static str = "carrier-referral";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", Role::NODE, BASIS),
        Offer::opening("ask", CLEARANCE, BASIS),
        Offer::opening("ask", ANALYST, BASIS),
        Offer::at(Stage::Asked, "answer", CLEARANCE, BASIS),
        Offer::at(Stage::Asked, "answer", ANALYST, BASIS),
        Offer::at(Stage::Asked, "hold", ANALYST, PERSON),
        Offer::at(Stage::Asked, "lift", ANALYST, BASIS),
        Offer::at(Stage::Asked, "remind", Role::NODE, BASIS),
        Offer::at(Stage::Answered, "hold", ANALYST, PERSON),
        Offer::at(Stage::Answered, "lift", ANALYST, BASIS),
        Offer::at(Stage::Answered, "remind", Role::NODE, BASIS),
        Offer::at(Stage::Held, "lift", DIRECTOR, PERSON),
        Offer::at(Stage::Held, "remind", Role::NODE, BASIS),
        Offer::at(Stage::Lifted, "remind", Role::NODE, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "ask",
            &[
                Field::needed(
                    "ask",
                    Sort::Choice("carrier-ask", &["information", "screening", "do-not-load"]),
                ),
                Field::needed("parcel", Sort::Text(60)),
                Field::needed("carrier", Sort::Text(60)),
                Field::needed("reason", Sort::Text(200)),
                Field::needed("due", Sort::Moment),
            ],
        ),
        Form::of("answer", &[Field::needed("answer", Sort::Text(500))]),
        Form::of("hold", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("lift", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[GATE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.name.clone();
        let event = match act {
            Act::Ask { ask: Ask::DoNotLoad, .. } if facts.actor.role == Role::NODE => {
                return Err(Refusal::new("person-needed", Ask::DoNotLoad.code()));
            }
            Act::Ask { ask, parcel, carrier, reason, due } => Event::Asked {
                ask: *ask,
                parcel: parcel.clone(),
                carrier: carrier.clone(),
                reason: stated(reason, "ask")?,
                due: *due,
                by,
            },
            Act::Answer { answer } => Event::Answered { answer: stated(answer, "answer")? },
            Act::Hold { reason } => Event::Held { reason: stated(reason, "hold")?, by },
            Act::Lift { reason } => Event::Lifted { reason: stated(reason, "lift")? },
            Act::Remind if self.stage != Some(Stage::Asked) => return Ok(Vec::new()),
            Act::Remind => Event::Reminded,
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Asked { ask, parcel, carrier, reason, due, by } => {
                self.stage = Some(if *ask == Ask::DoNotLoad { Stage::Held } else { Stage::Asked });
                self.ask = Some(*ask);
                self.parcel.clone_from(parcel);
                self.carrier.clone_from(carrier);
                self.reason.clone_from(reason);
                self.due = Some(*due);
                self.asked_by.clone_from(by);
            }
            Event::Answered { answer } => {
                self.stage = Some(Stage::Answered);
                self.answer.clone_from(answer);
            }
            Event::Held { reason, by } => {
                self.stage = Some(Stage::Held);
                self.ask = Some(Ask::DoNotLoad);
                self.reason.clone_from(reason);
                self.asked_by.clone_from(by);
            }
            Event::Lifted { reason } => {
                self.stage = Some(Stage::Lifted);
                self.reason.clone_from(reason);
            }
            Event::Reminded => self.late += 1,
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Asked { due, .. } => vec![Effect::wake("remind", *due, &Act::Remind)],
            Event::Answered { .. } | Event::Held { .. } | Event::Lifted { .. } => {
                vec![Effect::Rest { name: "remind".into() }]
            }
            Event::Reminded => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let open = stage != Stage::Lifted;
        let heavy = stage == Stage::Held || self.late > 0;
        Summary {
            stage: stage.word().into(),
            title: self.parcel.clone(),
            partner: self.carrier.clone(),
            lane: self.ask.map_or("", Ask::code).into(),
            due: self.due.filter(|_| stage == Stage::Asked),
            severity: open.then_some(if heavy { Severity::Error } else { Severity::Warning }),
            closed: !open,
            references: vec![Reference::new("parcel", self.parcel.clone())],
            shown: json!({
                "ask": self.ask, "parcel": self.parcel, "carrier": self.carrier, "reason": self.reason,
                "due": self.due, "answer": self.answer, "asked_by": self.asked_by, "late": self.late,
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
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Held => "held",
            Self::Lifted => "lifted",
        }
    }
}

fn stated(text: &str, act: &'static str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        Err(Refusal::new("reason-missing", act).remedy("reason"))
    } else {
        Ok(text.to_owned())
    }
}
