//! What two records say of each other.

use kernel::NodeId;
use store::Failure;

use crate::act::Turn;

impl Turn<'_> {
    pub(crate) fn witness_for(&self, _to: &NodeId) -> Result<Option<Vec<u8>>, Failure> {
        Ok(None)
    }

    pub(crate) fn take_witness(&mut self, _from: &NodeId, _witness: &[u8]) -> Result<(), Failure> {
        Ok(())
    }
}
