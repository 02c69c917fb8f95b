//! The whole record of a node verified from its folder alone: the log, the store, and that they say the same.

use std::cell::RefCell;
use std::path::Path;

use ledger::{AuditKeys, Folder, Source, TileKind, TilePath};
use serde::Serialize;

use crate::sqlite::{self, Against, Logged, Progress, Replay, Report};
use crate::{Failure, journal};

/// The store's file inside a node's folder.
pub const STORE: &str = "store.sqlite";

/// What the verification of a node's folder found.
#[derive(Clone, Debug, Serialize)]
pub struct RecordReport {
    /// Whether everything is what was written.
    pub sound: bool,
    /// What the files of the log are.
    pub log: ledger::Audit,
    /// What the files of the store are, each entry compared with the log's.
    pub store: Report,
    /// How many entries at the store's end are not in the log yet; the node's next start puts them there.
    pub not_logged: u64,
}

impl RecordReport {
    /// Everything that is wrong, the log first, each as `place: what`.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        let log = self.log.faults.iter().map(|fault| format!("log, {fault}"));
        log.chain(self.store.faults.iter().map(ToString::to_string))
    }
}

/// Verifies the record in a node's folder: every file of the log recomputed under these keys, every byte of the store,
/// every case replayed, and every entry of the one compared with the other. Changes no file.
///
/// # Errors
/// [`Failure::Engine`] where the files cannot be read or the node is running. Damage is in the report.
pub fn verify(
    node: impl AsRef<Path>,
    keys: &AuditKeys<'_>,
    replay: &dyn Replay,
    progress: &mut dyn FnMut(Progress),
) -> Result<RecordReport, Failure> {
    let folder = Folder::new(journal::folder_of(node.as_ref()));
    let log = ledger::audit(&folder, keys, &mut |done, of| progress(Progress { what: "log", done, of }));
    let logged = Bundles { folder: &folder, size: log.size, open: RefCell::default() };
    let against = Against { log: &logged, replay };
    let store = sqlite::verify(node.as_ref().join(STORE), &against, progress)?;
    let sound = log.is_sound() && store.is_sound();
    let not_logged = store.entries.saturating_sub(log.size);
    Ok(RecordReport { sound, log, store, not_logged })
}

/// The entries in a log's bundles, each bundle read once where they are asked for in order.
struct Bundles<'f> {
    folder: &'f Folder,
    size: u64,
    /// The bundle last read, and its index.
    open: RefCell<Option<(u64, Vec<Vec<u8>>)>>,
}

impl Logged for Bundles<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn entry(&self, number: u64) -> Option<Vec<u8>> {
        let width = u64::from(TilePath::FULL);
        let index = (number < self.size).then_some(number / width)?;
        let mut open = self.open.borrow_mut();
        if open.as_ref().is_none_or(|(known, _)| *known != index) {
            *open = Some((index, self.bundle(index)));
        }
        let place = usize::try_from(number % width).ok()?;
        open.as_ref().and_then(|(_, entries)| entries.get(place).cloned())
    }
}

impl Bundles<'_> {
    /// The entries of a bundle, as far as it can be read; where it cannot, the audit has said so.
    fn bundle(&self, index: u64) -> Vec<Vec<u8>> {
        let width = (self.size - index * u64::from(TilePath::FULL)).min(TilePath::FULL.into());
        let path = TilePath { kind: TileKind::Entries, index, width: width as u16 };
        // Where the bundle was filled after this checkpoint, the full form stands in for it.
        let file =
            [path, path.full()].iter().find_map(|path| self.folder.file(&path.to_string()).ok().flatten());
        let (bytes, mut entries) = (file.unwrap_or_default(), Vec::new());
        let mut rest = bytes.as_slice();
        while let Some((length, behind)) = rest.split_first_chunk::<2>() {
            let Some((entry, behind)) = behind.split_at_checked(u16::from_be_bytes(*length).into()) else {
                break;
            };
            entries.push(entry.to_vec());
            rest = behind;
        }
        entries
    }
}
