//! A partner's warning: found beside our own manifest and declarations, looked into, answered before its moment.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::warning::{FEEDBACK, OUTCOMES, due};
use super::warning_item::{Feedback, WarningItem};
use super::words::{FeedbackOutcome, Method};
use crate::agreement::{Admission, Handling, ReceivedAct};
use crate::assistance::{Debt, Subject, dossier, given};
use crate::declaration::Remark;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// One warning of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Warned {
    stage: Option<Stage>,
    us: NodeId,
    partner: NodeId,
    warning: WarningItem,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    due: Option<Timestamp>,
    /// Our own cases it may be about, with what says so.
    beside: Vec<Beside>,
    /// What we said came of it, in order.
    feedback: Vec<Feedback>,
    answered: Option<Timestamp>,
    parallel: Vec<CaseId>,
}

/// One of our own cases a warning may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The case.
    pub case: CaseId,
    /// What says so, as a code: `container`, `bill`, `vehicle`, `party-name`.
    pub why: String,
    /// Their value.
    pub theirs: String,
    /// Ours.
    pub ours: String,
}

stages! {
    /// Here, and nobody took it on yet.
    Arrived = "arrived",
    /// The goods are looked for or looked at.
    Searching = "searching",
    /// We said what came of it.
    Answered = "answered",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is here.
    Arrive {
        /// What it says.
        warning: Box<WarningItem>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// These of our own cases may be what it is about.
    SetBeside {
        /// Which, and why.
        beside: Vec<Beside>,
    },
    /// Somebody takes it on.
    TakeOn,
    /// We say what came of it.
    Feedback {
        /// What came of it; one of the short list.
        outcome: FeedbackOutcome,
        /// How it was looked at.
        #[serde(default)]
        method: Option<Method>,
        /// What was found.
        #[serde(default)]
        result: String,
        /// Why it was not looked at.
        #[serde(default)]
        why_not: String,
        /// The seizure it led to.
        #[serde(default)]
        seizure: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Arrive = "arrive", SetBeside = "set-beside", TakeOn = "take-on", Feedback = "feedback",
    NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// What it says.
        warning: Box<WarningItem>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
        /// By when feedback is due.
        due: Timestamp,
    },
    /// Set beside our own.
    SetBeside {
        /// Which.
        beside: Vec<Beside>,
    },
    /// Taken on.
    TakenOn {
        /// By whom.
        by: String,
    },
    /// Answered.
    Answered {
        /// What.
        feedback: Box<Feedback>,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const PLAN: &str = "the operation's plan; CENcomm feedback";

impl Procedure for Warned {
    const NAME: &'static str = "warned";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, PLAN),
        Offer::at(Stage::Arrived, "arrive", Role::NODE, "the same warning again"),
        Offer::at(
            Stage::Arrived,
            "set-beside",
            Role::NODE,
            "own manifest and declarations under the term's purposes",
        ),
        Offer::at(Stage::Arrived, "take-on", GATE, PLAN),
        Offer::at(Stage::Arrived, "take-on", ANALYST, PLAN),
        Offer::at(Stage::Arrived, "take-on", COORDINATOR, PLAN),
        Offer::at(Stage::Arrived, "feedback", GATE, PLAN),
        Offer::at(Stage::Arrived, "feedback", COORDINATOR, PLAN),
        Offer::at(Stage::Arrived, "feedback", EXCHANGE, PLAN),
        Offer::at(Stage::Arrived, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Searching, "arrive", Role::NODE, "the same warning again"),
        Offer::at(
            Stage::Searching,
            "set-beside",
            Role::NODE,
            "own manifest and declarations under the term's purposes",
        ),
        Offer::at(Stage::Searching, "feedback", GATE, PLAN),
        Offer::at(Stage::Searching, "feedback", COORDINATOR, PLAN),
        Offer::at(Stage::Searching, "feedback", EXCHANGE, PLAN),
        Offer::at(Stage::Searching, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Answered, "arrive", Role::NODE, "the same warning again"),
        Offer::at(Stage::Answered, "feedback", COORDINATOR, "more came to light"),
        Offer::at(Stage::Answered, "note-parallel", Role::NODE, dossier::BASIS),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "feedback",
        &[
            Field::needed("outcome", OUTCOMES),
            Field::optional("method", Sort::Choice("method", Method::CODES)),
            Field::optional("result", Sort::LongText(2_000)),
            Field::optional("why_not", Sort::LongText(1_000)),
            Field::optional("seizure", Sort::Text(60)),
        ],
    )];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Arrive { .. } if self.stage.is_some() => Vec::new(),
            Act::Arrive { warning, item, admission } => vec![Event::Arrived {
                due: due(warning, admission, facts.now),
                warning: warning.clone(),
                item: item.clone(),
                admission: admission.clone(),
                us: NodeId::new(&facts.actor.name),
                at: facts.now,
            }],
            Act::SetBeside { beside } if *beside == self.beside => Vec::new(),
            Act::SetBeside { beside } => vec![Event::SetBeside { beside: beside.clone() }],
            Act::TakeOn => vec![Event::TakenOn { by: facts.actor.name.clone() }],
            Act::Feedback { outcome, method, result, why_not, seizure } => {
                let said = Feedback {
                    outcome: Some(*outcome),
                    method: *method,
                    result: result.trim().to_owned(),
                    why_not: why_not.trim().to_owned(),
                    seizure: seizure.trim().to_owned(),
                    ..Feedback::default()
                };
                vec![Event::Answered { feedback: Box::new(self.answered(said, facts)?) }]
            }
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { warning, item, admission, us, at, due } => {
                self.stage = Some(Stage::Arrived);
                self.us = us.clone();
                self.partner = admission.term.from.clone();
                self.warning = (**warning).clone();
                self.item = Some(item.clone());
                self.admission = Some((**admission).clone());
                self.arrived = Some(*at);
                self.due = Some(*due);
            }
            Event::SetBeside { beside } => self.beside.clone_from(beside),
            Event::TakenOn { .. } => self.stage = Some(Stage::Searching),
            Event::Answered { feedback } => {
                self.stage = Some(Stage::Answered);
                self.answered = feedback.at;
                self.feedback.push((**feedback).clone());
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Arrived { admission, us, due, warning, .. } => {
                let debt = Debt { by: us, to: &self.partner, about: facts.case, admission };
                let mut effects = vec![debt.owed(FEEDBACK, *due).open()];
                effects.extend(dossier::mention(&warning.subjects(), facts.case));
                effects
            }
            Event::Answered { feedback } => self.told(feedback, facts),
            Event::SetBeside { .. } | Event::TakenOn { .. } | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let closed = stage == Stage::Answered;
        let mut references: Vec<_> = self.warning.subjects().iter().map(Subject::reference).collect();
        references.push(Reference::new("operation", self.warning.operation.clone()));
        references.extend(self.item.iter().map(|item| Reference::new("item", item.as_str())));
        references.extend(self.beside.iter().map(|beside| Reference::new("beside", beside.case.as_str())));
        let feedback = self.feedback.last();
        Summary {
            stage: stage.word().into(),
            title: self.warning.title().to_owned(),
            partner: self.partner.to_string(),
            due: self.due.filter(|_| !closed),
            severity: (!closed).then_some(Severity::Error),
            closed,
            references,
            shown: json!({
                "operation": self.warning.operation, "pack": self.warning.pack, "urgency": self.warning.urgency,
                "eta": self.warning.carriage.eta, "goods": self.warning.goods.first().map(|goods| &goods.what),
                "text": self.warning.text, "indicators": self.warning.indicators, "beside": self.beside,
                "arrived": self.arrived, "answered": self.answered, "feedback_due": self.due,
                "outcome": feedback.and_then(|feedback| feedback.outcome),
                "result": feedback.map(|feedback| &feedback.result), "handling": self.handling(),
                "grade": self.warning.grade.map(|grade| grade.to_string()), "parallel": self.parallel,
                "destination": self.warning.route.destination, "departure": self.warning.route.departure,
            }),
            ..Summary::default()
        }
    }
}

impl Warned {
    /// The case of a partner's warning of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// The warning itself.
    #[must_use]
    pub const fn warning(&self) -> &WarningItem {
        &self.warning
    }

    /// What we said came of it, in order.
    #[must_use]
    pub fn feedback(&self) -> &[Feedback] {
        &self.feedback
    }

    fn handling(&self) -> Option<Handling> {
        self.warning.handling.max(self.admission.as_ref().map(|admission| admission.term.handling))
    }

    /// Whoever looked says what was found and how; whoever did not says why.
    fn answered(&self, said: Feedback, facts: &Facts<'_>) -> Result<Feedback, Refusal> {
        let checked = said.outcome.is_some_and(FeedbackOutcome::is_checked);
        if checked {
            given("result", &said.result)?;
        }
        if checked && said.method.is_none() {
            return Err(Refusal::new("text-missing", "method").remedy(Method::CODES.join(", ")));
        }
        if said.outcome == Some(FeedbackOutcome::NotChecked) {
            given("why-not", &said.why_not)?;
        }
        let again = match self.feedback.len() {
            0 => String::new(),
            said => format!("-{}", said + 1),
        };
        Ok(Feedback {
            reference: format!("{}-feedback{again}", facts.case.key()),
            warning: self.warning.reference.clone(),
            operation: self.warning.operation.clone(),
            at: Some(facts.now),
            ..said
        })
    }

    fn told(&self, feedback: &Feedback, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = vec![Effect::send(self.partner.clone(), "feedback", feedback, facts.case.clone())];
        effects.push(Owed::meet(FEEDBACK, facts.case, facts.case.clone()));
        let text = feedback.outcome.map_or("", FeedbackOutcome::code).to_owned();
        let remark = Remark { code: "feedback".into(), pointer: String::new(), text };
        let acted = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        effects.extend(self.item.iter().map(|item| Effect::act(item.clone(), &acted)));
        effects
    }
}
