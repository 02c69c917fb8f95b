//! A warning of ours: raised, sent, answered; silence escalates from the moment the goods are expected.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::warning_item::{Feedback, Silence, WarningItem};
use super::words::{FeedbackOutcome, GOODS, MODES, Pack};
use crate::agreement::{Admission, admit};
use crate::assistance::{ContentGrade, Debt, SourceGrade, Subject, Urgency, dossier, given};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, REVIEWER};

/// One warning of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    stage: Option<Stage>,
    partner: NodeId,
    /// The node of the coordination unit; empty where there is none or it is ours.
    unit: NodeId,
    item: WarningItem,
    born_of: Option<CaseId>,
    by: String,
    admission: Option<Admission>,
    us: NodeId,
    sent: Option<Timestamp>,
    due: Option<Timestamp>,
    delivered: Option<Timestamp>,
    held_back: Option<Refusal>,
    feedback: Vec<Feedback>,
    answered: Option<Timestamp>,
    silent: bool,
    reason: String,
    parallel: Vec<CaseId>,
}

stages! {
    /// On its way, or there.
    Sent = "sent",
    /// No live term lets it go.
    Kept = "kept",
    /// The partner has it.
    Delivered = "delivered",
    /// Its moment passed without feedback.
    Silent = "silent",
    /// The partner said what came of it.
    Answered = "answered",
    /// We took it back.
    Cancelled = "cancelled",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A shipment is to be checked.
    Warn {
        /// By whom.
        partner: NodeId,
        /// The node of the coordination unit.
        #[serde(default)]
        unit: NodeId,
        /// The case it is born of, such as a finding.
        #[serde(default)]
        born_of: Option<CaseId>,
        /// The warning.
        warning: Box<WarningItem>,
    },
    /// It goes, if a live term lets it.
    Dispatch,
    /// It is tried again after the terms changed.
    Retry,
    /// The partner's receipt is here.
    Deliver {
        /// The sent item.
        evidence: CaseId,
    },
    /// The partner says what came of it.
    Hear {
        /// What.
        feedback: Box<Feedback>,
        /// The item it came in.
        item: CaseId,
        /// From whom.
        from: NodeId,
    },
    /// Its moment has come without feedback.
    FallSilent,
    /// It was a mistake, or is over.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Warn = "warn", Dispatch = "dispatch", Retry = "retry", Deliver = "deliver", Hear = "hear",
    FallSilent = "fall-silent", Cancel = "cancel", NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Raised.
    Raised {
        /// To whom.
        partner: NodeId,
        /// The coordination unit's node.
        unit: NodeId,
        /// The case it is born of.
        born_of: Option<CaseId>,
        /// The warning.
        warning: Box<WarningItem>,
        /// By whom.
        by: String,
    },
    /// Tried again.
    Retried,
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
        /// By when feedback is due.
        due: Timestamp,
    },
    /// No live term lets it go.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// Receipted.
    Delivered {
        /// The sent item.
        evidence: CaseId,
        /// When.
        at: Timestamp,
    },
    /// Answered.
    Answered {
        /// What.
        feedback: Box<Feedback>,
        /// The item it came in.
        item: CaseId,
        /// When.
        at: Timestamp,
    },
    /// No feedback in time.
    FellSilent,
    /// Taken back.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const PLAN: &str = "the operation's plan; CENcomm warning";
const DOOR: &str = "the term for its kind, direction and day; none, no exit";
const COMPULSORY: &str =
    "the operation's plan: feedback is compulsory, silence goes to the coordination unit";

