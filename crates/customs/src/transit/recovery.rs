//! A debt another country asks us to recover: who it is from, whether we do it, and what was collected.
//!
//! The other side of the enquiry's request (150): this country answers it (151) and tells when the money is in (152).

use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::country_of;
use super::guarantee::{Guarantee, GuaranteeAct};
use super::policy::Policy;
use super::wire::{self, Letter};
use crate::roles::{DIRECTOR, EXCHANGE, GATE};

/// What another country asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryAsked {
    /// The movement.
    pub mrn: String,
    /// The office that asks.
    pub requesting: String,
    /// Our office that is asked.
    pub requested: String,
    /// Why, and how much.
    pub text: String,
    /// The guarantees that stand for it.
    pub guarantees: Vec<String>,
    /// The message that asks.
    pub message: String,
}

/// One request to recover.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    stage: Option<Stage>,
    asked: RecoveryAsked,
    why: String,
    collected: Option<Date>,
    sent: u32,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Somebody must decide.
    Asked,
    /// We recover it.
    Accepted,
    /// We do not.
    Declined,
    /// The money is in.
    Collected,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum RecoveryAct {
    /// Another country asks (150).
    Ask(Box<RecoveryAsked>),
    /// We recover it (151).
    Accept {
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// We do not (151).
    Decline {
        /// Why.
        reason: String,
    },
    /// The money is in (152).
    Collect {
        /// Since when.
        day: Date,
        /// In words.
        #[serde(default)]
        text: String,
    },
}

impl Named for RecoveryAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Ask(_) => "ask",
            Self::Accept { .. } => "accept",
            Self::Decline { .. } => "decline",
            Self::Collect { .. } => "collect",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum RecoveryEvent {
    /// Asked.
    Asked {
        /// What.
        asked: Box<RecoveryAsked>,
    },
    /// We recover it.
    Accepted {
        /// In words.
        text: String,
    },
    /// We do not.
    Declined {
        /// Why.
        reason: String,
    },
    /// The money is in.
    Collected {
        /// Since when.
        day: Date,
        /// In words.
        text: String,
    },
}

const WIRE: &str = "the term with the country that asks";
const LAW: &str = "Protocol 7 of AFAFGIT: the country competent for the debt recovers it";

impl Procedure for Recovery {
    const NAME: &'static str = "transit-recovery";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", Role::NODE, WIRE),
        Offer::at(Stage::Asked, "ask", Role::NODE, WIRE),
        Offer::at(Stage::Asked, "accept", EXCHANGE, LAW),
        Offer::at(Stage::Asked, "decline", EXCHANGE, LAW),
        Offer::at(Stage::Accepted, "ask", Role::NODE, WIRE),
        Offer::at(Stage::Accepted, "collect", EXCHANGE, LAW),
        Offer::at(Stage::Declined, "ask", Role::NODE, WIRE),
        Offer::at(Stage::Collected, "ask", Role::NODE, WIRE),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("accept", &[Field::optional("text", TEXT)]),
        Form::of("decline", &[Field::needed("reason", TEXT)]),
        Form::of("collect", &[Field::needed("day", Sort::Day), Field::optional("text", TEXT)]),
    ];
    const READERS: &'static [Role] = &[GATE, DIRECTOR];

    type Stage = Stage;
    type Act = RecoveryAct;
    type Event = RecoveryEvent;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &RecoveryAct, facts: &Facts<'_>) -> Result<Vec<RecoveryEvent>, Refusal> {
        Ok(match act {
            // What was declined may be asked again with other words; the same words again are no news.
            RecoveryAct::Ask(asked) if self.stage.is_none() || self.is_asked_anew(asked) => {
                vec![RecoveryEvent::Asked { asked: asked.clone() }]
            }
            RecoveryAct::Ask(_) => Vec::new(),
            RecoveryAct::Accept { text } => vec![RecoveryEvent::Accepted { text: text.clone() }],
            RecoveryAct::Decline { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "decline").remedy("reason"));
            }
            RecoveryAct::Decline { reason } => vec![RecoveryEvent::Declined { reason: reason.clone() }],
            RecoveryAct::Collect { day, .. } if *day > facts.day() => {
                return Err(Refusal::new("day-ahead", day.to_string()).remedy(facts.day().to_string()));
            }
            RecoveryAct::Collect { day, text } => {
                vec![RecoveryEvent::Collected { day: *day, text: text.clone() }]
            }
        })
    }

    fn apply(&mut self, event: &RecoveryEvent) {
        self.sent += 1;
        match event {
            RecoveryEvent::Asked { asked } => {
                (self.stage, self.asked) = (Some(Stage::Asked), (**asked).clone());
                self.why.clear();
            }
            RecoveryEvent::Accepted { text } => {
                (self.stage, self.why) = (Some(Stage::Accepted), text.clone());
            }
            RecoveryEvent::Declined { reason } => {
                (self.stage, self.why) = (Some(Stage::Declined), reason.clone());
            }
            RecoveryEvent::Collected { day, .. } => {
                (self.stage, self.collected) = (Some(Stage::Collected), Some(*day));
            }
        }
    }

    fn follow(&self, event: &RecoveryEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let (us, them) =
            (NodeId::new(country_of(&self.asked.requested)), NodeId::new(country_of(&self.asked.requesting)));
        match event {
            // The promise is made once; who asks anew after an answer has had it.
            RecoveryEvent::Asked { .. } if self.sent > 1 => Vec::new(),
            RecoveryEvent::Asked { .. } => {
                let policy = Policy::of(&us, facts);
                let due = policy.after("recovery-answer", facts.now);
                vec![policy.owed("recovery-answer", (&us, &them), facts.case, due).open()]
            }
            RecoveryEvent::Accepted { text } => {
                let claims = self.claims(&us);
                claims.into_iter().chain(self.answer("1", text, (&us, &them), facts)).collect()
            }
            RecoveryEvent::Declined { reason } => self.answer("0", reason, (&us, &them), facts),
            RecoveryEvent::Collected { day, text } => {
                let mut recovery = json!({ "collectionDate": day });
                if !text.is_empty() {
                    recovery["text"] = json!(text);
                }
                let content = json!({ "TransitOperation": { "MRN": self.asked.mrn },
                    "CustomsOfficeOfRecoveryAtDeparture": wire::office(&self.asked.requesting),
                    "CustomsOfficeOfRecovery": wire::office(&self.asked.requested), "Recovery": recovery });
                self.letter("CD152C", content, (&us, &them), facts)
            }
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let mut references = vec![Reference::new("mrn", self.asked.mrn.clone())];
        references.extend(self.asked.guarantees.iter().map(|grn| Reference::new("guarantee", grn.clone())));
        Summary {
            stage: stage.word().into(),
            title: self.asked.mrn.clone(),
            partner: country_of(&self.asked.requesting).to_owned(),
            severity: (stage == Stage::Asked).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Declined | Stage::Collected),
            references,
            shown: json!({ "mrn": self.asked.mrn, "requesting": self.asked.requesting, "requested": self.asked.requested,
                "text": self.asked.text, "guarantees": self.asked.guarantees, "why": self.why, "collected": self.collected }),
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
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Collected => "collected",
        }
    }
}

