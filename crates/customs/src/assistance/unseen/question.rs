//! A question of ours that shows nothing: counted, blinded, sent, opened. What comes of it is which of our own values the partner
//! holds too.

use jiff::Timestamp;
use kernel::{
    Attachment, CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{MatchAnswer, MatchQuestionPaper};
use super::{HITS_SHOWN, KINDS, TYPED_MAX, WANTS, Wants, asked_form, bounded, fits, is_told};
use crate::agreement::{Admission, Received, Writing as _};
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
    /// How many values it has, where they came as a file and were counted.
    counted: Option<u64>,
    admission: Option<Admission>,
    us: NodeId,
    set: Option<CaseId>,
    sent: Option<Timestamp>,
    answer: Option<MatchAnswer>,
    /// The item the answer came in, by its key: a case that names an item repeats its words, and this one does not.
    item: Option<String>,
    /// The places of our own values that the partner holds too.
    hits: Vec<usize>,
    /// The same, where it is much or the values came as a file.
    found: Option<Found>,
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
    #[serde(default)]
    pub values: Vec<String>,
    /// And those of this file, one a line; it never leaves either.
    #[serde(default)]
    pub file: Option<Attachment>,
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

/// What both sides hold, where it is too much for an event or its values are not in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How many values.
    pub common: u64,
    /// The first of them.
    pub first: Vec<String>,
    /// All of them, one a line.
    pub file: Attachment,
}

stages! {
    /// Its file is being read.
    Reading = "reading",
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
    /// Its file is read.
    Tally {
        /// How many values it has in all, each once.
        values: u64,
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
        #[serde(default)]
        hits: Vec<usize>,
        /// The values themselves in a file, in the place of that.
        #[serde(default)]
        found: Option<Box<Found>>,
    },
    /// The answer that only says how many is opened.
    OpenCount {
        /// How many.
        common: u64,
    },
    /// It cannot be calculated: a file that cannot be read, no set, no key, a proof that does not hold.
    HoldBack {
        /// Why.
        refusal: Refusal,
    },
}

named! {
    Ask = "ask", Tally = "tally", Weigh = "weigh", Grant = "grant", Deny = "deny", Dispatch = "dispatch", Hear = "hear", Open = "open",
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
    /// Its file read.
    Tallied {
        /// How many values it has in all, each once.
        values: u64,
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
        /// The values themselves in a file, in the place of that.
        #[serde(default)]
        found: Option<Box<Found>>,
    },
}

const HIDDEN: &str =
    "own practice: whether there is something to ask about is found out before anything is shown";
const QUOTA: &str = "the quotas of the term; none, no question";
const FILE: &str = "own practice: a file is read before its values are counted";
const NODE: &str = "RFC 9497, calculated by the node";

impl Procedure for MatchQuestion {
    const NAME: &'static str = "match-question";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", ANALYST, HIDDEN),
        Offer::opening("ask", EXCHANGE, HIDDEN),
        Offer::at(Stage::Reading, "tally", Role::NODE, FILE),
        Offer::at(Stage::Reading, "hold-back", Role::NODE, FILE),
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
            Field::optional("values", Sort::Words(TYPED_MAX)),
            Field::optional("file", Sort::File),
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
            Act::Tally { values } => self.tallied(*values),
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
            Act::Open { hits, found } => Event::Opened { hits: hits.clone(), found: found.clone() },
            Act::OpenCount { common } => Event::CountOpened { common: *common },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Asked { asking } => {
                self.stage = Some(if asking.file.is_some() { Stage::Reading } else { Stage::Counting });
                self.asking = Some(asking.clone());
            }
            Event::Tallied { values } => {
                self.stage = Some(Stage::Counting);
                self.counted = Some(*values);
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
            Event::Heard { answer, item } => {
                self.item = Some(item.key().to_owned());
                self.stage = Some(if answer.refusal.is_some() { Stage::Refused } else { Stage::Opening });
                self.held_back.clone_from(&answer.refusal);
                self.answer = Some((**answer).clone());
            }
            Event::Opened { hits, found } => {
                self.stage = Some(Stage::Answered);
                self.hits.clone_from(hits);
                self.common = Some(found.as_ref().map_or(hits.len() as u64, |found| found.common));
                self.found = found.as_deref().cloned();
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
            // Until its file is read nobody knows how many values there are to be weighed.
            Event::Asked { asking } if asking.file.is_some() => Vec::new(),
            Event::Asked { .. } | Event::Tallied { .. } => {
                vec![Effect::act(facts.case.clone(), &Act::Weigh)]
            }
            Event::Weighed { us } => {
                let asked = (self.asked(), asking.purpose);
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
        let mut references = vec![Reference::new("kind", asking.kind.code())];
        references.extend(asking.about.iter().map(|case| Reference::new("about", case.as_str())));
        references.extend(self.set.iter().map(|case| Reference::new("item", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.title(asking),
            partner: asking.partner.to_string(),
            severity: (stage == Stage::Refused).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Answered | Stage::Refused),
            references,
            shown: json!({
                "subject_kind": asking.kind, "values_asked": self.asked(), "purpose": asking.purpose,
                "common": self.common, "wants": asking.wants,
                "hits": self.shown(asking), "all_hits": self.found.as_ref().map(|found| &found.file), "sent": self.sent,
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

    /// The item the answer came in.
    #[must_use]
    pub fn item(&self) -> Option<CaseId> {
        self.item.as_ref().map(|key| CaseId::of(Received::NAME, key))
    }

    /// How many values it asks about; where they come as a file, once that was read.
    #[must_use]
    pub fn asked(&self) -> u64 {
        let typed = self.asking.as_ref().map_or(0, |asking| asking.values.len() as u64);
        self.counted.unwrap_or(typed)
    }

    /// The first of what both sides hold.
    fn shown<'s>(&'s self, asking: &'s Asking) -> Vec<&'s str> {
        let hit = |place: &usize| asking.values.get(*place).map(String::as_str);
        let found = self.found.iter().flat_map(|found| &found.first).map(String::as_str);
        found.chain(self.hits.iter().filter_map(hit)).take(HITS_SHOWN).collect()
    }

    fn title(&self, asking: &Asking) -> String {
        let (kind, asked) = (asking.kind.code(), self.asked());
        self.common.map_or_else(|| format!("{kind} {asked}"), |common| format!("{kind} {common}/{asked}"))
    }

    /// A file has as many values as any question may have.
    fn tallied(&self, values: u64) -> Event {
        let wants = self.asking.as_ref().map_or(Wants::Which, |asking| asking.wants);
        match fits(values, wants) {
            Ok(()) => Event::Tallied { values },
            Err(refusal) => Event::Refused { refusal },
        }
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

/// A question has values that say something, each once. Of a file, the node finds that out.
fn whole(asking: &Asking) -> Result<Asking, Refusal> {
    bounded(&asking.values, asking.file.as_ref())?;
    let mut asking = asking.clone();
    let mut seen = std::collections::BTreeSet::new();
    let empty = asked_form(asking.kind, "");
    asking.values.retain(|value| {
        let form = asked_form(asking.kind, value);
        form != empty && seen.insert(form)
    });
    match (asking.values.len() as u64, &asking.file) {
        (_, Some(_)) => Ok(asking),
        (0, None) => Err(Refusal::new("contents-missing", "values").remedy("values, file")),
        (count, None) => fits(count, asking.wants).map(|()| asking),
    }
}

/// What the partner owes.
const ANSWER: &str = "answer-match";
