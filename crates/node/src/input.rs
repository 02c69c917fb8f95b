//! What goes into the node's heart and what comes of it.

use jiff::Timestamp;
use kernel::{CaseId, Digest, Findings, Refusal, Summary};
use serde::{Deserialize, Serialize};
use store::Failure;

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
