//! The destruction of what a partner told, once its term no longer lets us keep it: which bytes, by which term, and the proof
//! of it that goes to the giver where the term asks for one.
//!
//! What stays is the record of it: the digests of what is gone, and of each event that spoke of it what was not the
//! partner's to tell (`Procedure::spared`). Source: WTO Trade Facilitation Agreement, article 12.5 (conditions on keeping
//! and disposal).

use jiff::Timestamp;
use kernel::{
    CaseId, Digest, Effect, Facts, Finding, Findings, NodeId, Offer, Procedure, Reference, Refusal, Role,
    Severity, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::kind::{Arrived, Dispatched, Ending, Writing};
use super::received;
use super::sent::{Act as SentAct, Sent};
use super::{Class, Document, FieldClass, Paper, field};
use crate::macros::{named, stages};
use crate::roles::{DIRECTOR, EXCHANGE, REVIEWER};

/// The destruction of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Destruction {
    stage: Option<Stage>,
    order: Option<Order>,
    gone: Option<Gone>,
    told: Option<CaseId>,
}

/// What is to be destroyed, and by whose word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The received item.
    pub item: CaseId,
    /// The case that holds what it said.
    pub about: CaseId,
    /// The giver's own number of it.
    pub reference: String,
    /// Whether the giver is sent a proof.
    pub proof: Proof,
    /// How it is done, and who saw it.
    pub protocol: String,
    /// Who ordered it.
    pub by: String,
}

/// Whether the giver is sent a proof of a destruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The term asks for one.
    Sent,
    /// It does not.
    Kept,
}

/// What is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Who gave it.
    pub giver: NodeId,
    /// What kind of document it was.
    pub kind: String,
    /// The id of the message it came in.
    pub message_id: String,
    /// The digest of the message as it came.
    pub wire: Digest,
    /// The digest of the document in it.
    pub payload: Digest,
    /// The term under which it was kept.
    pub term: String,
    /// Until when that let us keep it.
    pub keep_until: Option<Timestamp>,
    /// The digests of everything that is gone: message, document, what came with it, and events that spoke of it.
    pub blobs: Vec<Digest>,
}

stages! {
    /// To be done.
    Ordered = "ordered",
    /// The bytes are gone.
    Carried = "carried-out",
    /// The giver has the proof.
    Told = "told",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Something is to be destroyed.
    Order {
        /// What.
        order: Box<Order>,
    },
    /// It is.
    CarryOut {
        /// What is gone.
        gone: Box<Gone>,
    },
    /// The giver's receipt for the proof is here.
    Deliver {
        /// The sent item.
        evidence: CaseId,
    },
}

named! { Order = "order", CarryOut = "carry-out", Deliver = "deliver", }

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Ordered.
    Ordered {
        /// What.
        order: Box<Order>,
    },
    /// Gone.
    CarriedOut {
        /// What.
        gone: Box<Gone>,
        /// When.
        at: Timestamp,
    },
    /// The giver knows.
    Told {
        /// The sent item.
        evidence: CaseId,
    },
}

const KEEP: &str = "TFA 12.5; the term's time to keep";

impl Procedure for Destruction {
    const NAME: &'static str = "destruction";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("order", Role::NODE, KEEP),
        Offer::at(Stage::Ordered, "carry-out", Role::NODE, KEEP),
        Offer::at(Stage::Carried, "deliver", Role::NODE, "the giver's signed receipt"),
    ];
    const READERS: &'static [Role] = &[EXCHANGE, DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Order { order } => Event::Ordered { order: order.clone() },
            Act::CarryOut { gone } => Event::CarriedOut { gone: gone.clone(), at: facts.now },
            Act::Deliver { evidence } => Event::Told { evidence: evidence.clone() },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Ordered { order } => {
                self.stage = Some(Stage::Ordered);
                self.order = Some((**order).clone());
            }
            Event::CarriedOut { gone, .. } => {
                self.stage = Some(Stage::Carried);
                self.gone = Some((**gone).clone());
            }
            Event::Told { evidence } => {
                self.stage = Some(Stage::Told);
                self.told = Some(evidence.clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::CarriedOut { gone, at } => self.proof(gone, *at, facts).into_iter().collect(),
            Event::Ordered { .. } | Event::Told { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(order)) = (self.stage, &self.order) else { return Summary::default() };
        let gone = self.gone.as_ref();
        let awaited = order.proof == Proof::Sent && stage == Stage::Carried;
        Summary {
            stage: stage.word().into(),
            title: order.reference.clone(),
            partner: gone.map_or_else(String::new, |gone| gone.giver.to_string()),
            severity: (stage == Stage::Ordered).then_some(Severity::Warning),
            closed: stage == Stage::Told || (stage == Stage::Carried && !awaited),
            references: vec![
                Reference::new("item", order.item.as_str()),
                Reference::new("about", order.about.as_str()),
            ],
            shown: json!({
                "kind": gone.map(|gone| &gone.kind), "term": gone.map(|gone| &gone.term),
                "keep_until": gone.and_then(|gone| gone.keep_until), "wire": gone.map(|gone| gone.wire),
                "payload": gone.map(|gone| gone.payload), "blobs": gone.map(|gone| gone.blobs.len()),
                "protocol": order.protocol, "by": order.by, "proof": order.proof,
            }),
            ..Summary::default()
        }
    }
}

