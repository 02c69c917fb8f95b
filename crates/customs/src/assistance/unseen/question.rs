//! A question of ours that shows nothing: counted, blinded, sent, opened. What comes of it is which of our own values the partner
//! holds too.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{MatchAnswer, MatchQuestionPaper};
use super::{KINDS, QUESTION_MAX, WANTS, Wants, asked_form, is_told};
use crate::agreement::{Admission, Writing as _};
use crate::assistance::quota::count;
use crate::assistance::{Debt, SubjectKind};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};
use crate::terms::Purpose;

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchQuestion {
    stage: Option<Stage>,
    asking: Option<Asking>,
    admission: Option<Admission>,
    us: NodeId,
    set: Option<CaseId>,
    sent: Option<Timestamp>,
    answer: Option<MatchAnswer>,
    /// The places of our own values that the partner holds too.
    hits: Vec<usize>,
    /// How many it holds too, once that is known.
    common: Option<u64>,
    held_back: Option<Refusal>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// Whom.
    pub partner: NodeId,
    /// About what kind of thing.
    pub kind: SubjectKind,
    /// Which, as they stood; they never leave.
    pub values: Vec<String>,
    /// What for.
    pub purpose: Purpose,
    /// What is to be known.
    #[serde(default = "which")]
    pub wants: Wants,
    /// The case that needs to know.
    #[serde(default)]
    pub about: Option<CaseId>,
}

const fn which() -> Wants {
    Wants::Which
}

