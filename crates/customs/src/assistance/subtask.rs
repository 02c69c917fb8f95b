//! A sub-task: what a unit at home is to find out for an answer, by when, and what it reports.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Offer, Owed, Procedure, Reference, Refusal, Role, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::requested::{Act as RequestedAct, Report};
use super::words::{STATEMENT, Subject};
use crate::agreement::Handling;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};

/// One sub-task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subtask {
    stage: Option<Stage>,
    parent: Option<CaseId>,
    unit: String,
    task: String,
    due: Option<Timestamp>,
    subjects: Vec<Subject>,
    handling: Option<Handling>,
    report: Report,
    by: String,
}

stages! {
    /// The unit is to find out.
    Open = "open",
    /// The unit reported.
    Reported = "reported",
    /// Nobody needs it any more.
    CalledOff = "called-off",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A unit is to find out.
    Open {
        /// The case it is for.
        parent: CaseId,
        /// The unit.
        unit: String,
        /// What.
        task: String,
        /// By when.
        due: Timestamp,
        /// Whom and what it is about.
        #[serde(default)]
        subjects: Vec<Subject>,
        /// How it must be handled.
        #[serde(default)]
        handling: Option<Handling>,
    },
    /// The unit reports.
    Report {
        /// What.
        report: Report,
    },
    /// Nobody needs it any more.
    CallOff,
}

named! {
    Open = "open", Report = "report", CallOff = "call-off",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Open.
    Opened {
        /// The case it is for.
        parent: CaseId,
        /// The unit.
        unit: String,
        /// What.
        task: String,
        /// By when.
        due: Timestamp,
        /// Whom and what it is about.
        subjects: Vec<Subject>,
        /// How it must be handled.
        handling: Option<Handling>,
    },
    /// Reported.
    Reported {
        /// What.
        report: Report,
        /// By whom.
        by: String,
    },
    /// Off.
    CalledOff,
}

const HOME: &str = "own practice: the unit that can know is asked";

impl Procedure for Subtask {
    const NAME: &'static str = "subtask";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", Role::NODE, HOME),
        Offer::at(Stage::Open, "report", GATE, HOME),
        Offer::at(Stage::Open, "report", ANALYST, HOME),
        Offer::at(Stage::Open, "report", EXCHANGE, HOME),
        Offer::at(Stage::Open, "call-off", Role::NODE, "the request was withdrawn"),
        Offer::at(Stage::Open, "call-off", EXCHANGE, HOME),
        Offer::at(Stage::Reported, "report", GATE, "more came to light"),
        Offer::at(Stage::Reported, "report", ANALYST, "more came to light"),
        Offer::at(Stage::Reported, "report", EXCHANGE, "more came to light"),
        Offer::at(Stage::Reported, "call-off", Role::NODE, "the request was withdrawn"),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "report",
        &[
            Field::needed("report.text", Sort::LongText(4_000)),
            Field::optional("report.statements", Sort::Lines(STATEMENT)),
        ],
    )];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Open { parent, unit, task, due, subjects, handling } => Ok(vec![Event::Opened {
                parent: parent.clone(),
                unit: unit.clone(),
                task: task.clone(),
                due: *due,
                subjects: subjects.clone(),
                handling: *handling,
            }]),
            Act::Report { report } if report.text.trim().is_empty() && report.statements.is_empty() => {
                Err(Refusal::new("answer-empty", "report").remedy("text, statements"))
            }
            Act::Report { report } => {
                Ok(vec![Event::Reported { report: report.clone(), by: facts.actor.name.clone() }])
            }
            Act::CallOff if self.stage != Some(Stage::Open) => Ok(Vec::new()),
            Act::CallOff => Ok(vec![Event::CalledOff]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { parent, unit, task, due, subjects, handling } => {
                self.stage = Some(Stage::Open);
                self.parent = Some(parent.clone());
                self.unit.clone_from(unit);
                self.task.clone_from(task);
                self.due = Some(*due);
                self.subjects.clone_from(subjects);
                self.handling = *handling;
            }
            Event::Reported { report, by } => {
                self.stage = Some(Stage::Reported);
                self.report = report.clone();
                self.by.clone_from(by);
            }
            Event::CalledOff => self.stage = Some(Stage::CalledOff),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(parent) = &self.parent else { return Vec::new() };
        match event {
            Event::Opened { .. } => Vec::new(),
            Event::Reported { report, .. } => {
                let note = RequestedAct::NoteReport { subtask: facts.case.clone(), report: report.clone() };
                vec![Effect::act(parent.clone(), &note), Owed::meet(REPORT, facts.case, facts.case.clone())]
            }
            Event::CalledOff => vec![Owed::lapse(REPORT, facts.case, "called-off")],
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let open = stage == Stage::Open;
        let mut references: Vec<_> = self.subjects.iter().map(Subject::reference).collect();
        references.extend(self.parent.iter().map(|case| Reference::new("about", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.unit.clone(),
            due: self.due.filter(|_| open),
            closed: !open,
            references,
            shown: json!({
                "task": self.task, "parent": self.parent, "text": self.report.text, "by": self.by,
                "statements": self.report.statements, "handling": self.handling,
            }),
            ..Summary::default()
        }
    }
}

/// The sub-task number `count` of a case.
#[must_use]
pub(super) fn case_of(parent: &CaseId, count: usize) -> CaseId {
    CaseId::of(Subtask::NAME, format_args!("{}-{count}", parent.key()))
}

/// What a unit owes.
pub(super) const REPORT: &str = "report-subtask";
