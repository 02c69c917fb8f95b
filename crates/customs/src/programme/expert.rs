//! An expert on the roster: what they can do and what shows it, when they are free, whom they may not judge.

use jiff::civil::Date;
use kernel::{Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Sort, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{DIRECTOR, REVIEWER, SECRETARY};

/// One expert.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Expert {
    stage: Option<Stage>,
    profile: Option<Profile>,
    reason: String,
}

/// What is known of an expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Staff or roster number, unique.
    pub number: String,
    /// Their name.
    pub name: String,
    /// Their unit.
    pub unit: String,
    /// Languages they work in, by ISO 639 code.
    pub languages: Vec<String>,
    /// What they can do, each with what shows it.
    pub competences: Vec<Competence>,
    /// First day they are free.
    pub free_from: Date,
    /// Last day they are free.
    pub free_until: Date,
    /// Parties and matters they may not judge.
    #[serde(default)]
    pub conflicts: Vec<String>,
}

/// Something an expert can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competence {
    /// What, as a word: `valuation`, `aeo-validation`.
    pub skill: String,
    /// How well, from 1 (has done it under guidance) to 4 (trains others).
    pub level: u8,
    /// What shows it: an accreditation, a mission.
    pub evidence: String,
}

/// Where an expert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// On the roster.
    Listed,
    /// Off it.
    Retired,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// On the roster, or as known now.
    List {
        /// What is known.
        profile: Box<Profile>,
    },
    /// Off the roster.
    Retire {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::List { .. } => "list",
            Self::Retire { .. } => "retire",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// On the roster.
    Listed {
        /// What is known.
        profile: Box<Profile>,
    },
    /// Off it.
    Retired {
        /// Why.
        reason: String,
    },
}

const GUIDELINE: &str = "ASEAN guidelines on the selection of customs experts";

impl Procedure for Expert {
    const NAME: &'static str = "expert";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("list", SECRETARY, GUIDELINE),
        Offer::at(Stage::Listed, "list", SECRETARY, GUIDELINE),
        Offer::at(Stage::Listed, "retire", SECRETARY, GUIDELINE),
        Offer::at(Stage::Retired, "list", SECRETARY, GUIDELINE),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("list", "profile.number", PROFILE),
        Form::of("retire", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::List { profile } if profile.free_until < profile.free_from => {
                Err(Refusal::new("ends-before-it-begins", profile.free_until.to_string()))
            }
            Act::List { profile } => {
                match profile.competences.iter().find(|one| one.evidence.trim().is_empty()) {
                    Some(bare) => Err(Refusal::new("evidence-missing", bare.skill.clone())),
                    None => Ok(vec![Event::Listed { profile: profile.clone() }]),
                }
            }
            Act::Retire { reason } => Ok(vec![Event::Retired { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Listed { profile } => {
                self.stage = Some(Stage::Listed);
                self.profile = Some((**profile).clone());
            }
            Event::Retired { reason } => {
                self.stage = Some(Stage::Retired);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(profile)) = (self.stage, &self.profile) else { return Summary::default() };
        let skills = profile.competences.iter().map(|one| Reference::new("skill", one.skill.clone()));
        let languages = profile.languages.iter().map(|code| Reference::new("language", code.clone()));
        Summary {
            stage: stage.word().into(),
            title: profile.name.clone(),
            closed: stage == Stage::Retired,
            references: skills.chain(languages).collect(),
            shown: json!({
                "number": profile.number, "unit": profile.unit, "languages": profile.languages,
                "competences": profile.competences, "free_from": profile.free_from,
                "free_until": profile.free_until, "conflicts": profile.conflicts, "reason": self.reason,
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
            Self::Listed => "listed",
            Self::Retired => "retired",
        }
    }
}

impl Expert {
    /// What is known of them, while they are on the roster.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref().filter(|_| self.stage == Some(Stage::Listed))
    }
}

pub(super) const PROFILE: &[Field] = &[
    Field::needed("profile.number", Sort::Text(40)),
    Field::needed("profile.name", Sort::Text(120)),
    Field::needed("profile.unit", Sort::Text(120)),
    Field::needed("profile.languages", Sort::Words(20)),
    Field::needed("profile.competences", Sort::Lines(COMPETENCE)),
    Field::needed("profile.free_from", Sort::Day),
    Field::needed("profile.free_until", Sort::Day),
    Field::optional("profile.conflicts", Sort::Words(50)),
];

const COMPETENCE: &[Field] = &[
    Field::needed("skill", Sort::Text(60)),
    Field::needed("level", Sort::Whole(1, 4)),
    Field::needed("evidence", Sort::Text(300)),
];
