//! What goes into the node's heart and what comes of it.

use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId, Digest, Findings, NodeId, Refusal, Summary};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Failure, LongBlob};

use crate::admit::{Delivered, Delivery};
use crate::content::Content;
use crate::import::Batch;

/// One thing from outside. Each is worked off within one transaction, wholly or not at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Somebody takes an act.
    Act {
        /// Who, as what.
        actor: Actor,
        /// The act's id, chosen by whoever takes it.
        id: ActId,
        /// The case.
        case: CaseId,
        /// The act as its desk's JSON.
        act: Value,
    },
    /// Somebody takes an act that files belong to.
    ActWith {
        /// Who, as what.
        actor: Actor,
        /// The act's id, chosen by whoever takes it.
        id: ActId,
        /// The case.
        case: CaseId,
        /// The act as its desk's JSON; it names the files by their digests.
        act: Value,
        /// The files' bytes.
        files: Vec<Content>,
    },
    /// Own declarations come in.
    Import {
        /// Who brings them.
        actor: Actor,
        /// What was read from the file or body.
        batch: Batch,
    },
    /// A partner's message arrived; envelope and signature were checked.
    Deliver(Box<Delivery>),
    /// A partner's message was answered with these bytes, which are kept for when it comes again.
    Answer {
        /// The partner.
        from: NodeId,
        /// The message's id.
        message_id: String,
        /// The signed answer.
        bytes: Vec<u8>,
    },
    /// The moment of a piece of work has come.
    Wake {
        /// Its key.
        key: String,
    },
    /// A partner's signed receipt arrived and fits what was sent.
    Receipt {
        /// The sent item's case.
        case: CaseId,
        /// The receipt's bytes.
        bytes: Vec<u8>,
    },
    /// A long message was packed and is on the disk.
    Packed {
        /// The key of the work that asked for it.
        key: String,
        /// The MIME entity.
        wire: LongBlob,
        /// What was signed in it.
        digests: Vec<u8>,
    },
    /// A long message could not be packed; it is tried again.
    NotPacked {
        /// The key of the work that asked for it.
        key: String,
    },
    /// A centre has an item and keeps it for its receiver.
    Tracked {
        /// The sent item's case.
        case: CaseId,
        /// The number the centre gave it.
        ticket: String,
        /// Where it stands, in the centre's word.
        state: String,
        /// When to ask again.
        again: Timestamp,
    },
    /// A try to deliver an item failed.
    Undelivered {
        /// The sent item's case.
        case: CaseId,
        /// The error's code, such as `EBMS:0005`.
        code: String,
        /// Whether trying again may help.
        retry: Retry,
    },
    /// What a case waited for is calculated.
    Calculated {
        /// The key of the work that asked for it.
        key: String,
        /// The case.
        case: CaseId,
        /// The act the node takes on it; nothing where it waits for nothing any more. It names the files by their digests.
        act: Option<Value>,
        /// The files' bytes.
        files: Vec<Content>,
    },
    /// A small value is kept under a key, or removed.
    Keep {
        /// The key.
        key: String,
        /// The value.
        value: Option<Vec<u8>>,
    },
}

impl Input {
    /// What it is, and the id that ties together all log lines about it: the act's, the message's, the work's.
    #[must_use]
    pub fn trace(&self) -> (&'static str, &str) {
        match self {
            Self::Act { id, .. } | Self::ActWith { id, .. } => ("act", id.as_str()),
            Self::Import { actor, .. } => ("import", &actor.name),
            Self::Deliver(delivery) => ("deliver", &delivery.message_id),
            Self::Answer { message_id, .. } => ("answer", message_id),
            Self::Wake { key } => ("wake", key),
            Self::Receipt { case, .. } => ("receipt", case.as_str()),
            Self::Tracked { case, .. } => ("tracked", case.as_str()),
            Self::Packed { key, .. } => ("packed", key),
            Self::NotPacked { key } => ("not-packed", key),
            Self::Undelivered { case, .. } => ("undelivered", case.as_str()),
            Self::Calculated { key, .. } => ("calculated", key),
            Self::Keep { key, .. } => ("keep", key),
        }
    }
}

/// Whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same bytes may go through later.
    MayHelp,
    /// They never will.
    Hopeless,
}

/// What came of an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An act was taken or refused.
    Act(Result<Acted, Refusal>),
    /// Declarations were taken in.
    Import(ImportReport),
    /// A message was kept or known.
    Deliver(Delivered),
    /// The answer that counts for the message: the first one that was kept.
    Answer(Vec<u8>),
    /// Nothing to be said.
    Done,
}

/// What else an input caused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs {
    /// Cases that changed, in order.
    pub changed: Vec<Changed>,
    /// Acts of the node's own that were refused.
    pub declined: Vec<Declined>,
    /// How many entries were recorded.
    pub entries: u64,
    /// The earliest moment of the work that was put in.
    pub work_at: Option<Timestamp>,
}

/// An act of the node's own that was refused: usually a case that has moved on, sometimes a fault worth looking at.
#[derive(Clone, Debug, PartialEq)]
pub struct Declined {
    /// The case.
    pub case: CaseId,
    /// The act's name.
    pub act: String,
    /// Why.
    pub refusal: Refusal,
}

/// An act that was taken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acted {
    /// The case it was taken on.
    pub case: CaseId,
    /// What lists show of the case now.
    pub summary: Summary,
    /// The number of the entry that last changed the case.
    pub entry: u64,
    /// Whether this act had already been taken before, so that nothing happened now.
    pub again: Again,
}

/// Whether something happened now or had happened before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Again {
    /// It happened now.
    First,
    /// It had happened before; nothing changed now.
    Repeated,
}

/// Why nothing came of an input.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// It is not possible now; the refusal says why and what would help.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// We or the machine failed; nothing of it was kept, and trying again later is right.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// More is waiting than the node takes in; trying again after a moment is right.
    #[error("the node has more waiting than it takes in")]
    Busy,
    /// The node is shutting down.
    #[error("the node is shutting down")]
    Stopping,
}

/// What came of importing own declarations.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportReport {
    /// The digest the imported bytes are kept under; `None` where nothing of them was a declaration.
    pub source: Option<Digest>,
    /// Declarations taken in or changed.
    pub taken: Vec<CaseId>,
    /// Declarations that were known as they stand.
    pub known: Vec<CaseId>,
    /// Declarations that could be read and were not taken.
    pub refused: Vec<RefusedDeclaration>,
    /// What the reader saw wrong, with places.
    pub findings: Findings,
}

/// A declaration that could be read and was not taken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedDeclaration {
    /// The case it would have been.
    pub case: CaseId,
    /// Why.
    pub refusal: Refusal,
}

/// A case that changed; told to everybody who listens, after the change is durable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// The case.
    pub case: CaseId,
    /// The stage it is in now.
    pub stage: String,
    /// When.
    pub at: Timestamp,
}
