//! A log that grows: entries in, files to write out.

use crate::bundle::{self, ENTRY_LENGTH_MAX};
use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::error::Error;
use crate::hash::{Hash, leaf_hash};
use crate::key::{Signer, VerifierKey};
use crate::path::{TILE_WIDTH, TileKind, TilePath};
use crate::reader::{present, tile};
use crate::source::Source;
use crate::tree::Tree;

/// The name of the file that holds the log's newest checkpoint; always the last to be written.
pub const CHECKPOINT: &str = "checkpoint";

/// One file that must be written, durably, before any later checkpoint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWrite {
    /// Which tile or bundle it is; `to_string()` is its path inside the log.
    pub path: TilePath,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// The writing end of a log. It does no writing itself: what must be on disk is returned.
///
/// After [`Log::append`] or [`Log::writes`] write the files, then the checkpoint of [`Log::checkpoint`]. Where the
/// writing fails part way, drop the log and open it again: the files past the last checkpoint are nothing to it.
#[derive(Clone, Debug)]
pub struct Log {
    origin: String,
    tree: Tree,
    /// The open bundle's bytes.
    bundle: Vec<u8>,
    /// Files that became full and were not handed out yet.
    full: Vec<FileWrite>,
    /// The size at which files were last handed out.
    written: u64,
}

impl Log {
    /// A new, empty log. Its first checkpoint, of size 0, should be written before anything else.
    #[must_use]
    pub fn create(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            tree: Tree::new(),
            bundle: Vec::new(),
            full: Vec::new(),
            written: 0,
        }
    }

    /// The log as its last checkpoint left it; files past that checkpoint are ignored.
    ///
    /// Reads the checkpoint and the open tile of each level, whatever the log's size, and makes sure that they give
    /// the signed root.
    ///
    /// # Errors
    /// What is wrong with the checkpoint (as [`SignedCheckpoint::open`]) or with a file of the right edge;
    /// [`Error::CheckpointMissing`] where there is none.
    pub fn open<S: Source + ?Sized>(source: &S, key: &VerifierKey) -> Result<Self, Error> {
        let bytes = source.file(CHECKPOINT)?.ok_or(Error::CheckpointMissing)?;
        let signed = SignedCheckpoint::open(&bytes, key)?;
        let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
        let open = (0..Tree::levels(size)).map(|level| open_tile(source, level, size));
        let open = open.collect::<Result<Vec<_>, _>>()?;
        let bundle = open_bundle(source, size, open.first().map_or(&[], Vec::as_slice))?;
        let tree = Tree::resume(size, open);
        if tree.root() != root {
            return Err(Error::RootForeign);
        }
        Ok(Self { origin: key.name().to_owned(), tree, bundle, full: Vec::new(), written: size })
    }

    /// How many entries it has, handed out or not.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The Merkle tree hash over all of them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Whose log it is.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Takes these entries in, all or none, and returns every file that changed by them.
    ///
    /// # Errors
    /// [`Error::EntryTooLong`] for the first entry over [`ENTRY_LENGTH_MAX`] bytes; then nothing was taken in.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<Vec<FileWrite>, Error> {
        for (place, entry) in entries.iter().enumerate() {
            expect_length(place, entry.as_ref())?;
        }
        for entry in entries {
            self.take(entry.as_ref());
        }
        Ok(self.writes())
    }

    /// Takes one entry in and returns its index; the files are asked for later by [`Log::writes`].
    ///
    /// # Errors
    /// [`Error::EntryTooLong`] where it has over [`ENTRY_LENGTH_MAX`] bytes.
    pub fn push(&mut self, entry: &[u8]) -> Result<u64, Error> {
        expect_length(0, entry)?;
        self.take(entry);
        Ok(self.size() - 1)
    }

    /// Every file that changed since files were last handed out: full ones first, each once.
    pub fn writes(&mut self) -> Vec<FileWrite> {
        let mut files = std::mem::take(&mut self.full);
        let size = self.size();
        if size > self.written && !self.bundle.is_empty() {
            let path = TilePath::holding(TileKind::Entries, size - 1, size);
            files.push(FileWrite { path, bytes: self.bundle.clone() });
        }
        files.extend(self.tree.open_since(self.written).map(|(path, bytes)| FileWrite { path, bytes }));
        self.written = size;
        files
    }

    /// The checkpoint over all entries taken in, signed; the bytes for the file [`CHECKPOINT`].
    ///
    /// # Errors
    /// [`Error::OriginForeign`] where the key bears another name than the log, [`Error::KeyPurpose`].
    pub fn checkpoint(&self, signer: &Signer) -> Result<SignedCheckpoint, Error> {
        Checkpoint::new(&self.origin, self.size(), self.root())?.sign(signer)
    }

    fn take(&mut self, entry: &[u8]) {
        bundle::put(&mut self.bundle, entry);
        let closed = self.tree.push(leaf_hash(entry));
        if self.size().is_multiple_of(TILE_WIDTH) {
            let path = TilePath::holding(TileKind::Entries, self.size() - 1, self.size());
            self.full.push(FileWrite { path, bytes: std::mem::take(&mut self.bundle) });
        }
        self.full.extend(closed.into_iter().map(|(path, bytes)| FileWrite { path, bytes }));
    }
}

fn expect_length(place: usize, entry: &[u8]) -> Result<(), Error> {
    let length = entry.len();
    if length > ENTRY_LENGTH_MAX { Err(Error::EntryTooLong { place, length }) } else { Ok(()) }
}

fn open_tile<S: Source + ?Sized>(source: &S, level: u8, size: u64) -> Result<Vec<Hash>, Error> {
    let width = Tree::open_width(level, size);
    if width == 0 {
        return Ok(Vec::new());
    }
    let kind = TileKind::Hashes(level);
    tile(source, TilePath::holding(kind, kind.present(size) - 1, size))
}

fn open_bundle<S: Source + ?Sized>(source: &S, size: u64, leaves: &[Hash]) -> Result<Vec<u8>, Error> {
    if leaves.is_empty() {
        return Ok(Vec::new());
    }
    let path = TilePath::holding(TileKind::Entries, size - 1, size);
    let damaged = || Error::FileDamaged(path.to_string());
    let mut bytes = present(source, path)?;
    let length = bundle::length_of(&bytes, leaves.len() as u64).ok_or_else(damaged)?;
    bytes.truncate(length);
    let mut rest = bytes.as_slice();
    for leaf in leaves {
        let (entry, after) = bundle::split_first(rest).ok_or_else(damaged)?;
        if leaf_hash(entry) != *leaf {
            return Err(damaged());
        }
        rest = after;
    }
    Ok(bytes)
}
