//! A party that may stand on a watch list: judged once, remembered, and asked again only where the list has changed.

use jiff::Timestamp;
use kernel::{
    Digest, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::roles::{ANALYST, GATE, REVIEWER};

/// A possible match's case; one for a party and an entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    stage: Option<Stage>,
    found: Option<Match>,
    reason: String,
    by: String,
    at: Option<Timestamp>,
}

/// What screening saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The party as it stood.
    pub party: String,
    /// The list and its entry.
    pub list: String,
    /// The entry's identifier on the list.
    pub entry: String,
    /// The digest of the entry: another one is another entry.
    pub entry_digest: Digest,
    /// Likeness in parts per thousand.
    pub likeness: u16,
    /// What speaks for and against it.
    pub reasons: Vec<Value>,
    /// Where the party was seen.
    pub seen_on: String,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Somebody must look.
    Raised,
    /// It is another.
    Dismissed,
    /// It is the one listed.
    Confirmed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Screening saw it, or sees it again.
    Raise {
        /// What.
        found: Box<Match>,
    },
    /// It is another.
    Dismiss {
        /// Why, as a code.
        reason: String,
    },
    /// It is the one listed.
    Confirm,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Raise { .. } => "raise",
            Self::Dismiss { .. } => "dismiss",
            Self::Confirm => "confirm",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Seen.
    Raised {
        /// What.
        found: Box<Match>,
    },
    /// Another.
    Dismissed {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The one.
    Confirmed {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// Why a match may be dismissed.
const BECAUSE: &[&str] = &["other-birth", "other-identifier", "other-country", "other-kind", "name-common"];
const BASIS: &str = "the list's own legal basis";

impl Procedure for Screening {
    const NAME: &'static str = "screening";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("raise", Role::NODE, BASIS),
        Offer::opening("raise", ANALYST, BASIS),
        Offer::at(Stage::Raised, "raise", Role::NODE, BASIS),
        Offer::at(Stage::Raised, "dismiss", ANALYST, BASIS),
        Offer::at(Stage::Raised, "confirm", ANALYST, BASIS),
        Offer::at(Stage::Dismissed, "raise", Role::NODE, "asked again only where the entry has changed"),
        Offer::at(Stage::Dismissed, "confirm", ANALYST, BASIS),
        Offer::at(Stage::Confirmed, "raise", Role::NODE, BASIS),
        Offer::at(Stage::Confirmed, "dismiss", ANALYST, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("raise", &[Field::needed("found", Sort::Json)]),
        Form::of("dismiss", &[Field::needed("reason", Sort::Choice("screening-dismissal", BECAUSE))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER, GATE];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let (by, at) = (facts.actor.name.clone(), facts.now);
        match act {
            Act::Raise { found } if self.is_known(found) => Ok(Vec::new()),
            Act::Raise { found } => Ok(vec![Event::Raised { found: found.clone() }]),
            Act::Dismiss { reason } if !BECAUSE.contains(&reason.as_str()) => {
                Err(Refusal::new("reason-unknown", reason.clone()).remedy(BECAUSE.join(", ")))
            }
            Act::Dismiss { reason } => Ok(vec![Event::Dismissed { reason: reason.clone(), by, at }]),
            Act::Confirm => Ok(vec![Event::Confirmed { by, at }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { found } => {
                self.stage = Some(Stage::Raised);
                self.found = Some((**found).clone());
            }
            Event::Dismissed { reason, by, at } => {
                self.stage = Some(Stage::Dismissed);
                self.reason.clone_from(reason);
                self.by.clone_from(by);
                self.at = Some(*at);
            }
            Event::Confirmed { by, at } => {
                self.stage = Some(Stage::Confirmed);
                self.by.clone_from(by);
                self.at = Some(*at);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(found)) = (self.stage, &self.found) else { return Summary::default() };
        let severity = match stage {
            Stage::Raised => Some(Severity::Warning),
            Stage::Confirmed => Some(Severity::Error),
            Stage::Dismissed => None,
        };
        Summary {
            stage: stage.word().into(),
            title: found.party.clone(),
            lane: found.list.clone(),
            severity,
            closed: stage != Stage::Raised,
            references: vec![
                Reference::new("entry", found.entry.clone()),
                Reference::new("seen-on", found.seen_on.clone()),
            ],
            shown: json!({ "found": found, "reason": self.reason, "by": self.by, "at": self.at }),
            ..Summary::default()
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Dismissed => "dismissed",
            Self::Confirmed => "confirmed",
        }
    }
}

impl Screening {
    /// The digest of the entry it was raised for.
    #[must_use]
    pub fn entry_digest(&self) -> Option<&Digest> {
        self.found.as_ref().map(|found| &found.entry_digest)
    }

    /// The same party and the same entry, judged or waiting already.
    fn is_known(&self, found: &Match) -> bool {
        self.found
            .as_ref()
            .is_some_and(|known| known.entry_digest == found.entry_digest && known.party == found.party)
    }
}
