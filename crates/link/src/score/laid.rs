//! Names of parties laid beside each other, and remembered: the same trader meets the same traders again.

use super::{Level, levels};
use crate::held::{Parties, PartyNo, mix};

/// Pairs of parties remembered, each at the place its number falls on, where it takes the place of an earlier one.
#[derive(Clone, Debug, Default)]
pub(super) struct Laid {
    /// Both parties' numbers as one, and how far they agree.
    pairs: Vec<Option<(PartyNo, PartyNo, Level)>>,
}

/// Pairs remembered: as many as fit a processor's nearer memory.
const REMEMBERED: usize = 1 << 14;

impl Laid {
    /// How far the names of two parties agree where a glance at them left it open.
    pub(super) fn level(&mut self, parties: &Parties, left: PartyNo, right: PartyNo) -> Level {
        if self.pairs.is_empty() {
            self.pairs = vec![None; REMEMBERED];
        }
        let at = mix(u64::from(left.number()), u64::from(right.number())) as usize % REMEMBERED;
        match self.pairs[at] {
            Some((known_left, known_right, level)) if (known_left, known_right) == (left, right) => level,
            _ => {
                let level = levels::laid(parties.known(left), parties.known(right));
                self.pairs[at] = Some((left, right, level));
                level
            }
        }
    }
}
