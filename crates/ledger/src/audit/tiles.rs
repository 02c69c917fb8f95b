//! The way down from the root through the tiles to the entries.

use super::settle::{Witnessed, settle};
use super::{Audit, FaultKind, Place, entries};
use crate::bundle::length_of;
use crate::hash::{Hash, fold, hashes_of};
use crate::path::{TILE_HEIGHT, TILE_WIDTH, TileKind, TilePath};
use crate::source::Source;
use crate::tree::Tree;

/// Whether a signed root vouches for a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Signed,
    Doubtful,
}

impl Trust {
    /// What a difference from a hash of this trust is.
    pub(super) const fn fault(self) -> FaultKind {
        match self {
            Self::Signed => FaultKind::Changed,
            Self::Doubtful => FaultKind::Disagrees,
        }
    }
}

/// An audit on its way through a log of `size` entries.
pub(super) struct Walk<'a, S: Source + ?Sized> {
    pub(super) source: &'a S,
    pub(super) audit: &'a mut Audit,
    pub(super) progress: &'a mut dyn FnMut(u64, u64),
    pub(super) size: u64,
    pub(super) done: u64,
}

/// A tile as it lies there, beside what the files below it give.
struct Evidence {
    path: TilePath,
    stored: Result<Vec<Hash>, FaultKind>,
    rebuilt: Vec<Option<Hash>>,
}

impl<S: Source + ?Sized> Walk<'_, S> {
    /// Checks all tiles and bundles against the signed root (or, where there is none, against each other), and
    /// returns the root they give; nothing where a part of the right edge could not be had at all.
    pub(super) fn all(&mut self, signed: Option<Hash>) -> Option<Hash> {
        let edge: Vec<Evidence> = self
            .edge()
            .into_iter()
            .map(|path| Evidence { rebuilt: self.rebuilt(path), ..self.stored(path) })
            .collect();
        let places: Vec<Witnessed> = edge.iter().flat_map(Evidence::places).collect();
        let widths: Vec<usize> = edge.iter().map(|tile| usize::from(tile.path.width)).collect();
        let root_of = |hashes: &[Hash]| self.edge_root(&widths, hashes);
        let settled = settle(&places, |hashes| signed.is_none_or(|root| root_of(hashes) == root));
        let root =
            settled.clone().or_else(|| either(&places).into_iter().collect()).map(|hashes| root_of(&hashes));
        let trust = if settled.is_some() && signed.is_some() { Trust::Signed } else { Trust::Doubtful };
        let chosen = settled.map_or_else(|| either(&places), known);
        let mut rest = chosen.as_slice();
        for (tile, width) in edge.iter().zip(widths) {
            let (hashes, after) = rest.split_at(width);
            rest = after;
            self.judge(tile, hashes, trust);
            self.below(tile.path, hashes, trust);
        }
        root
    }

    /// A full tile under the hash that stands for it in the tile above.
    fn tile(&mut self, path: TilePath, expected: Option<Hash>, above: Trust) {
        let leads = |hashes: &[Hash]| expected.is_none_or(|expected| fold(hashes) == expected);
        let tile = self.stored(path);
        if let Ok(hashes) = &tile.stored
            && leads(hashes)
        {
            return self.below(path, &known(hashes.clone()), above);
        }
        let tile = Evidence { rebuilt: self.rebuilt(path), ..tile };
        let places: Vec<Witnessed> = tile.places().collect();
        if let Some(settled) = settle(&places, leads).map(known) {
            self.judge(&tile, &settled, above);
            return self.below(path, &settled, above);
        }
        // Nothing here leads to the hash above. Where tile and files below agree, they were changed together.
        let chosen = either(&places);
        if above == Trust::Signed
            && places.iter().all(|place| place.rebuilt.is_some_and(|r| place.stored == Some(r)))
        {
            self.audit.fault(Place::Tile { path, hashes: Vec::new() }, FaultKind::Changed);
        }
        self.judge(&tile, &chosen, Trust::Doubtful);
        self.below(path, &chosen, Trust::Doubtful);
    }

    /// Names what is wrong with a tile itself, given the hashes decided on.
    fn judge(&mut self, tile: &Evidence, chosen: &[Option<Hash>], trust: Trust) {
        let (path, mut kind) = (tile.path, trust.fault());
        let hashes = match (&tile.stored, trust) {
            (Err(missing), _) => {
                kind = *missing;
                Vec::new()
            }
            (Ok(stored), Trust::Signed) => differing(stored, chosen),
            (Ok(stored), Trust::Doubtful) => differing(stored, &tile.rebuilt),
        };
        if tile.stored.is_err() || !hashes.is_empty() {
            self.audit.fault(Place::Tile { path, hashes }, kind);
        }
    }

    /// What lies under a tile whose hashes are decided: tiles, or the entries.
    fn below(&mut self, path: TilePath, hashes: &[Option<Hash>], trust: Trust) {
        self.older(path, hashes, trust);
        let TileKind::Hashes(level) = path.kind else { return };
        if level > 0 && hashes.iter().all(Option::is_none) {
            // Neither the tile nor anything right below it is there: one fault tells it.
            return self.pass(u64::from(path.width) << (TILE_HEIGHT * u32::from(level)));
        }
        if level == 0 {
            let bundle = TilePath { kind: TileKind::Entries, ..path };
            entries::check(self, bundle, hashes, trust);
            return self.pass(u64::from(path.width));
        }
        for (place, hash) in (0..).zip(hashes) {
            self.tile(child(path, level, place), *hash, trust);
        }
    }

    fn pass(&mut self, entries: u64) {
        self.done += entries;
        (self.progress)(self.done, self.size);
    }

    /// Narrower forms of a tile that still lie beside it.
    fn older(&mut self, path: TilePath, hashes: &[Option<Hash>], trust: Trust) {
        for older in self.narrower(path) {
            let tile = self.stored(older);
            let wrong = match &tile.stored {
                Ok(stored) => differing(stored, hashes),
                Err(_) => Vec::new(),
            };
            if tile.stored.is_err() || !wrong.is_empty() {
                let kind = tile.stored.err().unwrap_or_else(|| trust.fault());
                self.audit.fault(Place::Tile { path: older, hashes: wrong }, kind);
            }
        }
    }

    /// The partial forms narrower than this tile or bundle that the source lists, narrowest first.
    pub(super) fn narrower(&mut self, path: TilePath) -> Vec<TilePath> {
        let folder = path.partials();
        let Ok(names) = self.source.names(&folder) else {
            let place = match path.kind {
                TileKind::Entries => Place::Bundle(path),
                TileKind::Hashes(_) => Place::Tile { path, hashes: Vec::new() },
            };
            self.audit.fault(place, FaultKind::Unreadable);
            return Vec::new();
        };
        let paths = names.iter().filter_map(|name| format!("{folder}/{name}").parse::<TilePath>().ok());
        let mut older: Vec<TilePath> = paths.filter(|older| older.width < path.width).collect();
        older.sort_unstable();
        older
    }

    /// The open tiles, highest level first: the order of the entries below them.
    fn edge(&self) -> Vec<TilePath> {
        let levels =
            (0..Tree::levels(self.size)).rev().filter(|level| Tree::open_width(*level, self.size) > 0);
        let kinds = levels.map(TileKind::Hashes);
        kinds.map(|kind| TilePath::holding(kind, kind.present(self.size) - 1, self.size)).collect()
    }

    fn edge_root(&self, widths: &[usize], hashes: &[Hash]) -> Hash {
        let mut rest = hashes;
        let mut open: Vec<Vec<Hash>> = Vec::new();
        for width in widths {
            let (tile, after) = rest.split_at(*width);
            open.push(tile.to_vec());
            rest = after;
        }
        open.reverse();
        Tree::resume(self.size, open).root()
    }

    /// The tile as it lies there; nothing rebuilt yet.
    fn stored(&mut self, path: TilePath) -> Evidence {
        let length = usize::from(path.width) * Hash::LENGTH;
        let stored = self.load(path).and_then(|bytes| {
            let whole = bytes.get(..length).and_then(hashes_of).ok_or(FaultKind::Malformed)?;
            if bytes.len() == length { Ok(whole) } else { Err(FaultKind::Malformed) }
        });
        Evidence { path, stored, rebuilt: vec![None; usize::from(path.width)] }
    }

    /// The hashes the files below a tile give for it.
    fn rebuilt(&mut self, path: TilePath) -> Vec<Option<Hash>> {
        match path.kind {
            TileKind::Hashes(level @ 1..) => {
                let below = (0..path.width).map(|place| self.stored(child(path, level, place)).stored);
                below.map(|hashes| hashes.ok().map(|hashes| fold(&hashes))).collect()
            }
            TileKind::Hashes(0) | TileKind::Entries => {
                entries::leaves(self, TilePath { kind: TileKind::Entries, ..path })
            }
        }
    }

    /// The bytes of a tile or bundle. Where its partial form is gone, the beginning of the full one is taken.
    pub(super) fn load(&mut self, path: TilePath) -> Result<Vec<u8>, FaultKind> {
        if let Some(bytes) = self.read(path)? {
            return Ok(bytes);
        }
        let full = if path.is_full() { None } else { self.read(path.full())? };
        let mut bytes = full.ok_or(FaultKind::Missing)?;
        let width = match path.kind {
            TileKind::Hashes(_) => Some(usize::from(path.width) * Hash::LENGTH),
            TileKind::Entries => length_of(&bytes, u64::from(path.width)),
        };
        bytes.truncate(width.unwrap_or(bytes.len()));
        Ok(bytes)
    }

    fn read(&mut self, path: TilePath) -> Result<Option<Vec<u8>>, FaultKind> {
        let read = self.source.file(&path.to_string()).map_err(|_| FaultKind::Unreadable)?;
        if let Some(bytes) = &read {
            self.audit.files += 1;
            self.audit.bytes += bytes.len() as u64;
        }
        Ok(read)
    }
}

