//! A commitment: what a meeting, a plan or a letter concluded, with an owner, a moment and evidence; one board over all forums.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Promise;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One commitment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    stage: Option<Stage>,
    pledge: Option<Pledge>,
    evidence: Vec<Evidence>,
    /// How often its moment was moved.
    moved: u32,
    /// The commitments of other forums that said the same.
    absorbed: Vec<CaseId>,
    into: Option<CaseId>,
    reason: String,
}

/// What was promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledge {
    /// In one sentence, as it was concluded.
    pub text: String,
    /// What it is about, as a word: `transit`, `aeo`.
    pub topic: String,
    /// Where: `ASEAN DGC`, `ASEM`, `bilateral TH`.
    pub forum: String,
    /// The meeting, plan or letter.
    pub source: String,
    /// Who, to whom, by when.
    #[serde(flatten)]
    pub promise: Promise,
}

/// What shows that it was done: an item, a case, a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The case, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What it shows.
    pub note: String,
    /// Since when it stands here.
    pub at: Timestamp,
}

/// Where a commitment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Promised, nothing shows that anything was done.
    Open,
    /// Something was done.
    UnderWay,
    /// Done, with evidence.
    Done,
    /// Another commitment says the same and stands for it.
    Merged,
    /// No longer wanted.
    Dropped,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something was promised.
    Pledge {
        /// What.
        pledge: Box<Pledge>,
    },
    /// Something shows that it was done, in part or whole.
    AddEvidence {
        /// The case, where there is one.
        #[serde(default)]
        case: Option<CaseId>,
        /// What it shows.
        note: String,
    },
    /// It is done.
    Conclude,
    /// Its moment moves.
    Postpone {
        /// To when.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// Another one says the same.
    Merge {
        /// The one that stays.
        into: CaseId,
    },
    /// It takes another one's place.
    Absorb {
        /// The other one.
        other: CaseId,
    },
    /// It is no longer wanted.
    Drop {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Pledge { .. } => "pledge",
            Self::AddEvidence { .. } => "add-evidence",
            Self::Conclude => "conclude",
            Self::Postpone { .. } => "postpone",
            Self::Merge { .. } => "merge",
            Self::Absorb { .. } => "absorb",
            Self::Drop { .. } => "drop",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Promised.
    Pledged {
        /// What.
        pledge: Box<Pledge>,
    },
    /// Something was done.
    EvidenceAdded {
        /// What shows it.
        evidence: Evidence,
    },
    /// Done.
    Concluded,
    /// Owed by another moment.
    Postponed {
        /// When.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// Another one stands for it.
    Merged {
        /// Which.
        into: CaseId,
    },
    /// It stands for another one.
    Absorbed {
        /// Which.
        other: CaseId,
    },
    /// No longer wanted.
    Dropped {
        /// Why.
        reason: String,
    },
}

const CONCLUSION: &str = "the conclusion it stands on";
const SHOWN: &str = "own practice: a commitment is done when something shows it";

impl Procedure for Commitment {
    const NAME: &'static str = "commitment";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("pledge", Role::NODE, CONCLUSION),
        Offer::opening("pledge", SECRETARY, CONCLUSION),
        Offer::at(Stage::Open, "add-evidence", SECRETARY, SHOWN),
        Offer::at(Stage::Open, "add-evidence", EXCHANGE, SHOWN),
        Offer::at(Stage::Open, "add-evidence", ANALYST, SHOWN),
        Offer::at(Stage::Open, "postpone", DIRECTOR, "agreed with whoever it was promised to"),
        Offer::at(Stage::Open, "merge", SECRETARY, "own practice: one board, no duplicates"),
        Offer::at(Stage::Open, "absorb", Role::NODE, "own practice: one board, no duplicates"),
        Offer::at(Stage::Open, "drop", DIRECTOR, CONCLUSION),
        Offer::at(Stage::UnderWay, "add-evidence", SECRETARY, SHOWN),
        Offer::at(Stage::UnderWay, "add-evidence", EXCHANGE, SHOWN),
        Offer::at(Stage::UnderWay, "add-evidence", ANALYST, SHOWN),
        Offer::at(Stage::UnderWay, "conclude", SECRETARY, SHOWN),
        Offer::at(Stage::UnderWay, "postpone", DIRECTOR, "agreed with whoever it was promised to"),
        Offer::at(Stage::UnderWay, "merge", SECRETARY, "own practice: one board, no duplicates"),
        Offer::at(Stage::UnderWay, "absorb", Role::NODE, "own practice: one board, no duplicates"),
        Offer::at(Stage::UnderWay, "drop", DIRECTOR, CONCLUSION),
        Offer::at(Stage::Done, "absorb", Role::NODE, "own practice: one board, no duplicates"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("pledge", PLEDGE),
        Form::of(
            "add-evidence",
            &[Field::needed("note", Sort::LongText(1_000)), Field::optional("case", Sort::Case(""))],
        ),
        Form::of("postpone", &[Field::needed("due", Sort::Moment), Field::needed("reason", Sort::Text(300))]),
        Form::of("merge", &[Field::needed("into", Sort::Case(Self::NAME))]),
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
        match act {
            Act::Pledge { pledge } if pledge.text.trim().is_empty() => {
                Err(Refusal::new("text-missing", "pledge").remedy("text"))
            }
            Act::Pledge { pledge } => Ok(vec![Event::Pledged { pledge: pledge.clone() }]),
            Act::AddEvidence { case, note } => {
                let evidence = Evidence { case: case.clone(), note: note.trim().to_owned(), at: facts.now };
                Ok(vec![Event::EvidenceAdded { evidence }])
            }
            Act::Conclude => Ok(vec![Event::Concluded]),
            Act::Postpone { due, .. } if *due <= facts.now => {
                Err(Refusal::new("moment-past", due.to_string()).remedy(facts.now.to_string()))
            }
            Act::Postpone { due, reason } => Ok(vec![Event::Postponed { due: *due, reason: reason.clone() }]),
            Act::Merge { into } if into == facts.case || into.desk() != Self::NAME => {
                Err(Refusal::new("not-another-commitment", into.as_str()))
            }
            Act::Merge { into } => Ok(vec![Event::Merged { into: into.clone() }]),
            Act::Absorb { other } if self.absorbed.contains(other) => Ok(Vec::new()),
            Act::Absorb { other } => Ok(vec![Event::Absorbed { other: other.clone() }]),
            Act::Drop { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("reason"))
            }
            Act::Drop { reason } => Ok(vec![Event::Dropped { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Pledged { pledge } => {
                self.stage = Some(Stage::Open);
                self.pledge = Some((**pledge).clone());
            }
            Event::EvidenceAdded { evidence } => {
                self.stage = Some(Stage::UnderWay);
                self.evidence.push(evidence.clone());
            }
            Event::Concluded => self.stage = Some(Stage::Done),
            Event::Postponed { due, .. } => {
                self.moved += 1;
                if let Some(pledge) = &mut self.pledge {
                    pledge.promise.due = *due;
                }
            }
            Event::Merged { into } => {
                self.stage = Some(Stage::Merged);
                self.into = Some(into.clone());
            }
            Event::Absorbed { other } => self.absorbed.push(other.clone()),
            Event::Dropped { reason } => {
                self.stage = Some(Stage::Dropped);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(pledge) = &self.pledge else { return Vec::new() };
        match event {
            Event::Pledged { .. } => vec![pledge.promise.open(OWED, facts.case, &pledge.source)],
            Event::Concluded => vec![Owed::meet(OWED, facts.case, self.shown_by(facts.case))],
            Event::Postponed { due, reason } => vec![Owed::postpone(OWED, facts.case, *due, reason)],
            Event::Merged { into } => vec![
                Owed::lapse(OWED, facts.case, "merged"),
                Effect::act(into.clone(), &Act::Absorb { other: facts.case.clone() }),
            ],
            Event::Dropped { .. } => vec![Owed::lapse(OWED, facts.case, "dropped")],
            Event::EvidenceAdded { .. } | Event::Absorbed { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(pledge)) = (self.stage, &self.pledge) else { return Summary::default() };
        let closed = matches!(stage, Stage::Done | Stage::Merged | Stage::Dropped);
        let promise = &pledge.promise;
        let mut references = vec![
            Reference::new("forum", pledge.forum.clone()),
            Reference::new("topic", pledge.topic.clone()),
            Reference::new("source", pledge.source.clone()),
            Reference::new("owner", promise.by.as_str()),
        ];
        references
            .extend(self.into.iter().chain(&self.absorbed).map(|case| Reference::new("case", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: pledge.text.clone(),
            partner: promise.to.to_string(),
            lane: format!("{}>{}", promise.by, promise.to),
            due: if closed { None } else { Some(promise.due) },
            severity: None::<Severity>,
            closed,
            references,
            shown: json!({
                "forum": pledge.forum, "topic": pledge.topic, "source": pledge.source, "by": promise.by,
                "to": promise.to, "evidence": self.evidence, "moved": self.moved, "into": self.into,
                "absorbed": self.absorbed, "reason": self.reason,
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
            Self::UnderWay => "under-way",
            Self::Done => "done",
            Self::Merged => "merged",
            Self::Dropped => "dropped",
        }
    }
}

impl Commitment {
    /// The case of the commitment number `number` of a source, such as a meeting.
    #[must_use]
    pub fn case_of(source: &CaseId, number: usize) -> CaseId {
        CaseId::of(<Self as Procedure>::NAME, format_args!("{}-{number}", source.key()))
    }

    /// The last case that shows it; the commitment itself where only documents do.
    fn shown_by(&self, case: &CaseId) -> CaseId {
        self.evidence.iter().rev().find_map(|evidence| evidence.case.clone()).unwrap_or_else(|| case.clone())
    }
}

pub(super) const PLEDGE: &[Field] = &[
    Field::needed("pledge.text", Sort::LongText(1_000)),
    Field::needed("pledge.topic", Sort::Text(60)),
    Field::needed("pledge.forum", Sort::Text(80)),
    Field::needed("pledge.source", Sort::Text(120)),
    Field::needed("pledge.by", Sort::Text(40)),
    Field::needed("pledge.to", Sort::Text(40)),
    Field::needed("pledge.due", Sort::Moment),
    Field::optional("pledge.director-after", Sort::Text(12)),
];

/// What the obligation is called.
const OWED: &str = "commitment";
