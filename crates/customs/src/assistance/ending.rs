//! The end of what a partner told us: once the term's time to keep is over its destruction is owed, and the order to destroy
//! it names the item it came in and the case that holds what it said.

use jiff::Timestamp;
use kernel::{CaseId, Effect};

use super::clocks::{DESTROY, Debt};
use crate::agreement::{Destruction, DestructionAct, Order, Proof};

/// The reminder that the time to keep is over.
pub(super) const KEEP_OVER: &str = "keep-over";
/// What lets the node and the officer end it.
pub(super) const KEEP: &str = "TFA 12.5: conditions on keeping and destruction";

/// What is destroyed, and by whose word.
pub(super) struct Ended<'a> {
    /// The item it came in.
    pub item: &'a CaseId,
    /// The giver's own number of it.
    pub reference: &'a str,
    /// How it is done, and who saw it.
    pub protocol: &'a str,
    /// Who ordered it.
    pub by: &'a str,
}

impl Debt<'_> {
    /// From now on it is owed that what was told is destroyed, where the term has a clock for that.
    pub(super) fn destruction(&self, now: Timestamp) -> Option<Effect> {
        self.open("destroy", DESTROY, now)
    }

    /// The order that the bytes go; where the term has a clock for it, the giver gets the proof.
    pub(super) fn destroy(&self, ended: &Ended<'_>) -> Effect {
        let asked = self.admission.term.clock("destroy").is_some();
        let order = Order {
            item: ended.item.clone(),
            about: self.about.clone(),
            reference: ended.reference.to_owned(),
            proof: if asked { Proof::Sent } else { Proof::Kept },
            protocol: ended.protocol.to_owned(),
            by: ended.by.to_owned(),
        };
        Effect::act(Destruction::case_of(ended.item), &DestructionAct::Order { order: Box::new(order) })
    }
}
