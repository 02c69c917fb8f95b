//! A verification: the importing side asks the issuing side whether a certificate is genuine and true, with a clock.
//!
//! The same procedure runs on both sides: ours asked, ours answering. How long an answer may take is the term's clock
//! `reply`; when it runs out without an answer the preference may be refused, and the case says so.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::certificate::Act as CertificateAct;
use super::outgoing::{CertificateQuery, CertificateReply, Verified};
use super::paper::About;
use crate::agreement::{Term, Writing as _, term_in_force};
use crate::roles::{ANALYST, EXCHANGE};

/// One verification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    side: Option<Side>,
    us: NodeId,
    them: NodeId,
    query: CertificateQuery,
    due: Option<Timestamp>,
    reply: Option<CertificateReply>,
    lapsed: bool,
    concluded: Option<String>,
}

/// Which side we are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// We ask.
    Asking,
    /// We are asked.
    Asked,
}

/// Where a verification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// We asked; no answer yet.
    Sent,
    /// We were asked and owe an answer.
    Received,
    /// The answer is here, or ours is out.
    Answered,
    /// The clock ran out without an answer.
    Lapsed,
    /// What follows for the preference was decided.
    Concluded,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// We ask.
    Ask {
        /// The question.
        query: Box<CertificateQuery>,
        /// Us.
        us: NodeId,
        /// The issuing side.
        to: NodeId,
    },
    /// A partner asks.
    Receive {
        /// The question.
        query: Box<CertificateQuery>,
        /// Who asks.
        from: NodeId,
        /// Us.
        us: NodeId,
        /// The received item.
        item: CaseId,
    },
    /// We answer.
    Reply {
        /// What was established.
        outcome: Verified,
        /// More, in words.
        #[serde(default)]
        text: String,
    },
    /// The answer arrived.
    Answer {
        /// The answer.
        reply: Box<CertificateReply>,
        /// The received item.
        item: CaseId,
    },
    /// The clock ran out.
    Lapse,
    /// What follows for the preference.
    Conclude {
        /// `preference-stands` or `preference-refused`.
        decision: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::Receive { .. } => "receive",
            Self::Reply { .. } => "reply",
            Self::Answer { .. } => "answer",
            Self::Lapse => "lapse",
            Self::Conclude { .. } => "conclude",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Asked.
    Asked {
        /// The question.
        query: Box<CertificateQuery>,
        /// Us.
        us: NodeId,
        /// The issuing side.
        to: NodeId,
        /// Until when an answer is awaited; open where the term has no clock.
        due: Option<Timestamp>,
    },
    /// We were asked.
    Received {
        /// The question.
        query: Box<CertificateQuery>,
        /// Who asks.
        from: NodeId,
        /// Us.
        us: NodeId,
        /// Until when we owe the answer.
        due: Option<Timestamp>,
    },
    /// We answered.
    Replied {
        /// The answer.
        reply: Box<CertificateReply>,
    },
    /// The answer arrived.
    Answered {
        /// The answer.
        reply: Box<CertificateReply>,
        /// The received item.
        item: CaseId,
    },
    /// No answer in time.
    Lapsed,
    /// Decided.
    Concluded {
        /// What.
        decision: String,
    },
}

const CHECK: &str = "the scheme's operational certification procedure: retroactive check";

