//! A pilot: a lane or way of working tried with chosen ports, goods and firms between two days, with the measures agreed
//! before it starts, and at its end a report that says stop, change or widen.

use jiff::Timestamp;
use kernel::{
    Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Refusal, Role, Sort, Summary,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Promise;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One pilot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    stage: Option<Stage>,
    scope: Option<Scope>,
    readings: Vec<Reading>,
    outcome: Option<Outcome>,
    report: String,
    reason: String,
}

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Short name, unique: `VN-NL-SEA`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who answers for it here.
    pub ours: NodeId,
    /// With whom.
    pub with: NodeId,
    /// The lane that is tried: `NL-VN acdd`.
    pub lane: String,
    /// The places it runs at, by UN/LOCODE; everywhere where none is named.
    #[serde(default)]
    pub places: Vec<String>,
    /// The goods, by HS prefix; all where none is named.
    #[serde(default)]
    pub goods: Vec<String>,
    /// The firms, by identifier; all where none is named.
    #[serde(default)]
    pub firms: Vec<String>,
    /// When it ends and a report is owed.
    pub ends: Timestamp,
    /// What is measured, agreed before it starts.
    pub measures: Vec<Measure>,
}

/// One agreed measure and what it must reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured, as a word: `linked-share`, `hours-before-arrival`, `yield-over-random`.
    pub name: String,
    /// Which way is better.
    pub better: Better,
    /// Below this (or above, where less is better) the pilot stops.
    pub stop: Decimal,
    /// From this on it widens.
    pub widen: Decimal,
}

/// Which way a measure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    More,
    /// Less is better.
    Less,
}

/// What a measure was, with what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The measure.
    pub name: String,
    /// How many it counts.
    pub numerator: Decimal,
    /// Of how many.
    pub denominator: Decimal,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// What becomes of a pilot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It brought too little.
    Stop,
    /// It goes on, otherwise.
    Change,
    /// It goes on with more.
    Widen,
}

/// Where a pilot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Runs.
    Running,
    /// Decided on.
    Decided,
    /// Broken off.
    Abandoned,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A pilot starts.
    Start {
        /// What is tried.
        scope: Box<Scope>,
    },
    /// A measure is read.
    Measure {
        /// What it was.
        #[serde(flatten)]
        reading: Reading,
    },
    /// The report decides.
    Decide {
        /// What becomes of it.
        outcome: Outcome,
        /// What the report says.
        report: String,
    },
    /// It is broken off.
    Abandon {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Measure { .. } => "measure",
            Self::Decide { .. } => "decide",
            Self::Abandon { .. } => "abandon",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Started.
    Started {
        /// What is tried.
        scope: Box<Scope>,
    },
    /// Read.
    Measured {
        /// What it was.
        reading: Reading,
    },
    /// Decided.
    Decided {
        /// What becomes of it.
        outcome: Outcome,
        /// What the measures proposed.
        proposed: Outcome,
        /// What the report says.
        report: String,
    },
    /// Broken off.
    Abandoned {
        /// Why.
        reason: String,
    },
}

const LETTER: &str = "the pilot letter: measures agreed before it starts";