stages! {
    /// Its values are being counted.
    Counting = "counting",
    /// It is being blinded.
    Blinding = "blinding",
    /// Out.
    Sent = "sent",
    /// The answer is being opened.
    Opening = "opening",
    /// It is known which of our values the partner holds.
    Answered = "answered",
    /// It did not go, or the partner or its answer did not hold.
    Refused = "refused",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something is to be asked.
    Ask {
        /// What.
        #[serde(flatten)]
        asking: Asking,
    },
    /// It is held against the quota of our own questions.
    Weigh,
    /// The quota allows it.
    Grant {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// The term or its quota does not allow it.
    Deny {
        /// Why.
        refusal: Refusal,
    },
    /// It is blinded and goes.
    Dispatch {
        /// The partner's set it asks.
        set: CaseId,
        /// The question as it goes.
        question: Box<MatchQuestionPaper>,
    },
    /// The answer is here.
    Hear {
        /// What it says.
        answer: Box<MatchAnswer>,
        /// From whom.
        from: NodeId,
        /// The item it came in.
        item: CaseId,
    },
    /// The answer is opened.
    Open {
        /// The places of the values that the partner holds too, from 0.
        hits: Vec<usize>,
    },
    /// The answer that only says how many is opened.
    OpenCount {
        /// How many.
        common: u64,
    },
    /// It cannot be calculated: no set, no key, a proof that does not hold.
    HoldBack {
        /// Why.
        refusal: Refusal,
    },
}

named! {
    Ask = "ask", Weigh = "weigh", Grant = "grant", Deny = "deny", Dispatch = "dispatch", Hear = "hear", Open = "open",
    OpenCount = "open-count", HoldBack = "hold-back",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Asked.
    Asked {
        /// What.
        asking: Asking,
    },
    /// Handed to the count.
    Weighed {
        /// Who we are.
        us: NodeId,
    },
    /// Let through.
    Granted {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// Not let through, or not possible.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Out.
    Dispatched {
        /// The set it asks.
        set: CaseId,
        /// The question.
        question: Box<MatchQuestionPaper>,
        /// When.
        at: Timestamp,
    },
    /// Answered, and not opened yet.
    Heard {
        /// What.
        answer: Box<MatchAnswer>,
        /// The item it came in.
        item: CaseId,
    },
    /// Opened: how many, and not which.
    CountOpened {
        /// How many.
        common: u64,
    },
    /// Opened.
    Opened {
        /// The places of the values that the partner holds too.
        hits: Vec<usize>,
    },
}

const HIDDEN: &str =
    "own practice: whether there is something to ask about is found out before anything is shown";
const QUOTA: &str = "the quotas of the term; none, no question";
const NODE: &str = "RFC 9497, calculated by the node";

impl Procedure for MatchQuestion {
    const NAME: &'static str = "match-question";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", ANALYST, HIDDEN),
        Offer::opening("ask", EXCHANGE, HIDDEN),
        Offer::at(Stage::Counting, "weigh", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "grant", Role::NODE, QUOTA),
        Offer::at(Stage::Counting, "deny", Role::NODE, QUOTA),
        Offer::at(Stage::Blinding, "dispatch", Role::NODE, NODE),
        Offer::at(Stage::Blinding, "hold-back", Role::NODE, NODE),
        Offer::at(Stage::Sent, "hear", Role::NODE, "the partner's answer"),
        Offer::at(Stage::Opening, "open", Role::NODE, NODE),
        Offer::at(Stage::Opening, "open-count", Role::NODE, NODE),
        Offer::at(Stage::Opening, "hold-back", Role::NODE, NODE),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "ask",
        &[
            Field::needed("partner", Sort::Partner),
            Field::needed("kind", KINDS),
            Field::needed("values", Sort::Words(QUESTION_MAX)),
            Field::needed("purpose", Purpose::SORT),
            Field::optional("wants", WANTS),
            Field::optional("about", Sort::Case("")),
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
        Ok(vec![match act {
            Act::Ask { asking } => Event::Asked { asking: whole(asking)? },
            Act::Weigh => self.weighed(facts),
            Act::Grant { admission } => Event::Granted { admission: admission.clone() },
            Act::Deny { refusal } | Act::HoldBack { refusal } => Event::Refused { refusal: refusal.clone() },
            Act::Dispatch { set, question } => {
                Event::Dispatched { set: set.clone(), question: question.clone(), at: facts.now }
            }
            Act::Hear { from, .. } if self.asking.as_ref().is_none_or(|asking| asking.partner != *from) => {
                return Err(Refusal::new("not-the-partner-asked", from.as_str()));
            }
            Act::Hear { answer, item, .. } => Event::Heard { answer: answer.clone(), item: item.clone() },
            Act::Open { hits } => Event::Opened { hits: hits.clone() },
            Act::OpenCount { common } => Event::CountOpened { common: *common },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Asked { asking } => {
                self.stage = Some(Stage::Counting);
                self.asking = Some(asking.clone());
            }
            Event::Weighed { us } => self.us = us.clone(),
            Event::Granted { admission } => {
                self.stage = Some(Stage::Blinding);
                self.admission = Some((**admission).clone());
            }
            Event::Refused { refusal } => {
                self.stage = Some(Stage::Refused);
                self.held_back = Some(refusal.clone());
            }
            Event::Dispatched { set, at, .. } => {
                self.stage = Some(Stage::Sent);
                self.set = Some(set.clone());
                self.sent = Some(*at);
            }
            Event::Heard { answer, .. } => {
                self.stage = Some(if answer.refusal.is_some() { Stage::Refused } else { Stage::Opening });
                self.held_back.clone_from(&answer.refusal);
                self.answer = Some((**answer).clone());
            }
            Event::Opened { hits } => {
                self.stage = Some(Stage::Answered);
                self.hits.clone_from(hits);
                self.common = Some(hits.len() as u64);
                self.answer = None;
            }
            Event::CountOpened { common } => {
                self.stage = Some(Stage::Answered);
                self.common = Some(*common);
                self.answer = None;
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(asking) = &self.asking else { return Vec::new() };
        match event {
            Event::Asked { .. } => vec![Effect::act(facts.case.clone(), &Act::Weigh)],
            Event::Weighed { us } => {
                let asked = (asking.values.len() as u64, asking.purpose);
                vec![count(facts.case, MatchQuestionPaper::KIND, (us, &asking.partner), asked)]
            }
            Event::Dispatched { question, at, .. } => {
                let send =
                    Effect::send(asking.partner.clone(), "match-question", question, facts.case.clone());
                std::iter::once(send).chain(self.clock(asking, facts, *at)).collect()
            }
            Event::Heard { item, .. } => vec![Owed::meet(ANSWER, facts.case, item.clone())],
            Event::Granted { .. }
            | Event::Refused { .. }
            | Event::Opened { .. }
            | Event::CountOpened { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(asking)) = (self.stage, &self.asking) else { return Summary::default() };
        let hit = |place: &usize| asking.values.get(*place).map(String::as_str);
        let mut references = vec![Reference::new("kind", asking.kind.code())];
        references.extend(asking.about.iter().map(|case| Reference::new("about", case.as_str())));
        references.extend(self.set.iter().map(|case| Reference::new("item", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: title(asking, self.common),
            partner: asking.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references,
            shown: json!({
                "subject_kind": asking.kind, "values_asked": asking.values.len(), "purpose": asking.purpose,
                "common": self.common, "wants": asking.wants,
                "hits": self.hits.iter().filter_map(hit).collect::<Vec<_>>(), "sent": self.sent,
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
                "about": asking.about,
            }),
            ..Summary::default()
        }
    }
}

impl MatchQuestion {
    /// The case of a question of ours of this number.
    #[must_use]
    pub fn case_of(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }

    /// What is asked.
    #[must_use]
    pub const fn asking(&self) -> Option<&Asking> {
        self.asking.as_ref()
    }

    /// The partner's set it asks.
    #[must_use]
    pub const fn set(&self) -> Option<&CaseId> {
        self.set.as_ref()
    }

    /// The answer that is still to be opened.
    #[must_use]
    pub const fn answer(&self) -> Option<&MatchAnswer> {
        self.answer.as_ref()
    }

    /// It is counted where the term lets the partner tell what is asked.
    fn weighed(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        let told = self
            .asking
            .as_ref()
            .map_or(Ok(()), |asking| is_told(asking.wants, (&asking.partner, &us), facts));
        match told {
            Ok(()) => Event::Weighed { us },
            Err(refusal) => Event::Refused { refusal },
        }
    }

    fn clock(&self, asking: &Asking, facts: &Facts<'_>, at: Timestamp) -> Option<Effect> {
        let admission = self.admission.as_ref()?;
        let debt = Debt { by: &asking.partner, to: &self.us, about: facts.case, admission };
        debt.open("answer", ANSWER, at)
    }
}

impl Asking {
    /// The values in the form both sides use, each in its place.
    #[must_use]
    pub fn forms(&self) -> Vec<String> {
        self.values.iter().map(|value| asked_form(self.kind, value)).collect()
    }
}

fn title(asking: &Asking, common: Option<u64>) -> String {
    let (kind, asked) = (asking.kind.code(), asking.values.len());
    common.map_or_else(|| format!("{kind} {asked}"), |common| format!("{kind} {common}/{asked}"))
}

/// A question has values that say something, each once.
fn whole(asking: &Asking) -> Result<Asking, Refusal> {
    let mut asking = asking.clone();
    let mut seen = std::collections::BTreeSet::new();
    let empty = asked_form(asking.kind, "");
    asking.values.retain(|value| {
        let form = asked_form(asking.kind, value);
        form != empty && seen.insert(form)
    });
    match asking.values.len() {
        0 => Err(Refusal::new("contents-missing", "values").remedy("values")),
        count if count < asking.wants.least() => {
            Err(Refusal::new("values-too-few", count.to_string()).remedy(asking.wants.least().to_string()))
        }
        count if count > QUESTION_MAX => {
            Err(Refusal::new("values-too-many", count.to_string()).remedy(QUESTION_MAX.to_string()))
        }
        _ => Ok(asking),
    }
}

/// What the partner owes.
const ANSWER: &str = "answer-match";
