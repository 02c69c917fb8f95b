//! Reading a log from its files: entries, roots of any earlier size, and proofs.

use std::collections::BTreeMap;

use crate::bundle;
use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::hash::{Hash, fold, hashes_of, node_hash, split_point};
use crate::log::CHECKPOINT;
use crate::note::Note;
use crate::path::{TILE_HEIGHT, TILE_WIDTH, TileKind, TilePath};
use crate::proof::{ConsistencyProof, InclusionProof};
use crate::source::Source;

/// A log as its files show it, at one published size.
///
/// What it returns is only as true as the files: check a proof against a checked checkpoint before leaning on it.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'s, S: Source + ?Sized> {
    source: &'s S,
    size: u64,
}

impl<'s, S: Source + ?Sized> Reader<'s, S> {
    /// The log of `size` published entries in these files.
    #[must_use]
    pub const fn new(source: &'s S, size: u64) -> Self {
        Self { source, size }
    }

    /// The log at the size its own checkpoint claims; the signature is not checked here.
    ///
    /// # Errors
    /// [`Error::CheckpointMissing`], [`Error::NoteMalformed`], [`Error::CheckpointMalformed`], [`Error::Unreadable`].
    pub fn open(source: &'s S) -> Result<Self, Error> {
        let bytes = source.file(CHECKPOINT)?.ok_or(Error::CheckpointMissing)?;
        let size = Checkpoint::parse(Note::parse(&bytes)?.text())?.size();
        Ok(Self { source, size })
    }

    /// How many entries can be read.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of one entry.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and what is wrong with the bundle that should hold it.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Error> {
        if index >= self.size {
            return Err(Error::OutOfRange { asked: index, size: self.size });
        }
        let path = TilePath::holding(TileKind::Entries, index, self.size);
        let bytes = present(self.source, path)?;
        let damaged = || Error::FileDamaged(path.to_string());
        let start = bundle::length_of(&bytes, index % TILE_WIDTH).ok_or_else(damaged)?;
        Ok(bundle::split_first(&bytes[start..]).ok_or_else(damaged)?.0.to_vec())
    }

    /// The root the log had at `size` entries.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and what is wrong with a tile that is needed.
    pub fn root(&self, size: u64) -> Result<Hash, Error> {
        self.expect_within(size)?;
        if size == 0 { Ok(Hash::of_empty_tree()) } else { self.nodes().range(0, size) }
    }

    /// The proof that entry `index` is in the log of `size` entries.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and what is wrong with a tile that is needed.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<InclusionProof, Error> {
        self.expect_within(size)?;
        if index >= size {
            return Err(Error::OutOfRange { asked: index, size });
        }
        let mut nodes = self.nodes();
        let mut hashes = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split_point(end - start);
            let (sibling, inside) = if index < middle {
                ((middle, end), (start, middle))
            } else {
                ((start, middle), (middle, end))
            };
            hashes.push(nodes.range(sibling.0, sibling.1)?);
            (start, end) = inside;
        }
        hashes.reverse();
        Ok(InclusionProof { index, size, hashes })
    }

    /// The proof that the log of `new` entries begins with the log of `old` entries.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and what is wrong with a tile that is needed.
    pub fn consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, Error> {
        self.expect_within(new)?;
        if old > new {
            return Err(Error::OutOfRange { asked: old, size: new });
        }
        let mut hashes = Vec::new();
        if old > 0 && old < new {
            let mut nodes = self.nodes();
            let (mut start, mut end) = (0, new);
            while end != old {
                let middle = start + split_point(end - start);
                let (sibling, inside) = if old <= middle {
                    ((middle, end), (start, middle))
                } else {
                    ((start, middle), (middle, end))
                };
                hashes.push(nodes.range(sibling.0, sibling.1)?);
                (start, end) = inside;
            }
            if start > 0 {
                hashes.push(nodes.range(start, end)?);
            }
            hashes.reverse();
        }
        Ok(ConsistencyProof { old, new, hashes })
    }

    fn expect_within(&self, size: u64) -> Result<(), Error> {
        if size > self.size { Err(Error::OutOfRange { asked: size, size: self.size }) } else { Ok(()) }
    }

    const fn nodes(&self) -> Nodes<'s, S> {
        Nodes { source: self.source, size: self.size, tiles: BTreeMap::new() }
    }
}

/// The hashes of subtrees, with the few tiles one proof needs kept while it is made.
struct Nodes<'s, S: Source + ?Sized> {
    source: &'s S,
    size: u64,
    tiles: BTreeMap<TilePath, Vec<Hash>>,
}

impl<S: Source + ?Sized> Nodes<'_, S> {
    /// The hash over the entries from `start` to before `end`; `start` must be a multiple of the largest power of
    /// two below `end - start`, as in every tree the RFC cuts.
    fn range(&mut self, start: u64, end: u64) -> Result<Hash, Error> {
        let count = end - start;
        if count.is_power_of_two() {
            return self.full(count.ilog2(), start);
        }
        let middle = start + split_point(count);
        Ok(node_hash(&self.range(start, middle)?, &self.range(middle, end)?))
    }

    /// The hash of the full subtree of this height whose first entry is `start`.
    fn full(&mut self, height: u32, start: u64) -> Result<Hash, Error> {
        let level = height / TILE_HEIGHT;
        let position = start >> (level * TILE_HEIGHT);
        let path = TilePath::holding(TileKind::Hashes(level as u8), position, self.size);
        if !self.tiles.contains_key(&path) {
            self.tiles.insert(path, tile(self.source, path)?);
        }
        let first = (position % TILE_WIDTH) as usize;
        Ok(fold(&self.tiles[&path][first..first + (1 << (height % TILE_HEIGHT))]))
    }
}

/// The hashes of a tile, exactly as many as its width says.
pub(crate) fn tile<S: Source + ?Sized>(source: &S, path: TilePath) -> Result<Vec<Hash>, Error> {
    let hashes = hashes_of(&present(source, path)?).filter(|hashes| hashes.len() >= usize::from(path.width));
    let mut hashes = hashes.ok_or_else(|| Error::FileDamaged(path.to_string()))?;
    hashes.truncate(usize::from(path.width));
    Ok(hashes)
}

/// The bytes of a tile or bundle. Where the partial form is gone, the full one begins with it and stands in for it.
pub(crate) fn present<S: Source + ?Sized>(source: &S, path: TilePath) -> Result<Vec<u8>, Error> {
    let named = path.to_string();
    if let Some(bytes) = source.file(&named)? {
        return Ok(bytes);
    }
    let full = if path.is_full() { None } else { source.file(&path.full().to_string())? };
    full.ok_or(Error::FileMissing(named))
}
