//! An action of an action plan: coordinators, measures, evidence. How far it is, is computed from the evidence, never typed.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Promise;
use super::commitment::Evidence;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One action.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
    stage: Option<Stage>,
    adopted: Option<Adopted>,
    measures: Vec<Measure>,
    reviews: Vec<Review>,
    reason: String,
}

/// What was adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// Short name, unique: `ASEM-2020-3`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The plan: `ASEM action plan 2020-2021`.
    pub plan: String,
    /// The forum that adopted the plan.
    pub forum: String,
    /// Who coordinates it.
    pub coordinators: Vec<NodeId>,
    /// The action of an earlier plan that it continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<CaseId>,
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What.
    pub text: String,
    /// By whom, for whom, by when.
    #[serde(flatten)]
    pub promise: Promise,
    /// What shows that it was done; done where there is any.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// What a working group said before a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When.
    pub at: Timestamp,
    /// How far it was then, as computed.
    pub progress: Progress,
    /// What the group said.
    pub note: String,
}

/// How far an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// Nothing shows that anything was done.
    NotStarted,
    /// Some measures are done.
    UnderWay,
    /// A measure is past its moment and not done.
    Late,
    /// All are done.
    Done,
}

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Adopted.
    Adopted,
    /// Finished: every measure has evidence.
    Finished,
    /// Ended without that, for a reason.
    Discontinued,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It was adopted.
    Adopt {
        /// What.
        action: Box<Adopted>,
    },
    /// Something is to be done.
    AddMeasure {
        /// What, by whom, by when.
        measure: Measure,
    },
    /// Something shows that a measure was done.
    AddEvidence {
        /// The measure's number, from 1.
        measure: usize,
        /// The case, where there is one.
        #[serde(default)]
        case: Option<CaseId>,
        /// What it shows.
        note: String,
    },
    /// A working group looks at it before a meeting.
    Review {
        /// What it says.
        note: String,
    },
    /// All was done.
    Finish,
    /// It ends without that.
    Discontinue {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Adopt { .. } => "adopt",
            Self::AddMeasure { .. } => "add-measure",
            Self::AddEvidence { .. } => "add-evidence",
            Self::Review { .. } => "review",
            Self::Finish => "finish",
            Self::Discontinue { .. } => "discontinue",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Adopted.
    Adopted {
        /// What.
        action: Box<Adopted>,
    },
    /// Something is to be done.
    MeasureAdded {
        /// What.
        measure: Measure,
    },
    /// A measure was done.
    EvidenceAdded {
        /// The measure's number, from 1.
        measure: usize,
        /// What shows it.
        evidence: Evidence,
    },
    /// A working group looked at it.
    Reviewed {
        /// What it saw.
        review: Review,
    },
    /// Finished.
    Finished,
    /// Ended.
    Discontinued {
        /// Why.
        reason: String,
    },
}

const PLAN: &str = "the action plan as adopted";

