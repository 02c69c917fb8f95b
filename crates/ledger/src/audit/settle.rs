//! Deciding between what a tile says and what lies below it, when a trusted hash above tells right from wrong.

use crate::hash::Hash;

/// What is known of one hash in a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Witnessed {
    /// What the tile says; nothing where the tile is missing or too short.
    pub(super) stored: Option<Hash>,
    /// What the files below give; nothing where they are missing.
    pub(super) rebuilt: Option<Hash>,
}

/// The hashes that lead to the trusted hash, chosen place by place between stored and rebuilt ones.
///
/// Tries all stored, all rebuilt, then every mixture of up to [`CONTESTED_MAX`] places where the two differ. Nothing
/// where no choice leads there, or a place has neither.
pub(super) fn settle(places: &[Witnessed], leads_to_root: impl Fn(&[Hash]) -> bool) -> Option<Vec<Hash>> {
    let stored: Vec<Hash> =
        places.iter().map(|place| place.stored.or(place.rebuilt)).collect::<Option<_>>()?;
    if leads_to_root(&stored) {
        return Some(stored);
    }
    let rebuilt: Vec<Hash> =
        places.iter().map(|place| place.rebuilt.or(place.stored)).collect::<Option<_>>()?;
    if leads_to_root(&rebuilt) {
        return Some(rebuilt);
    }
    let contested: Vec<usize> = (0..places.len()).filter(|place| stored[*place] != rebuilt[*place]).collect();
    if contested.len() > CONTESTED_MAX {
        return None;
    }
    let mut mixture = stored;
    // Counting in Gray code changes one place at a time; a set bit means the rebuilt hash stands there.
    for step in 1_u32..1 << contested.len() {
        let bit = step.trailing_zeros() as usize;
        let place = contested[bit];
        let is_rebuilt = (step ^ (step >> 1)) >> bit & 1 == 1;
        mixture[place] =
            if is_rebuilt { rebuilt[place] } else { places[place].stored.unwrap_or(rebuilt[place]) };
        if leads_to_root(&mixture) {
            return Some(mixture);
        }
    }
    None
}

/// The most places a mixture is tried for: 2^10 foldings of a tile.
const CONTESTED_MAX: usize = 10;
