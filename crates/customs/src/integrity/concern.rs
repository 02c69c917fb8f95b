//! Something the reviewer looks into: what an indicator saw in the record, what was asked, what it was.

use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{DIRECTOR, REVIEWER};

/// One concern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Concern {
    stage: Option<Stage>,
    sighting: Option<Sighting>,
    steps: Vec<String>,
    conclusion: Option<Conclusion>,
    note: String,
}

/// What an indicator saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Which indicator.
    pub indicator: Indicator,
    /// Whose acts.
    pub account: String,
    /// First day looked at.
    pub from: Date,
    /// Last day looked at.
    pub until: Date,
    /// How many acts it saw.
    pub count: u32,
    /// Some of the cases they were on.
    #[serde(default)]
    pub cases: Vec<CaseId>,
}

/// What the record is looked through for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Indicator {
    /// Foreign items read on which the reader never acted and no case of theirs stands.
    LookupWithoutCase,
    /// Alarms on foreign data dismissed.
    Override,
    /// Consignments sent to another lane than the rules said.
    Rerouting,
    /// Promises whose clock ran out.
    LapsedClock,
    /// Reads outside the office's hours.
    OutOfHours,
    /// Acts the tables refused.
    Refused,
}

impl Indicator {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LookupWithoutCase,
        Self::Override,
        Self::Rerouting,
        Self::LapsedClock,
        Self::OutOfHours,
        Self::Refused,
    ];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LookupWithoutCase => "lookup-without-case",
            Self::Override => "override",
            Self::Rerouting => "rerouting",
            Self::LapsedClock => "lapsed-clock",
            Self::OutOfHours => "out-of-hours",
            Self::Refused => "refused",
        }
    }
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// In order: there was a reason.
    InOrder,
    /// The rule or the software made people do it.
    OurFault,
    /// A person needs training or a reminder.
    Training,
    /// For whoever investigates.
    Referred,
}

/// Where a concern stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being looked into.
    Open,
    /// Known what it was.
    Concluded,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Somebody looks into what an indicator saw.
    Open {
        /// What it saw.
        sighting: Box<Sighting>,
    },
    /// Something was asked or found.
    Note {
        /// What.
        text: String,
    },
    /// It is known what it was.
    Conclude {
        /// What.
        conclusion: Conclusion,
        /// Why.
        note: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Note { .. } => "note",
            Self::Conclude { .. } => "conclude",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Being looked into.
    Opened {
        /// What was seen.
        sighting: Box<Sighting>,
    },
    /// Asked or found.
    Noted {
        /// What.
        text: String,
    },
    /// Known what it was.
    Concluded {
        /// What.
        conclusion: Conclusion,
        /// Why.
        note: String,
    },
}

const ARUSHA: &str =
    "Revised Arusha Declaration, elements 6 (audit and investigation) and 7 (code of conduct)";

impl Procedure for Concern {
    const NAME: &'static str = "concern";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", REVIEWER, ARUSHA),
        Offer::at(Stage::Open, "note", REVIEWER, ARUSHA),
        Offer::at(Stage::Open, "conclude", REVIEWER, ARUSHA),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "open",
            &[
                Field::needed("sighting.indicator", Sort::Choice("indicator", INDICATORS)),
                Field::needed("sighting.account", Sort::Text(80)),
                Field::needed("sighting.from", Sort::Day),
                Field::needed("sighting.until", Sort::Day),
                Field::needed("sighting.count", Sort::Whole(1, 1_000_000)),
                Field::optional("sighting.cases", Sort::Words(100)),
            ],
        ),
        Form::of("note", &[Field::needed("text", Sort::LongText(4_000))]),
        Form::of(
            "conclude",
            &[
                Field::needed(
                    "conclusion",
                    Sort::Choice("concern-conclusion", &["in-order", "our-fault", "training", "referred"]),
                ),
                Field::needed("note", Sort::LongText(4_000)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[DIRECTOR];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Open { sighting } if sighting.account == facts.actor.name => {
                Err(Refusal::new("second-person-needed", sighting.account.clone()).remedy(REVIEWER.as_str()))
            }
            Act::Open { sighting } => Ok(vec![Event::Opened { sighting: sighting.clone() }]),
            Act::Note { text } => Ok(vec![Event::Noted { text: text.clone() }]),
            Act::Conclude { note, .. } if note.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("note"))
            }
            Act::Conclude { conclusion, note } => {
                Ok(vec![Event::Concluded { conclusion: *conclusion, note: note.clone() }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { sighting } => {
                self.stage = Some(Stage::Open);
                self.sighting = Some((**sighting).clone());
            }
            Event::Noted { text } => self.steps.push(text.clone()),
            Event::Concluded { conclusion, note } => {
                self.stage = Some(Stage::Concluded);
                self.conclusion = Some(*conclusion);
                self.note.clone_from(note);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(sighting)) = (self.stage, &self.sighting) else { return Summary::default() };
        let cases = sighting.cases.iter().map(|case| Reference::new("case", case.as_str()));
        let account = Reference::new("account", sighting.account.clone());
        Summary {
            stage: stage.word().into(),
            title: format!("{} {}", sighting.indicator.code(), sighting.account),
            severity: (stage == Stage::Open).then_some(Severity::Warning),
            closed: stage == Stage::Concluded,
            references: std::iter::once(account).chain(cases).collect(),
            shown: json!({
                "indicator": sighting.indicator, "account": sighting.account, "from": sighting.from,
                "until": sighting.until, "count": sighting.count, "cases": sighting.cases,
                "steps": self.steps, "conclusion": self.conclusion, "note": self.note,
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
            Self::Open => "open",
            Self::Concluded => "concluded",
        }
    }
}

const INDICATORS: &[&str] =
    &["lookup-without-case", "override", "rerouting", "lapsed-clock", "out-of-hours", "refused"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_offers_every_indicator() {
        assert_eq!(Indicator::ALL.map(Indicator::code).as_slice(), INDICATORS);
    }
}
