//! A partner's request to us: acknowledged, decided on, worked on by units at home, answered, its result heard.

mod act;
mod steps;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answering::{Answer, ResultTold};
use super::asking::Asking;
use super::forms::HANDLING;
use super::words::{AnswerKind, ContentGrade, RefusalReason, STATEMENT, SourceGrade, Subject};
use super::{dossier, given};
use crate::agreement::Admission;
use crate::macros::stages;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};

pub use act::{Act, Event, Report};

/// One request of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Requested {
    stage: Option<Stage>,
    us: NodeId,
    partner: NodeId,
    asking: Asking,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    /// Sub-tasks by their cases; what each reported, where it did.
    subtasks: BTreeMap<CaseId, Option<Report>>,
    /// The answer that waits for a second person.
    drafted: Option<Answer>,
    drafted_by: String,
    /// Where it stood before that answer was written.
    before: Option<Stage>,
    given: Vec<Given>,
    until: Option<Timestamp>,
    result: Option<ResultTold>,
    recalled: String,
    repeats: u32,
    parallel: Vec<CaseId>,
}

/// One answer we gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    answer: Answer,
    cleared_by: String,
    at: Timestamp,
}

stages! {
    /// Here, and nothing said of it yet.
    Arrived = "arrived",
    /// It has a number with us.
    Acknowledged = "acknowledged",
    /// We said we will answer.
    Accepted = "accepted",
    /// An answer waits for a second person.
    Drafted = "drafted",
    /// We said we will answer later.
    Postponed = "postponed",
    /// Part of the answer is out.
    Interim = "interim",
    /// The answer is out.
    Answered = "answered",
    /// We refused.
    Refused = "refused",
    /// The requester told us what came of it.
    ResultHeard = "result-heard",
    /// The requester no longer wants it.
    Recalled = "recalled",
}

const EXECUTION: &str = "model bilateral agreement, execution of requests";
const EXEMPTIONS: &str = "model bilateral agreement, exemptions: with reasons";
const SECOND: &str = "own practice: disclosure is cleared by a second person";
const HOME: &str = "own practice: the unit that can know is asked";
const TOLD: &str = "the giver is told on request what was decided";
const CROSSED: &str = "a message that crossed another is kept";

