//! The one door inwards: what a partner's signature covers is kept first, then let in by a live term, then read.

use customs::agreement::{Arrival, Received, ReceivedAct};
use kernel::{CaseId, Digest, NodeId, Procedure as _, Refusal};
use serde::Deserialize as _;
use store::{CaseRow, Claim, Failure, MessageState, Order, Query};

use crate::act::{Turn, plain};
use crate::paper::{self, Envelope};

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
    pub wire: Vec<u8>,
    /// The leading document's bytes, out of the envelope.
    pub payload: Vec<u8>,
    /// What the partner's record says of itself, where the message carried it.
    pub witness: Option<Vec<u8>>,
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
}

impl Turn<'_> {
    /// Keeps a delivery and takes it through the door. Everything happens within the caller's transaction, so that
    /// whatever was promised to the giver afterwards is on the disk.
    pub(crate) fn deliver(&mut self, delivery: &Delivery) -> Result<Delivered, Failure> {
        let claim = self.change.claim(delivery.from.as_str(), &delivery.message_id, &delivery.covered)?;
        match claim {
            Claim::Conflict(_) => Ok(Delivered::Conflict),
            Claim::Known(state) => self.deliver_again(delivery, &state),
            Claim::New => self.deliver_first(delivery),
        }
    }

    fn deliver_first(&mut self, delivery: &Delivery) -> Result<Delivered, Failure> {
        let (wire, payload) =
            (self.change.keep_blob(&delivery.wire)?, self.change.keep_blob(&delivery.payload)?);
        // First what the record says, so that an answer to the message carries what we say of it.
        if let Some(witness) = &delivery.witness {
            self.take_witness(&delivery.from, witness)?;
        }
        self.come_in(arrival(delivery, &self.world.us, wire, payload), &delivery.payload)?;
        self.outcome_of(delivery)
    }

    /// The same message again: nothing is delivered twice, and the giver gets the answer it got or should have got. What
    /// was not let in is not answered for good: it knocks again.
    fn deliver_again(&mut self, delivery: &Delivery, state: &MessageState) -> Result<Delivered, Failure> {
        let Some(answer) = state.answer else {
            let row = self.item_of(delivery)?;
            if let Some(arrival) = row.as_ref().filter(|row| kept_out(row)).and_then(arrival_of) {
                self.admit_again(&arrival.case(), &arrival.payload)?;
            }
            return self.outcome_of(delivery);
        };
        let missing = || Failure::Damaged { place: format!("blob {answer}"), what: "missing".into() };
        Ok(Delivered::Answered(self.change.blob(&answer)?.ok_or_else(missing)?))
    }

    fn outcome_of(&self, delivery: &Delivery) -> Result<Delivered, Failure> {
        let item = self.item_of(delivery)?.as_ref().and_then(received);
        Ok(item.and_then(|item| item.quarantine().cloned()).map_or(Delivered::Accepted, Delivered::Refused))
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
        Ok(row.as_ref().and_then(received).and_then(|item| item.quarantine().cloned()))
    }

    /// Sends kept bytes through the door again, for the case they belong to.
    pub(crate) fn admit_again(&mut self, case: &CaseId, payload: &Digest) -> Result<(), Failure> {
        let Some(arrival) = self.change.case(case)?.as_ref().and_then(arrival_of) else { return Ok(()) };
        let missing = || Failure::Damaged { place: format!("blob {payload}"), what: "missing".into() };
        let bytes = self.change.blob(payload)?.ok_or_else(missing)?;
        self.come_in(arrival, &bytes)
    }

    /// Arrives, and where it was let in, is read.
    fn come_in(&mut self, arrival: Arrival, payload: &[u8]) -> Result<(), Failure> {
        let case = arrival.case();
        let blobs = vec![arrival.wire, arrival.payload];
        let arrive = ReceivedAct::Arrive { arrival: Box::new(arrival.clone()) };
        self.take_own(&case, plain(&arrive), blobs.clone())?;
        if self.quarantine(&case)?.is_some() {
            return Ok(());
        }
        let envelope = Envelope { from: &arrival.from, to: &arrival.to, kind: &arrival.kind };
        let (document, findings) = paper::read(&envelope, payload);
        let read = ReceivedAct::Read { document: document.map(Box::new), findings };
        self.take_own(&case, plain(&read), blobs)
    }
}

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
pub(crate) fn received(row: &CaseRow) -> Option<Received> {
    Received::deserialize(&row.state).ok()
}
