//! The record's public form: after each commit, the store's new entries go into the Merkle log in the node's folder.
//!
//! The store is first: an entry is in the record when its change was committed. The log follows, and can always catch
//! up from the entries; it is never ahead. Where it is, the store has lost entries, and that is damage.

use std::path::{Path, PathBuf};

use ledger::{Folder, FolderError, FolderWriter, Log, Reader, SignedCheckpoint, Signer};

use crate::{Failure, Look};

/// How many entries are taken in before a checkpoint covers them.
const BATCH: u32 = 4_096;

/// The folder of the log inside the node's folder.
#[must_use]
pub fn folder_of(node: &Path) -> PathBuf {
    node.join("log")
}

/// The writing end of the record's public form.
#[derive(Debug)]
pub struct Journal {
    writer: FolderWriter,
    signer: Signer,
    /// `None` after a failure, until the log is read anew from its files.
    log: Option<Log>,
    /// Whether the log's last entry was compared with the store's.
    compared: bool,
}

impl Journal {
    /// Takes the log in the folder `log` of the node's folder, or begins one. Its origin is the signing key's name.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where the log's files do not hold under this key, [`Failure::Engine`] where they cannot
    /// be read or written, or another program has them.
    pub fn open(node: impl AsRef<Path>, signer: Signer) -> Result<Self, Failure> {
        let mut writer = FolderWriter::open(folder_of(node.as_ref()), signer.verifier()).map_err(failed)?;
        if writer.newest().is_none() {
            let empty = Log::create(signer.verifier().name());
            writer.publish(&empty.checkpoint(&signer).map_err(refused)?).map_err(failed)?;
        }
        let mut journal = Self { writer, signer, log: None, compared: false };
        journal.log = Some(journal.reopened()?);
        Ok(journal)
    }

    /// The newest checkpoint on the disk, with the cosignatures it has gathered.
    ///
    /// # Panics
    /// Never: opening publishes a first one.
    #[must_use]
    pub fn newest(&self) -> &SignedCheckpoint {
        self.writer.newest().expect("opening publishes a first one")
    }

    /// The log's files, for proofs.
    #[must_use]
    pub const fn folder(&self) -> &Folder {
        self.writer.folder()
    }

    /// Puts this checkpoint, such as the newest one with a partner's cosignature, in the newest one's place.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where it does not follow the newest one, [`Failure::Engine`].
    pub fn publish(&mut self, checkpoint: &SignedCheckpoint) -> Result<(), Failure> {
        self.writer.publish(checkpoint).map_err(failed)
    }

    /// Takes in all entries the log does not have yet; gives the newest checkpoint. What a crash interrupted is done
    /// again from the entries. All of them must be on the disk.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where the store has fewer entries than the log or another last one, [`Failure::Engine`]
    /// where the files cannot be written; then nothing is lost, and the next call goes on.
    pub fn catch_up(&mut self, store: &dyn Look) -> Result<SignedCheckpoint, Failure> {
        self.catch_up_to(store, u64::MAX)
    }

    /// As [`Journal::catch_up`], but takes in only so many entries of the store: those that are on the disk.
    ///
    /// # Errors
    /// As there.
    pub fn catch_up_to(&mut self, store: &dyn Look, size: u64) -> Result<SignedCheckpoint, Failure> {
        let mut log = match self.log.take() {
            Some(log) => log,
            None => self.reopened()?,
        };
        self.compare(&log, store)?;
        while self.take_batch(&mut log, store, size)? {}
        self.log = Some(log);
        Ok(self.newest().clone())
    }

    /// Takes a batch in and publishes it; says whether there was one.
    fn take_batch(&mut self, log: &mut Log, store: &dyn Look, size: u64) -> Result<bool, Failure> {
        let most = u32::try_from(size.saturating_sub(log.size())).unwrap_or(u32::MAX).min(BATCH);
        let entries = store.entry_bytes(log.size(), most)?;
        if entries.is_empty() {
            return Ok(false);
        }
        let files = log.append(&entries).map_err(refused)?;
        self.writer.write(&files).map_err(failed)?;
        let checkpoint = log.checkpoint(&self.signer).map_err(refused)?;
        self.writer.publish(&checkpoint).map_err(failed)?;
        Ok(true)
    }

    /// Makes sure, once, that the log's last entry is the store's.
    fn compare(&mut self, log: &Log, store: &dyn Look) -> Result<(), Failure> {
        let (logged, kept) = (log.size(), store.size()?);
        if logged > kept {
            let what = format!("the log has {logged} entries, the store {kept}");
            return Err(Failure::Damaged { place: format!("entry {kept}"), what });
        }
        if let (Some(last), false) = (logged.checked_sub(1), self.compared) {
            let in_log = Reader::new(self.writer.folder(), logged).entry(last).map_err(refused)?;
            if store.entry_bytes(last, 1)?.first() != Some(&in_log) {
                let what = "the store's bytes are not the log's".to_owned();
                return Err(Failure::Damaged { place: format!("entry {last}"), what });
            }
        }
        self.compared = true;
        Ok(())
    }

    fn reopened(&self) -> Result<Log, Failure> {
        Log::open(self.writer.folder(), self.signer.verifier()).map_err(refused)
    }
}

/// What the log says of its own files.
fn refused(error: ledger::Error) -> Failure {
    match error {
        ledger::Error::Unreadable(unreadable) => {
            Failure::Engine { doing: "read the log", cause: unreadable.to_string() }
        }
        error => Failure::Damaged { place: "log".to_owned(), what: format!("{} ({})", error, error.code()) },
    }
}

fn failed(error: FolderError) -> Failure {
    match error {
        FolderError::Log(error) => refused(error),
        error => {
            let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
            let cause = format!("{error}{}", source.unwrap_or_default());
            Failure::Engine { doing: "write the log", cause }
        }
    }
}
