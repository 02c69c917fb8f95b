//! A name at a glance: how it is spelled and how it sounds as sets of bits, by which most names are told apart.

use super::pairs::LetterPairs;

/// A name in so little room that many are looked at one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    spelled: [u64; 2],
    sounds: [u64; 2],
    /// How many of both there are.
    counts: [u8; 2],
    foreign: bool,
    empty: bool,
}

impl Sketch {
    /// A sketch of a name by its letters and sounds.
    pub(super) const fn new(spelled: LetterPairs, sounds: LetterPairs, foreign: bool, empty: bool) -> Self {
        let counts = [spelled.count, sounds.count];
        Self { spelled: spelled.bits, sounds: sounds.bits, counts, foreign, empty }
    }

    const fn spelled(&self) -> LetterPairs {
        LetterPairs { bits: self.spelled, count: self.counts[0] }
    }

    const fn sounds(&self) -> LetterPairs {
        LetterPairs { bits: self.sounds, count: self.counts[1] }
    }

    /// Whether nothing is left of the name to compare.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.empty
    }

    /// How much of what makes the two names is alike when read aloud, in parts per thousand; `None` where too little is
    /// left to tell. Far quicker than laying the names beside each other, and it sees a likeness where words are parted,
    /// spelled or romanized in other ways; but it calls more names alike than are.
    #[must_use]
    pub fn kinship(&self, other: &Self) -> Option<u16> {
        let aloud = self.sounds().shared(other.sounds())?;
        if self.foreign != other.foreign {
            return Some(aloud);
        }
        let spelled = self.spelled().shared(other.spelled()).unwrap_or(aloud);
        Some(aloud.midpoint(spelled))
    }
}
