//! The one door inwards: what a partner's signature covers is kept first, then let in by a live term, then read.

use std::borrow::Cow;
use std::sync::Arc;

use customs::agreement::{Arrival, Protection, Received, ReceivedAct, Way, admit};
use exchange::Suite;
use kernel::{AnyAct, CaseId, Digest, Finding, Findings, NodeId, Place, Procedure as _, Refusal};
use store::{CaseRow, Claim, Failure, MessageState, Order, Query};

use crate::act::{Turn, day_of};
use crate::ahead::{ReadAhead, written};
use crate::codes;
use crate::content::{Attached, Content};
use crate::paper::{self, Envelope};
use crate::transport::suite_of;

/// A message whose envelope and signature were checked against the partner's pinned certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The partner, by the certificate that signed it.
    pub from: NodeId,
    /// The message's id.
    pub message_id: String,
    /// The document kind its envelope names.
    pub kind: String,
    /// What the signature covers, digested: two messages of one id are the same when this is the same.
    pub covered: Digest,
    /// The MIME entity as it came: the `Content-Type` line, an empty line, the body.
    pub wire: Content,
    /// The leading document's bytes, out of the envelope.
    pub payload: Content,
    /// What goes with the document.
    pub attached: Vec<Attached>,
    /// Which way it came.
    pub way: Way,
    /// How it was protected on the way.
    pub protection: Protection,
    /// In which suite it came, where its way has suites.
    pub suited: Option<Suited>,
    /// What the partner's record says of itself, where the message carried it.
    pub witness: Option<Vec<u8>>,
    /// What the document says, where it was read beside the heart already.
    pub reading: ReadAhead,
}

/// The suite a message came in, and the one messages of that partner usually come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suited {
    /// The one it came in.
    pub used: Suite,
    /// The strongest both sides have.
    pub usual: Suite,
}

/// What of a delivery is not as its term asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It came in clear where it is to be encrypted.
    NotEncrypted,
    /// It came in another suite.
    OtherSuite,
    /// It came through a centre where it is to come straight.
    OtherWay,
}

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Kept and let in; a receipt is owed. Also where the same message came before and was not answered yet.
    Accepted,
    /// Kept, not let in; the giver is told why. Also where the same message came before.
    Refused(Refusal),
    /// It came before and was answered with these bytes; it is answered alike.
    Answered(Vec<u8>),
    /// Its id came before with other content.
    Conflict,
    /// It came less protected than its term asks for; nothing of it was kept.
    Unprotected(Lack),
}

