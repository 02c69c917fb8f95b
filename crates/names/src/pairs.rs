//! Pairs of neighbouring letters as a set of bits: a quick look at whether two names can be one.

/// Which pairs of neighbouring letters a text has, by their place among 128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LetterPairs(u128);

impl LetterPairs {
    pub(super) fn of(text: &str) -> Self {
        let bit = |pair: &[u8]| 1 << ((u32::from(pair[0]) * 37 + u32::from(pair[1])) % 128);
        Self(text.as_bytes().windows(2).map(bit).fold(0, |bits: u128, bit: u128| bits | bit))
    }

    /// Whether both have enough pairs to tell, and share less than a third of the fewer.
    pub(super) const fn is_far_from(self, other: Self) -> bool {
        let (own, theirs) = (self.0.count_ones(), other.0.count_ones());
        let fewer = if own < theirs { own } else { theirs };
        fewer >= 4 && (self.0 & other.0).count_ones() * 3 < fewer
    }
}

impl LetterPairs {
    /// How many of their pairs the two share, in parts per thousand of all (Dice); `None` where one has too few to tell.
    pub(super) const fn shared(self, other: Self) -> Option<u16> {
        let (own, theirs) = (self.0.count_ones(), other.0.count_ones());
        if own == 0 || theirs == 0 || own + theirs < TELLING_MIN {
            return None;
        }
        Some((2_000 * (self.0 & other.0).count_ones() / (own + theirs)) as u16)
    }
}

/// Fewer pairs than this on both sides together tell nothing.
const TELLING_MIN: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_without_much_in_common_are_far() {
        let far = |left, right| LetterPairs::of(left).is_far_from(LetterPairs::of(right));
        assert!(far("hoanglong", "minhphat"));
        assert!(!far("minhphat", "minhpaht"));
        assert!(!far("minhphat", "phatminh"));
        assert!(!far("abc", "xyz"), "too short to tell");
    }
}
