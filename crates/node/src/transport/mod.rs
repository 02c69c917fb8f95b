//! The ways messages take from one party to another. Each makes the bytes that are kept and sent, reads the bytes that come,
//! and says what an answer means. None of them moves a byte: the rim does, and in a simulation its wire.
//!
//! ```text
//! as4.rs       from node to node: signed, encrypted, receipted      (exchange)
//! hub.rs       through the IPPC ePhyto hub, which keeps what nobody has fetched yet      (exchange::hub)
//! letters.rs   within one process: a digest in the place of a signature, for simulations and tests
//! ways.rs      whichever of them a lane takes
//! ```

mod as4;
mod hub;
mod letters;
mod ways;

use customs::agreement::{Schedule, Way};
use jiff::Timestamp;
use kernel::{NodeId, Refusal};
use store::Failure;

use crate::admit::Delivery;
use crate::content::Attached;
use crate::input::Retry;
use crate::witness::Record;

pub use as4::As4;
pub(crate) use as4::{Carried, Refused, delivery, profile, properties, prove, suite_of};
pub(crate) use hub::{HubWay, NOT_THERE, OTHER, REFUSED};
pub use letters::Letters;
pub(crate) use ways::Ways;

/// One way messages take.
pub trait Transport: Send {
    /// Why nothing so asked for can be packed now; `None` where it can.
    fn refuses(&self, _asked: Asked<'_>) -> Option<Refusal> {
        None
    }

    /// Whether it packs what goes with a document in the same call; where it does not, the rim packs it from the disk.
    fn encloses(&self) -> bool {
        false
    }

    /// Packs a message. A call may sign, so it must not be repeated for the same message: the bytes are kept and sent
    /// again.
    ///
    /// # Errors
    /// Where a key refuses.
    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure>;

    /// The delivery that bytes are which came this way.
    ///
    /// # Errors
    /// Why they are none, in words.
    fn open(&self, entity: &[u8], at: Timestamp) -> Result<Delivery, String>;

    /// What an answer to a message of ours says.
    fn hear(&self, posted: Posted<'_>, answer: &[u8], at: Timestamp) -> Heard;

    /// The record that vouches with its messages; `None` where none does.
    fn record(&self) -> Option<&dyn Record> {
        None
    }
}

/// What is to be packed, before there are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Who receives it.
    pub to: &'a NodeId,
    /// The document kind, as terms name it.
    pub kind: &'a str,
    /// How its term has it travel.
    pub delivery: &'a Schedule,
    /// When.
    pub at: Timestamp,
}

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
    /// How its term has it travel.
    pub delivery: &'a Schedule,
    /// What our record says of itself to this partner, where it has something new to say.
    pub witness: Option<&'a [u8]>,
    /// What goes with the document, where the way encloses it.
    pub enclosed: &'a [Attached],
}

/// A finished message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The message as a MIME entity: a `Content-Type` header line, an empty line, and the body.
    pub entity: Vec<u8>,
    /// What an answer is held against, in the way's own form.
    pub digests: Vec<u8>,
}

/// A message that was posted and is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted<'a> {
    /// Which way it went.
    pub way: Way,
    /// What was kept beside it: [`Packed::digests`].
    pub digests: &'a [u8],
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The receiver has it; these bytes say so.
    Receipt(Vec<u8>),
    /// A centre has it and keeps it for the receiver.
    Waits {
        /// The number it is asked for by.
        ticket: String,
        /// Where it stands, in the centre's word.
        state: String,
    },
    /// It was refused.
    Refused {
        /// The error's code.
        code: String,
        /// Whether trying again may help.
        retry: Retry,
        /// What was said.
        cause: String,
    },
    /// Nothing that can be believed.
    Unclear {
        /// The error's code.
        code: String,
        /// What is wrong with it.
        cause: String,
    },
}
