//! An item we sent: queued with its bytes, receipted, answered, used. What is owed back runs as obligations.

use jiff::Timestamp;
use kernel::{
    CaseId, Digest, Effect, Facts, Limit, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kind::{Dispatched, Kind};
use super::received;
use super::{Admission, Document, DocumentResponse, Term};
use crate::declaration::{Outcome, Response};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER, SECRETARY};

/// One item we sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    outgoing: Option<Outgoing>,
    queued: Option<Timestamp>,
    receipt: Option<Digest>,
    receipted: Option<Timestamp>,
    outcome: Option<Outcome>,
    answers: Vec<Response>,
    failure: Option<String>,
    tries: u32,
    at_centre: Option<AtCentre>,
    destroyed: Option<Destroyed>,
}

/// That its receiver destroyed it, as the receiver proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destroyed {
    /// When.
    pub at: Timestamp,
    /// By which term.
    pub term: String,
    /// The item the proof came in.
    pub evidence: CaseId,
}

/// Where an item stands that a centre keeps until its receiver fetches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtCentre {
    /// The number the centre gave it.
    pub ticket: String,
    /// Where it stands, in the centre's word.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
}

/// What went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Who gives: us.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
    /// The case it was sent for.
    pub about: CaseId,
    /// The term that let it out.
    pub admission: Admission,
    /// The document as released.
    pub document: Document,
    /// The fields that held something and stayed.
    pub withheld: Vec<String>,
    /// The message's id on the wire.
    pub message_id: String,
    /// The wire bytes, kept once and sent as they are.
    pub wire: Digest,
}

impl Outgoing {
    /// The case of this item: partner, kind and the sender's reference.
    #[must_use]
    pub fn case(&self) -> CaseId {
        Sent::case_of(&self.to, self.document.kind(), self.document.reference())
    }
}

/// Where an item we sent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Kept and on its way.
    Queued,
    /// The partner's signed receipt is here.
    Receipted,
    /// The partner says it is readable.
    Answered,
    /// The partner says what came of it.
    Used,
    /// The partner says it cannot use it.
    Rejected,
    /// No receipt after all tries.
    Failed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A released and packed document is to go.
    Queue {
        /// What goes.
        outgoing: Box<Outgoing>,
    },
    /// The partner's signed receipt arrived and fits what was sent.
    Receipt {
        /// The receipt's bytes.
        digest: Digest,
    },
    /// A centre has it and says where it stands.
    Track {
        /// The number the centre gave it.
        ticket: String,
        /// Where it stands, in the centre's word.
        state: String,
    },
    /// No receipt after all tries, or an error that no retry mends.
    Fail {
        /// The error code, such as `EBMS:0301`.
        code: String,
    },
    /// The partner answers.
    Answer {
        /// What it says.
        response: Box<Response>,
        /// The item it came in.
        evidence: CaseId,
    },
    /// Somebody has it tried again.
    Resend,
    /// The partner proves that it destroyed it. That can be here before its receipt, or where every receipt was lost.
    NoteDestroyed {
        /// The digest of the message that is gone there.
        wire: Digest,
        /// When.
        at: Timestamp,
        /// By which term.
        term: String,
        /// The item the proof came in.
        evidence: CaseId,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Queue { .. } => "queue",
            Self::Receipt { .. } => "receipt",
            Self::Track { .. } => "track",
            Self::Fail { .. } => "fail",
            Self::Answer { .. } => "answer",
            Self::Resend => "resend",
            Self::NoteDestroyed { .. } => "note-destroyed",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Kept and on its way.
    Queued {
        /// What goes.
        outgoing: Box<Outgoing>,
        /// Since when.
        at: Timestamp,
    },
    /// Receipted.
    Receipted {
        /// The receipt's bytes.
        digest: Digest,
        /// When.
        at: Timestamp,
    },
    /// A centre said where it stands.
    Tracked {
        /// The number the centre gave it.
        ticket: String,
        /// Where it stands, in the centre's word.
        state: String,
        /// When.
        at: Timestamp,
    },
    /// Not delivered.
    Failed {
        /// The error code.
        code: String,
    },
    /// Answered.
    Answered {
        /// What the partner says.
        response: Box<Response>,
        /// The item it came in.
        evidence: CaseId,
    },
    /// On its way again.
    Requeued,
    /// Gone where it went.
    Destroyed {
        /// When, by which term, and what proves it.
        #[serde(flatten)]
        destroyed: Destroyed,
    },
}

