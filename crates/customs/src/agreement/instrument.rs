//! The agreement as a case: entered by one person, brought into force by another, suspended, ended.

use kernel::{
    Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::book::edition;
use super::{Agreement, LaneState, form};
use crate::roles::{ALL, DIRECTOR, SECRETARY};

/// One agreement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    stage: Option<Stage>,
    agreement: Option<Agreement>,
    entered_by: String,
    approved_by: String,
    reason: String,
}

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Entered, permits nothing yet.
    Draft,
    /// Its terms hold from their day.
    InForce,
    /// All its lanes are stopped for the time being.
    Suspended,
    /// All its lanes are stopped for good.
    Ended,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The text is entered as data.
    Enter {
        /// The agreement.
        agreement: Box<Agreement>,
    },
    /// A second person brings it into force.
    Approve,
    /// All lanes stop.
    Suspend {
        /// Why.
        reason: String,
    },
    /// All lanes run again.
    Resume,
    /// All lanes stop for good.
    End {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Enter { .. } => "enter",
            Self::Approve => "approve",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::End { .. } => "end",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Entered.
    Entered {
        /// The agreement.
        agreement: Box<Agreement>,
        /// Who entered it.
        by: String,
    },
    /// In force.
    EnteredIntoForce {
        /// Who approved it.
        by: String,
    },
    /// Stopped for the time being.
    Suspended {
        /// Why.
        reason: String,
    },
    /// Runs again.
    Resumed,
    /// Stopped for good.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Procedure for Instrument {
    const NAME: &'static str = "agreement";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("enter", SECRETARY, "the agreement's own text"),
        Offer::at(Stage::Draft, "approve", DIRECTOR, "entry into force; never the one who entered it"),
        Offer::at(Stage::InForce, "suspend", DIRECTOR, "suspension clause"),
        Offer::at(Stage::InForce, "end", DIRECTOR, "denunciation clause"),
        Offer::at(Stage::Suspended, "resume", DIRECTOR, "suspension clause"),
        Offer::at(Stage::Suspended, "end", DIRECTOR, "denunciation clause"),
    ];

    const FORMS: &'static [Form] = &[
        Form::keyed("enter", "agreement.id", form::AGREEMENT),
        Form::of("suspend", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &ALL;

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.name.clone();
        match act {
            Act::Enter { agreement } => {
                well_formed(agreement)?;
                Ok(vec![Event::Entered { agreement: agreement.clone(), by }])
            }
            Act::Approve if by == self.entered_by => {
                Err(Refusal::new("second-person-needed", by).remedy(DIRECTOR.as_str()))
            }
            Act::Approve => Ok(vec![Event::EnteredIntoForce { by }]),
            Act::Suspend { reason } | Act::End { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("reason"))
            }
            Act::Suspend { reason } => Ok(vec![Event::Suspended { reason: reason.clone() }]),
            Act::Resume => Ok(vec![Event::Resumed]),
            Act::End { reason } => Ok(vec![Event::Ended { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Entered { agreement, by } => {
                self.stage = Some(Stage::Draft);
                self.agreement = Some((**agreement).clone());
                self.entered_by.clone_from(by);
            }
            Event::EnteredIntoForce { by } => {
                self.stage = Some(Stage::InForce);
                self.approved_by.clone_from(by);
            }
            Event::Suspended { reason } => {
                self.stage = Some(Stage::Suspended);
                self.reason.clone_from(reason);
            }
            Event::Resumed => {
                self.stage = Some(Stage::InForce);
                self.reason.clear();
            }
            Event::Ended { reason } => {
                self.stage = Some(Stage::Ended);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(agreement) = &self.agreement else { return Vec::new() };
        let edition = match event {
            Event::Entered { .. } => return Vec::new(),
            Event::EnteredIntoForce { .. } => edition(agreement, agreement.from, None),
            Event::Resumed => edition(agreement, facts.day().max(agreement.from), None),
            Event::Suspended { .. } | Event::Ended { .. } => {
                edition(agreement, facts.day().max(agreement.from), Some(LaneState::Stopped))
            }
        };
        vec![Effect::Publish { edition }]
    }

    fn summary(&self) -> Summary {
        let Some(agreement) = &self.agreement else { return Summary::default() };
        let stage = self.stage.unwrap_or(Stage::Draft);
        let parties: Vec<_> = agreement.parties.iter().map(NodeId::as_str).collect();
        Summary {
            stage: stage.word().into(),
            title: agreement.id.clone(),
            partner: parties.join(" "),
            severity: (stage == Stage::Suspended).then_some(Severity::Warning),
            closed: stage == Stage::Ended,
            references: parties.iter().map(|party| Reference::new("party", *party)).collect(),
            shown: json!({
                "name": agreement.title, "route": agreement.route, "source": agreement.source,
                "from": agreement.from, "until": agreement.until, "terms": agreement.terms.len(),
                "entered_by": self.entered_by, "approved_by": self.approved_by, "reason": self.reason,
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
            Self::Draft => "draft",
            Self::InForce => "in-force",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }
}

/// An agreement binds its parties only, ends after it begins, and names only fields that are classified.
fn well_formed(agreement: &Agreement) -> Result<(), Refusal> {
    let bad = |what: &str, seen: String| Err(Refusal::new("agreement-malformed", format!("{what}: {seen}")));
    if agreement.until.is_some_and(|until| until < agreement.from) {
        return bad("ends before it begins", agreement.from.to_string());
    }
    for term in &agreement.terms {
        if term.from == term.to || ![&term.from, &term.to].iter().all(|end| agreement.parties.contains(end)) {
            return bad("term between others than its parties", format!("{} {}", term.id, term.key()));
        }
        let Some(fields) = super::fields_of(&term.kind) else {
            return bad("document kind unknown", format!("{} {}", term.id, term.kind));
        };
        let known = |name: &String| fields.iter().any(|field| field.field == name);
        if let Some(field) = term.fields.iter().find(|name| !known(name)) {
            return bad("field unknown", format!("{} {field}", term.id));
        }
    }
    Ok(())
}