impl Procedure for Action {
    const NAME: &'static str = "action";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("adopt", SECRETARY, PLAN),
        Offer::at(Stage::Adopted, "add-measure", SECRETARY, PLAN),
        Offer::at(Stage::Adopted, "add-evidence", SECRETARY, PLAN),
        Offer::at(Stage::Adopted, "add-evidence", EXCHANGE, PLAN),
        Offer::at(Stage::Adopted, "add-evidence", ANALYST, PLAN),
        Offer::at(Stage::Adopted, "review", SECRETARY, "the working group's terms of reference"),
        Offer::at(Stage::Adopted, "finish", SECRETARY, PLAN),
        Offer::at(Stage::Adopted, "discontinue", DIRECTOR, PLAN),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("adopt", "action.id", ADOPTED),
        Form::of("add-measure", MEASURE),
        Form::of(
            "add-evidence",
            &[
                Field::needed("measure", Sort::Whole(1, 1_000)),
                Field::needed("note", Sort::LongText(1_000)),
                Field::optional("case", Sort::Case("")),
            ],
        ),
        Form::of("review", &[Field::needed("note", Sort::LongText(2_000))]),
        Form::of("discontinue", &[Field::needed("reason", Sort::Text(300))]),
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
            Act::Adopt { action } if action.coordinators.is_empty() => {
                Err(Refusal::new("coordinator-missing", action.id.clone()).remedy("coordinators"))
            }
            Act::Adopt { action } => Ok(vec![Event::Adopted { action: action.clone() }]),
            Act::AddMeasure { measure } => {
                let measure = Measure { evidence: Vec::new(), ..measure.clone() };
                Ok(vec![Event::MeasureAdded { measure }])
            }
            Act::AddEvidence { measure, .. } if !(1..=self.measures.len()).contains(measure) => {
                let known = format!("1…{}", self.measures.len());
                Err(Refusal::new("measure-unknown", measure.to_string()).remedy(known))
            }
            Act::AddEvidence { measure, case, note } => {
                let evidence = Evidence { case: case.clone(), note: note.trim().to_owned(), at: facts.now };
                Ok(vec![Event::EvidenceAdded { measure: *measure, evidence }])
            }
            Act::Review { note } => {
                let review = Review { at: facts.now, progress: self.progress(facts.now), note: note.clone() };
                Ok(vec![Event::Reviewed { review }])
            }
            Act::Finish => match self.undone() {
                Some(number) => {
                    Err(Refusal::new("evidence-missing", number.to_string()).remedy("add-evidence"))
                }
                None => Ok(vec![Event::Finished]),
            },
            Act::Discontinue { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("reason"))
            }
            Act::Discontinue { reason } => Ok(vec![Event::Discontinued { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Adopted { action } => {
                self.stage = Some(Stage::Adopted);
                self.adopted = Some((**action).clone());
            }
            Event::MeasureAdded { measure } => self.measures.push(measure.clone()),
            Event::EvidenceAdded { measure, evidence } => {
                if let Some(measure) = self.measures.get_mut(measure - 1) {
                    measure.evidence.push(evidence.clone());
                }
            }
            Event::Reviewed { review } => self.reviews.push(review.clone()),
            Event::Finished => self.stage = Some(Stage::Finished),
            Event::Discontinued { reason } => {
                self.stage = Some(Stage::Discontinued);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(adopted) = &self.adopted else { return Vec::new() };
        match event {
            Event::MeasureAdded { measure } => {
                let what = owed(self.measures.len());
                vec![measure.promise.open(&what, facts.case, &adopted.plan)]
            }
            Event::EvidenceAdded { measure, evidence } => {
                let shown = evidence.case.clone().unwrap_or_else(|| facts.case.clone());
                vec![Owed::meet(&owed(*measure), facts.case, shown)]
            }
            Event::Discontinued { .. } => (1..=self.measures.len())
                .map(|number| Owed::lapse(&owed(number), facts.case, "discontinued"))
                .collect(),
            Event::Adopted { .. } | Event::Reviewed { .. } | Event::Finished => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(adopted)) = (self.stage, &self.adopted) else { return Summary::default() };
        let closed = stage != Stage::Adopted;
        let undone = self.measures.iter().filter(|measure| measure.evidence.is_empty());
        let due = undone.map(|measure| measure.promise.due).min().filter(|_| !closed);
        let mut references = vec![
            Reference::new("plan", adopted.plan.clone()),
            Reference::new("forum", adopted.forum.clone()),
        ];
        references.extend(adopted.coordinators.iter().map(|one| Reference::new("coordinator", one.as_str())));
        references.extend(adopted.continues.iter().map(|case| Reference::new("case", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: adopted.title.clone(),
            due,
            severity: (stage == Stage::Discontinued).then_some(Severity::Warning),
            closed,
            references,
            shown: json!({
                "id": adopted.id, "plan": adopted.plan, "forum": adopted.forum,
                "coordinators": adopted.coordinators, "measures": self.measures, "reviews": self.reviews,
                "done": self.measures.iter().filter(|measure| !measure.evidence.is_empty()).count(),
                "reason": self.reason,
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
            Self::Adopted => "adopted",
            Self::Finished => "finished",
            Self::Discontinued => "discontinued",
        }
    }
}

impl Action {
    /// How far it is at this moment, computed from the evidence.
    #[must_use]
    pub fn progress(&self, now: Timestamp) -> Progress {
        let done = self.measures.iter().filter(|measure| !measure.evidence.is_empty()).count();
        let late = |measure: &Measure| measure.evidence.is_empty() && measure.promise.due < now;
        match () {
            () if done == self.measures.len() && done > 0 => Progress::Done,
            () if self.measures.iter().any(late) => Progress::Late,
            () if done > 0 => Progress::UnderWay,
            () => Progress::NotStarted,
        }
    }

    /// The number of the first measure without evidence; 1 where there is no measure at all.
    fn undone(&self) -> Option<usize> {
        let first = self.measures.iter().position(|measure| measure.evidence.is_empty());
        first.map(|place| place + 1).or_else(|| self.measures.is_empty().then_some(1))
    }
}

/// What the obligation of a measure is called.
fn owed(number: usize) -> String {
    format!("measure:{number}")
}

const ADOPTED: &[Field] = &[
    Field::needed("action.id", Sort::Text(60)),
    Field::needed("action.title", Sort::Text(300)),
    Field::needed("action.plan", Sort::Text(120)),
    Field::needed("action.forum", Sort::Text(80)),
    Field::needed("action.coordinators", Sort::Words(20)),
    Field::optional("action.continues", Sort::Case(Action::NAME)),
];

const MEASURE: &[Field] = &[
    Field::needed("measure.text", Sort::LongText(1_000)),
    Field::needed("measure.by", Sort::Text(40)),
    Field::needed("measure.to", Sort::Text(40)),
    Field::needed("measure.due", Sort::Moment),
    Field::optional("measure.director-after", Sort::Text(12)),
];
