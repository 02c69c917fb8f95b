//! The stand-alone verifier: every byte of a log recomputed from its entries, every fault named.
//!
//! Trust comes down from the signed root. A tile whose hashes lead to a trusted hash above it is trusted itself; one
//! that does not is rebuilt from what lies below it, and where the rebuilt one leads to the trusted hash, it is known
//! which of its hashes was changed. So the damaged file is told from the sound ones around it, and a log with one
//! damaged byte yields one fault. Memory is bounded by a few tiles of each level.

mod entries;
mod head;
mod report;
mod settle;
mod tiles;

pub use report::{Audit, Fault, FaultKind, Place};

use crate::key::VerifierKey;
use crate::source::Source;

/// The keys a log's checkpoint is checked with.
#[derive(Clone, Copy, Debug)]
pub struct AuditKeys<'k> {
    /// The key of the log itself.
    pub log: &'k VerifierKey,
    /// The keys of the partners that may have countersigned.
    pub witnesses: &'k [VerifierKey],
    /// What a signature by any other key is.
    pub strangers: Strangers,
}

/// What a signature line is that no given key explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// A fault: all keys are given, so a changed name or key id on a line is found.
    Fault,
    /// Only listed: the checker does not have all partners' keys.
    Listed,
}

/// Recomputes a whole log and says what is wrong with it. `progress` is told entries checked and entries in all.
///
/// Every file the checkpoint stands on is read once, and a damaged one a few times more; older partial tiles still
/// lying beside newer ones are checked too, where the source can list. Files past the checkpoint are not looked at.
pub fn audit<S: Source + ?Sized>(
    source: &S,
    keys: &AuditKeys<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Audit {
    let mut audit = Audit::default();
    let head = head::check(source, keys, &mut audit);
    let mut walk = tiles::Walk { source, audit: &mut audit, progress, size: head.size, done: 0 };
    let root = walk.all(head.root);
    head::compare(&head, root, &mut audit);
    audit
}
