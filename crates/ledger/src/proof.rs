//! Proofs: that an entry is in a tree, and that one tree grew out of another (RFC 6962 2.1.1 and 2.1.2).

use crate::error::Error;
use crate::hash::{Hash, node_hash};

/// The hashes that lead from one leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The entry's index, from 0.
    pub index: u64,
    /// Entries in the tree.
    pub size: u64,
    /// From the leaf's sibling up to the child of the root.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Checks that the leaf lies at the index in the tree of this size under `root`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where the index lies outside, [`Error::ProofWrong`] where the hashes lead elsewhere.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), Error> {
        if self.index >= self.size {
            return Err(Error::OutOfRange { asked: self.index, size: self.size });
        }
        let mut walk = Walk { place: self.index, last: self.size - 1 };
        let mut hash = *leaf;
        for sibling in &self.hashes {
            hash = match walk.climb().ok_or(Error::ProofWrong)? {
                Side::Left => node_hash(sibling, &hash),
                Side::Right => node_hash(&hash, sibling),
            };
        }
        let arrived = walk.last == 0 && hash == *root;
        arrived.then_some(()).ok_or(Error::ProofWrong)
    }
}

/// The hashes that show the first entries of a tree to be all the entries of an older one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Entries in the older tree.
    pub old: u64,
    /// Entries in the newer tree.
    pub new: u64,
    /// From the deepest up.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Checks that the tree under `new_root` begins with the tree under `old_root`.
    ///
    /// From the empty tree and between equal sizes the proof is empty.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where the older tree is the larger, [`Error::ProofWrong`] where the hashes lead elsewhere.
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> Result<(), Error> {
        if self.old > self.new {
            return Err(Error::OutOfRange { asked: self.old, size: self.new });
        }
        let holds = if self.old == 0 {
            self.hashes.is_empty() && *old_root == Hash::of_empty_tree()
        } else if self.old == self.new {
            self.hashes.is_empty() && old_root == new_root
        } else {
            self.roots(old_root) == Some((*old_root, *new_root))
        };
        holds.then_some(()).ok_or(Error::ProofWrong)
    }

    /// The older and the newer root the hashes lead to, for 0 < old < new.
    fn roots(&self, old_root: &Hash) -> Option<(Hash, Hash)> {
        let mut hashes = self.hashes.iter();
        // A full older tree is a subtree of the newer one, so its root is not repeated in the proof.
        let start = if self.old.is_power_of_two() { old_root } else { hashes.next()? };
        let mut walk = Walk { place: self.old - 1, last: self.new - 1 };
        walk.rise(self.old.trailing_zeros());
        let (mut old, mut new) = (*start, *start);
        for sibling in hashes {
            match walk.climb()? {
                Side::Left => {
                    old = node_hash(sibling, &old);
                    new = node_hash(sibling, &new);
                }
                Side::Right => new = node_hash(&new, sibling),
            }
        }
        (walk.last == 0).then_some((old, new))
    }
}

/// A place on its way up the tree, beside the last place of the same level.
struct Walk {
    place: u64,
    last: u64,
}

/// On which side of the walk the next sibling stands.
enum Side {
    Left,
    Right,
}

impl Walk {
    /// One step up to where the place has a sibling; nothing at the root.
    fn climb(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let left = self.place & 1 == 1 || self.place == self.last;
        if left {
            // A last place without a right sibling is carried up unhashed until it has a left one.
            self.rise(self.place.trailing_zeros());
        }
        self.rise(1);
        Some(if left { Side::Left } else { Side::Right })
    }

    fn rise(&mut self, levels: u32) {
        self.place = self.place.checked_shr(levels).unwrap_or(0);
        self.last = self.last.checked_shr(levels).unwrap_or(0);
    }
}
