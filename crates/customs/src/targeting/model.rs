//! A learned model from its proposal to its end: in force only by a second person, with the figures it was proposed
//! with, never deciding by itself.
//!
//! One model is the champion: its score is a reason among others. A challenger scores beside it and chooses nothing.

use kernel::{
    Attachment, CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Offer, Procedure,
    Reference, Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};

/// The book models in force are rows of, by their part.
pub const MODELS: &str = "models";
/// Under this key stands the model whose score is a reason.
pub const CHAMPION: &str = "champion";
/// Under this key stands the one that scores beside it.
pub const CHALLENGER: &str = "challenger";

/// A model's case; its key is the edition's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Model {
    stage: Option<Stage>,
    proposed: Option<Proposed>,
    by: String,
    why: String,
    #[serde(default)]
    signature: Signature,
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    /// The model as `sampan model train` wrote it.
    pub model: Attachment,
    /// Its report as `sampan model report` wrote it.
    pub report: Attachment,
    /// The signed note over its digest, as `sampan model train --sign` wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Attachment>,
    /// From this probability on, in parts per thousand, its score is a reason to look.
    pub refer_from: u16,
    /// Of what it knows least, so many of ten thousand lines are looked at, so that it does not blind itself.
    pub explore: u16,
    /// What it was learned from and what speaks for it.
    pub source: String,
}

/// What the node saw of a model's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Signature {
    /// Nobody was named whose signature is asked for.
    #[default]
    NotAsked,
    /// One of those named signed this file.
    Holds {
        /// Who.
        by: String,
    },
    /// None did.
    Wrong {
        /// Why.
        why: String,
    },
}

stages! {
    /// Waits for a second person.
    Proposed = "proposed",
    /// Its score is a reason.
    Champion = "champion",
    /// It scores beside the champion and chooses nothing.
    Challenger = "challenger",
    /// Not used.
    Retired = "retired",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Proposes it.
    Propose {
        /// What.
        #[serde(flatten)]
        proposed: Box<Proposed>,
    },
    /// The node looked at its signature.
    NoteSignature {
        /// What it saw.
        signature: Signature,
    },
    /// Its score is a reason from now on.
    Approve,
    /// It scores beside the champion.
    Challenge,
    /// It is not used any more, or never was.
    Retire {
        /// Why.
        reason: String,
    },
}

named! {
    Propose = "propose",
    NoteSignature = "note-signature",
    Approve = "approve",
    Challenge = "challenge",
    Retire = "retire",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Proposed.
    Proposed {
        /// What.
        proposed: Box<Proposed>,
        /// By whom.
        by: String,
    },
    /// The node looked at its signature.
    SignatureSeen {
        /// What it saw.
        signature: Signature,
    },
    /// In force.
    Approved,
    /// Beside the champion.
    Challenging,
    /// Not used any more.
    Retired {
        /// Why.
        reason: String,
        /// What it was.
        was: Stage,
    },
}

const REVIEW: &str = "own practice: a model is put in force by a second person";
const SIGNED: &str = "own practice: a model that is used bears the signature of who trained it, where somebody was named for that";
const OWNER: &str = "Revised Kyoto Convention, General Annex, standard 6.3 (risk management)";
/// Of ten thousand lines, no more are looked at for exploration.
const EXPLORE_MAX: u16 = 1_000;

