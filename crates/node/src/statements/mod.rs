//! Statements strangers can check: a certificate, a trusted trader's status, a transit document, each as a signed credential whose
//! standing a status list tells. They are made from a case as it stands; nothing is kept of them, and a case's place in the
//! list is the number of the entry that opened it.
//!
//! What they say is what the holder's own paper says: they go to the trader it was issued to, not to a partner.

mod list;
mod made;
mod voice;

pub use list::{StatusFault, number_of, place_of, status_list};
pub use made::{DESKS, credential, issue_for};
pub use voice::{Others, Voice, VoiceFault, others};
