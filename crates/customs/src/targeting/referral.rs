//! A line that was chosen, before an officer: every reason with it, a result in two taps, nothing found as good a result
//! as any.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Money, Named, Offer, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::roles::{ANALYST, CLEARANCE, DIRECTOR, GATE, REVIEWER};
use crate::terms::{Lane, Measure};

/// A referral's case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    stage: Option<Stage>,
    referred: Option<Referred>,
    taken_by: String,
    outcome: Option<Outcome>,
    recovered: Option<Money>,
    note: String,
    waived_because: String,
    late: u32,
    closed: Option<Timestamp>,
}

/// What was referred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referred {
    /// The declaration or parcel, and the line in it.
    pub line: String,
    /// The case of the goods, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<CaseId>,
    /// The office.
    pub office: String,
    /// Where it goes.
    pub lane: Lane,
    /// What is to be done.
    pub measures: BTreeSet<Measure>,
    /// Why, every cause with the evidence it saw (`target::select::Cause` and `Explained`).
    pub causes: Vec<Value>,
    /// The goods in a few words.
    pub goods: String,
    /// Money at stake, where it is known.
    #[serde(default)]
    pub at_stake: Option<Money>,
    /// Probability in parts per thousand, where a model gave one.
    #[serde(default)]
    pub score: Option<u16>,
    /// What another model, that chooses nothing, would have given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenger: Option<u16>,
    /// By when it is to be looked at.
    pub due: Timestamp,
}

/// What an officer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the codes say it")]
pub enum Outcome {
    NothingFound,
    Undervalued,
    Misclassified,
    FalseOrigin,
    QuantityWrong,
    Undeclared,
    Prohibited,
    Counterfeit,
    PapersWrong,
    NotThere,
}

/// All outcomes, the commonest first.
pub const OUTCOMES: &[&str] = &[
    "nothing-found",
    "undervalued",
    "misclassified",
    "false-origin",
    "quantity-wrong",
    "undeclared",
    "prohibited",
    "counterfeit",
    "papers-wrong",
    "not-there",
];

impl Outcome {
    /// Whether something was wrong; goods that were not there are neither.
    #[must_use]
    pub const fn is_wrong(self) -> Option<bool> {
        match self {
            Self::NothingFound => Some(false),
            Self::NotThere => None,
            Self::Undervalued
            | Self::Misclassified
            | Self::FalseOrigin
            | Self::QuantityWrong
            | Self::Undeclared
            | Self::Prohibited
            | Self::Counterfeit
            | Self::PapersWrong => Some(true),
        }
    }
}

