//! An agreement on its way, from proposal to force, on one of two legal routes.
//!
//! Treaty: opinions of the bodies the law names, authority from the Government, signature, entry into force. Ministry
//! level: written consultation, decision of the head of the body, signature. The reply period of each opinion is given
//! when it is asked, with the article it comes from. What the agreement will let through stands here from the first day,
//! so that everybody sees which lane waits for which signature.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Limit, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal,
    Role, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Promise;
use crate::agreement::{Instrument, LegalRoute, Term, term_in_force};
use crate::roles::{DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One agreement on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Negotiation {
    stage: Option<Stage>,
    proposal: Option<Proposal>,
    rounds: Vec<Round>,
    opinions: Vec<Opinion>,
    authority: Option<Authority>,
    signed: Option<Signature>,
    agreement: String,
    reason: String,
}

/// What is to be agreed, with whom, on which route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Proposal {
    /// Short name, unique: `CMAA-VN-QA`.
    pub id: String,
    /// What it is to be called.
    pub title: String,
    /// Who proposes: us.
    pub ours: NodeId,
    /// With whom.
    pub with: NodeId,
    /// The legal route.
    pub route: LegalRoute,
    /// The document lanes that open the day it enters into force.
    #[serde(default)]
    pub opens: Vec<OpensLane>,
    /// What waits for it besides, such as a smart border gate.
    #[serde(default)]
    pub waiting: Vec<String>,
}

/// A lane that an agreement will open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpensLane {
    /// Document kind.
    pub kind: String,
    /// Who will give.
    pub from: NodeId,
    /// Who will receive.
    pub to: NodeId,
}

/// A round of talks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The day.
    pub on: Date,
    /// What was settled and what is open.
    pub result: String,
}

/// An opinion a body owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The body.
    pub body: NodeId,
    /// By when.
    pub due: Timestamp,
    /// The article that asks for it and gives the period.
    pub basis: String,
    /// What it said.
    pub position: Option<Position>,
    /// Its document.
    pub reference: String,
    /// What it wants changed.
    pub note: String,
}

/// What a body says of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// As it stands.
    Agrees,
    /// With remarks that were or will be taken in.
    AgreesWithRemarks,
    /// Not like this.
    Objects,
}

/// The authority to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Who gave it.
    pub by: NodeId,
    /// In which document.
    pub reference: String,
}

/// The signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The day.
    pub on: Date,
    /// Where.
    pub place: String,
}

/// Where an agreement on its way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Under negotiation.
    Talks,
    /// Somebody may sign.
    Authorised,
    /// Signed, not in force.
    Signed,
    /// Its terms hold.
    InForce,
    /// Given up.
    Abandoned,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// An agreement is to be made.
    Propose {
        /// Which.
        proposal: Box<Proposal>,
    },
    /// A round of talks was held.
    NoteRound {
        /// The round.
        #[serde(flatten)]
        round: Round,
    },
    /// A body is asked for its opinion.
    AskOpinion {
        /// The body.
        body: NodeId,
        /// By when it has to answer.
        due: Timestamp,
        /// The article that says so.
        basis: String,
        /// How long after that the Director General hears of it.
        #[serde(default)]
        director_after: Option<Limit>,
    },
    /// A body's opinion is here.
    NoteOpinion {
        /// The body.
        body: NodeId,
        /// What it says.
        position: Position,
        /// Its document.
        reference: String,
        /// What it wants changed.
        #[serde(default)]
        note: String,
    },
    /// Somebody may sign.
    NoteAuthority {
        /// The authority.
        #[serde(flatten)]
        authority: Authority,
    },
    /// It was signed.
    Sign {
        /// The signature.
        #[serde(flatten)]
        signature: Signature,
    },
    /// Its terms hold: the agreement of this name is in force here.
    EnterIntoForce {
        /// The agreement's short name.
        agreement: String,
    },
    /// It is given up.
    Abandon {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Propose { .. } => "propose",
            Self::NoteRound { .. } => "note-round",
            Self::AskOpinion { .. } => "ask-opinion",
            Self::NoteOpinion { .. } => "note-opinion",
            Self::NoteAuthority { .. } => "note-authority",
            Self::Sign { .. } => "sign",
            Self::EnterIntoForce { .. } => "enter-into-force",
            Self::Abandon { .. } => "abandon",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Proposed.
    Proposed {
        /// Which agreement.
        proposal: Box<Proposal>,
    },
    /// A round was held.
    RoundHeld {
        /// The round.
        round: Round,
    },
    /// An opinion was asked for.
    OpinionAsked {
        /// Of whom, by when.
        opinion: Opinion,
        /// How long after that the Director General hears of it.
        director_after: Option<Limit>,
    },
    /// An opinion is here.
    OpinionReceived {
        /// The body.
        body: NodeId,
        /// What it says.
        position: Position,
        /// Its document.
        reference: String,
        /// What it wants changed.
        note: String,
    },
    /// Somebody may sign.
    Authorised {
        /// By whose leave.
        authority: Authority,
    },
    /// Signed.
    Signed {
        /// When and where.
        signature: Signature,
    },
    /// In force.
    EnteredIntoForce {
        /// The agreement's short name.
        agreement: String,
    },
    /// Given up.
    Abandoned {
        /// Why.
        reason: String,
    },
}