const WIRE: &str = "AS4 reception awareness; the term's delivery schedule";
const TRACKING: &str = "IPPC ePhyto hub: tracking of envelopes";
const ANSWER: &str = "the term's answer and result clocks";
const DESTRUCTION: &str = "TFA 12.5: the receiver proves that it destroyed it";

impl Procedure for Sent {
    const NAME: &'static str = "sent";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("queue", Role::NODE, "a live term"),
        Offer::at(Stage::Queued, "receipt", Role::NODE, WIRE),
        Offer::at(Stage::Queued, "track", Role::NODE, TRACKING),
        Offer::at(Stage::Queued, "fail", Role::NODE, WIRE),
        Offer::at(Stage::Queued, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Queued, "note-destroyed", Role::NODE, DESTRUCTION),
        Offer::at(Stage::Receipted, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Receipted, "note-destroyed", Role::NODE, DESTRUCTION),
        Offer::at(Stage::Answered, "receipt", Role::NODE, WIRE),
        Offer::at(Stage::Answered, "track", Role::NODE, TRACKING),
        Offer::at(Stage::Answered, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Answered, "note-destroyed", Role::NODE, DESTRUCTION),
        Offer::at(Stage::Used, "receipt", Role::NODE, WIRE),
        Offer::at(Stage::Used, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Used, "note-destroyed", Role::NODE, DESTRUCTION),
        Offer::at(Stage::Rejected, "receipt", Role::NODE, WIRE),
        Offer::at(Stage::Rejected, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Rejected, "note-destroyed", Role::NODE, DESTRUCTION),
        Offer::at(Stage::Failed, "receipt", Role::NODE, WIRE),
        Offer::at(Stage::Failed, "answer", Role::NODE, ANSWER),
        Offer::at(Stage::Failed, "resend", EXCHANGE, "own practice"),
        Offer::at(Stage::Failed, "note-destroyed", Role::NODE, DESTRUCTION),
    ];

    const READERS: &'static [Role] = &[GATE, ANALYST, SECRETARY, DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.outgoing.as_ref()?;
        Some(match (self.outcome, &self.failure, self.receipt) {
            (Some(Outcome::Rejected), ..) => Stage::Rejected,
            (Some(Outcome::Used), ..) => Stage::Used,
            (Some(Outcome::Accepted | Outcome::Cancelled), ..) => Stage::Answered,
            (None, _, Some(_)) => Stage::Receipted,
            (None, Some(_), None) => Stage::Failed,
            (None, None, None) => Stage::Queued,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Queue { outgoing } => Ok(vec![Event::Queued { outgoing: outgoing.clone(), at: facts.now }]),
            Act::Receipt { .. } if self.receipt.is_some() => Ok(Vec::new()),
            Act::Receipt { digest } => Ok(vec![Event::Receipted { digest: *digest, at: facts.now }]),
            Act::Track { ticket, state } => Ok(self.tracked(ticket, state, facts.now)),
            Act::Fail { code } => Ok(vec![Event::Failed { code: code.clone() }]),
            Act::Answer { response, evidence } => {
                Ok(vec![Event::Answered { response: response.clone(), evidence: evidence.clone() }])
            }
            Act::Resend => Ok(vec![Event::Requeued]),
            Act::NoteDestroyed { .. } if self.destroyed.is_some() => Ok(Vec::new()),
            Act::NoteDestroyed { wire, at, term, evidence } => {
                let ours = self.outgoing.as_ref().map(|outgoing| outgoing.wire);
                if ours != Some(*wire) {
                    return Err(Refusal::new("not-what-was-sent", wire.to_string()));
                }
                let destroyed = Destroyed { at: *at, term: term.clone(), evidence: evidence.clone() };
                Ok(vec![Event::Destroyed { destroyed }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Queued { outgoing, at } => {
                self.outgoing = Some((**outgoing).clone());
                self.queued = Some(*at);
            }
            Event::Receipted { digest, at } => {
                self.receipt = Some(*digest);
                self.receipted = Some(*at);
            }
            Event::Tracked { ticket, state, at } => {
                let (ticket, state) = (ticket.clone(), state.clone());
                self.at_centre = Some(AtCentre { ticket, state, since: *at });
            }
            Event::Failed { code } => self.failure = Some(code.clone()),
            Event::Answered { response, .. } => {
                let settled = matches!(self.outcome, Some(Outcome::Used | Outcome::Rejected));
                if !settled || response.outcome == Outcome::Used {
                    self.outcome = Some(response.outcome);
                }
                self.answers.push((**response).clone());
            }
            Event::Requeued => {
                self.failure = None;
                self.tries += 1;
            }
            Event::Destroyed { destroyed } => self.destroyed = Some(destroyed.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(outgoing) = &self.outgoing else { return Vec::new() };
        match event {
            Event::Queued { .. } => vec![self.post(outgoing, facts), self.receipt_owed(outgoing, facts)],
            Event::Requeued => vec![self.post(outgoing, facts)],
            Event::Failed { .. } => {
                follow_paper(outgoing, facts, |kind, content, sent| kind.failed(content, sent, facts))
            }
            Event::Tracked { .. } | Event::Destroyed { .. } => Vec::new(),
            Event::Receipted { .. } => self.after_receipt(outgoing, facts),
            Event::Answered { response, evidence } => {
                let mut effects = after_answer(response, evidence, facts.case);
                effects.extend(follow_paper(outgoing, facts, |kind, content, sent| {
                    kind.answered(content, sent, response, facts)
                }));
                effects
            }
        }
    }

    fn summary(&self) -> Summary {
        let (Some(outgoing), Some(stage)) = (&self.outgoing, self.stage()) else { return Summary::default() };
        let kind = outgoing.document.kind();
        let settled = matches!(stage, Stage::Used | Stage::Rejected);
        Summary {
            stage: stage.word().into(),
            title: outgoing.document.number().to_owned(),
            partner: outgoing.to.to_string(),
            lane: Term::lane_of(kind, &outgoing.from, &outgoing.to),
            rung: self.rung(outgoing),
            due: None,
            severity: matches!(stage, Stage::Failed | Stage::Rejected).then_some(Severity::Error),
            closed: settled || (stage == Stage::Receipted && self.is_last_word(outgoing)),
            references: vec![
                Reference::new("message", outgoing.message_id.clone()),
                Reference::new("export", format!("{}:{}", outgoing.from, outgoing.document.number())),
                Reference::new("about", outgoing.about.as_str()),
            ],
            shown: json!({
                "kind": kind, "reference": outgoing.document.reference(), "message_id": outgoing.message_id,
                "wire": outgoing.wire, "receipt": self.receipt, "queued": self.queued,
                "receipted": self.receipted, "outcome": self.outcome, "failure": self.failure,
                "at_centre": self.at_centre, "about": outgoing.about, "basis": outgoing.admission.cite(), "withheld": outgoing.withheld,
                "destroyed": self.destroyed,
            }),
        }
    }
}

impl Sent {
    /// The case of an item sent to `to`: kind and the sender's reference.
    #[must_use]
    pub fn case_of(to: &NodeId, kind: &str, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{to}-{kind}-{reference}"))
    }

    /// What went out, once it is queued.
    #[must_use]
    pub const fn outgoing(&self) -> Option<&Outgoing> {
        self.outgoing.as_ref()
    }

    /// Where it stands at the centre between; `None` where it went straight or never reached it.
    #[must_use]
    pub const fn at_centre(&self) -> Option<&AtCentre> {
        self.at_centre.as_ref()
    }

    fn tracked(&self, ticket: &str, state: &str, now: Timestamp) -> Vec<Event> {
        let known = self.at_centre.as_ref().is_some_and(|at| at.ticket == ticket && at.state == state);
        let (ticket, state) = (ticket.to_owned(), state.to_owned());
        if known { Vec::new() } else { vec![Event::Tracked { ticket, state, at: now }] }
    }

    fn post(&self, outgoing: &Outgoing, facts: &Facts<'_>) -> Effect {
        Effect::Post { case: facts.case.clone(), digest: outgoing.wire }
    }

    fn receipt_owed(&self, outgoing: &Outgoing, facts: &Facts<'_>) -> Effect {
        owed("receipt", outgoing, outgoing.admission.term.delivery.total(), facts).open()
    }

    fn after_receipt(&self, outgoing: &Outgoing, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = vec![Owed::meet("receipt", facts.case, facts.case.clone())];
        match &outgoing.document {
            document @ (Document::Acdd(_) | Document::Paper(_)) if !document.is_answer() => {
                effects.extend(self.answers_owed(outgoing, facts));
            }
            document => effects.extend(told(document, outgoing, facts)),
        }
        effects.extend(follow_paper(outgoing, facts, |kind, content, sent| {
            kind.receipted(content, sent, facts)
        }));
        effects
    }

    /// The partner owes us whether it can use the item, and what came of it, where the term has clocks for that.
    fn answers_owed(&self, outgoing: &Outgoing, facts: &Facts<'_>) -> Vec<Effect> {
        let term = &outgoing.admission.term;
        let answer = term.answer_within.filter(|_| self.outcome.is_none());
        let wants_result = outgoing.document.wants_result() && self.outcome != Some(Outcome::Used);
        let result = term.result_within.filter(|_| wants_result);
        let answer = answer.map(|limit| owed("answer", outgoing, limit, facts).open());
        answer.into_iter().chain(result.map(|limit| owed("result", outgoing, limit, facts).open())).collect()
    }

    /// Whether the receipt is the last we expect to hear.
    fn is_last_word(&self, outgoing: &Outgoing) -> bool {
        let term = &outgoing.admission.term;
        let silent = term.answer_within.is_none() && term.result_within.is_none();
        match &outgoing.document {
            Document::Acdd(_) => false,
            Document::CustomsResponse(_) => true,
            document @ Document::Paper(_) => document.is_answer() || silent,
        }
    }

    /// How far our item climbed at the partner's, as far as the partner told us.
    fn rung(&self, outgoing: &Outgoing) -> u8 {
        match self.stage() {
            _ if outgoing.document.is_answer() => 0,
            Some(Stage::Receipted | Stage::Rejected) => 1,
            Some(Stage::Answered) => 2,
            Some(Stage::Used) => 6,
            Some(Stage::Queued | Stage::Failed) | None => 0,
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Receipted => "receipted",
            Self::Answered => "answered",
            Self::Used => "used",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

/// What the area of a paper wants to follow from what happened to it.
fn follow_paper(
    outgoing: &Outgoing,
    facts: &Facts<'_>,
    follow: impl FnOnce(&'static dyn Kind, &Value, &Dispatched<'_>) -> Vec<Effect>,
) -> Vec<Effect> {
    let Document::Paper(paper) = &outgoing.document else { return Vec::new() };
    let sent = Dispatched { case: facts.case, about: &outgoing.about, admission: &outgoing.admission };
    follow(paper.kind(), paper.content(), &sent)
}

/// The giver has our result: the item it is about is told.
fn told(document: &Document, outgoing: &Outgoing, facts: &Facts<'_>) -> Option<Effect> {
    let outcome = match document {
        Document::CustomsResponse(response) => Some(response.outcome),
        Document::Paper(paper) => {
            DocumentResponse::deserialize(paper.content()).ok().map(|answer| answer.response.outcome)
        }
        Document::Acdd(_) => None,
    };
    let tell = received::Act::Tell { evidence: facts.case.clone() };
    (outcome == Some(Outcome::Used)).then(|| Effect::act(outgoing.about.clone(), &tell))
}

fn owed(what: &str, outgoing: &Outgoing, limit: Limit, facts: &Facts<'_>) -> Owed {
    Owed {
        by: outgoing.to.clone(),
        to: outgoing.from.clone(),
        what: what.to_owned(),
        about: facts.case.clone(),
        source: outgoing.admission.cite(),
        due: limit.after(facts.now),
        escalation: outgoing.admission.term.steps(),
    }
}

fn after_answer(response: &Response, evidence: &CaseId, case: &CaseId) -> Vec<Effect> {
    let mut effects = vec![Owed::meet("answer", case, evidence.clone())];
    if response.outcome == Outcome::Used {
        effects.push(Owed::meet("result", case, evidence.clone()));
    }
    effects
}