impl Turn<'_> {
    /// Keeps a delivery and takes it through the door. Everything happens within the caller's transaction, so that
    /// whatever was promised to the giver afterwards is on the disk.
    pub(crate) fn deliver(&mut self, delivery: &Delivery) -> Result<Delivered, Failure> {
        if let Some(lack) = self.lack_of(delivery) {
            return Ok(Delivered::Unprotected(lack));
        }
        let claim = self.change.claim(delivery.from.as_str(), &delivery.message_id, &delivery.covered)?;
        match claim {
            Claim::Conflict(_) => Ok(Delivered::Conflict),
            Claim::Known(state) => self.deliver_again(delivery, &state),
            Claim::New => self.deliver_first(delivery),
        }
    }

    /// What of it is less than the term it goes under asks for. What no term knows is kept out for that, whatever it is.
    fn lack_of(&self, delivery: &Delivery) -> Option<Lack> {
        // Wire bytes are kept as they come: with a code in clear they may not.
        if codes::carries_code(&delivery.kind) && !codes::is_sealed(delivery.way, delivery.protection) {
            return Some(Lack::NotEncrypted);
        }
        let day = day_of(self.now);
        let admission = admit(&self.world.shelf, &delivery.kind, &delivery.from, &self.world.us, day);
        let asked = admission.ok()?.term.delivery;
        match (delivery.way, asked.way) {
            (Way::Hub, Way::Direct) => return Some(Lack::OtherWay),
            // The hub's own connection is what protects there.
            (Way::Hub, Way::Hub) => return None,
            (Way::Direct, _) => {}
        }
        let other = |suited: Suited| suited.used != suite_of(asked.algorithms).unwrap_or(suited.usual);
        let open = asked.protection == Protection::SignedAndEncrypted;
        if open && delivery.protection == Protection::Signed {
            Some(Lack::NotEncrypted)
        } else if delivery.suited.is_some_and(other) {
            Some(Lack::OtherSuite)
        } else {
            None
        }
    }

    fn deliver_first(&mut self, delivery: &Delivery) -> Result<Delivered, Failure> {
        let kept = codes::kept(&delivery.kind, &delivery.payload);
        let (wire, payload) = (delivery.wire.keep(self.change)?, kept.keep(self.change)?);
        let mut blobs = vec![wire, payload];
        for attached in &delivery.attached {
            blobs.push(attached.content.keep(self.change)?);
        }
        // First what the record says, so that an answer to the message carries what we say of it.
        if let Some(witness) = &delivery.witness {
            self.take_witness(&delivery.from, witness)?;
        }
        let (arrival, content) = (
            arrival(delivery, &self.world.us, wire, payload),
            codes::read_from(&delivery.kind, &delivery.payload),
        );
        Ok(delivered(self.come_in(arrival, &content, (&delivery.reading, blobs))?))
    }

    /// The same message again: nothing is delivered twice, and the giver gets the answer it got or should have got. What
    /// was not let in is not answered for good: it knocks again.
    fn deliver_again(&mut self, delivery: &Delivery, state: &MessageState) -> Result<Delivered, Failure> {
        let Some(answer) = state.answer else {
            let Some(row) = self.item_of(delivery)? else { return Ok(Delivered::Accepted) };
            if let Some(arrival) = Some(&row).filter(|row| kept_out(row)).and_then(arrival_of) {
                let blobs = self.blobs_of(&arrival)?;
                let content = codes::read_from(&delivery.kind, &delivery.payload);
                return Ok(delivered(self.come_in(arrival, &content, (&delivery.reading, blobs))?));
            }
            return Ok(delivered(self.quarantine(&row.id)?));
        };
        let missing = || Failure::Damaged { place: format!("blob {answer}"), what: "missing".into() };
        Ok(Delivered::Answered(self.change.blob(&answer)?.ok_or_else(missing)?))
    }

    /// The item a message brought when it came first. A retry may be wrapped in other MIME bytes, so it is found by
    /// the message's id.
    fn item_of(&self, delivery: &Delivery) -> Result<Option<CaseRow>, Failure> {
        let query = Query {
            desk: Some(Received::NAME.into()),
            partner: Some(delivery.from.to_string()),
            reference: Some(("message".into(), delivery.message_id.clone())),
            order: Order::Oldest,
            limit: 1,
            ..Query::default()
        };
        Ok(self.change.cases(&query)?.rows.pop())
    }

    /// Why an item is not let in; `None` where it is.
    fn quarantine(&self, case: &CaseId) -> Result<Option<Refusal>, Failure> {
        let row = self.change.case(case)?;
        let item = row.as_ref().and_then(received);
        Ok(item.and_then(|item| item.quarantine().cloned()))
    }

    /// Sends kept bytes through the door again, for the case they belong to.
    pub(crate) fn admit_again(&mut self, case: &CaseId, payload: &Digest) -> Result<(), Failure> {
        let Some(arrival) = self.change.case(case)?.as_ref().and_then(arrival_of) else { return Ok(()) };
        let content = match self.change.long_blob(payload)? {
            Some(long) => Content::Long(long),
            None => self.change.blob(payload)?.ok_or_else(|| missing(payload))?.into(),
        };
        let blobs = self.blobs_of(&arrival)?;
        self.come_in(arrival, &content, (&ReadAhead::default(), blobs)).map(drop)
    }

    /// What was kept of an item when it came first.
    fn blobs_of(&self, arrival: &Arrival) -> Result<Vec<Digest>, Failure> {
        let kept = self.change.history(&arrival.case())?.into_iter().next().map(|(_, entry)| entry.blobs);
        Ok(kept.unwrap_or_else(|| vec![arrival.wire, arrival.payload]))
    }

    /// Arrives, and where it was let in, is read. Gives why it was not.
    fn come_in(
        &mut self,
        arrival: Arrival,
        payload: &Content,
        (reading, blobs): (&ReadAhead, Vec<Digest>),
    ) -> Result<Option<Refusal>, Failure> {
        let case = arrival.case();
        let arrive = ReceivedAct::Arrive { arrival: Box::new(arrival.clone()) };
        self.take_own(&case, AnyAct::of(arrive), blobs.clone())?;
        if let Some(refusal) = self.quarantine(&case)? {
            return Ok(Some(refusal));
        }
        let envelope = Envelope { from: &arrival.from, to: &arrival.to, kind: &arrival.kind };
        let (document, findings) = match (reading.take(), self.readable(payload)?) {
            (Some(read), _) => read,
            (None, Some(bytes)) => written(paper::read(&envelope, &bytes)),
            (None, None) => (None, too_long(payload)),
        };
        let read = ReceivedAct::Read { document, findings };
        self.take_own(&case, AnyAct::of(read), blobs)?;
        Ok(None)
    }

    /// A document's bytes, where it is short enough to be read.
    fn readable<'c>(&self, payload: &'c Content) -> Result<Option<Cow<'c, [u8]>>, Failure> {
        match payload {
            Content::Bytes(blob) => Ok(Some(Cow::Borrowed(blob.bytes()))),
            Content::Long(blob) if blob.length <= READ_MAX => {
                let bytes = self.change.blob(&blob.digest)?.ok_or_else(|| missing(&blob.digest))?;
                Ok(Some(Cow::Owned(bytes)))
            }
            Content::Long(_) => Ok(None),
        }
    }
}

fn delivered(refusal: Option<Refusal>) -> Delivered {
    refusal.map_or(Delivered::Accepted, Delivered::Refused)
}

fn too_long(payload: &Content) -> Findings {
    let finding = Finding::error("document-too-long", Place::at("/"));
    let mut findings = Findings::default();
    findings.push(finding.seen(&payload.length().to_string()).expected(READ_MAX.to_string()));
    findings
}

fn missing(digest: &Digest) -> Failure {
    Failure::Damaged { place: format!("blob {digest}"), what: "missing".into() }
}

/// The longest document that is read; what is longer goes with a document and is not one.
const READ_MAX: u64 = 16 << 20;

fn arrival(delivery: &Delivery, us: &NodeId, wire: Digest, payload: Digest) -> Arrival {
    Arrival {
        from: delivery.from.clone(),
        to: us.clone(),
        kind: delivery.kind.clone(),
        message_id: delivery.message_id.clone(),
        wire,
        payload,
    }
}

fn kept_out(row: &CaseRow) -> bool {
    received(row).is_some_and(|item| item.quarantine().is_some())
}

fn arrival_of(row: &CaseRow) -> Option<Arrival> {
    received(row)?.arrival().cloned()
}

/// A received item as its case has it.
pub(crate) fn received(row: &CaseRow) -> Option<Arc<Received>> {
    row.state.read::<Received>().ok()
}
