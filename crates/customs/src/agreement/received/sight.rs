//! The gate in front of every reading of a received item.

use jiff::Timestamp;
use kernel::Refusal;

use super::Received;
use crate::terms::Purpose;

impl Received {
    /// The gate in front of every reading: the purpose must be one of the term's; without a term only the exchange
    /// itself may look, to repair.
    pub(super) fn may_see(&self, purpose: Purpose, now: Timestamp) -> Result<(), Refusal> {
        if let Some(until) = self.keep_until.filter(|until| *until < now) {
            return Err(Refusal::new("kept-too-long", until.to_string()).remedy("destroy"));
        }
        let refused = |basis: String, allowed: &[Purpose]| {
            let allowed: Vec<_> = allowed.iter().map(|purpose| purpose.code()).collect();
            Err(Refusal::new("purpose-not-allowed", format!("{purpose} {basis}")).remedy(allowed.join(", ")))
        };
        match &self.admission {
            None if purpose == Purpose::Exchange => Ok(()),
            None => refused(String::new(), &[Purpose::Exchange]),
            Some(admission) if admission.term.allows(purpose) => Ok(()),
            Some(admission) => refused(admission.cite(), &admission.term.purposes),
        }
    }
}
