//! What the heart needs from the envelope makers: finished bytes. The real ones sign; a simulation may use cheaper ones.

use customs::agreement::Protection;
use jiff::Timestamp;
use kernel::{NodeId, Refusal};
use store::Failure;

use crate::witness::Record;

/// A released document in its own bytes, and what its envelope must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel<'a> {
    /// Who receives it.
    pub to: &'a NodeId,
    /// The message's id, unique, without angle brackets.
    pub message_id: &'a str,
    /// The message this one answers.
    pub ref_to: Option<&'a str>,
    /// What ties the messages of one matter together.
    pub conversation: &'a str,
    /// The agreement it goes under.
    pub agreement: &'a str,
    /// The document kind, as terms name it.
    pub kind: &'a str,
    /// When it was made.
    pub at: Timestamp,
    /// The document's bytes.
    pub payload: &'a [u8],
    /// How it is protected.
    pub protection: Protection,
    /// What our record says of itself to this partner, where it has something new to say.
    pub witness: Option<&'a [u8]>,
}

/// A finished message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The message as a MIME entity: a `Content-Type` header line, an empty line, and the body.
    pub entity: Vec<u8>,
    /// What was signed in it, in the envelope makers' own form; a receipt is held against it.
    pub digests: Vec<u8>,
}

/// Makes envelopes. A call may sign, so it must not be repeated for the same message: the bytes are kept and sent again.
pub trait Seal: Send {
    /// Packs a message.
    ///
    /// # Errors
    /// Where the key refuses.
    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure>;

    /// Why nothing so protected can be packed for a partner now; `None` where it can.
    fn refuses(&self, _to: &NodeId, _protection: Protection, _at: Timestamp) -> Option<Refusal> {
        None
    }

    /// The record that vouches with its messages; `None` where none does.
    fn record(&self) -> Option<&dyn Record> {
        None
    }
}
