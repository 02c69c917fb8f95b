//! Proofs of single entries, for whoever wants to check our record without this node.

use std::sync::Arc;

use ledger::{Folder, ProofDocument};
use store::Failure;

use crate::record::Published;

/// Proves entries from the log's files.
pub(crate) struct Proofs {
    pub(crate) folder: Folder,
    pub(crate) published: Arc<Published>,
}

impl Proofs {
    /// The proof that the entry of this number stands in the record, as text that stands alone; `None` while it is not
    /// yet under a checkpoint.
    pub(crate) fn of(&self, number: u64) -> Result<Option<String>, Failure> {
        let newest = self.published.newest();
        if number >= newest.checkpoint().size() {
            return Ok(None);
        }
        let proof = ProofDocument::of(&self.folder, number, &newest);
        let proof =
            proof.map_err(|error| Failure::Engine { doing: "prove an entry", cause: error.to_string() })?;
        Ok(Some(proof.to_string()))
    }
}
