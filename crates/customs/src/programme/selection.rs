//! The selection of experts for a mission: criteria first, candidates judged against them with reasons, conflicts excluded,
//! the panel's choice and what the mission brought.

use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::expert::{PROFILE, Profile};
use crate::roles::{DIRECTOR, REVIEWER, SECRETARY};

/// One selection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    stage: Option<Stage>,
    mission: Option<Mission>,
    candidates: Vec<Candidate>,
    chosen: Vec<Choice>,
    result: String,
    reason: String,
}

/// What experts are wanted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mission {
    /// Short name, unique.
    pub id: String,
    /// What it is.
    pub title: String,
    /// For whom; an expert with a conflict here is excluded.
    pub beneficiary: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// The language it is held in, by ISO 639 code.
    pub language: String,
    /// How many are wanted.
    pub wanted: u8,
    /// What they must be able to do.
    pub criteria: Vec<Criterion>,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// What an expert must be able to do.
    pub skill: String,
    /// At least how well, from 1 to 4.
    pub level: u8,
    /// How much it counts.
    pub weight: u8,
}

/// Somebody nominated, with how they stand against the criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Their case on the roster.
    pub expert: CaseId,
    /// What was known of them when they were nominated.
    pub profile: Profile,
    /// The judgement by the criteria.
    pub judgement: Judgement,
}

/// How a candidate stands against the criteria: points with reasons, and what excludes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Points: weight times level, over all criteria they meet.
    pub points: u32,
    /// Each criterion with the level shown and what shows it.
    pub reasons: Vec<Reason>,
    /// What excludes them, as codes: `conflict`, `not-free`, `language`, `criterion`.
    pub excluded: Vec<String>,
}

/// One criterion as a candidate meets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The criterion.
    pub skill: String,
    /// The level shown; 0 where none is.
    pub level: u8,
    /// What shows it.
    pub evidence: String,
}

/// Somebody chosen, with the panel's reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Their case on the roster.
    pub expert: CaseId,
    /// Why them.
    pub reason: String,
}

/// Where a selection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Candidates can be nominated.
    Open,
    /// The panel chose.
    Chosen,
    /// The mission is over and its result known.
    Reported,
    /// Nobody is sent.
    Cancelled,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Experts are wanted.
    Call {
        /// For what.
        mission: Box<Mission>,
    },
    /// Somebody is nominated; the roster's profile comes with them.
    Nominate {
        /// What is known of them.
        profile: Box<Profile>,
    },
    /// The panel chooses.
    Choose {
        /// Whom and why.
        choices: Vec<Chosen>,
    },
    /// The mission is over.
    Report {
        /// What it brought.
        result: String,
    },
    /// Nobody is sent.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// Somebody the panel wants, by roster number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The roster number.
    pub number: String,
    /// Why them; needed where somebody with more points is passed over.
    #[serde(default)]
    pub reason: String,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Call { .. } => "call",
            Self::Nominate { .. } => "nominate",
            Self::Choose { .. } => "choose",
            Self::Report { .. } => "report",
            Self::Cancel { .. } => "cancel",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Wanted.
    Called {
        /// For what.
        mission: Box<Mission>,
    },
    /// Nominated and judged.
    Nominated {
        /// Who.
        candidate: Box<Candidate>,
    },
    /// Chosen.
    Chosen {
        /// Whom.
        choices: Vec<Choice>,
        /// By whom.
        by: String,
    },
    /// Over.
    Reported {
        /// What it brought.
        result: String,
    },
    /// Nobody is sent.
    Cancelled {
        /// Why.
        reason: String,
    },
}

const GUIDELINE: &str = "ASEAN guidelines on the selection of customs experts";

