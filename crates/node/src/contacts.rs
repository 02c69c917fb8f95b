//! How it goes with each partner: the last receipt, how long it took, the last time it was heard, what failed last. Kept in
//! memory: it says how things are, and the record says how they were.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use kernel::NodeId;

/// How it goes with one partner since the node started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// When its last receipt was proved.
    pub receipted: Option<Timestamp>,
    /// How long that exchange took, from the first byte out to the proved receipt.
    pub latency: Option<Duration>,
    /// When a message of its own was proved last.
    pub heard: Option<Timestamp>,
    /// When its last ping came.
    pub pinged: Option<Timestamp>,
    /// The last try that brought no receipt: when, and the error code.
    pub failed: Option<(Timestamp, String)>,
    /// Until when nothing is sent to it, after too many tries did not reach it.
    pub rests_until: Option<Timestamp>,
    /// How many tries in a row brought none.
    pub failures: u32,
}

/// How it goes with all partners. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contacts(Arc<Mutex<BTreeMap<NodeId, Contact>>>);

impl Contacts {
    /// A receipt was proved.
    pub(crate) fn receipted(&self, partner: &NodeId, at: Timestamp, latency: Duration) {
        self.change(partner, |contact| {
            contact.receipted = Some(at);
            contact.latency = Some(latency);
            contact.failures = 0;
        });
    }

    /// A try brought no receipt.
    pub(crate) fn failed(&self, partner: &NodeId, at: Timestamp, code: &str) {
        self.change(partner, |contact| {
            contact.failed = Some((at, code.to_owned()));
            contact.failures = contact.failures.saturating_add(1);
        });
    }

    /// It is left alone until then, or not any more.
    pub(crate) fn rests(&self, partner: &NodeId, until: Option<Timestamp>) {
        self.change(partner, |contact| contact.rests_until = until);
    }

    /// A message of the partner's was proved.
    pub(crate) fn heard(&self, partner: &NodeId, at: Timestamp) {
        self.change(partner, |contact| contact.heard = Some(at));
    }

    /// A ping of the partner's was proved.
    pub(crate) fn pinged(&self, partner: &NodeId, at: Timestamp) {
        self.change(partner, |contact| {
            contact.heard = Some(at);
            contact.pinged = Some(at);
        });
    }

    /// How it goes with one.
    pub(crate) fn with(&self, partner: &NodeId) -> Contact {
        self.lock().get(partner).cloned().unwrap_or_default()
    }

    /// How it goes with all that were in contact.
    pub(crate) fn all(&self) -> BTreeMap<NodeId, Contact> {
        self.lock().clone()
    }

    fn change(&self, partner: &NodeId, change: impl FnOnce(&mut Contact)) {
        change(self.lock().entry(partner.clone()).or_default());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<NodeId, Contact>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_ends_a_row_of_failures_and_keeps_what_failed_last() {
        let (contacts, th, at) = (Contacts::default(), NodeId::new("TH"), Timestamp::UNIX_EPOCH);
        contacts.failed(&th, at, "EBMS:0005");
        contacts.failed(&th, at, "EBMS:0301");
        assert_eq!(contacts.with(&th).failures, 2);
        contacts.receipted(&th, at, Duration::from_millis(7));
        let contact = contacts.with(&th);
        assert_eq!((contact.failures, contact.latency), (0, Some(Duration::from_millis(7))));
        assert_eq!(contact.failed, Some((at, "EBMS:0301".to_owned())));
        assert_eq!(contacts.with(&NodeId::new("LA")), Contact::default());
    }
}