const LAW: &str = "national law on treaties and on international agreements";
const OPINION: &str = "the article named when the opinion was asked for";

impl Procedure for Negotiation {
    const NAME: &'static str = "negotiation";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("propose", SECRETARY, LAW),
        Offer::at(Stage::Talks, "note-round", SECRETARY, LAW),
        Offer::at(Stage::Talks, "ask-opinion", SECRETARY, OPINION),
        Offer::at(Stage::Talks, "note-opinion", SECRETARY, OPINION),
        Offer::at(Stage::Talks, "note-authority", DIRECTOR, LAW),
        Offer::at(Stage::Talks, "abandon", DIRECTOR, LAW),
        Offer::at(Stage::Authorised, "note-round", SECRETARY, LAW),
        Offer::at(Stage::Authorised, "sign", DIRECTOR, LAW),
        Offer::at(Stage::Authorised, "abandon", DIRECTOR, LAW),
        Offer::at(Stage::Signed, "enter-into-force", DIRECTOR, "the agreement's own final clause"),
        Offer::at(Stage::Signed, "abandon", DIRECTOR, LAW),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("propose", "proposal.id", PROPOSAL),
        Form::of(
            "note-round",
            &[Field::needed("on", Sort::Day), Field::needed("result", Sort::LongText(4_000))],
        ),
        Form::of(
            "ask-opinion",
            &[
                Field::needed("body", Sort::Text(80)),
                Field::needed("due", Sort::Moment),
                Field::needed("basis", Sort::Text(200)),
                Field::optional("director_after", Sort::Text(12)),
            ],
        ),
        Form::of(
            "note-opinion",
            &[
                Field::needed("body", Sort::Text(80)),
                Field::needed(
                    "position",
                    Sort::Choice("position", &["agrees", "agrees-with-remarks", "objects"]),
                ),
                Field::needed("reference", Sort::Text(120)),
                Field::optional("note", Sort::LongText(4_000)),
            ],
        ),
        Form::of(
            "note-authority",
            &[Field::needed("by", Sort::Text(80)), Field::needed("reference", Sort::Text(120))],
        ),
        Form::of("sign", &[Field::needed("on", Sort::Day), Field::needed("place", Sort::Text(120))]),
        Form::of("enter-into-force", &[Field::needed("agreement", Sort::Text(60))]),
        Form::of("abandon", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Propose { proposal } => Ok(vec![Event::Proposed { proposal: proposal.clone() }]),
            Act::NoteRound { round } => Ok(vec![Event::RoundHeld { round: round.clone() }]),
            Act::AskOpinion { body, .. } if self.opinion(body).is_some_and(Opinion::is_open) => {
                Err(Refusal::new("opinion-asked-already", body.as_str()))
            }
            Act::AskOpinion { body, due, basis, director_after } => Ok(vec![Event::OpinionAsked {
                opinion: Opinion::asked(body, *due, basis),
                director_after: *director_after,
            }]),
            Act::NoteOpinion { body, position, reference, note } => {
                self.opinion(body).filter(|opinion| opinion.is_open()).ok_or_else(|| self.not_asked(body))?;
                Ok(vec![Event::OpinionReceived {
                    body: body.clone(),
                    position: *position,
                    reference: reference.clone(),
                    note: note.clone(),
                }])
            }
            Act::NoteAuthority { authority } => {
                self.cleared()?;
                Ok(vec![Event::Authorised { authority: authority.clone() }])
            }
            Act::Sign { signature } => Ok(vec![Event::Signed { signature: signature.clone() }]),
            Act::EnterIntoForce { agreement } => {
                self.holds(agreement, facts)?;
                Ok(vec![Event::EnteredIntoForce { agreement: agreement.clone() }])
            }
            Act::Abandon { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("reason"))
            }
            Act::Abandon { reason } => Ok(vec![Event::Abandoned { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Proposed { proposal } => {
                self.stage = Some(Stage::Talks);
                self.proposal = Some((**proposal).clone());
            }
            Event::RoundHeld { round } => self.rounds.push(round.clone()),
            Event::OpinionAsked { opinion, .. } => self.opinions.push(opinion.clone()),
            Event::OpinionReceived { body, position, reference, note } => {
                if let Some(opinion) = self.opinions.iter_mut().rfind(|opinion| opinion.body == *body) {
                    opinion.position = Some(*position);
                    opinion.reference.clone_from(reference);
                    opinion.note.clone_from(note);
                }
            }
            Event::Authorised { authority } => {
                self.stage = Some(Stage::Authorised);
                self.authority = Some(authority.clone());
            }
            Event::Signed { signature } => {
                self.stage = Some(Stage::Signed);
                self.signed = Some(signature.clone());
            }
            Event::EnteredIntoForce { agreement } => {
                self.stage = Some(Stage::InForce);
                self.agreement.clone_from(agreement);
            }
            Event::Abandoned { reason } => {
                self.stage = Some(Stage::Abandoned);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(proposal) = &self.proposal else { return Vec::new() };
        match event {
            Event::OpinionAsked { opinion, director_after } => {
                let promise = Promise {
                    by: opinion.body.clone(),
                    to: proposal.ours.clone(),
                    due: opinion.due,
                    director_after: *director_after,
                };
                vec![promise.open(&self.opinion_owed(&opinion.body), facts.case, &opinion.basis)]
            }
            Event::OpinionReceived { body, .. } => {
                vec![Owed::meet(&self.opinion_owed(body), facts.case, facts.case.clone())]
            }
            Event::Abandoned { .. } => {
                self.open_opinions().map(|opinion| self.lapse(opinion, facts)).collect()
            }
            Event::Proposed { .. }
            | Event::RoundHeld { .. }
            | Event::Authorised { .. }
            | Event::Signed { .. }
            | Event::EnteredIntoForce { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(proposal)) = (self.stage, &self.proposal) else { return Summary::default() };
        let closed = matches!(stage, Stage::InForce | Stage::Abandoned);
        let mut references = vec![Reference::new("partner", proposal.with.as_str())];
        references.extend(proposal.opens.iter().map(|lane| Reference::new("opens", lane.name())));
        if !self.agreement.is_empty() {
            let case = CaseId::of(Instrument::NAME, &self.agreement);
            references.push(Reference::new("agreement", case.as_str()));
        }
        Summary {
            stage: stage.word().into(),
            title: proposal.id.clone(),
            partner: proposal.with.to_string(),
            due: if closed { None } else { self.open_opinions().map(|opinion| opinion.due).min() },
            severity: (self.objecting().is_some() && !closed).then_some(Severity::Warning),
            closed,
            references,
            shown: json!({
                "name": proposal.title, "route": proposal.route, "opens": proposal.opens,
                "waiting": proposal.waiting, "opinions": self.opinions, "rounds": self.rounds,
                "authority": self.authority, "signed": self.signed, "agreement": self.agreement,
                "reason": self.reason,
            }),
            ..Summary::default()
        }
    }
}

impl OpensLane {
    /// The lane's name on screens: `CN-VN gate-state`.
    #[must_use]
    pub fn name(&self) -> String {
        Term::lane_of(&self.kind, &self.from, &self.to)
    }
}

impl Opinion {
    fn asked(body: &NodeId, due: Timestamp, basis: &str) -> Self {
        Self {
            body: body.clone(),
            due,
            basis: basis.to_owned(),
            position: None,
            reference: String::new(),
            note: String::new(),
        }
    }

    const fn is_open(&self) -> bool {
        self.position.is_none()
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Talks => "talks",
            Self::Authorised => "authorised",
            Self::Signed => "signed",
            Self::InForce => "in-force",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Negotiation {
    /// The last opinion asked of a body.
    fn opinion(&self, body: &NodeId) -> Option<&Opinion> {
        self.opinions.iter().rfind(|opinion| opinion.body == *body)
    }

    fn open_opinions(&self) -> impl Iterator<Item = &Opinion> {
        self.opinions.iter().filter(|opinion| opinion.is_open())
    }

    /// Each asking of each body is an obligation of its own.
    fn opinion_owed(&self, body: &NodeId) -> String {
        let times = self.opinions.iter().filter(|opinion| opinion.body == *body).count();
        format!("opinion:{body}:{times}")
    }

    fn lapse(&self, opinion: &Opinion, facts: &Facts<'_>) -> Effect {
        Owed::lapse(&self.opinion_owed(&opinion.body), facts.case, "abandoned")
    }

    fn not_asked(&self, body: &NodeId) -> Refusal {
        let open: Vec<_> = self.open_opinions().map(|opinion| opinion.body.as_str()).collect();
        Refusal::new("opinion-not-asked", body.as_str()).remedy(open.join(", "))
    }

    /// A body whose last word is that it objects.
    fn objecting(&self) -> Option<&Opinion> {
        let last = |opinion: &&Opinion| self.opinion(&opinion.body) == Some(*opinion);
        self.opinions.iter().filter(last).find(|opinion| opinion.position == Some(Position::Objects))
    }

    /// Authority to sign is given when every body asked has answered and none still objects.
    fn cleared(&self) -> Result<(), Refusal> {
        if let Some(opinion) = self.open_opinions().next() {
            return Err(Refusal::new("opinion-outstanding", opinion.body.as_str()));
        }
        match self.objecting() {
            Some(opinion) => {
                Err(Refusal::new("opinion-objects", opinion.body.as_str()).remedy("ask-opinion"))
            }
            None if self.opinions.is_empty() => Err(Refusal::new("opinion-needed", "").remedy("ask-opinion")),
            None => Ok(()),
        }
    }

    /// Every lane it is to open has a term of this agreement in force today.
    fn holds(&self, agreement: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
        let lanes = self.proposal.iter().flat_map(|proposal| &proposal.opens);
        for lane in lanes {
            let standing = term_in_force(facts.books, &lane.kind, &lane.from, &lane.to, facts.day());
            if standing.is_none_or(|standing| standing.agreement != agreement) {
                let refusal = Refusal::new("agreement-not-in-force", format!("{agreement} {}", lane.name()));
                return Err(refusal.remedy("agreement"));
            }
        }
        Ok(())
    }
}

const PROPOSAL: &[Field] = &[
    Field::needed("proposal.id", Sort::Text(60)),
    Field::needed("proposal.title", Sort::Text(300)),
    Field::needed("proposal.ours", Sort::Text(12)),
    Field::needed("proposal.with", Sort::Text(12)),
    Field::needed("proposal.route", Sort::Choice("route", &["treaty", "ministry", "domestic"])),
    Field::optional("proposal.opens", Sort::Lines(LANE)),
    Field::optional("proposal.waiting", Sort::Words(20)),
];

const LANE: &[Field] = &[
    Field::needed("kind", Sort::Text(60)),
    Field::needed("from", Sort::Text(12)),
    Field::needed("to", Sort::Text(12)),
];