impl Procedure for Pilot {
    const NAME: &'static str = "pilot";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("start", SECRETARY, LETTER),
        Offer::at(Stage::Running, "measure", ANALYST, LETTER),
        Offer::at(Stage::Running, "measure", EXCHANGE, LETTER),
        Offer::at(Stage::Running, "decide", DIRECTOR, LETTER),
        Offer::at(Stage::Running, "abandon", DIRECTOR, LETTER),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("start", "scope.id", SCOPE),
        Form::of(
            "measure",
            &[
                Field::needed("name", Sort::Text(60)),
                Field::needed("numerator", Sort::Decimal),
                Field::needed("denominator", Sort::Decimal),
            ],
        ),
        Form::of(
            "decide",
            &[
                Field::needed("outcome", Sort::Choice("pilot-outcome", &["stop", "change", "widen"])),
                Field::needed("report", Sort::LongText(8_000)),
            ],
        ),
        Form::of("abandon", &[Field::needed("reason", Sort::Text(300))]),
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
            Act::Start { scope } if scope.measures.is_empty() => {
                Err(Refusal::new("measure-missing", scope.id.clone()).remedy("measures"))
            }
            Act::Start { scope } if scope.ends <= facts.now => {
                Err(Refusal::new("moment-past", scope.ends.to_string()).remedy(facts.now.to_string()))
            }
            Act::Start { scope } => Ok(vec![Event::Started { scope: scope.clone() }]),
            Act::Measure { reading } => self.measured(reading, facts),
            Act::Decide { outcome, report } => match self.proposal() {
                Err(unread) => Err(Refusal::new("measure-unread", unread).remedy("measure")),
                Ok(proposed) => {
                    Ok(vec![Event::Decided { outcome: *outcome, proposed, report: report.clone() }])
                }
            },
            Act::Abandon { reason } => Ok(vec![Event::Abandoned { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Started { scope } => {
                self.stage = Some(Stage::Running);
                self.scope = Some((**scope).clone());
            }
            Event::Measured { reading } => self.readings.push(reading.clone()),
            Event::Decided { outcome, report, .. } => {
                self.stage = Some(Stage::Decided);
                self.outcome = Some(*outcome);
                self.report.clone_from(report);
            }
            Event::Abandoned { reason } => {
                self.stage = Some(Stage::Abandoned);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(scope) = &self.scope else { return Vec::new() };
        match event {
            Event::Started { .. } => {
                let promise = Promise {
                    by: scope.ours.clone(),
                    to: scope.with.clone(),
                    due: scope.ends,
                    director_after: None,
                };
                vec![promise.open(OWED, facts.case, &scope.id)]
            }
            Event::Decided { .. } => vec![Owed::meet(OWED, facts.case, facts.case.clone())],
            Event::Abandoned { .. } => vec![Owed::lapse(OWED, facts.case, "abandoned")],
            Event::Measured { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(scope)) = (self.stage, &self.scope) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: scope.title.clone(),
            partner: scope.with.to_string(),
            lane: scope.lane.clone(),
            due: (stage == Stage::Running).then_some(scope.ends),
            closed: stage != Stage::Running,
            shown: json!({
                "id": scope.id, "places": scope.places, "goods": scope.goods, "firms": scope.firms,
                "measures": scope.measures, "readings": self.readings, "proposed": self.proposal().ok(),
                "outcome": self.outcome, "report": self.report, "reason": self.reason,
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
            Self::Decided => "decided",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Measure {
    /// What this measure alone proposes at this value.
    #[must_use]
    pub fn proposes(&self, value: Decimal) -> Outcome {
        let reaches = |bound: Decimal| match self.better {
            Better::More => value >= bound,
            Better::Less => value <= bound,
        };
        match () {
            () if reaches(self.widen) => Outcome::Widen,
            () if reaches(self.stop) => Outcome::Change,
            () => Outcome::Stop,
        }
    }
}

impl Pilot {
    fn measured(&self, reading: &Reading, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let agreed = self.scope.iter().flat_map(|scope| &scope.measures);
        let names: Vec<_> = agreed.map(|measure| measure.name.as_str()).collect();
        if !names.contains(&reading.name.as_str()) {
            return Err(Refusal::new("measure-unknown", reading.name.clone()).remedy(names.join(", ")));
        }
        if reading.denominator.is_zero() {
            return Err(Refusal::new("nothing-to-divide-by", reading.name.clone()).remedy("denominator"));
        }
        Ok(vec![Event::Measured { reading: Reading { at: Some(facts.now), ..reading.clone() } }])
    }

    /// What the last readings propose together: stop where one says stop, widen where all say widen.
    ///
    /// # Errors
    /// The name of a measure that was never read.
    fn proposal(&self) -> Result<Outcome, String> {
        let mut outcomes = Vec::new();
        for measure in self.scope.iter().flat_map(|scope| &scope.measures) {
            let last = self.readings.iter().rfind(|reading| reading.name == measure.name);
            let value = last.and_then(|reading| reading.numerator.checked_div(reading.denominator));
            outcomes.push(measure.proposes(value.ok_or_else(|| measure.name.clone())?));
        }
        Ok(match () {
            () if outcomes.contains(&Outcome::Stop) => Outcome::Stop,
            () if outcomes.iter().all(|outcome| *outcome == Outcome::Widen) => Outcome::Widen,
            () => Outcome::Change,
        })
    }
}

/// What the obligation is called.
const OWED: &str = "pilot-report";

const SCOPE: &[Field] = &[
    Field::needed("scope.id", Sort::Text(60)),
    Field::needed("scope.title", Sort::Text(200)),
    Field::needed("scope.ours", Sort::Text(12)),
    Field::needed("scope.with", Sort::Text(12)),
    Field::needed("scope.lane", Sort::Text(80)),
    Field::optional("scope.places", Sort::Words(200)),
    Field::optional("scope.goods", Sort::Words(500)),
    Field::optional("scope.firms", Sort::Words(2_000)),
    Field::needed("scope.ends", Sort::Moment),
    Field::needed("scope.measures", Sort::Lines(MEASURE)),
];

const MEASURE: &[Field] = &[
    Field::needed("name", Sort::Text(60)),
    Field::needed("better", Sort::Choice("better", &["more", "less"])),
    Field::needed("stop", Sort::Decimal),
    Field::needed("widen", Sort::Decimal),
];