impl Procedure for Verification {
    const NAME: &'static str = "verification";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("ask", EXCHANGE, CHECK),
        Offer::opening("ask", ANALYST, CHECK),
        Offer::opening("receive", Role::NODE, CHECK),
        Offer::at(Stage::Received, "reply", EXCHANGE, CHECK),
        Offer::at(Stage::Sent, "answer", Role::NODE, CHECK),
        Offer::at(Stage::Sent, "lapse", Role::NODE, "the term's clock"),
        Offer::at(Stage::Lapsed, "answer", Role::NODE, "a late answer is still an answer"),
        Offer::at(Stage::Lapsed, "conclude", EXCHANGE, CHECK),
        Offer::at(Stage::Answered, "conclude", EXCHANGE, CHECK),
        Offer::at(Stage::Concluded, "answer", Role::NODE, "a late answer is still an answer"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "ask",
            &[
                Field::needed("us", Sort::Partner),
                Field::needed("to", Sort::Partner),
                Field::needed("query.issuer", Sort::Country),
                Field::needed("query.kind", Sort::Text(35)),
                Field::needed("query.number", Sort::Text(70)),
                Field::needed(
                    "query.reason",
                    Sort::Choice("query-reason", &["random", "authenticity", "origin", "formal"]),
                ),
                Field::optional("query.questions", Sort::Words(20)),
            ],
        ),
        Form::of(
            "reply",
            &[
                Field::needed(
                    "outcome",
                    Sort::Choice("verified", &["genuine", "genuine-untrue", "forged", "unknown"]),
                ),
                Field::optional("text", Sort::LongText(2_000)),
            ],
        ),
        Form::of("conclude", &[Field::needed("decision", Sort::Choice("preference-decision", &DECISIONS))]),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        let side = self.side?;
        Some(match (&self.concluded, &self.reply, self.lapsed, side) {
            (Some(_), ..) => Stage::Concluded,
            (None, Some(_), ..) => Stage::Answered,
            (None, None, true, _) => Stage::Lapsed,
            (None, None, false, Side::Asking) => Stage::Sent,
            (None, None, false, Side::Asked) => Stage::Received,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Ask { query, us, to } => asked(query, us, to, facts),
            Act::Receive { query, from, us, .. } => {
                let due = clock(from, us, facts).map(|(_, due)| due);
                let (query, from, us) = (query.clone(), from.clone(), us.clone());
                Ok(vec![Event::Received { query, from, us, due }])
            }
            Act::Reply { outcome, text } => {
                Ok(vec![Event::Replied { reply: Box::new(self.reply(*outcome, text)) }])
            }
            Act::Answer { reply, item } => {
                Ok(vec![Event::Answered { reply: reply.clone(), item: item.clone() }])
            }
            Act::Lapse => Ok(vec![Event::Lapsed]),
            Act::Conclude { decision } if !DECISIONS.contains(&decision.as_str()) => {
                Err(Refusal::new("reason-unknown", decision.clone()).remedy(DECISIONS.join(", ")))
            }
            Act::Conclude { decision } => Ok(vec![Event::Concluded { decision: decision.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Asked { query, us, to, due } => {
                self.side = Some(Side::Asking);
                (self.us, self.them, self.query, self.due) =
                    (us.clone(), to.clone(), (**query).clone(), *due);
            }
            Event::Received { query, from, us, due } => {
                self.side = Some(Side::Asked);
                (self.us, self.them, self.query, self.due) =
                    (us.clone(), from.clone(), (**query).clone(), *due);
            }
            Event::Replied { reply } | Event::Answered { reply, .. } => self.reply = Some((**reply).clone()),
            Event::Lapsed => self.lapsed = true,
            Event::Concluded { decision } => self.concluded = Some(decision.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Asked { query, to, due, .. } => {
                let send = Effect::send(to.clone(), CertificateQuery::KIND, &**query, facts.case.clone());
                let noted = CertificateAct::NoteVerification { verification: facts.case.clone() };
                let mut effects = vec![send, Effect::act(self.about().case(), &noted)];
                effects.extend(due.map(|due| Effect::wake("lapse", due, &Act::Lapse)));
                effects.extend(self.owed(&self.them, &self.us, facts).map(Owed::open));
                effects
            }
            Event::Received { .. } => {
                self.owed(&self.us, &self.them, facts).map(Owed::open).into_iter().collect()
            }
            Event::Replied { reply } => vec![
                Effect::send(self.them.clone(), CertificateReply::KIND, &**reply, facts.case.clone()),
                Owed::meet(OWED, facts.case, facts.case.clone()),
            ],
            Event::Answered { item, reply } => {
                let untrue = matches!(reply.outcome, Verified::Forged | Verified::GenuineUntrue);
                let mut effects =
                    vec![Effect::Rest { name: "lapse".into() }, Owed::meet(OWED, facts.case, item.clone())];
                effects.extend(untrue.then(|| self.refuted(&format!("{:?}", reply.outcome).to_lowercase())));
                effects
            }
            Event::Concluded { decision } if decision == "preference-refused" => vec![self.refuted(decision)],
            Event::Lapsed | Event::Concluded { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage() else { return Summary::default() };
        let open = matches!(stage, Stage::Sent | Stage::Received);
        let forged = self
            .reply
            .as_ref()
            .is_some_and(|reply| matches!(reply.outcome, Verified::Forged | Verified::GenuineUntrue));
        Summary {
            stage: stage.word().into(),
            title: self.query.number.clone(),
            partner: self.them.to_string(),
            lane: Term::lane_of(CertificateQuery::KIND, &self.us, &self.them),
            due: self.due.filter(|_| open),
            severity: match stage {
                Stage::Lapsed => Some(Severity::Warning),
                Stage::Answered if forged => Some(Severity::Error),
                _ => None,
            },
            closed: stage == Stage::Concluded || (stage == Stage::Answered && self.side == Some(Side::Asked)),
            references: vec![Reference::new("certificate", self.query.number.clone())],
            shown: json!({
                "side": self.side, "kind": self.query.kind, "reason": self.query.reason,
                "questions": self.query.questions, "due": self.due,
                "outcome": self.reply.as_ref().map(|reply| reply.outcome),
                "text": self.reply.as_ref().map(|reply| &reply.text), "decision": self.concluded,
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
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Answered => "answered",
            Self::Lapsed => "lapsed",
            Self::Concluded => "concluded",
        }
    }
}

impl Verification {
    /// The case of a question, by who asks and its reference.
    #[must_use]
    pub fn case_of(asker: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{asker}-{reference}"))
    }

    fn about(&self) -> About {
        let CertificateQuery { issuer, kind, number, .. } = &self.query;
        About { issuer: issuer.clone(), kind: kind.clone(), number: number.clone() }
    }

    /// The certificate hears that it is not believed any more.
    fn refuted(&self, reason: &str) -> Effect {
        Effect::act(self.about().case(), &CertificateAct::Refute { reason: reason.to_owned() })
    }

    fn reply(&self, outcome: Verified, text: &str) -> CertificateReply {
        CertificateReply {
            reference: format!("{}-reply", self.query.reference),
            country: crate::terms::Country::new(self.us.as_str()),
            answers: self.query.reference.clone(),
            number: self.query.number.clone(),
            outcome,
            text: text.trim().to_owned(),
        }
    }

    fn owed(&self, by: &NodeId, to: &NodeId, facts: &Facts<'_>) -> Option<Owed> {
        let asker = if self.side == Some(Side::Asking) { &self.us } else { &self.them };
        let asked = if self.side == Some(Side::Asking) { &self.them } else { &self.us };
        let standing = term_in_force(facts.books, CertificateQuery::KIND, asker, asked, facts.day())?;
        Some(Owed {
            by: by.clone(),
            to: to.clone(),
            what: OWED.into(),
            about: facts.case.clone(),
            source: standing.cite(),
            due: self.due?,
            escalation: standing.term.steps(),
        })
    }
}

fn asked(
    query: &CertificateQuery,
    us: &NodeId,
    to: &NodeId,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if query.number.trim().is_empty() {
        return Err(Refusal::new("value-missing", "number").remedy("number"));
    }
    let standing = term_in_force(facts.books, CertificateQuery::KIND, us, to, facts.day());
    let lane = || Term::lane_of(CertificateQuery::KIND, us, to);
    standing.ok_or_else(|| Refusal::new("no-live-term", lane()).remedy("agreement"))?;
    let due = clock(us, to, facts).map(|(_, due)| due);
    let mut query = query.clone();
    let own = facts.case.key().strip_prefix(us.as_str()).and_then(|rest| rest.strip_prefix('-'));
    let own = own.filter(|own| query.reference.is_empty() || query.reference == *own);
    let own = own
        .ok_or_else(|| Refusal::new("id-malformed", facts.case.as_str()).remedy(format!("{us}-REFERENCE")))?;
    own.clone_into(&mut query.reference);
    Ok(vec![Event::Asked { query: Box::new(query), us: us.clone(), to: to.clone(), due }])
}

/// The term's clock for an answer, and when it runs out.
fn clock(asker: &NodeId, asked: &NodeId, facts: &Facts<'_>) -> Option<(kernel::Limit, Timestamp)> {
    let standing = term_in_force(facts.books, CertificateQuery::KIND, asker, asked, facts.day())?;
    let limit = standing.term.clock("reply").or(standing.term.result_within)?;
    Some((limit, limit.after(facts.now)))
}

/// What is owed, as obligations name it.
const OWED: &str = "certificate-reply";
/// What a verification can be concluded with.
pub const DECISIONS: [&str; 2] = ["preference-stands", "preference-refused"];
