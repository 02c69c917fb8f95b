//! What is looked at first of lines and parties, in rows of one size: what is held stands all over the memory, and going
//! to it costs more than the look.

use super::{Amount, Code, HeldLine, Hs, Known};
use crate::resolve::Sketch;

/// What a line says of its goods by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineRow {
    pub(crate) hs: Hs,
    pub(crate) amount: Option<Amount>,
    pub(crate) origin: Code,
    pub(crate) item: u32,
}

impl HeldLine {
    /// What it says of its goods by itself.
    pub(crate) const fn row(&self) -> LineRow {
        LineRow { hs: self.hs, amount: self.amount, origin: self.origin, item: self.item }
    }
}

/// What a glance at a party shows, in one line of a processor's nearer memory.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(crate) struct PartyRow {
    pub(crate) name: Sketch,
    /// A bit for every word of its address, and how many words there are.
    pub(crate) places: u64,
    words: u8,
    /// How many of the words have no bit of their own.
    hidden: u8,
    /// Whether it bears an identifier, or goes by names that are known to be one party's.
    pub(crate) identified: bool,
}

impl PartyRow {
    pub(crate) fn of(known: &Known) -> Self {
        let places = known.address.iter().fold(0_u64, |bits, word| bits | 1 << (word % 64));
        let words = u8::try_from(known.address.len()).unwrap_or(u8::MAX);
        let hidden = words.saturating_sub(places.count_ones() as u8);
        let identified = known.is_identified();
        Self { name: known.name.sketch(), places, words, hidden, identified }
    }

    /// The most words the shorter address may share with the other, in parts per thousand of its own; `None` where one
    /// says nothing.
    pub(crate) fn address_most(&self, other: &Self) -> Option<u16> {
        let fewer = self.words.min(other.words);
        if fewer == 0 {
            return None;
        }
        if fewer == u8::MAX {
            return Some(1_000);
        }
        let hidden = u32::from(self.hidden.max(other.hidden));
        let shared = ((self.places & other.places).count_ones() + hidden).min(u32::from(fewer));
        Some((1_000 * shared / u32::from(fewer)) as u16)
    }
}

#[cfg(test)]
mod tests {
    use customs::terms::{Address, Party};
    use proptest::prelude::*;

    use super::*;
    use crate::held::Packed;
    use crate::resolve::shared_words;

    /// A party at an address of these numbers and letters.
    fn at(words: &[u32]) -> Known {
        let line = words.iter().map(|word| format!("w{word} ")).collect();
        Known::new(Packed::of(&Party { address: Address { line, ..Address::default() }, ..Party::default() }))
            .0
    }

    proptest! {
        /// What rows say two addresses share at most is no less than what they share.
        #[test]
        fn rows_promise_no_less_than_addresses_share(
            left in prop::collection::vec(0_u32..90, 0..40),
            right in prop::collection::vec(0_u32..90, 0..40),
        ) {
            let (left, right) = (at(&left), at(&right));
            let most = PartyRow::of(&left).address_most(&PartyRow::of(&right));
            let shared = shared_words(&left.address, &right.address);
            prop_assert_eq!(most.is_none(), shared.is_none());
            prop_assert!(most >= shared, "{:?} {:?}", most, shared);
        }
    }
}