impl Destruction {
    /// The case of the destruction of an item.
    #[must_use]
    pub fn case_of(item: &CaseId) -> CaseId {
        CaseId::of(Self::NAME, item.key())
    }

    /// What is to be destroyed.
    #[must_use]
    pub const fn order(&self) -> Option<&Order> {
        self.order.as_ref()
    }

    /// What is gone.
    #[must_use]
    pub const fn gone(&self) -> Option<&Gone> {
        self.gone.as_ref()
    }

    fn proof(&self, gone: &Gone, at: Timestamp, facts: &Facts<'_>) -> Option<Effect> {
        let order = self.order.as_ref().filter(|order| order.proof == Proof::Sent)?;
        let notice = DestructionNotice {
            reference: facts.case.key().to_owned(),
            of: order.reference.clone(),
            kind: gone.kind.clone(),
            message_id: gone.message_id.clone(),
            wire: Some(gone.wire),
            payload: Some(gone.payload),
            term: gone.term.clone(),
            keep_until: gone.keep_until,
            at: Some(at),
        };
        Some(Effect::send(gone.giver.clone(), DestructionNotice::KIND, &notice, facts.case.clone()))
    }
}

/// The proof of a destruction, as it goes to the giver: it holds the digests against what it sent, and can have the
/// entry that says so proven from a record whose checkpoints it signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DestructionNotice {
    /// The notice's own number.
    pub reference: String,
    /// The giver's number of what is gone.
    pub of: String,
    /// What kind of document it was.
    pub kind: String,
    /// The id of the message it came in.
    pub message_id: String,
    /// The digest of the message as it came.
    pub wire: Option<Digest>,
    /// The digest of the document in it.
    pub payload: Option<Digest>,
    /// The term under which it was kept.
    pub term: String,
    /// Until when that let it be kept.
    pub keep_until: Option<Timestamp>,
    /// When it was destroyed.
    pub at: Option<Timestamp>,
}

/// What the record keeps of the reading of an item whose content may have to be destroyed.
pub(super) fn spared(event: &received::Event) -> Option<received::Event> {
    let received::Event::Understood { document, findings } = event else { return None };
    let document = without_content(document)?.into();
    let mut blank = Findings::new();
    for finding in findings.iter() {
        blank.push(Finding { seen: String::new(), ..finding.clone() });
    }
    Some(received::Event::Understood { document, findings: blank })
}

/// A document of a kind that is destroyed when its time is over, with what tells it from others and nothing else.
fn without_content(document: &Document) -> Option<Document> {
    let Document::Paper(paper) = document else { return None };
    let kind = paper.kind();
    if kind.ending() != Ending::Destroyed {
        return None;
    }
    let mut content = paper.content().clone();
    let keys =
        |name: &str| kind.fields().iter().any(|field| field.field == name && field.class == Class::Key);
    content.as_object_mut()?.retain(|name, _| keys(name));
    Paper::read(kind.name(), content).ok().map(Document::Paper)
}

const PROOF: &str = "TFA 12.5";

impl Writing for DestructionNotice {
    const KIND: &'static str = "destruction-notice";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, PROOF),
        field("of", Class::Key, PROOF),
        field("kind", Class::Key, PROOF),
        field("message_id", Class::Key, PROOF),
        field("wire", Class::Key, PROOF),
        field("payload", Class::Key, PROOF),
        field("term", Class::Key, PROOF),
        field("keep_until", Class::Key, PROOF),
        field("at", Class::Key, PROOF),
    ];
    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.of
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let (Some(wire), Some(at)) = (self.wire, self.at) else { return Vec::new() };
        let sent = Sent::case_of(&item.arrival.from, &self.kind, &self.of);
        let act = SentAct::NoteDestroyed { wire, at, term: self.term.clone(), evidence: item.case.clone() };
        vec![Effect::act(sent, &act)]
    }

    fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        vec![Effect::act(sent.about.clone(), &Act::Deliver { evidence: sent.case.clone() })]
    }
}
