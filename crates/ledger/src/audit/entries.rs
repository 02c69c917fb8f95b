//! The entries of one bundle against their leaf hashes.

use super::tiles::{Trust, Walk};
use super::{FaultKind, Place};
use crate::bundle::split_first;
use crate::hash::{Hash, leaf_hash};
use crate::path::{TILE_WIDTH, TilePath};
use crate::source::Source;

/// Checks a bundle, and the narrower ones that still lie beside it, entry by entry.
pub(super) fn check<S: Source + ?Sized>(
    walk: &mut Walk<'_, S>,
    path: TilePath,
    leaves: &[Option<Hash>],
    trust: Trust,
) {
    walk.audit.entries += check_one(walk, path, leaves, trust);
    for older in walk.narrower(path) {
        check_one(walk, older, &leaves[..usize::from(older.width)], trust);
    }
}

/// The leaf hashes a bundle gives, as far as it can be cut into entries.
pub(super) fn leaves<S: Source + ?Sized>(walk: &mut Walk<'_, S>, path: TilePath) -> Vec<Option<Hash>> {
    let bytes = walk.load(path).unwrap_or_default();
    let mut rest = bytes.as_slice();
    let mut next = || {
        let (entry, after) = split_first(rest)?;
        rest = after;
        Some(leaf_hash(entry))
    };
    (0..path.width).map(|_| next()).collect()
}

/// Checks one form of a bundle and returns how many entries were read.
fn check_one<S: Source + ?Sized>(
    walk: &mut Walk<'_, S>,
    path: TilePath,
    leaves: &[Option<Hash>],
    trust: Trust,
) -> u64 {
    let bytes = match walk.load(path) {
        Ok(bytes) => bytes,
        Err(kind) => {
            walk.audit.fault(Place::Bundle(path), kind);
            return 0;
        }
    };
    let mut rest = bytes.as_slice();
    for (place, leaf) in (0_u64..).zip(leaves) {
        let entry = || Place::Entry { index: path.index * TILE_WIDTH + place, path };
        let next = leaves.get(place as usize + 1).copied().flatten();
        match read(rest, *leaf, next) {
            Read::Sound(after) => rest = after,
            Read::Changed(after) => {
                walk.audit.fault(entry(), trust.fault());
                rest = after;
            }
            Read::Unreadable => {
                walk.audit.fault(entry(), FaultKind::Malformed);
                return place;
            }
        }
    }
    if !rest.is_empty() {
        walk.audit.fault(Place::Bundle(path), FaultKind::Malformed);
    }
    leaves.len() as u64
}

/// What the next entry of a bundle is, with the bytes after it.
enum Read<'b> {
    Sound(&'b [u8]),
    Changed(&'b [u8]),
    /// It differs and where the next one begins cannot be told.
    Unreadable,
}

/// Reads the next entry. Where it is not the one its leaf hash stands for, finds out whether its bytes or its length
/// prefix were changed, so that the entries after it are still read at their right places.
fn read(bytes: &[u8], leaf: Option<Hash>, next: Option<Hash>) -> Read<'_> {
    let whole = split_first(bytes);
    let Some(leaf) = leaf else {
        return whole.map_or(Read::Unreadable, |(_, after)| Read::Sound(after));
    };
    if let Some((entry, after)) = whole {
        if leaf_hash(entry) == leaf {
            return Read::Sound(after);
        }
        let goes_on = match next {
            Some(next) => split_first(after).is_some_and(|(entry, _)| leaf_hash(entry) == next),
            None => after.is_empty(),
        };
        if goes_on {
            return Read::Changed(after);
        }
    }
    if let Some(after) = with_other_length(bytes, leaf) {
        return Read::Changed(after);
    }
    // Two damaged entries in a row: the prefix is all there is to go by.
    whole.map_or(Read::Unreadable, |(_, after)| Read::Changed(after))
}

/// What follows the entry if one byte of its length prefix was changed.
fn with_other_length(bytes: &[u8], leaf: Hash) -> Option<&[u8]> {
    let (prefix, rest) = bytes.split_first_chunk::<2>()?;
    let others = (0..2).flat_map(|place| {
        (0..=u8::MAX).map(move |byte| {
            let mut other = *prefix;
            other[place] = byte;
            usize::from(u16::from_be_bytes(other))
        })
    });
    let mut cuts = others.filter_map(|length| rest.split_at_checked(length));
    cuts.find(|(entry, _)| leaf_hash(entry) == leaf).map(|(_, after)| after)
}