impl Procedure for Warning {
    const NAME: &'static str = "warning";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("warn", COORDINATOR, PLAN),
        Offer::opening("warn", ANALYST, PLAN),
        Offer::opening("warn", EXCHANGE, PLAN),
        Offer::opening("warn", Role::NODE, "a finding is passed on as a warning"),
        Offer::at(Stage::Sent, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Sent, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Sent, "hear", Role::NODE, COMPULSORY),
        Offer::at(Stage::Sent, "fall-silent", Role::NODE, COMPULSORY),
        Offer::at(Stage::Sent, "cancel", COORDINATOR, PLAN),
        Offer::at(Stage::Sent, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Kept, "retry", COORDINATOR, DOOR),
        Offer::at(Stage::Kept, "retry", EXCHANGE, DOOR),
        Offer::at(Stage::Kept, "cancel", COORDINATOR, PLAN),
        Offer::at(Stage::Kept, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Delivered, "hear", Role::NODE, COMPULSORY),
        Offer::at(Stage::Delivered, "fall-silent", Role::NODE, COMPULSORY),
        Offer::at(Stage::Delivered, "cancel", COORDINATOR, PLAN),
        Offer::at(Stage::Delivered, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Silent, "hear", Role::NODE, "late feedback still counts"),
        Offer::at(Stage::Silent, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Silent, "cancel", COORDINATOR, PLAN),
        Offer::at(Stage::Silent, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Answered, "hear", Role::NODE, "more feedback to the same warning"),
        Offer::at(Stage::Answered, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Cancelled, "hear", Role::NODE, "feedback that crossed the cancellation is kept"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "warn",
            &[
                Field::needed("partner", Sort::Partner),
                Field::optional("unit", Sort::Partner),
                Field::optional("born_of", Sort::Case("")),
                Field::needed("warning.operation", Sort::Text(60)),
                Field::needed("warning.urgency", Sort::Choice("urgency", Urgency::CODES)),
                Field::needed("warning.pack", Sort::Choice("pack", Pack::CODES)),
                Field::needed("warning.goods", Sort::Lines(GOODS)),
                Field::optional("warning.carriage.mode", Sort::Choice("mode", MODES)),
                Field::optional("warning.carriage.container", Sort::Text(20)),
                Field::optional("warning.carriage.bill", Sort::Text(40)),
                Field::optional("warning.carriage.vehicle", Sort::Text(40)),
                Field::needed("warning.carriage.eta", Sort::Moment),
                Field::optional("warning.route.origin", Sort::Country),
                Field::optional("warning.route.departure", Sort::Text(17)),
                Field::optional("warning.route.destination", Sort::Text(17)),
                Field::optional("warning.parties", Sort::Lines(PARTY)),
                Field::optional("warning.indicators", Sort::Words(12)),
                Field::needed("warning.text", Sort::LongText(2_000)),
                Field::needed("warning.grade.source", Sort::Choice("source-grade", SourceGrade::CODES)),
                Field::needed("warning.grade.content", Sort::Choice("content-grade", ContentGrade::CODES)),
            ],
        ),
        Form::of("cancel", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Warn { partner, unit, born_of, warning } => vec![Event::Raised {
                partner: partner.clone(),
                unit: unit.clone(),
                born_of: born_of.clone(),
                warning: whole(warning, facts)?,
                by: facts.actor.name.clone(),
            }],
            Act::Retry => vec![Event::Retried],
            Act::Dispatch => vec![self.dispatched(facts)],
            Act::Deliver { .. } if self.delivered.is_some() => Vec::new(),
            Act::Deliver { evidence } => vec![Event::Delivered { evidence: evidence.clone(), at: facts.now }],
            Act::Hear { from, .. } if *from != self.partner => {
                return Err(
                    Refusal::new("not-the-partner-asked", from.as_str()).remedy(self.partner.as_str())
                );
            }
            Act::Hear { feedback, .. } if self.feedback.contains(feedback) => Vec::new(),
            Act::Hear { feedback, item, .. } => {
                vec![Event::Answered { feedback: feedback.clone(), item: item.clone(), at: facts.now }]
            }
            Act::FallSilent => vec![Event::FellSilent],
            Act::Cancel { reason } => vec![Event::Cancelled { reason: given("reason", reason)? }],
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { partner, unit, born_of, warning, by } => {
                self.stage = Some(Stage::Sent);
                self.partner = partner.clone();
                self.unit = unit.clone();
                self.born_of.clone_from(born_of);
                self.item = (**warning).clone();
                self.by.clone_from(by);
            }
            Event::Retried => self.stage = Some(Stage::Sent),
            Event::Dispatched { admission, us, at, due } => {
                self.admission = Some((**admission).clone());
                self.us = us.clone();
                self.sent = Some(*at);
                self.due = Some(*due);
                self.held_back = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Delivered { at, .. } => {
                if self.stage == Some(Stage::Sent) {
                    self.stage = Some(Stage::Delivered);
                }
                self.delivered = Some(*at);
            }
            Event::Answered { feedback, at, .. } => {
                if self.stage != Some(Stage::Cancelled) {
                    self.stage = Some(Stage::Answered);
                }
                self.answered.get_or_insert(*at);
                self.feedback.push((**feedback).clone());
            }
            Event::FellSilent => {
                self.stage = Some(Stage::Silent);
                self.silent = true;
            }
            Event::Cancelled { reason } => {
                self.stage = Some(Stage::Cancelled);
                self.reason.clone_from(reason);
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Raised { warning, .. } => {
                let mut effects = vec![Effect::act(facts.case.clone(), &Act::Dispatch)];
                effects.extend(dossier::mention(&warning.subjects(), facts.case));
                effects
            }
            Event::Retried => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { admission, us, due, .. } => {
                let debt = Debt { by: &self.partner, to: us, about: facts.case, admission };
                vec![
                    Effect::send(self.partner.clone(), "warning", &self.item, facts.case.clone()),
                    debt.owed(FEEDBACK, *due).open(),
                    Effect::wake(SILENCE, *due, &Act::FallSilent),
                ]
            }
            Event::Answered { item, .. } => {
                vec![Owed::meet(FEEDBACK, facts.case, item.clone()), Effect::Rest { name: SILENCE.into() }]
            }
            Event::FellSilent => self.silence_told(facts),
            Event::Cancelled { .. } => {
                vec![Owed::lapse(FEEDBACK, facts.case, "cancelled"), Effect::Rest { name: SILENCE.into() }]
            }
            Event::HeldBack { .. } | Event::Delivered { .. } | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let closed = matches!(stage, Stage::Answered | Stage::Cancelled);
        let last = self.feedback.last();
        let mut references: Vec<_> = self.item.subjects().iter().map(Subject::reference).collect();
        references.push(Reference::new("operation", self.item.operation.clone()));
        references.extend(self.born_of.iter().map(|case| Reference::new("about", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.item.title().to_owned(),
            partner: self.partner.to_string(),
            due: self.due.filter(|_| !closed),
            severity: match stage {
                Stage::Silent => Some(Severity::Error),
                Stage::Kept => Some(Severity::Warning),
                Stage::Sent | Stage::Delivered | Stage::Answered | Stage::Cancelled => None,
            },
            closed,
            references,
            shown: json!({
                "operation": self.item.operation, "pack": self.item.pack, "urgency": self.item.urgency,
                "eta": self.item.carriage.eta, "goods": self.item.goods.first().map(|goods| &goods.what),
                "destination": self.item.route.destination, "departure": self.item.route.departure,
                "sent": self.sent, "delivered": self.delivered, "answered": self.answered, "silent": self.silent,
                "outcome": last.and_then(|feedback| feedback.outcome), "result": last.map(|feedback| &feedback.result),
                "seizure": last.map(|feedback| &feedback.seizure), "held_back": self.held_back,
                "handling": self.item.handling, "grade": self.item.grade.map(|grade| grade.to_string()),
                "parallel": self.parallel, "reason": self.reason, "feedback_due": self.due,
            }),
            ..Summary::default()
        }
    }
}

impl Warning {
    /// The case of a warning of ours of this number.
    #[must_use]
    pub fn case_of(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }

    /// The warning itself.
    #[must_use]
    pub const fn item(&self) -> &WarningItem {
        &self.item
    }

    /// By when feedback is due; `None` where it never went.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// What came back, in order.
    #[must_use]
    pub fn feedback(&self) -> &[Feedback] {
        &self.feedback
    }

    /// Whether its moment passed without feedback.
    #[must_use]
    pub const fn fell_silent(&self) -> bool {
        self.silent
    }

    fn dispatched(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, "warning", &us, &self.partner, facts.day()) {
            Ok(admission) => {
                let due = due(&self.item, &admission, facts.now);
                Event::Dispatched { admission: Box::new(admission), us, at: facts.now, due }
            }
            Err(refusal) => Event::HeldBack { refusal },
        }
    }

    fn silence_told(&self, facts: &Facts<'_>) -> Vec<Effect> {
        if self.unit.as_str().is_empty() || self.unit == self.us {
            return Vec::new();
        }
        let silence = Silence {
            reference: format!("{}-silence", self.item.reference),
            operation: self.item.operation.clone(),
            warning: self.item.reference.clone(),
            to: self.partner.to_string(),
            eta: self.item.carriage.eta,
        };
        vec![Effect::send(self.unit.clone(), "silence-notice", &silence, facts.case.clone())]
    }
}

/// By when feedback is due: so long before the goods are expected as the term says; at once where that is past already, and
/// by the goods' own moment where the term says nothing.
pub(super) fn due(warning: &WarningItem, admission: &Admission, now: Timestamp) -> Timestamp {
    let eta = warning.carriage.eta.unwrap_or(now);
    let wanted = admission.term.clock("feedback-before-eta").map_or(eta, |before| before.before(eta));
    if wanted > now { wanted } else { eta.max(now) }
}

/// A warning names an operation, goods, something to look for, and when.
fn whole(warning: &WarningItem, facts: &Facts<'_>) -> Result<Box<WarningItem>, Refusal> {
    let mut warning = warning.clone();
    facts.case.key().clone_into(&mut warning.reference);
    let missing: Vec<_> = [
        ("operation", warning.operation.trim().is_empty()),
        ("goods", warning.goods.is_empty()),
        ("carriage", warning.subjects().is_empty()),
        ("eta", warning.carriage.eta.is_none()),
        ("text", warning.text.trim().is_empty()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    if missing.is_empty() {
        return Ok(Box::new(warning));
    }
    Err(Refusal::new("contents-missing", missing.join(", ")).remedy(missing[0]))
}

/// What the partner owes.
pub(super) const FEEDBACK: &str = "feedback-to-warning";
const SILENCE: &str = "silence";
/// A party in a form.
const PARTY: &[Field] = &[Field::needed("name", Sort::Text(200))];

/// The outcomes, for forms.
pub(super) const OUTCOMES: Sort = Sort::Choice("feedback-outcome", FeedbackOutcome::CODES);