impl Procedure for Selection {
    const NAME: &'static str = "selection";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("call", SECRETARY, GUIDELINE),
        Offer::at(Stage::Open, "nominate", SECRETARY, GUIDELINE),
        Offer::at(Stage::Open, "choose", DIRECTOR, "the panel; never the one who nominates"),
        Offer::at(Stage::Open, "cancel", DIRECTOR, GUIDELINE),
        Offer::at(Stage::Chosen, "report", SECRETARY, GUIDELINE),
        Offer::at(Stage::Chosen, "cancel", DIRECTOR, GUIDELINE),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("call", "mission.id", MISSION),
        Form::of("nominate", PROFILE),
        Form::of("choose", &[Field::needed("choices", Sort::Lines(CHOICE))]),
        Form::of("report", &[Field::needed("result", Sort::LongText(4_000))]),
        Form::of("cancel", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Call { mission } if mission.criteria.is_empty() => {
                Err(Refusal::new("criterion-missing", mission.id.clone()).remedy("criteria"))
            }
            Act::Call { mission } if mission.until < mission.from => {
                Err(Refusal::new("ends-before-it-begins", mission.until.to_string()))
            }
            Act::Call { mission } => Ok(vec![Event::Called { mission: mission.clone() }]),
            Act::Nominate { profile } if self.candidate(&profile.number).is_some() => {
                Err(Refusal::new("delegate-known", profile.number.clone()))
            }
            Act::Nominate { profile } => Ok(self.nominated(profile).into_iter().collect()),
            Act::Choose { choices } => {
                let choices = self.weighed(choices)?;
                Ok(vec![Event::Chosen { choices, by: facts.actor.name.clone() }])
            }
            Act::Report { result } => Ok(vec![Event::Reported { result: result.clone() }]),
            Act::Cancel { reason } => Ok(vec![Event::Cancelled { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Called { mission } => {
                self.stage = Some(Stage::Open);
                self.mission = Some((**mission).clone());
            }
            Event::Nominated { candidate } => self.candidates.push((**candidate).clone()),
            Event::Chosen { choices, .. } => {
                self.stage = Some(Stage::Chosen);
                self.chosen.clone_from(choices);
            }
            Event::Reported { result } => {
                self.stage = Some(Stage::Reported);
                self.result.clone_from(result);
            }
            Event::Cancelled { reason } => {
                self.stage = Some(Stage::Cancelled);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(mission)) = (self.stage, &self.mission) else { return Summary::default() };
        let experts = self.candidates.iter().map(|one| Reference::new("case", one.expert.as_str()));
        Summary {
            stage: stage.word().into(),
            title: mission.title.clone(),
            closed: matches!(stage, Stage::Reported | Stage::Cancelled),
            references: experts.collect(),
            shown: json!({
                "id": mission.id, "beneficiary": mission.beneficiary, "from": mission.from,
                "until": mission.until, "language": mission.language, "criteria": mission.criteria,
                "candidates": self.candidates.iter().map(shown).collect::<Vec<_>>(),
                "chosen": self.chosen, "result": self.result, "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}

fn shown(candidate: &Candidate) -> serde_json::Value {
    json!({
        "expert": candidate.expert, "name": candidate.profile.name, "points": candidate.judgement.points,
        "reasons": candidate.judgement.reasons, "excluded": candidate.judgement.excluded,
    })
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Chosen => "chosen",
            Self::Reported => "reported",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Judgement {
    /// Judges a profile against a mission.
    #[must_use]
    pub fn of(profile: &Profile, mission: &Mission) -> Self {
        let reasons: Vec<_> = mission.criteria.iter().map(|criterion| reason(profile, criterion)).collect();
        let met = |(criterion, reason): &(&Criterion, &Reason)| reason.level >= criterion.level;
        let pairs = || mission.criteria.iter().zip(&reasons);
        let points =
            pairs().filter(met).map(|(one, reason)| u32::from(one.weight) * u32::from(reason.level)).sum();
        let free = profile.free_from <= mission.from && mission.until <= profile.free_until;
        let speaks = profile.languages.iter().any(|code| code.eq_ignore_ascii_case(&mission.language));
        let conflict = profile.conflicts.iter().any(|one| one.eq_ignore_ascii_case(&mission.beneficiary));
        let tests = [
            ("conflict", conflict),
            ("not-free", !free),
            ("language", !speaks),
            ("criterion", !pairs().all(|pair| met(&pair))),
        ];
        let excluded =
            tests.into_iter().filter(|(_, holds)| *holds).map(|(code, _)| code.to_owned()).collect();
        Self { points, reasons, excluded }
    }
}

fn reason(profile: &Profile, criterion: &Criterion) -> Reason {
    let of_skill = profile.competences.iter().filter(|one| one.skill == criterion.skill);
    let best = of_skill.max_by_key(|one| one.level);
    Reason {
        skill: criterion.skill.clone(),
        level: best.map_or(0, |one| one.level),
        evidence: best.map_or_else(String::new, |one| one.evidence.clone()),
    }
}

impl Selection {
    fn candidate(&self, number: &str) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.profile.number == number)
    }

    fn nominated(&self, profile: &Profile) -> Option<Event> {
        let judgement = Judgement::of(profile, self.mission.as_ref()?);
        let expert = CaseId::of(super::Expert::NAME, &profile.number);
        let candidate = Candidate { expert, profile: profile.clone(), judgement };
        Some(Event::Nominated { candidate: Box::new(candidate) })
    }

    /// Nobody who is excluded, nobody twice, no more than wanted, and a reason where more points are passed over.
    fn weighed(&self, choices: &[Chosen]) -> Result<Vec<Choice>, Refusal> {
        let wanted = self.mission.as_ref().map_or(0, |mission| usize::from(mission.wanted));
        if choices.is_empty() || choices.len() > wanted {
            return Err(Refusal::new("choice-count", choices.len().to_string()).remedy(format!("1…{wanted}")));
        }
        choices
            .iter()
            .enumerate()
            .map(|(place, chosen)| self.weighed_one(chosen, &choices[..place], choices))
            .collect()
    }

    fn weighed_one(&self, chosen: &Chosen, before: &[Chosen], all: &[Chosen]) -> Result<Choice, Refusal> {
        let number = &chosen.number;
        let candidate =
            self.candidate(number).ok_or_else(|| Refusal::new("candidate-unknown", number.clone()))?;
        if before.iter().any(|other| other.number == *number) {
            return Err(Refusal::new("candidate-twice", number.clone()));
        }
        if !candidate.judgement.excluded.is_empty() {
            let why = candidate.judgement.excluded.join(", ");
            return Err(Refusal::new("candidate-excluded", format!("{number} {why}")));
        }
        let passed_over = self.candidates.iter().any(|other| {
            other.judgement.excluded.is_empty()
                && other.judgement.points > candidate.judgement.points
                && !all.iter().any(|one| one.number == other.profile.number)
        });
        if passed_over && chosen.reason.trim().is_empty() {
            return Err(Refusal::new("reason-missing", format!("choose {number}")).remedy("reason"));
        }
        Ok(Choice { expert: candidate.expert.clone(), reason: chosen.reason.clone() })
    }
}

const MISSION: &[Field] = &[
    Field::needed("mission.id", Sort::Text(60)),
    Field::needed("mission.title", Sort::Text(200)),
    Field::needed("mission.beneficiary", Sort::Text(120)),
    Field::needed("mission.from", Sort::Day),
    Field::needed("mission.until", Sort::Day),
    Field::needed("mission.language", Sort::Text(8)),
    Field::needed("mission.wanted", Sort::Whole(1, 50)),
    Field::needed("mission.criteria", Sort::Lines(CRITERION)),
];

const CRITERION: &[Field] = &[
    Field::needed("skill", Sort::Text(60)),
    Field::needed("level", Sort::Whole(1, 4)),
    Field::needed("weight", Sort::Whole(1, 10)),
];

const CHOICE: &[Field] =
    &[Field::needed("number", Sort::Text(40)), Field::optional("reason", Sort::Text(300))];