impl Procedure for Requested {
    const NAME: &'static str = "requested";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, EXECUTION),
        Offer::opening("recall", Role::NODE, "a withdrawal that overtook its request is kept"),
        Offer::at(Stage::Arrived, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Arrived, "acknowledge", EXCHANGE, EXECUTION),
        Offer::at(Stage::Arrived, "accept", EXCHANGE, EXECUTION),
        Offer::at(Stage::Arrived, "refuse", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Arrived, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Arrived, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Acknowledged, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Acknowledged, "accept", EXCHANGE, EXECUTION),
        Offer::at(Stage::Acknowledged, "postpone", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Acknowledged, "refuse", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Acknowledged, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Acknowledged, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Accepted, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Accepted, "assign", EXCHANGE, HOME),
        Offer::at(Stage::Accepted, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Accepted, "answer", EXCHANGE, EXECUTION),
        Offer::at(Stage::Accepted, "postpone", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Accepted, "refuse", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Accepted, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Accepted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Drafted, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Drafted, "answer", EXCHANGE, EXECUTION),
        Offer::at(Stage::Drafted, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Drafted, "clear", EXCHANGE, SECOND),
        Offer::at(Stage::Drafted, "clear", DIRECTOR, SECOND),
        Offer::at(Stage::Drafted, "return", EXCHANGE, SECOND),
        Offer::at(Stage::Drafted, "return", DIRECTOR, SECOND),
        Offer::at(Stage::Drafted, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Drafted, "hear-result", Role::NODE, TOLD),
        Offer::at(Stage::Drafted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Postponed, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Postponed, "assign", EXCHANGE, HOME),
        Offer::at(Stage::Postponed, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Postponed, "answer", EXCHANGE, EXECUTION),
        Offer::at(Stage::Postponed, "refuse", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Postponed, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Postponed, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Interim, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Interim, "assign", EXCHANGE, HOME),
        Offer::at(Stage::Interim, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Interim, "answer", EXCHANGE, EXECUTION),
        Offer::at(Stage::Interim, "postpone", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Interim, "refuse", EXCHANGE, EXEMPTIONS),
        Offer::at(Stage::Interim, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Interim, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Answered, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Answered, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Answered, "answer", EXCHANGE, "more came to light: a further answer"),
        Offer::at(Stage::Answered, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Answered, "hear-result", Role::NODE, TOLD),
        Offer::at(Stage::Answered, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Refused, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Refused, "recall", Role::NODE, CROSSED),
        Offer::at(Stage::Refused, "note-report", Role::NODE, HOME),
        Offer::at(Stage::ResultHeard, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::ResultHeard, "hear-result", Role::NODE, TOLD),
        Offer::at(Stage::ResultHeard, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Recalled, "note-report", Role::NODE, HOME),
        Offer::at(Stage::Recalled, "arrive", Role::NODE, CROSSED),
        Offer::at(Stage::Recalled, "recall", Role::NODE, CROSSED),
    ];

    const FORMS: &'static [Form] = &[
        Form::of("acknowledge", &[]),
        Form::of("accept", &[]),
        Form::of(
            "postpone",
            &[
                Field::needed("reasons", Sort::Several("refusal-reason", RefusalReason::CODES)),
                Field::needed("until", Sort::Moment),
                Field::optional("text", Sort::LongText(1_000)),
            ],
        ),
        Form::of(
            "refuse",
            &[
                Field::needed("reasons", Sort::Several("refusal-reason", RefusalReason::CODES)),
                Field::optional("text", Sort::LongText(1_000)),
            ],
        ),
        Form::of(
            "assign",
            &[
                Field::needed("unit", Sort::Text(120)),
                Field::needed("task", Sort::LongText(2_000)),
                Field::needed("due", Sort::Moment),
            ],
        ),
        Form::of(
            "answer",
            &[
                Field::needed("answer.kind", Sort::Choice("answer-kind", &["interim", "partial", "final"])),
                Field::optional("answer.text", Sort::LongText(4_000)),
                Field::optional("answer.statements", Sort::Lines(STATEMENT)),
                Field::optional("answer.reasons", Sort::Several("refusal-reason", RefusalReason::CODES)),
                Field::optional("answer.conditions", Sort::LongText(1_000)),
                Field::optional("answer.handling", HANDLING),
                Field::optional("answer.grade.source", Sort::Choice("source-grade", SourceGrade::CODES)),
                Field::optional("answer.grade.content", Sort::Choice("content-grade", ContentGrade::CODES)),
            ],
        ),
        Form::of("return", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[ANALYST, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Arrive { asking, item, admission } => self.arrived(asking, item, admission, facts),
            Act::Acknowledge => vec![self.said(AnswerKind::Acknowledged, facts)],
            Act::Accept => vec![self.said(AnswerKind::Accepted, facts)],
            Act::Postpone { reasons, until, text } => vec![self.postponed(reasons, *until, text, facts)?],
            Act::Refuse { reasons, text } => vec![self.refused(reasons, text, facts)?],
            Act::Assign { unit, task, due } => vec![self.assigned(unit, task, *due, facts)?],
            Act::NoteReport { subtask, report } => self.reported(subtask, report),
            Act::Answer { answer } => vec![self.drafted(answer, facts)?],
            Act::Clear => vec![self.cleared(facts)?],
            Act::Return { reason } => vec![Event::Returned { reason: given("reason", reason)? }],
            Act::Deliver { evidence } => vec![Event::Delivered { evidence: evidence.clone() }],
            Act::HearResult { result, item } => {
                vec![Event::ResultHeard { result: result.clone(), item: item.clone() }]
            }
            Act::Recall { .. } if !self.recalled.is_empty() => Vec::new(),
            Act::Recall { reason, item } => {
                vec![Event::Recalled { reason: reason.clone(), item: item.clone() }]
            }
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { asking, item, admission, at, us } => {
                self.stage.get_or_insert(Stage::Arrived);
                self.us = us.clone();
                self.partner = admission.term.from.clone();
                self.asking = (**asking).clone();
                self.item = Some(item.clone());
                self.admission = Some((**admission).clone());
                self.arrived = Some(*at);
            }
            Event::CameAgain { .. } => self.repeats += 1,
            Event::Said { answer, at, by } => self.give(answer, by, *at),
            Event::Assigned { subtask, .. } => {
                self.subtasks.insert(subtask.clone(), None);
            }
            Event::Reported { subtask, report } => {
                self.subtasks.insert(subtask.clone(), Some(report.clone()));
            }
            Event::Drafted { answer, by } => {
                if self.stage != Some(Stage::Drafted) {
                    self.before = self.stage;
                }
                self.stage = Some(Stage::Drafted);
                self.drafted = Some((**answer).clone());
                self.drafted_by.clone_from(by);
            }
            Event::Cleared { answer, by, at } => {
                self.drafted = None;
                self.give(answer, by, *at);
            }
            Event::Returned { .. } => {
                self.stage = self.before;
                self.drafted = None;
            }
            Event::Delivered { .. } => {}
            Event::ResultHeard { result, .. } => {
                // An answer that is being written to what came after stays on the table.
                let writing = self.stage == Some(Stage::Drafted);
                *(if writing { &mut self.before } else { &mut self.stage }) = Some(Stage::ResultHeard);
                self.result = Some((**result).clone());
            }
            Event::Recalled { reason, .. } => {
                if !self.stage.is_some_and(Stage::is_settled) {
                    self.stage = Some(Stage::Recalled);
                }
                self.recalled.clone_from(reason);
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Arrived { .. } => self.clocks_started(facts),
            Event::Said { answer, .. } | Event::Cleared { answer, .. } => self.sent(answer, facts),
            Event::Assigned { subtask, unit, task, due } => {
                self.subtask_opened(subtask, (unit, task), *due, facts)
            }
            Event::ResultHeard { item, .. } => self.result_here(item, facts),
            Event::Recalled { .. } => self.after_recall(facts),
            Event::CameAgain { .. }
            | Event::Reported { .. }
            | Event::Drafted { .. }
            | Event::Returned { .. }
            | Event::Delivered { .. }
            | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let mut references: Vec<_> = self.asking.subjects.iter().map(Subject::reference).collect();
        references.extend(self.item.iter().map(|item| Reference::new("item", item.as_str())));
        let settled = self.given.iter().find(|given| given.answer.kind.is_some_and(AnswerKind::settles));
        Summary {
            stage: stage.word().into(),
            title: self.asking.title().to_owned(),
            partner: self.partner.to_string(),
            due: self.asking.needed_by.filter(|_| !stage.is_settled()),
            severity: (!self.parallel.is_empty() && !stage.is_settled()).then_some(Severity::Warning),
            closed: stage.is_settled(),
            references,
            shown: json!({
                "matter": self.asking.matter().code(), "urgency": self.asking.urgency,
                "reference": self.asking.reference, "basis": self.asking.basis,
                "term": self.admission.as_ref().map(Admission::cite),
                "agreement": self.admission.as_ref().map(|admission| &admission.agreement),
                "arrived": self.arrived, "settled": settled.map(|given| given.at),
                "answer": self.given.last().and_then(|given| given.answer.kind),
                "reasons": self.given.last().map(|given| &given.answer.reasons), "until": self.until,
                "subtasks": self.subtasks.len(),
                "reported": self.subtasks.values().filter(|report| report.is_some()).count(),
                "usefulness": self.result.as_ref().and_then(|result| result.usefulness),
                "result": self.result.as_ref().map(|result| &result.result),
                "handling": self.handling(), "grade": self.asking.grade.map(|grade| grade.to_string()),
                "parallel": self.parallel, "repeats": self.repeats, "recalled": self.recalled,
            }),
            ..Summary::default()
        }
    }
}
