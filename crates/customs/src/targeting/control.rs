//! The control sample's shares: who may change them, and never silently.
//!
//! A change is asked for with a reason and made by a second person. No share goes below the least one; the sample can be
//! paused for days, by the director, with a reason, and comes back by itself. While it is paused or lowered, the case
//! stands on every board with its weight.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp};
use kernel::{
    Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};
use crate::terms::Lane;

/// No share may be less than this: two in a thousand.
pub const SHARE_MIN_PERMYRIAD: u16 = 20;
/// A pause is no longer than this.
const PAUSE_DAYS_MAX: i64 = 7;

/// Shares by lane, in parts per ten thousand; for an office (`green/VN01`) where it has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shares(pub BTreeMap<String, u16>);

impl Shares {
    /// The share of a lane at an office.
    #[must_use]
    pub fn of(&self, lane: Lane, office: &str) -> u16 {
        let own = self.0.get(&format!("{}/{office}", lane.code()));
        own.or_else(|| self.0.get(lane.code())).copied().unwrap_or(SHARE_MIN_PERMYRIAD)
    }
}

/// The control sample's case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    stage: Option<Stage>,
    shares: Shares,
    asked: Option<(Shares, String, String)>,
    paused_until: Option<Timestamp>,
    reason: String,
    lowered: u32,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Drawn.
    Running,
    /// Drawn, and a change is asked for.
    Asked,
    /// Not drawn for some days.
    Paused,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Begin with these shares.
    Begin {
        /// The shares.
        shares: Shares,
    },
    /// Ask for others.
    AskChange {
        /// The shares.
        shares: Shares,
        /// Why.
        reason: String,
    },
    /// Make the change.
    Grant,
    /// Do not.
    Deny {
        /// Why.
        reason: String,
    },
    /// Draw nothing for some days.
    Pause {
        /// How many.
        days: i64,
        /// Why.
        reason: String,
    },
    /// Draw again.
    Resume,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Begin { .. } => "begin",
            Self::AskChange { .. } => "ask-change",
            Self::Grant => "grant",
            Self::Deny { .. } => "deny",
            Self::Pause { .. } => "pause",
            Self::Resume => "resume",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Drawn from now on.
    Begun {
        /// The shares.
        shares: Shares,
    },
    /// A change was asked for.
    ChangeAsked {
        /// The shares.
        shares: Shares,
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
    /// It was made.
    Granted,
    /// It was not.
    Denied {
        /// Why.
        reason: String,
    },
    /// Not drawn.
    Paused {
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// Drawn again.
    Resumed,
}

const BASIS: &str = "own practice: chance tells the truth about the rest; no one switches it off silently";

impl Procedure for Control {
    const NAME: &'static str = "control-sample";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("begin", DIRECTOR, BASIS),
        Offer::opening("begin", Role::NODE, BASIS),
        Offer::at(Stage::Running, "ask-change", ANALYST, BASIS),
        Offer::at(Stage::Running, "pause", DIRECTOR, BASIS),
        Offer::at(Stage::Running, "resume", Role::NODE, BASIS),
        Offer::at(Stage::Asked, "grant", DIRECTOR, BASIS),
        Offer::at(Stage::Asked, "deny", DIRECTOR, BASIS),
        Offer::at(Stage::Asked, "resume", Role::NODE, BASIS),
        Offer::at(Stage::Paused, "resume", DIRECTOR, BASIS),
        Offer::at(Stage::Paused, "resume", Role::NODE, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("begin", &[Field::needed("shares", Sort::Json)]),
        Form::of(
            "ask-change",
            &[Field::needed("shares", Sort::Json), Field::needed("reason", Sort::Text(300))],
        ),
        Form::of("deny", &[Field::needed("reason", Sort::Text(300))]),
        Form::of(
            "pause",
            &[
                Field::needed("days", Sort::Whole(1, PAUSE_DAYS_MAX)),
                Field::needed("reason", Sort::Text(300)),
            ],
        ),
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
            Act::Begin { shares } => Event::Begun { shares: enough(shares)? },
            Act::AskChange { shares, reason } => Event::ChangeAsked {
                shares: enough(shares)?,
                reason: reason_of(reason, "ask-change")?,
                by: facts.actor.name.clone(),
            },
            Act::Grant if self.asked.as_ref().is_some_and(|(_, _, by)| *by == facts.actor.name) => {
                return Err(Refusal::new("second-person-needed", facts.actor.name.clone()));
            }
            Act::Grant => Event::Granted,
            Act::Deny { reason } => Event::Denied { reason: reason_of(reason, "deny")? },
            Act::Pause { days, .. } if !(1..=PAUSE_DAYS_MAX).contains(days) => {
                return Err(
                    Refusal::new("pause-too-long", days.to_string()).remedy(PAUSE_DAYS_MAX.to_string())
                );
            }
            Act::Pause { days, reason } => {
                let until = facts.now.checked_add(Span::new().hours(days * 24)).unwrap_or(Timestamp::MAX);
                Event::Paused { until, reason: reason_of(reason, "pause")? }
            }
            Act::Resume if self.stage != Some(Stage::Paused) => return Ok(Vec::new()),
            Act::Resume => Event::Resumed,
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Begun { shares } => {
                self.stage = Some(Stage::Running);
                self.shares = shares.clone();
            }
            Event::ChangeAsked { shares, reason, by } => {
                self.stage = Some(Stage::Asked);
                self.asked = Some((shares.clone(), reason.clone(), by.clone()));
            }
            Event::Granted => {
                if let Some((shares, reason, _)) = self.asked.take() {
                    let is_less = shares
                        .0
                        .iter()
                        .any(|(lane, share)| self.shares.0.get(lane).is_some_and(|now| share < now));
                    self.lowered += u32::from(is_less);
                    self.shares = shares;
                    self.reason = reason;
                }
                self.stage = Some(Stage::Running);
            }
            Event::Denied { reason } => {
                self.asked = None;
                self.reason.clone_from(reason);
                self.stage = Some(Stage::Running);
            }
            Event::Paused { until, reason } => {
                self.stage = Some(Stage::Paused);
                self.paused_until = Some(*until);
                self.reason.clone_from(reason);
            }
            Event::Resumed => {
                self.stage = Some(Stage::Running);
                self.paused_until = None;
            }
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Paused { until, .. } => vec![Effect::wake("resume", *until, &Act::Resume)],
            Event::Resumed => vec![Effect::Rest { name: "resume".into() }],
            Event::Begun { .. } | Event::ChangeAsked { .. } | Event::Granted | Event::Denied { .. } => {
                Vec::new()
            }
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let severity = match stage {
            Stage::Paused => Some(Severity::Error),
            Stage::Asked => Some(Severity::Warning),
            Stage::Running => (self.lowered > 0).then_some(Severity::Note),
        };
        Summary {
            stage: stage.word().into(),
            title: "control-sample".into(),
            due: self.paused_until,
            severity,
            references: vec![Reference::new("sample", "control")],
            shown: json!({
                "shares": self.shares, "asked": self.asked, "paused_until": self.paused_until, "reason": self.reason,
                "lowered": self.lowered,
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
            Self::Running => "running",
            Self::Asked => "asked",
            Self::Paused => "paused",
        }
    }
}

impl Control {
    /// The shares that are drawn now; none while it is paused.
    #[must_use]
    pub fn drawn(&self) -> Option<&Shares> {
        matches!(self.stage, Some(Stage::Running | Stage::Asked)).then_some(&self.shares)
    }
}

fn enough(shares: &Shares) -> Result<Shares, Refusal> {
    let missing = Lane::ALL.iter().find(|lane| **lane != Lane::Red && !shares.0.contains_key(lane.code()));
    if let Some(lane) = missing {
        return Err(Refusal::new("share-missing", lane.code()));
    }
    let least = shares.0.iter().find(|(_, share)| **share < SHARE_MIN_PERMYRIAD || **share > 10_000);
    match least {
        Some((lane, share)) => Err(Refusal::new("share-out-of-bounds", format!("{lane} {share}"))
            .remedy(format!("{SHARE_MIN_PERMYRIAD}..10000"))),
        None => Ok(shares.clone()),
    }
}

fn reason_of(reason: &str, act: &'static str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        Err(Refusal::new("reason-missing", act).remedy("reason"))
    } else {
        Ok(reason.to_owned())
    }
}
