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
