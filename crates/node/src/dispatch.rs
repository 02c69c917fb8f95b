//! The one door outwards: what a live term releases is written, packed once, kept, and handed to the case that sends it.

use customs::agreement::{Document, Outgoing, Released, Schedule, Sent, SentAct, release};
use kernel::{CaseId, Digest, NodeId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Failure, Work};

use crate::act::{Turn, day_of, plain};
use crate::input::Declined;
use crate::paper;
use crate::seal::Parcel;

/// The sort of work that posts kept bytes to a partner.
pub(crate) const SEND: &str = "send";

/// The key of the work that posts an item's bytes.
pub(crate) fn send_key(case: &CaseId) -> String {
    format!("{SEND}/{case}")
}

/// What the sender needs to post an item's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The item's case.
    pub case: CaseId,
    /// Who receives.
    pub to: NodeId,
    /// The message's id.
    pub message_id: String,
    /// The kept MIME entity.
    pub wire: Digest,
    /// What was signed in it, kept beside it.
    pub digests: Digest,
    /// When it is tried again.
    pub schedule: Schedule,
}

impl Turn<'_> {
    /// Sends a document as far as a live term releases it. What is not released is told as declined; the area that
    /// asked had the same books before it and records why.
    pub(crate) fn dispatch(
        &mut self,
        to: &NodeId,
        kind: &str,
        document: Value,
        about: &CaseId,
    ) -> Result<(), Failure> {
        match self.released(to, kind, document) {
            Ok(released) => self.send(to, &released, about),
            Err(refusal) => {
                self.outputs.declined.push(Declined { case: about.clone(), act: SEND.to_owned(), refusal });
                Ok(())
            }
        }
    }

    fn released(&self, to: &NodeId, kind: &str, document: Value) -> Result<Released, Refusal> {
        let document = Document::read(kind, document)?;
        release(&self.world.shelf, &self.world.us, to, day_of(self.now), &document)
    }

    fn send(&mut self, to: &NodeId, released: &Released, about: &CaseId) -> Result<(), Failure> {
        let document = released.document();
        let case = Sent::case_of(to, document.kind(), document.reference());
        if self.change.case(&case)?.is_some() {
            let refusal = Refusal::new("already-sent", case.as_str());
            self.outputs.declined.push(Declined { case, act: SEND.to_owned(), refusal });
            return Ok(());
        }
        let protection = released.admission().term.delivery.protection;
        if let Some(refusal) = self.seal.refuses(to, protection, self.now) {
            self.outputs.declined.push(Declined { case, act: SEND.to_owned(), refusal });
            return Ok(());
        }
        let payload = paper::write(document);
        let message_id = message_id(&self.world.us, &case, &payload);
        let witness = self.witness_for(to)?;
        let packed = self.seal.pack(&Parcel {
            to,
            message_id: &message_id,
            ref_to: None,
            conversation: document.number(),
            agreement: &released.admission().agreement,
            kind: document.kind(),
            at: self.now,
            payload: &payload,
            protection,
            witness: witness.as_deref(),
        })?;
        let wire = self.change.keep_blob(&packed.entity)?;
        let digests = self.change.keep_blob(&packed.digests)?;
        let blobs = vec![wire, digests, self.change.keep_blob(&payload)?];
        let outgoing = Outgoing {
            from: self.world.us.clone(),
            to: to.clone(),
            about: about.clone(),
            admission: released.admission().clone(),
            document: document.clone(),
            withheld: released.withheld().iter().map(|field| (*field).to_owned()).collect(),
            message_id,
            wire,
        };
        let act = plain(&SentAct::Queue { outgoing: Box::new(outgoing) });
        self.follow(case, act, blobs)
    }

    /// Puts the posting of an item's kept bytes in as work, due now. The item's own case, as it stands, says to whom.
    pub(crate) fn post(&mut self, case: &CaseId, state: &Value, wire: Digest) -> Result<(), Failure> {
        let sent: Sent = Sent::deserialize(state).map_err(|error| unposted(case, &error.to_string()))?;
        let outgoing = sent.outgoing().ok_or_else(|| unposted(case, "nothing went out"))?;
        let posting = Posting {
            case: case.clone(),
            to: outgoing.to.clone(),
            message_id: outgoing.message_id.clone(),
            wire,
            digests: self.digests_of(case)?,
            schedule: outgoing.admission.term.delivery.clone(),
        };
        self.put_posting(&posting, self.now, 0)
    }

    /// What was signed in an item: the entry that queued it stands on it.
    fn digests_of(&self, case: &CaseId) -> Result<Digest, Failure> {
        let history = self.change.history(case)?;
        let queued = history.first().and_then(|(_, entry)| entry.blobs.get(1));
        queued.copied().ok_or_else(|| unposted(case, "its first entry names no digests"))
    }

    pub(crate) fn put_posting(
        &mut self,
        posting: &Posting,
        at: jiff::Timestamp,
        attempts: u32,
    ) -> Result<(), Failure> {
        let (key, body) = (send_key(&posting.case), plain(posting));
        self.put_work(Work { key, sort: SEND.to_owned(), at, attempts, body })
    }
}

/// The message's id: follows from who sends what in which case, so that nothing is drawn by lot.
fn message_id(us: &NodeId, case: &CaseId, payload: &[u8]) -> String {
    let about = format!("{us}\n{case}\n{}", Digest::of(payload));
    let digest = Digest::of(about.as_bytes()).to_string();
    let host: String = us.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}@{}.sampan", &digest[..32], host.to_ascii_lowercase())
}

fn unposted(case: &CaseId, why: &str) -> Failure {
    Failure::Unfit { what: format!("posting of {case}: {why}") }
}
