//! The store: one narrow contract, native implementations, one story that every implementation must pass.
//!
//! It knows no area: entries, blobs, case summaries, references, work, messages, editions and small kept values.

#[cfg(test)]
extern crate self as store;

pub mod blob;
pub mod contract;
pub mod files;
pub mod journal;
pub mod kept;
pub mod pending;
pub mod record;
pub mod sqlite;
pub mod story;

pub use blob::Blob;
pub use contract::{
    BLOB_BYTES_MAX, CaseRow, Change, Claim, Failure, Look, MessageState, Order, Page, Query, Store, Tally,
    Work,
};
pub use files::{Incoming, LongBlob, LongBlobs};
pub use journal::Journal;
pub use kept::KeptCase;
pub use pending::Pending;
