//! A sanitised extract at the gate: what to look for, how to handle it, until when; nothing of where it comes from.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Offer, Procedure, Reference, Refusal, Role, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::given;
use super::words::Subject;
use crate::agreement::Handling;
use crate::macros::{codes, named, stages};
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};

/// One alert.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    stage: Option<Stage>,
    source: Option<CaseId>,
    subject: Option<Subject>,
    text: String,
    handling: Option<Handling>,
    until: Option<Timestamp>,
    consignment: Option<CaseId>,
    outcome: Option<Outcome>,
    note: String,
}

stages! {
    /// The gate looks for it.
    Watching = "watching",
    /// It was met with.
    Hit = "hit",
    /// Its time ended without it.
    Lapsed = "lapsed",
    /// It is no longer looked for.
    Ended = "ended",
}

codes! {
    /// What came of a hit.
    Outcome:
    /// What was told was found.
    Found = "found",
    /// It was looked at and nothing was found.
    NothingFound = "nothing-found",
    /// It was let pass under watch.
    LetPass = "let-pass",
    /// It was met with and could not be looked at.
    NotLookedAt = "not-looked-at",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The gate is to look for something.
    Open {
        /// The case it comes from; the gate does not see it.
        source: CaseId,
        /// What to look for.
        subject: Subject,
        /// What the gate is told.
        text: String,
        /// How to handle it.
        #[serde(default)]
        handling: Option<Handling>,
        /// Until when.
        until: Timestamp,
    },
    /// It was met with.
    Hit {
        /// The consignment, where there is one.
        #[serde(default)]
        consignment: Option<CaseId>,
        /// What came of it.
        outcome: Outcome,
        /// More, in words.
        #[serde(default)]
        note: String,
    },
    /// Its time is over.
    Lapse,
    /// It is no longer looked for.
    End {
        /// Why.
        reason: String,
    },
}

named! {
    Open = "open", Hit = "hit", Lapse = "lapse", End = "end",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Looked for from now on.
    Opened {
        /// The case it comes from.
        source: CaseId,
        /// What to look for.
        subject: Subject,
        /// What the gate is told.
        text: String,
        /// How to handle it.
        handling: Option<Handling>,
        /// Until when.
        until: Timestamp,
    },
    /// Met with.
    HitMade {
        /// The consignment.
        consignment: Option<CaseId>,
        /// What came of it.
        outcome: Outcome,
        /// More.
        note: String,
    },
    /// Over.
    Lapsed,
    /// Ended.
    Ended {
        /// Why.
        reason: String,
    },
}

const EXTRACT: &str = "own practice: the gate hears what to look for, not from whom";
const CONTROL: &str = "Revised Kyoto Convention, General Annex, chapter 6 (customs control)";

impl Procedure for Alert {
    const NAME: &'static str = "alert";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", Role::NODE, EXTRACT),
        Offer::at(Stage::Watching, "hit", GATE, CONTROL),
        Offer::at(Stage::Watching, "hit", ANALYST, CONTROL),
        Offer::at(Stage::Watching, "lapse", Role::NODE, EXTRACT),
        Offer::at(Stage::Watching, "end", EXCHANGE, EXTRACT),
        Offer::at(Stage::Hit, "lapse", Role::NODE, EXTRACT),
        Offer::at(Stage::Ended, "lapse", Role::NODE, EXTRACT),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "hit",
            &[
                Field::optional("consignment", Sort::Case("consignment")),
                Field::needed("outcome", Sort::Choice("alert-outcome", Outcome::CODES)),
                Field::optional("note", Sort::LongText(1_000)),
            ],
        ),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
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
            Act::Open { until, .. } if *until <= facts.now => {
                Err(Refusal::new("until-past", until.to_string()).remedy("until"))
            }
            Act::Open { source, subject, text, handling, until } => Ok(vec![Event::Opened {
                source: source.clone(),
                subject: subject.clone(),
                text: text.clone(),
                handling: *handling,
                until: *until,
            }]),
            Act::Hit { consignment, outcome, note } => Ok(vec![Event::HitMade {
                consignment: consignment.clone(),
                outcome: *outcome,
                note: note.clone(),
            }]),
            Act::Lapse if self.stage != Some(Stage::Watching) => Ok(Vec::new()),
            Act::Lapse => Ok(vec![Event::Lapsed]),
            Act::End { reason } => Ok(vec![Event::Ended { reason: given("reason", reason)? }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { source, subject, text, handling, until } => {
                self.stage = Some(Stage::Watching);
                self.source = Some(source.clone());
                self.subject = Some(subject.clone());
                self.text.clone_from(text);
                self.handling = *handling;
                self.until = Some(*until);
            }
            Event::HitMade { consignment, outcome, note } => {
                self.stage = Some(Stage::Hit);
                self.consignment.clone_from(consignment);
                self.outcome = Some(*outcome);
                self.note.clone_from(note);
            }
            Event::Lapsed => self.stage = Some(Stage::Lapsed),
            Event::Ended { reason } => {
                self.stage = Some(Stage::Ended);
                self.note.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Opened { until, .. } => vec![Effect::wake("lapse", *until, &Act::Lapse)],
            Event::HitMade { .. } | Event::Ended { .. } => vec![Effect::Rest { name: "lapse".into() }],
            Event::Lapsed => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(subject)) = (self.stage, &self.subject) else { return Summary::default() };
        let watching = stage == Stage::Watching;
        let mut references = vec![subject.reference()];
        references.extend(self.consignment.iter().map(|case| Reference::new("consignment", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: subject.value.clone(),
            due: self.until.filter(|_| watching),
            severity: watching.then_some(Severity::Warning),
            closed: !watching,
            references,
            shown: json!({
                "kind": subject.kind, "text": self.text, "handling": self.handling, "until": self.until,
                "outcome": self.outcome, "consignment": self.consignment, "note": self.note,
            }),
            ..Summary::default()
        }
    }
}

/// The alert number `count` that a case gives.
#[must_use]
pub(super) fn case_of(source: &CaseId, count: u32) -> CaseId {
    CaseId::of(Alert::NAME, format_args!("{}-{}-{count}", source.desk(), source.key()))
}

/// The effect that opens an alert.
#[must_use]
pub(super) fn open(
    alert: &CaseId,
    source: &CaseId,
    handling: Option<Handling>,
    (subject, text): (&Subject, &str),
    until: Timestamp,
) -> Effect {
    let (source, subject, text) = (source.clone(), subject.clone(), text.to_owned());
    Effect::act(alert.clone(), &Act::Open { source, subject, text, handling, until })
}