impl Recovery {
    /// The case of a movement's debt.
    #[must_use]
    pub fn case_of(mrn: &str) -> CaseId {
        CaseId::of(Self::NAME, mrn)
    }

    /// The guarantees of ours that stand for the debt stay bound until it is paid, whatever the movement becomes.
    fn claims(&self, us: &NodeId) -> Vec<Effect> {
        let ours = |grn: &&String| country_of(grn.get(2..).unwrap_or_default()) == us.as_str();
        let act = GuaranteeAct::Claim { mrn: self.asked.mrn.clone() };
        let kept = self.asked.guarantees.iter().filter(ours);
        kept.map(|grn| Effect::act(Guarantee::case_of(grn), &act)).collect()
    }

    fn is_asked_anew(&self, asked: &RecoveryAsked) -> bool {
        self.stage == Some(Stage::Declined) && self.asked.message != asked.message
    }

    fn answer(
        &self,
        accepts: &str,
        text: &str,
        between: (&NodeId, &NodeId),
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let mut recovery =
            json!({ "recoveryAcceptance": accepts, "recoveryCommunicationDate": wire::day(facts.now) });
        if !text.is_empty() {
            recovery["text"] = json!(text);
        }
        let content = json!({ "TransitOperation": { "MRN": self.asked.mrn },
            "CustomsOfficeOfRecoveryRequesting": wire::office(&self.asked.requesting),
            "CustomsOfficeOfRecoveryRequested": wire::office(&self.asked.requested), "Recovery": recovery });
        let met = Owed::meet("transit-recovery-answer", facts.case, facts.case.clone());
        let mut effects = self.letter("CD151C", content, between, facts);
        effects.push(met);
        effects
    }

    fn letter(
        &self,
        code: &'static str,
        content: Value,
        (us, them): (&NodeId, &NodeId),
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let answers = Some(self.asked.message.clone());
        let letter = Letter { from: us.clone(), to: them.clone(), code, content, answers };
        letter.send((&self.asked.mrn, self.sent), facts)
    }
}

const TEXT: Sort = Sort::Text(512);