impl Evidence {
    fn places(&self) -> impl Iterator<Item = Witnessed> {
        let stored = |place: usize| self.stored.as_ref().ok().and_then(|hashes| hashes.get(place).copied());
        self.rebuilt
            .iter()
            .enumerate()
            .map(move |(place, rebuilt)| Witnessed { stored: stored(place), rebuilt: *rebuilt })
    }
}

/// The full tile one level down that hash number `place` of a tile stands for.
fn child(path: TilePath, level: u8, place: u16) -> TilePath {
    let index = path.index * TILE_WIDTH + u64::from(place);
    TilePath { kind: TileKind::Hashes(level - 1), index, width: TilePath::FULL }
}

/// What there is where nothing decides: the tile's own hash, else the rebuilt one.
fn either(places: &[Witnessed]) -> Vec<Option<Hash>> {
    places.iter().map(|place| place.stored.or(place.rebuilt)).collect()
}

fn known(hashes: Vec<Hash>) -> Vec<Option<Hash>> {
    hashes.into_iter().map(Some).collect()
}

/// The places where a tile has another hash than is known to belong there.
fn differing(stored: &[Hash], chosen: &[Option<Hash>]) -> Vec<u16> {
    let places = (0_u16..).zip(stored.iter().zip(chosen));
    places
        .filter(|(_, (stored, chosen))| chosen.is_some_and(|chosen| chosen != **stored))
        .map(|(place, _)| place)
        .collect()
}
