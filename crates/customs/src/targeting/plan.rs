//! A profile from its draft to its end: tried before it is proposed, put in force by a second person, never without an end.

use jiff::Timestamp;
use kernel::{
    CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference,
    Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};
use crate::terms::Profile;

/// The book profiles in force are rows of.
pub const BOOK: &str = "profiles";

/// A profile's case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    stage: Option<Stage>,
    profile: Option<Profile>,
    /// Counts drafts, so that a trial of an earlier one says nothing of this one.
    draft: u32,
    tried: Option<Tried>,
    proposed_by: String,
    reason: String,
    ended: Option<Timestamp>,
}

/// What a trial of a draft said, as it is kept with the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The draft that was tried.
    pub draft: u32,
    /// Lines of the past it was tried on, over so many days.
    pub lines: u64,
    /// Days of the past.
    pub days: u32,
    /// Lines it would have chosen.
    pub hits: u64,
    /// Of these, lines nothing else chooses.
    pub new_hits: u64,
    /// Of those that were looked at, so many were wrong.
    pub wrong: u32,
    /// Those that were looked at.
    pub looked_at: u32,
    /// Offices it would swamp, with the lines of their heaviest day.
    #[serde(default)]
    pub swamped: Vec<(String, u32)>,
}

/// Where a profile stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waits for a second person.
    Proposed,
    /// Chooses.
    InForce,
    /// Chooses nothing for now.
    Suspended,
    /// Chooses no more.
    Ended,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Write it, or write it anew.
    Draft {
        /// The profile.
        profile: Box<Profile>,
    },
    /// Keep what a trial said.
    NoteTrial {
        /// What it said.
        tried: Box<Tried>,
    },
    /// Ask a second person to put it in force.
    Propose {
        /// Why an office may be given more than it can look at; needed where the trial says so.
        #[serde(default)]
        reason: String,
    },
    /// Put it in force.
    Approve,
    /// Send it back.
    Reject {
        /// Why.
        reason: String,
    },
    /// Let it choose nothing for now.
    Suspend {
        /// Why.
        reason: String,
    },
    /// Let it choose again.
    Resume,
    /// End it.
    End {
        /// Why.
        reason: String,
    },
    /// Its last day is over.
    Expire,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::NoteTrial { .. } => "note-trial",
            Self::Propose { .. } => "propose",
            Self::Approve => "approve",
            Self::Reject { .. } => "reject",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::End { .. } => "end",
            Self::Expire => "expire",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Written.
    Drafted {
        /// The profile.
        profile: Box<Profile>,
    },
    /// Tried on the past.
    Tried {
        /// What that said.
        tried: Box<Tried>,
    },
    /// Proposed.
    Proposed {
        /// Who did.
        by: String,
        /// Why an office may be given more than it can look at.
        reason: String,
    },
    /// In force.
    Approved,
    /// Sent back.
    Rejected {
        /// Why.
        reason: String,
    },
    /// Stopped for now.
    Suspended {
        /// Why.
        reason: String,
    },
    /// Goes on.
    Resumed,
    /// Over.
    Ended {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

const REVIEW: &str = "own practice: a profile is reviewed by a second person";
const OWNER: &str = "Revised Kyoto Convention, General Annex, standard 6.3 (risk management)";
const LAST_DAY: &str = "a profile ends on its last day";

impl Procedure for Plan {
    const NAME: &'static str = "profile";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("draft", ANALYST, OWNER),
        Offer::at(Stage::Draft, "draft", ANALYST, OWNER),
        Offer::at(Stage::Draft, "note-trial", ANALYST, OWNER),
        Offer::at(Stage::Draft, "propose", ANALYST, REVIEW),
        Offer::at(Stage::Draft, "end", ANALYST, OWNER),
        Offer::at(Stage::Proposed, "approve", ANALYST, REVIEW),
        Offer::at(Stage::Proposed, "approve", DIRECTOR, REVIEW),
        Offer::at(Stage::Proposed, "reject", ANALYST, REVIEW),
        Offer::at(Stage::Proposed, "reject", DIRECTOR, REVIEW),
        Offer::at(Stage::InForce, "suspend", ANALYST, OWNER),
        Offer::at(Stage::InForce, "end", ANALYST, OWNER),
        Offer::at(Stage::InForce, "expire", Role::NODE, LAST_DAY),
        Offer::at(Stage::Suspended, "resume", ANALYST, OWNER),
        Offer::at(Stage::Suspended, "end", ANALYST, OWNER),
        Offer::at(Stage::Suspended, "expire", Role::NODE, LAST_DAY),
        Offer::at(Stage::Ended, "expire", Role::NODE, LAST_DAY),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("draft", &[Field::needed("profile", Sort::Json)]),
        Form::of("note-trial", &[Field::needed("tried", Sort::Json)]),
        Form::of("propose", &[Field::optional("reason", Sort::Text(300))]),
        Form::of("reject", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("suspend", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
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
            Act::Draft { profile } => drafted(profile, facts)?,
            Act::NoteTrial { tried } if tried.draft != self.draft => {
                return Err(Refusal::new("trial-of-another-draft", tried.draft.to_string())
                    .remedy(self.draft.to_string()));
            }
            Act::NoteTrial { tried } => Event::Tried { tried: tried.clone() },
            Act::Propose { reason } => self.proposed(reason, facts)?,
            Act::Approve if facts.actor.name == self.proposed_by => {
                return Err(Refusal::new("second-person-needed", self.proposed_by.clone()));
            }
            Act::Approve => Event::Approved,
            Act::Reject { reason } => Event::Rejected { reason: reason_of(reason, "reject")? },
            Act::Suspend { reason } => Event::Suspended { reason: reason_of(reason, "suspend")? },
            Act::Resume => Event::Resumed,
            Act::End { reason } => Event::Ended { reason: reason_of(reason, "end")?, at: facts.now },
            Act::Expire if self.stage == Some(Stage::Ended) => return Ok(Vec::new()),
            Act::Expire => Event::Ended { reason: "last-day-over".into(), at: facts.now },
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Drafted { profile } => {
                self.stage = Some(Stage::Draft);
                self.profile = Some((**profile).clone());
                self.draft += 1;
                self.tried = None;
            }
            Event::Tried { tried } => self.tried = Some((**tried).clone()),
            Event::Proposed { by, reason } => {
                self.stage = Some(Stage::Proposed);
                self.proposed_by.clone_from(by);
                self.reason.clone_from(reason);
            }
            Event::Approved | Event::Resumed => self.stage = Some(Stage::InForce),
            Event::Rejected { reason } => {
                self.stage = Some(Stage::Draft);
                self.reason.clone_from(reason);
            }
            Event::Suspended { reason } => {
                self.stage = Some(Stage::Suspended);
                self.reason.clone_from(reason);
            }
            Event::Ended { reason, at } => {
                self.stage = Some(Stage::Ended);
                self.reason.clone_from(reason);
                self.ended = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(profile) = &self.profile else { return Vec::new() };
        match event {
            Event::Approved | Event::Resumed => {
                vec![publish(profile, json!(profile), facts), last_day(profile)]
            }
            Event::Suspended { .. } => vec![publish(profile, Value::Null, facts)],
            Event::Ended { .. } => {
                vec![publish(profile, Value::Null, facts), Effect::Rest { name: "expire".into() }]
            }
            Event::Drafted { .. } | Event::Tried { .. } | Event::Proposed { .. } | Event::Rejected { .. } => {
                Vec::new()
            }
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(profile)) = (self.stage, &self.profile) else { return Summary::default() };
        let swamps = self.tried.as_ref().is_some_and(|tried| !tried.swamped.is_empty());
        Summary {
            stage: stage.word().into(),
            title: profile.id.clone(),
            lane: profile.lane.code().into(),
            severity: swamps.then_some(Severity::Warning),
            closed: stage == Stage::Ended,
            references: vec![
                Reference::new("owner", profile.owner.clone()),
                Reference::new("reason", profile.reason.clone()),
                Reference::new("area", profile.area.clone()),
            ],
            shown: json!({
                "title": profile.title, "owner": profile.owner, "from": profile.from, "until": profile.until,
                "area": profile.area, "standing": profile.standing, "lane": profile.lane, "reason": profile.reason,
                "tests": profile.tests.len(), "draft": self.draft, "tried": self.tried, "profile": profile,
                "proposed_by": self.proposed_by, "why": self.reason,
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
            Self::Proposed => "proposed",
            Self::InForce => "in-force",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }
}

impl Plan {
    fn proposed(&self, reason: &str, facts: &Facts<'_>) -> Result<Event, Refusal> {
        let Some(tried) = &self.tried else {
            return Err(Refusal::new("trial-missing", "propose").remedy("note-trial"));
        };
        if let Some((office, lines)) = tried.swamped.first().filter(|_| reason.trim().is_empty()) {
            return Err(Refusal::new("office-swamped", format!("{office} {lines}")).remedy("reason"));
        }
        Ok(Event::Proposed { by: facts.actor.name.clone(), reason: reason.trim().to_owned() })
    }
}

fn drafted(profile: &Profile, facts: &Facts<'_>) -> Result<Event, Refusal> {
    if facts.case.key() != profile.id {
        return Err(Refusal::new("profile-named-otherwise", profile.id.clone()).remedy(facts.case.key()));
    }
    if profile.until < profile.from || profile.until < facts.day() {
        return Err(Refusal::new("profile-over", profile.until.to_string()));
    }
    if profile.tests.is_empty() {
        return Err(Refusal::new("tests-missing", profile.id.clone()));
    }
    Ok(Event::Drafted { profile: Box::new(profile.clone()) })
}

fn reason_of(reason: &str, act: &'static str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        Err(Refusal::new("reason-missing", act).remedy("reason"))
    } else {
        Ok(reason.to_owned())
    }
}

/// The profile as a row of the book from today on; a row that says nothing takes the place of one that did.
fn publish(profile: &Profile, value: Value, facts: &Facts<'_>) -> Effect {
    let from = profile.from.max(facts.day());
    let row = Row { key: profile.id.clone(), from, until: Some(profile.until.max(from)), value };
    let head = EditionHead {
        book: BOOK.into(),
        name: format!("{} {from}..{}", profile.id, profile.until),
        source: facts.case.as_str().to_owned(),
        digest: Digest::of(format!("{}{}", facts.now, json!(row)).as_bytes()),
    };
    Effect::Publish { edition: Edition { head, rows: vec![row] } }
}

fn last_day(profile: &Profile) -> Effect {
    let end = profile.until.saturating_add(jiff::Span::new().days(1));
    let at = end.to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
    Effect::wake("expire", at, &Act::Expire)
}

impl Plan {
    /// The case of the profile of this name.
    #[must_use]
    pub fn case(id: &str) -> CaseId {
        CaseId::of(Self::NAME, id)
    }
}
