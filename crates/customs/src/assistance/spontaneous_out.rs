//! Information we give without being asked: written, cleared by a second person, sent, its result heard.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answering::ResultTold;
use super::clocks::Debt;
use super::forms::HANDLING;
use super::information::Information;
use super::words::{ContentGrade, STATEMENT, SUBJECT, SourceGrade, Subject};
use super::{dossier, given};
use crate::agreement::{Admission, admit};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};
use crate::terms::Purpose;

/// One item of information of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpontaneousOut {
    stage: Option<Stage>,
    partner: NodeId,
    information: Information,
    by: String,
    cleared_by: String,
    admission: Option<Admission>,
    sent: Option<Timestamp>,
    delivered: bool,
    held_back: Option<Refusal>,
    result: Option<ResultTold>,
    parallel: Vec<CaseId>,
}

stages! {
    /// Written.
    Drafted = "drafted",
    /// Let go by a second person.
    Cleared = "cleared",
    /// No live term lets it go.
    Kept = "kept",
    /// On its way, or there.
    Sent = "sent",
    /// The partner told us what came of it.
    ResultHeard = "result-heard",
    /// It does not go.
    Dropped = "dropped",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is written.
    Draft {
        /// To whom.
        partner: NodeId,
        /// What.
        information: Box<Information>,
    },
    /// A second person lets it go.
    Clear,
    /// It does not go.
    Drop {
        /// Why.
        reason: String,
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
    /// The partner tells what came of it.
    HearResult {
        /// What.
        result: Box<ResultTold>,
        /// The item it came in.
        item: CaseId,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Draft = "draft", Clear = "clear", Drop = "drop", Dispatch = "dispatch", Retry = "retry", Deliver = "deliver",
    HearResult = "hear-result", NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Written.
    Drafted {
        /// To whom.
        partner: NodeId,
        /// What.
        information: Box<Information>,
        /// By whom.
        by: String,
    },
    /// Let go.
    Cleared {
        /// By whom.
        by: String,
    },
    /// Does not go.
    Dropped {
        /// Why.
        reason: String,
    },
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
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
    },
    /// The result is here.
    ResultHeard {
        /// What.
        result: Box<ResultTold>,
        /// The item it came in.
        item: CaseId,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const OWN_INITIATIVE: &str = "Nairobi Convention, annex I: assistance on own initiative";
const SECOND: &str = "own practice: disclosure is cleared by a second person";
const DOOR: &str = "the term for its kind, direction and day; none, no exit";

impl Procedure for SpontaneousOut {
    const NAME: &'static str = "spontaneous-out";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("draft", ANALYST, OWN_INITIATIVE),
        Offer::opening("draft", EXCHANGE, OWN_INITIATIVE),
        Offer::at(Stage::Drafted, "draft", EXCHANGE, OWN_INITIATIVE),
        Offer::at(Stage::Drafted, "clear", EXCHANGE, SECOND),
        Offer::at(Stage::Drafted, "clear", DIRECTOR, SECOND),
        Offer::at(Stage::Drafted, "drop", EXCHANGE, OWN_INITIATIVE),
        Offer::at(Stage::Drafted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Cleared, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "retry", EXCHANGE, DOOR),
        Offer::at(Stage::Kept, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "drop", EXCHANGE, OWN_INITIATIVE),
        Offer::at(Stage::Sent, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Sent, "hear-result", Role::NODE, "the giver is told what came of it"),
        Offer::at(Stage::Sent, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::ResultHeard, "hear-result", Role::NODE, "the giver is told what came of it"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "draft",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("information.subjects", Sort::Lines(SUBJECT)),
                Field::needed("information.text", Sort::LongText(4_000)),
                Field::needed("information.purpose", Purpose::SORT),
                Field::needed("information.grade.source", Sort::Choice("source-grade", SourceGrade::CODES)),
                Field::needed(
                    "information.grade.content",
                    Sort::Choice("content-grade", ContentGrade::CODES),
                ),
                Field::optional("information.handling", HANDLING),
                Field::optional("information.of_use_until", Sort::Moment),
                Field::optional("information.statements", Sort::Lines(STATEMENT)),
            ],
        ),
        Form::of("drop", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.name.clone();
        Ok(match act {
            Act::Draft { partner, information } => {
                let information = whole(information, facts)?;
                vec![Event::Drafted { partner: partner.clone(), information, by }]
            }
            Act::Clear if by == self.by => {
                return Err(Refusal::new("second-person-needed", by).remedy("exchange-officer, director"));
            }
            Act::Clear => vec![Event::Cleared { by }],
            Act::Drop { reason } => vec![Event::Dropped { reason: given("reason", reason)? }],
            Act::Retry => vec![Event::Cleared { by }],
            Act::Dispatch => {
                let us = NodeId::new(by);
                vec![match admit(facts.books, "spontaneous-information", &us, &self.partner, facts.day()) {
                    Ok(admission) => Event::Dispatched { admission: Box::new(admission), us, at: facts.now },
                    Err(refusal) => Event::HeldBack { refusal },
                }]
            }
            Act::Deliver { .. } if self.delivered => Vec::new(),
            Act::Deliver { evidence } => vec![Event::Delivered { evidence: evidence.clone() }],
            Act::HearResult { result, item } => {
                vec![Event::ResultHeard { result: result.clone(), item: item.clone() }]
            }
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Drafted { partner, information, by } => {
                self.stage = Some(Stage::Drafted);
                self.partner = partner.clone();
                self.information = (**information).clone();
                self.by.clone_from(by);
            }
            Event::Cleared { by } => {
                self.stage = Some(Stage::Cleared);
                self.cleared_by.clone_from(by);
            }
            Event::Dropped { .. } => self.stage = Some(Stage::Dropped),
            Event::Dispatched { admission, at, .. } => {
                self.stage = Some(Stage::Sent);
                self.admission = Some((**admission).clone());
                self.sent = Some(*at);
                self.held_back = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Delivered { .. } => self.delivered = true,
            Event::ResultHeard { result, .. } => {
                self.stage = Some(Stage::ResultHeard);
                self.result = Some((**result).clone());
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Drafted { information, .. } => dossier::mention(&information.subjects, facts.case),
            Event::Cleared { .. } => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { admission, us, at } => {
                let debt = Debt { by: &self.partner, to: us, about: facts.case, admission };
                let kind = "spontaneous-information";
                let mut effects =
                    vec![Effect::send(self.partner.clone(), kind, &self.information, facts.case.clone())];
                effects.extend(debt.open("result", RESULT, *at));
                effects
            }
            Event::ResultHeard { item, .. } => vec![Owed::meet(RESULT, facts.case, item.clone())],
            Event::Dropped { .. }
            | Event::HeldBack { .. }
            | Event::Delivered { .. }
            | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let subjects = &self.information.subjects;
        Summary {
            stage: stage.word().into(),
            title: subjects.first().map_or_else(String::new, |subject| subject.value.clone()),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Kept).then_some(Severity::Warning),
            closed: matches!(stage, Stage::ResultHeard | Stage::Dropped),
            references: subjects.iter().map(Subject::reference).collect(),
            shown: json!({
                "text": self.information.text, "grade": self.information.grade.map(|grade| grade.to_string()),
                "handling": self.information.handling, "purpose": self.information.purpose, "sent": self.sent,
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
                "agreement": self.admission.as_ref().map(|admission| &admission.agreement),
                "usefulness": self.result.as_ref().and_then(|result| result.usefulness),
                "result": self.result.as_ref().map(|result| &result.result), "parallel": self.parallel,
            }),
            ..Summary::default()
        }
    }
}

impl SpontaneousOut {
    /// The case of information of this number.
    #[must_use]
    pub fn case_of(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }
}

/// Information says something of somebody, graded, for a purpose.
fn whole(information: &Information, facts: &Facts<'_>) -> Result<Box<Information>, Refusal> {
    let mut information = information.clone();
    facts.case.key().clone_into(&mut information.reference);
    let missing: Vec<_> = [
        ("subjects", information.subjects.is_empty()),
        ("text", information.text.trim().is_empty()),
        ("purpose", information.purpose.is_none()),
        ("grade", information.grade.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    if missing.is_empty() {
        return Ok(Box::new(information));
    }
    Err(Refusal::new("contents-missing", missing.join(", ")).remedy(missing[0]))
}

/// What the partner owes for information.
pub(super) const RESULT: &str = "result-of-information";