/// Where a referral stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Waits.
    Referred,
    /// An officer has it.
    Taken,
    /// The result is known.
    Done,
    /// Not looked at, for a reason.
    Waived,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A line was chosen.
    Refer {
        /// What.
        referred: Box<Referred>,
    },
    /// More speaks for it than was known when it was chosen.
    Widen {
        /// Where it goes now.
        lane: Lane,
        /// What is to be done now.
        measures: BTreeSet<Measure>,
        /// Every cause there is now.
        causes: Vec<Value>,
    },
    /// An officer takes it.
    Take,
    /// What was found.
    Result {
        /// What.
        outcome: Outcome,
        /// Money recovered.
        #[serde(default)]
        recovered: Option<Money>,
        /// More, in words.
        #[serde(default)]
        note: String,
    },
    /// Not to be looked at.
    Waive {
        /// Why, as a code.
        because: String,
        /// More, in words.
        #[serde(default)]
        note: String,
    },
    /// Its moment is over and nobody has looked.
    Remind,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Refer { .. } => "refer",
            Self::Widen { .. } => "widen",
            Self::Take => "take",
            Self::Result { .. } => "result",
            Self::Waive { .. } => "waive",
            Self::Remind => "remind",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Chosen.
    Referred {
        /// What.
        referred: Box<Referred>,
    },
    /// More speaks for it.
    Widened {
        /// Where it goes now.
        lane: Lane,
        /// What is to be done now.
        measures: BTreeSet<Measure>,
        /// Every cause there is now.
        causes: Vec<Value>,
    },
    /// Taken.
    Taken {
        /// By whom.
        by: String,
    },
    /// Looked at.
    Found {
        /// What.
        outcome: Outcome,
        /// Money recovered.
        recovered: Option<Money>,
        /// More, in words.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// Not looked at.
    Waived {
        /// Why, as a code.
        because: String,
        /// More, in words.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// Late.
    Reminded,
}

/// Why a referral may be waived.
const BECAUSE: &[&str] =
    &["released-before", "office-full", "checked-elsewhere", "urgent-goods", "wrong-line", "withdrawn"];
const CONTROL: &str = "Revised Kyoto Convention, General Annex, chapter 6 (customs control)";
const GONE: &str = "the declaration it is of was withdrawn";
const CHOSEN: &str = "a profile, list, model or the control sample chose it";

impl Procedure for Referral {
    const NAME: &'static str = "referral";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("refer", Role::NODE, CHOSEN),
        Offer::opening("refer", CLEARANCE, CHOSEN),
        Offer::opening("refer", ANALYST, CHOSEN),
        Offer::at(Stage::Referred, "widen", Role::NODE, CHOSEN),
        Offer::at(Stage::Referred, "take", GATE, CONTROL),
        Offer::at(Stage::Referred, "result", GATE, CONTROL),
        Offer::at(Stage::Referred, "waive", GATE, "own practice: an override has a reason code"),
        Offer::at(Stage::Referred, "waive", DIRECTOR, "own practice: an override has a reason code"),
        Offer::at(Stage::Referred, "waive", Role::NODE, GONE),
        Offer::at(Stage::Referred, "remind", Role::NODE, CONTROL),
        Offer::at(Stage::Taken, "widen", Role::NODE, CHOSEN),
        Offer::at(Stage::Taken, "waive", Role::NODE, GONE),
        Offer::at(Stage::Taken, "result", GATE, CONTROL),
        Offer::at(Stage::Taken, "waive", GATE, "own practice: an override has a reason code"),
        Offer::at(Stage::Taken, "remind", Role::NODE, CONTROL),
        Offer::at(Stage::Done, "result", GATE, "a result is set right; both stay in the record"),
        Offer::at(Stage::Done, "remind", Role::NODE, CONTROL),
        Offer::at(Stage::Waived, "remind", Role::NODE, CONTROL),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("refer", &[Field::needed("referred", Sort::Json)]),
        Form::of(
            "result",
            &[
                Field::needed("outcome", Sort::Choice("referral-outcome", OUTCOMES)),
                Field::optional("recovered", Sort::Money),
                Field::optional("note", Sort::Text(300)),
            ],
        ),
        Form::of(
            "waive",
            &[
                Field::needed("because", Sort::Choice("referral-waiver", BECAUSE)),
                Field::optional("note", Sort::Text(300)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[ANALYST, REVIEWER, DIRECTOR];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let event = match act {
            Act::Refer { referred } if referred.causes.is_empty() => {
                return Err(Refusal::new("cause-missing", referred.line.clone()));
            }
            Act::Refer { referred } => Event::Referred { referred: referred.clone() },
            Act::Widen { lane, measures, causes } => {
                let known = self.referred.as_ref().is_some_and(|known| {
                    (known.lane, &known.measures, &known.causes) == (*lane, measures, causes)
                });
                if known {
                    return Ok(Vec::new());
                }
                Event::Widened { lane: *lane, measures: measures.clone(), causes: causes.clone() }
            }
            Act::Take => Event::Taken { by: facts.actor.name.clone() },
            Act::Result { outcome, recovered, note } => Event::Found {
                outcome: *outcome,
                recovered: recovered.clone(),
                note: note.clone(),
                at: facts.now,
            },
            Act::Waive { because, .. } if !BECAUSE.contains(&because.as_str()) => {
                return Err(Refusal::new("reason-unknown", because.clone()).remedy(BECAUSE.join(", ")));
            }
            Act::Waive { because, note } => {
                let free = [DIRECTOR, Role::NODE].contains(&facts.actor.role) || because == "wrong-line";
                if self.is_by_chance() && !free {
                    return Err(Refusal::new("control-sample-kept", because.clone()).remedy("director"));
                }
                Event::Waived { because: because.clone(), note: note.clone(), at: facts.now }
            }
            Act::Remind if matches!(self.stage, Some(Stage::Done | Stage::Waived)) => return Ok(Vec::new()),
            Act::Remind => Event::Reminded,
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Referred { referred } => {
                self.stage = Some(Stage::Referred);
                self.referred = Some((**referred).clone());
            }
            Event::Widened { lane, measures, causes } => {
                if let Some(referred) = &mut self.referred {
                    referred.lane = *lane;
                    referred.measures.clone_from(measures);
                    referred.causes.clone_from(causes);
                }
            }
            Event::Taken { by } => {
                self.stage = Some(Stage::Taken);
                self.taken_by.clone_from(by);
            }
            Event::Found { outcome, recovered, note, at } => {
                self.stage = Some(Stage::Done);
                self.outcome = Some(*outcome);
                self.recovered.clone_from(recovered);
                self.note.clone_from(note);
                self.closed = Some(*at);
            }
            Event::Waived { because, note, at } => {
                self.stage = Some(Stage::Waived);
                self.waived_because.clone_from(because);
                self.note.clone_from(note);
                self.closed = Some(*at);
            }
            Event::Reminded => self.late += 1,
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Referred { referred } => {
                vec![Effect::wake("remind", referred.due.max(facts.now), &Act::Remind)]
            }
            Event::Found { .. } | Event::Waived { .. } => vec![Effect::Rest { name: "remind".into() }],
            Event::Taken { .. } | Event::Widened { .. } | Event::Reminded => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(referred)) = (self.stage, &self.referred) else { return Summary::default() };
        let open = matches!(stage, Stage::Referred | Stage::Taken);
        let weight = if self.late > 0 { Severity::Error } else { Severity::Warning };
        Summary {
            stage: stage.word().into(),
            title: referred.line.clone(),
            lane: referred.lane.code().into(),
            due: open.then_some(referred.due),
            severity: open.then_some(weight),
            closed: !open,
            references: self.references(referred),
            shown: json!({
                "line": referred.line, "office": referred.office, "lane": referred.lane, "goods": referred.goods,
                "measures": referred.measures, "causes": referred.causes, "at_stake": referred.at_stake,
                "score": referred.score, "due": referred.due, "taken_by": self.taken_by, "outcome": self.outcome,
                "recovered": self.recovered, "note": self.note, "waived_because": self.waived_because,
                "late": self.late, "closed": self.closed,
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
            Self::Referred => "referred",
            Self::Taken => "taken",
            Self::Done => "done",
            Self::Waived => "waived",
        }
    }
}

impl Referral {
    /// The case of the referral of a line of a declaration or parcel.
    #[must_use]
    pub fn case_of(line: &str) -> CaseId {
        CaseId::of(Self::NAME, line)
    }

    /// Where it stands.
    #[must_use]
    pub const fn stands(&self) -> Option<Stage> {
        self.stage
    }

    /// What was referred.
    #[must_use]
    pub const fn referred(&self) -> Option<&Referred> {
        self.referred.as_ref()
    }

    /// What was found, and the money recovered.
    #[must_use]
    pub fn result(&self) -> Option<(Outcome, Option<&Money>)> {
        Some((self.outcome?, self.recovered.as_ref()))
    }

    fn references(&self, referred: &Referred) -> Vec<Reference> {
        let mut references = vec![
            Reference::new("line", referred.line.clone()),
            Reference::new("office", referred.office.clone()),
        ];
        references.extend(referred.about.iter().map(|about| Reference::new("about", about.to_string())));
        references
    }

    /// Whether chance chose it, whatever else did.
    #[must_use]
    pub fn is_by_chance(&self) -> bool {
        let by_chance = |cause: &Value| matches!(cause["by"].as_str(), Some("control" | "exploration"));
        self.referred.as_ref().is_some_and(|referred| referred.causes.iter().any(by_chance))
    }
}
