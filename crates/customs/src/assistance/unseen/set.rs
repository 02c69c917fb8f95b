//! A set somebody holds: ours, gathered and published to a partner; or a partner's, as its tags.

use jiff::Timestamp;
use kernel::{
    Attachment, CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::MatchSetPaper;
use super::{KINDS, TYPED_MAX, WANTS, Wants, bounded};
use crate::agreement::{Admission, Received, admit};
use crate::assistance::SubjectKind;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};

/// One edition of a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchSet {
    stage: Option<Stage>,
    partner: NodeId,
    kind: Option<SubjectKind>,
    /// What somebody wants in it; what we hold where nothing is named.
    values: Vec<String>,
    /// More of what somebody wants in it.
    file: Option<Attachment>,
    /// What can be asked of it.
    wants: Option<Wants>,
    paper: MatchSetPaper,
    /// The item a partner's came in, by its key: a case that names an item repeats its words, and this one does not.
    item: Option<String>,
    at: Option<Timestamp>,
    admission: Option<Admission>,
    held_back: Option<Refusal>,
    reason: String,
}

stages! {
    /// Its tags are being calculated.
    Gathering = "gathering",
    /// Ours, and the partner has its tags.
    Published = "published",
    /// No live term lets it go, or it could not be made.
    Kept = "kept",
    /// A partner's.
    Held = "held",
    /// Ours, and no question to it is answered any more.
    Withdrawn = "withdrawn",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A partner is to be able to ask.
    Publish {
        /// Whom.
        partner: NodeId,
        /// About what kind of thing.
        kind: SubjectKind,
        /// These values; what we hold where none is named.
        #[serde(default)]
        values: Vec<String>,
        /// And those of this file, one a line.
        #[serde(default)]
        file: Option<Attachment>,
        /// What the partner may ask; which values, where nothing is said.
        #[serde(default)]
        wants: Option<Wants>,
    },
    /// Its tags are calculated; it goes, if a live term lets it.
    Fill {
        /// The set as it goes.
        set: Box<MatchSetPaper>,
    },
    /// It cannot be made.
    HoldBack {
        /// Why.
        refusal: Refusal,
    },
    /// A partner's set is here.
    Arrive {
        /// The set.
        set: Box<MatchSetPaper>,
        /// Whose.
        from: NodeId,
        /// The item it came in.
        #[serde(default)]
        item: Option<CaseId>,
    },
    /// No question to it is to be answered any more.
    Withdraw {
        /// Why.
        reason: String,
    },
}

