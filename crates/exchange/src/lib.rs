//! AS4 between nodes: messages, receipts and errors from bytes and back, as calculations over their arguments.
//!
//! Out: [`pack`] makes wire bytes once; they are stored and sent, again if need be, as they are. [`Outcome::of`] judges
//! what comes back: it reads the signal ([`read_signal`]) and checks a receipt against what was sent ([`check_receipt`]). In: [`open`] takes a body apart,
//! [`Received::verify`] proves it, and only when it is durable [`Verified::receipt`] acknowledges it; what is refused
//! is answered by [`fault_signal`].
//!
//! The crate opens no socket and reads no clock. It does not know what it carries, nor whether that may be sent.

pub mod canonical {
    //! Exclusive canonical XML, as signatures use it.
    pub use crate::xml::{canonical_document as document, canonical_element as element};
}
pub mod certificate;
pub mod doctor;
mod ebms;
mod fault;
pub mod hub;
mod identity;
pub mod keys;
mod limits;
mod mime;
pub mod names;
mod outcome;
mod pack;
mod payload;
pub mod pmode;
mod profile;
mod receive;
mod signal;
pub mod stream;
mod trust;
mod wss;
mod xml;

pub use certificate::Certificate;
pub use ebms::{
    AgreementRef, ErrorSignal, PartInfo, Party, PartyId, PeerError, Property, Receipt, Reference, Service,
    Transform, UserMessage,
};
pub use fault::{Ebms, Fault, Severity, Why};
pub use identity::{Identity, Opener};
pub use limits::Limits;
pub use outcome::{Attempt, Outcome, Retry, spread};
pub use pack::{Outgoing, Payload, SentDigests, Wire, pack};
pub use profile::{Compression, Profile, Sealing, SignatureKind, Suite, Token};
pub use receive::{Received, Verified, open};
pub use signal::{Signal, check_receipt, fault_signal, read_signal};
pub use trust::{Expected, Partner, Revocation, Trust};
