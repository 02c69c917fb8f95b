//! Entries: what the record holds. One entry per event, refusal, witnessed checkpoint and edition; never changed, never removed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ActId, Actor, AnyEvent, CaseId, Digest, Refusal};

/// One thing in the record. Its canonical form is its JSON as [`Entry::to_bytes`] writes it; the ledger hashes that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// On which case.
    pub case: CaseId,
    /// What.
    pub what: Happening,
    /// The bytes it stands on, kept beside the record under these digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<Digest>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// An act was taken and this event is its outcome.
    Event {
        /// The act, by its id; the same act is taken once.
        act: ActId,
        /// The act's name in the table.
        name: String,
        /// The event as the procedure's own JSON.
        event: AnyEvent,
    },
    /// An act of an authenticated actor was refused.
    Refused {
        /// The act, by its id.
        act: ActId,
        /// The act's name in the table, or what was asked for.
        name: String,
        /// Why.
        refusal: Refusal,
    },
    /// A partner cosigned our checkpoint, or we theirs.
    Witnessed {
        /// Whose log.
        origin: String,
        /// The signed and cosigned checkpoint, as a note.
        note: String,
    },
    /// An edition of a book came into the node.
    Edition {
        /// The book.
        book: String,
        /// The edition's own name.
        edition: String,
        /// The digest of its bytes.
        digest: Digest,
    },
}

impl Entry {
    /// The longest entry the record takes, in bytes, so that it fits an entry bundle of the tile layout.
    pub const BYTES_MAX: usize = 65_535;

    /// The canonical bytes: JSON with the fields in the order of this declaration and object keys sorted.
    ///
    /// # Panics
    /// Never: an entry is plain data.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an entry is plain data")
    }

    /// Reads an entry back from its canonical bytes.
    ///
    /// # Errors
    /// Where the bytes are not an entry's JSON.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
