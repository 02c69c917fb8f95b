//! The record of a node verified from its folder alone: log, store, and every case folded again from its entries.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use kernel::{AnyEvent, Summary};
use ledger::{AuditKeys, Strangers, VerifierKey};
use serde_json::Value;
use store::record::{RecordReport, STORE};
use store::sqlite::{Progress, Replay};
use store::{Failure, Look};

use crate::act::whole_event;
use crate::descriptor::{self, Descriptor, DescriptorFault};

/// Why a record cannot be verified at all. Damage is no reason: it is in the report.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFault {
    /// The node's own descriptor or a partner's cannot be used.
    #[error(transparent)]
    Descriptor(#[from] DescriptorFault),
    /// A key in a descriptor cannot be used.
    #[error("a key in the descriptor of {0} cannot be used")]
    Key(kernel::NodeId),
    /// The files cannot be read, or the node is running.
    #[error(transparent)]
    Store(#[from] Failure),
}

/// Verifies the record in a node's folder under the key in its own descriptor and those of its partners. Changes no
/// file.
///
/// # Errors
/// [`VerifyFault`].
pub fn verify(folder: &Path, progress: &mut dyn FnMut(Progress)) -> Result<RecordReport, VerifyFault> {
    let own = descriptor::own(folder)?;
    let log = key(&own, &own.record)?;
    let partners = descriptor::load(folder)?;
    let witnesses: Vec<_> =
        partners.values().map(|partner| key(partner, &partner.witness)).collect::<Result<_, _>>()?;
    let keys = AuditKeys { log: &log, witnesses: &witnesses, strangers: Strangers::Fault };
    let replay = Folding { store: folder.join(STORE), look: OnceCell::new() };
    Ok(store::record::verify(folder, &keys, &replay, progress)?)
}

fn key(descriptor: &Descriptor, text: &str) -> Result<VerifierKey, VerifyFault> {
    text.parse().map_err(|_| VerifyFault::Key(descriptor.id.clone()))
}

/// Folds cases with the desks there are; events too long for the record are read from beside it.
struct Folding {
    store: PathBuf,
    look: OnceCell<Option<Box<dyn Look + Send>>>,
}

impl Replay for Folding {
    fn replay(&self, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
        let desk = customs::desks::desk(desk)?;
        if !events.iter().any(|event| crate::act::is_beside(event)) {
            return desk.replay(events).ok();
        }
        let look = self.look.get_or_init(|| store::sqlite::read(&self.store).ok()).as_deref()?;
        let whole: Vec<_> =
            events.iter().map(|event| whole_event(look, event)).collect::<Result<_, _>>().ok()?;
        desk.replay(&whole).ok()
    }
}
