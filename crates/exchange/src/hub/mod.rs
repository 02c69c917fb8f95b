//! The SOAP interface of the IPPC ePhyto hub, as calculations: requests to bytes, answers from bytes, what to acknowledge.
//!
//! The hub is a centre that stores certificates until the receiving side has fetched and acknowledged them. It speaks
//! SOAP 1.1 in document/literal form; its 27 operations are the variants of [`Call`]. It delivers at least once: what was
//! not acknowledged is offered again, so whoever receives remembers [`Header::identity`] and acknowledges a second time.
//!
//! ```text
//! model.rs   what travels: headers, envelopes, tracking states, the directory of who takes what
//! call.rs    the operations           write.rs   a request in its bytes
//! read.rs    an answer from its bytes intake.rs  what to tell the hub about something fetched
//! ```

mod call;
mod intake;
mod model;
mod read;
mod write;

pub use call::{Call, CodeList};
pub use intake::{Fetched, acknowledgement};
pub use model::{
    AllowedDocument, Answer, Channel, ChannelRule, CodeRow, Envelope, Finding, Forwarding, Header, HubFault,
    Level, Nppo, Tracking,
};
pub use read::answer;
pub use write::{Request, request};

/// Namespace of the operations.
const HUB: &str = "http://ephyto.ippc.int/";
/// Namespace of what travels in them.
const ENTITIES: &str = "http://ephyto.ippc.int/HUB.Entities";
/// Namespace of a SOAP 1.1 envelope.
const SOAP11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
