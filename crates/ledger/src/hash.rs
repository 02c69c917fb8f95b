//! The hashes of RFC 6962 section 2.1: leaf, node, empty tree.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash of the tree: of a leaf, of a node, or the root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Self::LENGTH]);

impl Hash {
    /// Bytes in a hash.
    pub const LENGTH: usize = 32;

    /// The root of the tree without entries: SHA-256 of nothing.
    #[must_use]
    pub fn of_empty_tree() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The hash written in standard base64, as on checkpoints and proofs; nothing where the text is not exactly that.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The hash of an entry as a leaf: SHA-256 of 0x00 and its bytes.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// The hash of two subtrees side by side: SHA-256 of 0x01 and both hashes.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [0x01; 1 + 2 * Hash::LENGTH];
    block[1..=Hash::LENGTH].copy_from_slice(&left.0);
    block[1 + Hash::LENGTH..].copy_from_slice(&right.0);
    Hash(Sha256::digest(block).into())
}

/// The root over 1 to 256 neighbouring subtree hashes of one height; for a number that is no power of two the left
/// side is the largest power of two, as in RFC 6962.
pub(crate) fn fold(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::of_empty_tree(),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(split_point(hashes.len() as u64) as usize);
            node_hash(&fold(left), &fold(right))
        }
    }
}

/// The largest power of two smaller than `count`, which is at least 2: where RFC 6962 cuts a list in two.
pub(crate) const fn split_point(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The hashes a tile's bytes hold; nothing where the length is no multiple of a hash.
pub(crate) fn hashes_of(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<{ Hash::LENGTH }>();
    rest.is_empty().then(|| hashes.iter().copied().map(Hash).collect())
}

/// A tile's bytes.
pub(crate) fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