named! {
    Publish = "publish", Fill = "fill", HoldBack = "hold-back", Arrive = "arrive", Withdraw = "withdraw",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// To be made.
    Wanted {
        /// For whom.
        partner: NodeId,
        /// Of what kind.
        kind: SubjectKind,
        /// Of which values.
        values: Vec<String>,
        /// And of those of this file.
        #[serde(default)]
        file: Option<Attachment>,
        /// For what to ask.
        #[serde(default)]
        wants: Option<Wants>,
    },
    /// Out.
    Published {
        /// The set.
        set: Box<MatchSetPaper>,
        /// Under which term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// Not out.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// A partner's, here.
    Arrived {
        /// The set.
        set: Box<MatchSetPaper>,
        /// Whose.
        from: NodeId,
        /// The item it came in.
        #[serde(default)]
        item: Option<CaseId>,
        /// When.
        at: Timestamp,
    },
    /// Not answered any more.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

const TERM: &str = "the term for match-set, its direction and day; none, no exit";

impl Procedure for MatchSet {
    const NAME: &'static str = "match-set";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("publish", EXCHANGE, TERM),
        Offer::opening("arrive", Role::NODE, TERM),
        Offer::at(Stage::Gathering, "fill", Role::NODE, TERM),
        Offer::at(Stage::Gathering, "hold-back", Role::NODE, TERM),
        Offer::at(
            Stage::Published,
            "withdraw",
            EXCHANGE,
            "own practice: an edition ends when its holder says so",
        ),
        Offer::at(
            Stage::Published,
            "withdraw",
            DIRECTOR,
            "own practice: an edition ends when its holder says so",
        ),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "publish",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("kind", KINDS),
                Field::optional("values", Sort::Words(TYPED_MAX)),
                Field::optional("file", Sort::File),
                Field::optional("wants", WANTS),
            ],
        ),
        Form::of("withdraw", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[ANALYST, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Publish { partner, kind, values, file, wants } => {
                bounded(values, file.as_ref())?;
                Event::Wanted {
                    partner: partner.clone(),
                    kind: *kind,
                    values: values.clone(),
                    file: file.clone(),
                    wants: *wants,
                }
            }
            Act::Fill { set } => self.published(set, facts),
            Act::HoldBack { refusal } => Event::HeldBack { refusal: refusal.clone() },
            Act::Arrive { set, from, item } => {
                Event::Arrived { set: set.clone(), from: from.clone(), item: item.clone(), at: facts.now }
            }
            Act::Withdraw { reason } => {
                Event::Withdrawn { reason: crate::assistance::given("reason", reason)? }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Wanted { partner, kind, values, file, wants } => {
                self.wants = *wants;
                self.stage = Some(Stage::Gathering);
                self.partner = partner.clone();
                self.kind = Some(*kind);
                self.values.clone_from(values);
                self.file.clone_from(file);
            }
            Event::Published { set, admission, at } => {
                self.stage = Some(Stage::Published);
                self.paper = (**set).clone();
                self.admission = Some((**admission).clone());
                self.at = Some(*at);
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Arrived { set, from, item, at } => {
                self.stage = Some(Stage::Held);
                self.partner = from.clone();
                self.kind = set.kind;
                self.wants = Some(set.wants());
                self.item = item.as_ref().map(|item| item.key().to_owned());
                self.paper = (**set).clone();
                self.at = Some(*at);
            }
            Event::Withdrawn { reason } => {
                self.stage = Some(Stage::Withdrawn);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Published { set, .. } => {
                vec![Effect::send(self.partner.clone(), "match-set", set, facts.case.clone())]
            }
            Event::Wanted { .. }
            | Event::HeldBack { .. }
            | Event::Arrived { .. }
            | Event::Withdrawn { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let kind = self.kind.map_or("", SubjectKind::code);
        Summary {
            stage: stage.word().into(),
            title: format!("{kind} {}", self.paper.reference).trim_end().to_owned(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Kept).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Withdrawn | Stage::Kept),
            references: vec![Reference::new("kind", format!("{kind} {}", self.wants().code()))],
            shown: json!({
                "subject_kind": self.kind, "size": self.paper.size, "public": self.paper.public, "at": self.at,
                "wants": self.wants(),
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
                "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}

impl MatchSet {
    /// The case of a partner's edition.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// Of what kind its values are.
    #[must_use]
    pub const fn kind(&self) -> Option<SubjectKind> {
        self.kind
    }

    /// What can be asked of it.
    #[must_use]
    pub fn wants(&self) -> Wants {
        self.wants.unwrap_or(Wants::Which)
    }

    /// The values somebody named for it.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// The file with more of them.
    #[must_use]
    pub const fn file(&self) -> Option<&Attachment> {
        self.file.as_ref()
    }

    /// The item a partner's came in.
    #[must_use]
    pub fn item(&self) -> Option<CaseId> {
        self.item.as_ref().map(|key| CaseId::of(Received::NAME, key))
    }

    /// The set as it went or came.
    #[must_use]
    pub const fn paper(&self) -> &MatchSetPaper {
        &self.paper
    }

    /// With whom.
    #[must_use]
    pub const fn partner(&self) -> &NodeId {
        &self.partner
    }

    fn published(&self, set: &MatchSetPaper, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, "match-set", &us, &self.partner, facts.day()) {
            Ok(admission) if !admission.term.fields.iter().any(|field| field == self.wants().set_field()) => {
                let refusal = Refusal::new("variant-not-allowed", self.wants().code());
                Event::HeldBack { refusal: refusal.remedy(admission.cite()) }
            }
            Ok(admission) => {
                Event::Published { set: Box::new(set.clone()), admission: Box::new(admission), at: facts.now }
            }
            Err(refusal) => Event::HeldBack { refusal },
        }
    }
}