impl Procedure for Model {
    const NAME: &'static str = "model";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("propose", ANALYST, OWNER),
        Offer::at(Stage::Proposed, "propose", ANALYST, OWNER),
        Offer::at(Stage::Proposed, "note-signature", Role::NODE, SIGNED),
        Offer::at(Stage::Proposed, "approve", ANALYST, REVIEW),
        Offer::at(Stage::Proposed, "approve", DIRECTOR, REVIEW),
        Offer::at(Stage::Proposed, "challenge", ANALYST, REVIEW),
        Offer::at(Stage::Proposed, "retire", ANALYST, OWNER),
        Offer::at(Stage::Challenger, "approve", ANALYST, REVIEW),
        Offer::at(Stage::Challenger, "approve", DIRECTOR, REVIEW),
        Offer::at(Stage::Challenger, "retire", ANALYST, OWNER),
        Offer::at(Stage::Champion, "retire", ANALYST, OWNER),
        Offer::at(Stage::Champion, "retire", DIRECTOR, OWNER),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "propose",
            &[
                Field::needed("model", Sort::File),
                Field::needed("report", Sort::File),
                Field::optional("note", Sort::File),
                Field::needed("refer_from", Sort::Whole(1, 1_000)),
                Field::needed("explore", Sort::Whole(0, EXPLORE_MAX as i64)),
                Field::needed("source", Sort::Text(300)),
            ],
        ),
        Form::of("retire", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER, GATE];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let event = match act {
            Act::Propose { proposed } if !(1..=1_000).contains(&proposed.refer_from) => {
                return Err(Refusal::new("probability-out-of-bounds", proposed.refer_from.to_string())
                    .remedy("1..1000"));
            }
            Act::Propose { proposed } if proposed.explore > EXPLORE_MAX => {
                return Err(Refusal::new("share-out-of-bounds", proposed.explore.to_string())
                    .remedy(format!("0..{EXPLORE_MAX}")));
            }
            Act::Propose { proposed } => {
                Event::Proposed { proposed: proposed.clone(), by: facts.actor.name.clone() }
            }
            Act::NoteSignature { signature } => Event::SignatureSeen { signature: signature.clone() },
            Act::Approve | Act::Challenge if self.signature.is_wrong() => {
                let why = self.signature.shown().unwrap_or_default();
                return Err(Refusal::new("model-signature-wrong", why).remedy("propose"));
            }
            Act::Approve if facts.actor.name == self.by => {
                return Err(Refusal::new("second-person-needed", self.by.clone()));
            }
            Act::Approve => Event::Approved,
            Act::Challenge => Event::Challenging,
            Act::Retire { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "retire").remedy("reason"));
            }
            Act::Retire { reason } => {
                Event::Retired { reason: reason.clone(), was: self.stage.unwrap_or(Stage::Proposed) }
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Proposed { proposed, by } => {
                self.stage = Some(Stage::Proposed);
                self.proposed = Some((**proposed).clone());
                self.by.clone_from(by);
                self.signature = Signature::NotAsked;
            }
            Event::SignatureSeen { signature } => self.signature = signature.clone(),
            Event::Approved => self.stage = Some(Stage::Champion),
            Event::Challenging => self.stage = Some(Stage::Challenger),
            Event::Retired { reason, .. } => {
                self.stage = Some(Stage::Retired);
                self.why.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(proposed) = &self.proposed else { return Vec::new() };
        match event {
            Event::Proposed { .. } | Event::SignatureSeen { .. } => Vec::new(),
            Event::Approved => vec![publish(CHAMPION, json!(proposed), proposed, facts)],
            Event::Challenging => vec![publish(CHALLENGER, json!(proposed), proposed, facts)],
            Event::Retired { was: Stage::Champion, .. } => {
                vec![publish(CHAMPION, Value::Null, proposed, facts)]
            }
            Event::Retired { was: Stage::Challenger, .. } => {
                vec![publish(CHALLENGER, Value::Null, proposed, facts)]
            }
            Event::Retired { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(proposed)) = (self.stage, &self.proposed) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: proposed.model.name.clone(),
            severity: match (stage, &self.signature) {
                (Stage::Proposed, Signature::Wrong { .. }) => Some(Severity::Warning),
                (Stage::Proposed, _) => Some(Severity::Note),
                _ => None,
            },
            closed: stage == Stage::Retired,
            references: vec![Reference::new("digest", proposed.model.digest.to_string())],
            shown: json!({
                "model": proposed.model, "report": proposed.report, "refer_from": proposed.refer_from,
                "explore": proposed.explore, "source": proposed.source, "by": self.by, "why": self.why,
                "signature": self.signature.shown(),
            }),
            ..Summary::default()
        }
    }
}

/// The part a model plays from this day on, as a row of the book.
fn publish(part: &str, value: Value, proposed: &Proposed, facts: &Facts<'_>) -> Effect {
    let row = Row { key: part.to_owned(), from: facts.day(), until: None, value };
    let head = EditionHead {
        book: MODELS.into(),
        name: format!("{part} {} {}", facts.case.key(), facts.day()),
        source: proposed.source.clone(),
        digest: Digest::of(format!("{}{}", facts.now, json!(row)).as_bytes()),
    };
    Effect::Publish { edition: Edition { head, rows: vec![row] } }
}

impl Signature {
    const fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong { .. })
    }

    /// Whose it is, or why it is none; nothing where none was asked for.
    fn shown(&self) -> Option<&str> {
        match self {
            Self::NotAsked => None,
            Self::Holds { by } => Some(by),
            Self::Wrong { why } => Some(why),
        }
    }
}

impl Model {
    /// What was proposed.
    #[must_use]
    pub const fn proposed(&self) -> Option<&Proposed> {
        self.proposed.as_ref()
    }

    /// The case of a model's edition.
    #[must_use]
    pub fn case_of(edition: &str) -> CaseId {
        CaseId::of(Self::NAME, edition)
    }
}
