//! How an item came, and whether a live term lets it in.

use kernel::{CaseId, Digest, Facts, NodeId, Procedure as _};
use serde::{Deserialize, Serialize};

use super::super::admit;
use super::{Event, Received};

/// How an item came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Who gave it, by the certificate that signed it.
    pub from: NodeId,
    /// Who received it: us.
    pub to: NodeId,
    /// Document kind, as its envelope names it.
    pub kind: String,
    /// The message's id on the wire.
    pub message_id: String,
    /// The wire bytes.
    pub wire: Digest,
    /// The document's bytes as they came out of the envelope.
    pub payload: Digest,
}

impl Arrival {
    /// The case of the item: giver, kind and the digest of its wire bytes.
    #[must_use]
    pub fn case(&self) -> CaseId {
        CaseId::of(Received::NAME, format_args!("{}-{}-{}", self.from, self.kind, self.wire.short()))
    }
}

pub(super) fn arrived(arrival: &Arrival, facts: &Facts<'_>) -> Event {
    let arrival = Box::new(arrival.clone());
    match admit(facts.books, &arrival.kind, &arrival.from, &arrival.to, facts.day()) {
        Ok(admission) => {
            let keep_until = Some(admission.term.keep.after(facts.now));
            Event::Arrived { arrival, admission: Box::new(admission), keep_until }
        }
        Err(refusal) => Event::Quarantined { arrival, refusal },
    }
}
