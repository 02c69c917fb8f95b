//! The partners a running node exchanges with; one can be added while it runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use exchange::{PartyId, Trust};
use kernel::NodeId;

use crate::descriptor::{self, Descriptor, DescriptorFault};
use crate::envelope::party_of;
use crate::identity::Partner;

/// The partners of a running node. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Partners {
    folder: PathBuf,
    us: NodeId,
    known: Arc<RwLock<Arc<Known>>>,
}

/// The partners as they are at one moment.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) descriptors: BTreeMap<NodeId, Descriptor>,
    /// Whose signatures are believed.
    pub(crate) trust: Trust,
}

impl Partners {
    /// The partners in a node's folder.
    pub(crate) fn load(folder: &Path, us: &NodeId) -> Result<Self, DescriptorFault> {
        let known = Known::of(us, descriptor::load(folder)?);
        let known = Arc::new(RwLock::new(Arc::new(known)));
        Ok(Self { folder: folder.to_owned(), us: us.clone(), known })
    }

    /// The partners as they are now.
    pub(crate) fn now(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a partner by its signed descriptor, or replaces what is known of it.
    pub(crate) fn add(&self, note: &str) -> Result<Partner, DescriptorFault> {
        let added = descriptor::keep(&self.folder, note)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut descriptors = known.descriptors.clone();
        let partner = added.partner();
        descriptors.insert(added.id.clone(), added);
        *known = Arc::new(Known::of(&self.us, descriptors));
        Ok(partner)
    }
}

impl Known {
    fn of(us: &NodeId, descriptors: BTreeMap<NodeId, Descriptor>) -> Self {
        let mut trust = Trust::of(vec![party_of(us)]);
        for descriptor in descriptors.values().filter(|descriptor| descriptor.id != *us) {
            let party = party_of(&descriptor.id);
            trust = trust.with_partner(exchange::Partner::pinned(party, descriptor.signing_certificates()));
        }
        Self { descriptors, trust }
    }

    /// The node a party id stands for.
    pub(crate) fn node_of(&self, party: &PartyId) -> Option<&NodeId> {
        self.descriptors.keys().find(|id| party_of(id) == *party)
    }
}
