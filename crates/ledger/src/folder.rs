//! A log's files in a folder of a disk: the one place of the crate that reads and writes.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::error::Error;
use crate::key::VerifierKey;
use crate::log::{CHECKPOINT, FileWrite};
use crate::path::{TileKind, TilePath};
use crate::source::{Source, Unreadable};
use crate::tree::Tree;

/// A log in a folder, to be read. Any number of readers may stand beside the one [`FolderWriter`].
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The log in this folder, which need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The newest checkpoint, its signature checked; nothing where there is none.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::open`], and [`Error::Unreadable`].
    pub fn newest(&self, key: &VerifierKey) -> Result<Option<SignedCheckpoint>, Error> {
        let bytes = self.file(CHECKPOINT)?;
        bytes.map(|bytes| SignedCheckpoint::open(&bytes, key)).transpose()
    }
}

impl Source for Folder {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        #[expect(clippy::disallowed_methods, reason = "the crate's one place that reads a disk")]
        let read = fs::read(self.root.join(path));
        found(path, read)
    }

    fn names(&self, folder: &str) -> Result<Vec<String>, Unreadable> {
        let list = || {
            let names = fs::read_dir(self.root.join(folder))?.map(|entry| Ok(entry?.file_name()));
            names.collect::<io::Result<Vec<_>>>()
        };
        let names = found(folder, list())?.unwrap_or_default();
        Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
    }
}

fn found<T>(path: &str, read: io::Result<T>) -> Result<Option<T>, Unreadable> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Unreadable { path: path.to_owned(), cause: error.to_string() }),
    }
}

/// Why writing to a folder failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Another writer holds the log.
    #[error("the log in {0} is being written by another program")]
    Taken(PathBuf),
    /// A full tile that a checkpoint stands on was to be overwritten with other bytes.
    #[error("{0} is covered by a checkpoint and cannot change")]
    Covered(TilePath),
    /// The log as it lies there forbids it: rolled back, forked, or damaged.
    #[error(transparent)]
    Log(#[from] Error),
    /// The machine failed.
    #[error("{path} cannot be written")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the machine said.
        source: io::Error,
    },
}

impl FolderError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Taken(_) => "ledger-taken",
            Self::Covered(_) => "ledger-covered",
            Self::Log(error) => error.code(),
            Self::Disk { .. } => "ledger-disk",
        }
    }
}

/// The one writer of a log in a folder; a second one is refused as long as it lives, in this program or another.
#[derive(Debug)]
pub struct FolderWriter {
    folder: Folder,
    newest: Option<SignedCheckpoint>,
    /// Entries under the newest checkpoint on disk.
    size: u64,
    _lock: File,
}

impl FolderWriter {
    /// Takes the folder for writing and makes it where it is missing. What an interrupted writer left past the last
    /// checkpoint is moved to the folder `aside`; nothing is deleted.
    ///
    /// # Errors
    /// [`FolderError::Taken`]; [`FolderError::Log`] where the checkpoint does not hold under this key, or is missing
    /// from a folder that has tiles; [`FolderError::Disk`].
    pub fn open(root: impl Into<PathBuf>, key: &VerifierKey) -> Result<Self, FolderError> {
        let folder = Folder::new(root);
        fs::create_dir_all(&folder.root).map_err(disk(&folder.root))?;
        let lock = lock(&folder.root)?;
        let newest = folder.newest(key)?;
        if newest.is_none() && folder.root.join("tile").exists() {
            return Err(Error::CheckpointMissing.into());
        }
        let size = newest.as_ref().map_or(0, |newest| newest.checkpoint().size());
        let writer = Self { folder, newest, size, _lock: lock };
        writer.set_aside_past_checkpoint()?;
        Ok(writer)
    }

    /// The reading side.
    #[must_use]
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The newest checkpoint on disk; nothing in a new folder, where one of size 0 should be published first.
    #[must_use]
    pub const fn newest(&self) -> Option<&SignedCheckpoint> {
        self.newest.as_ref()
    }

    /// Writes files of [`crate::Log::append`] or [`crate::Log::writes`] so that they survive a loss of power; call
    /// [`FolderWriter::publish`] after it.
    ///
    /// # Errors
    /// [`FolderError::Covered`] where a file under the checkpoint would be written again, [`FolderError::Disk`].
    pub fn write(&self, files: &[FileWrite]) -> Result<(), FolderError> {
        let mut folders = BTreeSet::new();
        for file in files {
            if file.path.size_least() <= self.size {
                return Err(FolderError::Covered(file.path));
            }
            if !file.path.is_full() && (TilePath { width: 1, ..file.path }).size_least() > self.size {
                // No checkpoint needs another form of this tile: whatever is there was never published.
                self.remove_folder(&file.path.partials())?;
            }
            self.place(&file.path.to_string(), &file.bytes, &mut folders)?;
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    /// Makes a checkpoint the newest one, durably, and then removes partial tiles whose full form it covers.
    ///
    /// # Errors
    /// [`Error::OriginForeign`], [`Error::RolledBack`] or [`Error::Forked`] where it does not follow the one on disk,
    /// [`FolderError::Disk`].
    pub fn publish(&mut self, signed: &SignedCheckpoint) -> Result<(), FolderError> {
        self.expect_follower(signed.checkpoint())?;
        let mut folders = BTreeSet::new();
        self.place(CHECKPOINT, &signed.to_bytes(), &mut folders)?;
        folders.iter().try_for_each(|folder| sync_folder(folder))?;
        let new = signed.checkpoint().size();
        let closed = closed_between(self.size, new);
        self.newest = Some(signed.clone());
        self.size = new;
        closed.map(|tile| tile.partials()).try_for_each(|partials| self.remove_folder(&partials))
    }

    fn expect_follower(&self, new: &Checkpoint) -> Result<(), Error> {
        let Some(old) = self.newest.as_ref().map(SignedCheckpoint::checkpoint) else { return Ok(()) };
        if new.origin() != old.origin() {
            return Err(Error::OriginForeign {
                seen: new.origin().to_owned(),
                expected: old.origin().to_owned(),
            });
        }
        if new.size() < old.size() {
            return Err(Error::RolledBack { seen: old.size(), offered: new.size() });
        }
        if new.size() == old.size() && new.root() != old.root() {
            return Err(Error::Forked { size: new.size() });
        }
        Ok(())
    }

    /// Writes one file beside its place, syncs it and moves it there; notes the folders whose names changed.
    fn place(&self, path: &str, bytes: &[u8], folders: &mut BTreeSet<PathBuf>) -> Result<(), FolderError> {
        let target = self.folder.root.join(path);
        self.make_parent(&target, folders)?;
        let fresh = self.folder.root.join("writing");
        let write = || {
            #[expect(clippy::disallowed_methods, reason = "the crate's one place that writes to a disk")]
            let mut file = File::create(&fresh)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&fresh, &target)
        };
        write().map_err(disk(&target))
    }

    fn make_parent(&self, target: &Path, folders: &mut BTreeSet<PathBuf>) -> Result<(), FolderError> {
        let parent = target.parent().unwrap_or(&self.folder.root);
        if !parent.is_dir() {
            fs::create_dir_all(parent).map_err(disk(parent))?;
            let made = parent.ancestors().take_while(|folder| *folder != self.folder.root);
            folders.extend(made.filter_map(Path::parent).map(Path::to_path_buf));
        }
        folders.insert(parent.to_path_buf());
        Ok(())
    }

    /// Moves away tiles and bundles that no checkpoint covers, so that none of them is taken for an older form of
    /// what is written now. They are kept: under a checkpoint put back by mistake they are the newer entries.
    fn set_aside_past_checkpoint(&self) -> Result<(), FolderError> {
        for kind in std::iter::once(TileKind::Entries).chain((0..8).map(TileKind::Hashes)) {
            let mut index = kind.present(self.size) / u64::from(TilePath::FULL);
            while self.set_aside(TilePath { kind, index, width: TilePath::FULL })? {
                index += 1;
            }
        }
        Ok(())
    }

    /// Moves away the forms of one place that the checkpoint does not cover; tells whether any form was there.
    fn set_aside(&self, full: TilePath) -> Result<bool, FolderError> {
        let folder = full.partials();
        let names = self.folder.names(&folder).map_err(Error::from)?;
        let partial = names.iter().filter_map(|name| format!("{folder}/{name}").parse::<TilePath>().ok());
        let mut any = false;
        for path in partial.chain([full]) {
            let target = self.folder.root.join(path.to_string());
            let is_there = target.try_exists().map_err(disk(&target))?;
            any |= is_there;
            if is_there && path.size_least() > self.size {
                let aside = self.folder.root.join("aside").join(path.to_string());
                self.make_parent(&aside, &mut BTreeSet::new())?;
                fs::rename(&target, &aside).map_err(disk(&target))?;
            }
        }
        Ok(any)
    }

    fn remove_folder(&self, path: &str) -> Result<(), FolderError> {
        let target = self.folder.root.join(path);
        match fs::remove_dir_all(&target) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(disk(&target)(error)),
            _ => Ok(()),
        }
    }
}

/// The tiles and bundles that are not full under `old` entries and full under `new`.
fn closed_between(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let kinds = std::iter::once(TileKind::Entries).chain((0..Tree::levels(new)).map(TileKind::Hashes));
    kinds.flat_map(move |kind| {
        let full = |size| kind.present(size) / u64::from(TilePath::FULL);
        (full(old)..full(new)).map(move |index| TilePath { kind, index, width: TilePath::FULL })
    })
}

fn lock(root: &Path) -> Result<File, FolderError> {
    let path = root.join("lock");
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(disk(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::Taken(root.to_path_buf())),
        Err(TryLockError::Error(error)) => Err(disk(&path)(error)),
    }
}

fn sync_folder(folder: &Path) -> Result<(), FolderError> {
    #[expect(clippy::disallowed_methods, reason = "a folder is synced through an open file of it")]
    let synced = File::open(folder).and_then(|file| file.sync_all());
    synced.map_err(disk(folder))
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    move |source| FolderError::Disk { path: path.to_path_buf(), source }
}
