//! The growing edge of the tree: what must be kept in memory to append and to know the root.

use crate::hash::{Hash, bytes_of, fold, node_hash};
use crate::path::{TILE_HEIGHT, TILE_WIDTH, TileKind, TilePath};

/// An append-only Merkle tree of which only the right edge is held: O(log n) hashes and the open tile of each level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the full subtrees the size splits into, largest first: one for each 1 bit of the size.
    frontier: Vec<Hash>,
    /// The hashes of the open tile of each level; never 256 long.
    open: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, frontier: Vec::new(), open: Vec::new() }
    }

    /// The tree of `size` entries whose open tiles hold these hashes, level 0 first.
    ///
    /// The lists must be as long as [`Tree::open_width`] says for their level; the caller compares the root.
    pub(crate) fn resume(size: u64, open: Vec<Vec<Hash>>) -> Self {
        let mut frontier = Vec::new();
        for hashes in open.iter().rev() {
            let mut rest = hashes.as_slice();
            while !rest.is_empty() {
                let (subtree, after) = rest.split_at(1 << rest.len().ilog2());
                frontier.push(fold(subtree));
                rest = after;
            }
        }
        Self { size, frontier, open }
    }

    /// How many entries it holds.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash of all entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        let folded = self.frontier.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        folded.unwrap_or_else(Hash::of_empty_tree)
    }

    /// Takes one more leaf in and returns the tiles that became full by it (none, or one for each level that closed).
    pub fn push(&mut self, leaf: Hash) -> Vec<(TilePath, Vec<u8>)> {
        let mut full = Vec::new();
        let mut hash = leaf;
        let mut position = self.size;
        self.size += 1;
        self.put(0, hash, &mut full);
        for height in 1.. {
            if position & 1 == 0 {
                break;
            }
            let left = self.frontier.pop().expect("each 1 bit of the size has its subtree in the frontier");
            hash = node_hash(&left, &hash);
            position >>= 1;
            if height % TILE_HEIGHT == 0 {
                self.put(height / TILE_HEIGHT, hash, &mut full);
            }
        }
        self.frontier.push(hash);
        full
    }

    /// The open tile of each level that a log of `since` entries did not have yet in this form.
    pub(crate) fn open_since(&self, since: u64) -> impl Iterator<Item = (TilePath, Vec<u8>)> {
        let levels = self.open.iter().zip(0_u8..);
        let changed = levels.filter(move |(hashes, level)| {
            let shift = TILE_HEIGHT * u32::from(*level);
            !hashes.is_empty() && self.size >> shift != since >> shift
        });
        changed.map(|(hashes, level)| {
            let last = (self.size >> (TILE_HEIGHT * u32::from(level))) - 1;
            (TilePath::holding(TileKind::Hashes(level), last, self.size), bytes_of(hashes))
        })
    }

    /// How many hashes the open tile of a level has in a log of `size` entries.
    pub(crate) const fn open_width(level: u8, size: u64) -> u64 {
        (size >> (TILE_HEIGHT * level as u32)) % TILE_WIDTH
    }

    /// How many levels of tiles a log of `size` entries has.
    pub(crate) const fn levels(size: u64) -> u8 {
        if size == 0 { 0 } else { (size.ilog2() / TILE_HEIGHT + 1) as u8 }
    }

    fn put(&mut self, level: u32, hash: Hash, full: &mut Vec<(TilePath, Vec<u8>)>) {
        let place = level as usize;
        if self.open.len() == place {
            self.open.push(Vec::new());
        }
        self.open[place].push(hash);
        if self.open[place].len() as u64 == TILE_WIDTH {
            let index = (self.size >> (TILE_HEIGHT * (level + 1))) - 1;
            let path = TilePath { kind: TileKind::Hashes(level as u8), index, width: TilePath::FULL };
            full.push((path, bytes_of(&std::mem::take(&mut self.open[place]))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn the_root_equals_the_recursive_definition_at_every_size_up_to_six_hundred() {
        let mut tree = Tree::new();
        let mut leaves = Vec::new();
        for n in 0_u32..600 {
            assert_eq!(tree.root(), fold(&leaves), "{n}");
            leaves.push(leaf_hash(&n.to_be_bytes()));
            tree.push(leaves[n as usize]);
        }
    }

    #[test]
    fn a_tree_resumed_from_its_open_tiles_is_the_same_tree() {
        let mut tree = Tree::new();
        for n in 0_u32..66_000 {
            if n % 251 == 0 || n > 65_400 {
                assert_eq!(Tree::resume(tree.size(), tree.open.clone()), tree, "{n}");
            }
            tree.push(leaf_hash(&n.to_be_bytes()));
        }
    }

    #[test]
    fn a_tile_is_full_exactly_when_its_level_closes() {
        let mut tree = Tree::new();
        let full: Vec<String> = (0..65_536_u32)
            .flat_map(|n| tree.push(leaf_hash(&n.to_be_bytes())))
            .map(|t| t.0.to_string())
            .collect();
        assert_eq!(full.len(), 257);
        assert_eq!(full[0], "tile/0/000");
        assert_eq!(full[255..], ["tile/0/255", "tile/1/000"]);
        assert_eq!(tree.open.iter().map(Vec::len).collect::<Vec<_>>(), [0, 0, 1]);
    }
}
