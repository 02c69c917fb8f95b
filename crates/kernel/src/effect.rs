//! Effects: what the world is owed because of an event. They are returned, never done here.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CaseId, Digest, Edition, NodeId};

/// What the world is owed because of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// A document of this kind is to go to a partner, as far as a live term releases it.
    Send {
        /// Who is to have it.
        to: NodeId,
        /// The document kind, as terms name it (`acdd`, `customs-response`).
        kind: Cow<'static, str>,
        /// The document as the area's own data; the agreement releases it field by field, the format writes it.
        document: Value,
        /// The case it is sent for.
        about: CaseId,
    },
    /// Bytes that were packed and kept go to a partner, now and again by the schedule of their case.
    Post {
        /// The case of the message.
        case: CaseId,
        /// The bytes.
        digest: Digest,
    },
    /// Another case moves: its desk, the case, the act. Taken by the node itself in the same transaction.
    Act {
        /// The case; its desk is the first part of its id.
        case: CaseId,
        /// The act as that desk's JSON.
        act: Value,
    },
    /// This case is to be woken with this act at that moment. A later wake under the same name replaces it.
    Wake {
        /// The name of the reminder within the case.
        name: Cow<'static, str>,
        /// When.
        at: Timestamp,
        /// The act the node then takes on the case.
        act: Value,
    },
    /// The reminder of this name is no longer wanted.
    Rest {
        /// The name of the reminder within the case.
        name: Cow<'static, str>,
    },
    /// An edition of a book holds from now on.
    Publish {
        /// The edition.
        edition: Edition,
    },
    /// Bytes that were kept go through the door inwards again, for the case they belong to.
    Admit {
        /// The case.
        case: CaseId,
        /// The bytes.
        digest: Digest,
    },
}

impl Effect {
    /// Another case moves.
    ///
    /// # Panics
    /// Never for acts that are plain data, as all acts are.
    #[must_use]
    pub fn act(case: CaseId, act: &impl Serialize) -> Self {
        Self::Act { case, act: serde_json::to_value(act).expect("an act is plain data") }
    }

    /// A document goes to a partner.
    ///
    /// # Panics
    /// Never for documents that are plain data, as all documents are.
    #[must_use]
    pub fn send(to: NodeId, kind: &'static str, document: &impl Serialize, about: CaseId) -> Self {
        let document = serde_json::to_value(document).expect("a document is plain data");
        Self::Send { to, kind: Cow::Borrowed(kind), document, about }
    }

    /// This case is to be woken.
    ///
    /// # Panics
    /// Never for acts that are plain data, as all acts are.
    #[must_use]
    pub fn wake(name: &'static str, at: Timestamp, act: &impl Serialize) -> Self {
        Self::Wake {
            name: Cow::Borrowed(name),
            at,
            act: serde_json::to_value(act).expect("an act is plain data"),
        }
    }
}
