//! Pairs of neighbouring letters as a set of bits: a quick look at whether two names can be one.

/// Which pairs of neighbouring letters a text has, by their place among 128, and how many they are: counted once, since
/// counting bits is most of comparing them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LetterPairs {
    pub(super) bits: [u64; 2],
    pub(super) count: u8,
}

impl LetterPairs {
    /// The pairs of a text that is given in parts.
    pub(super) fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let (mut bits, mut last) = (0_u128, None);
        for letter in parts.flat_map(str::bytes) {
            let bit = |last: u8| 1 << ((u32::from(last) * 37 + u32::from(letter)) % 128);
            bits |= last.map_or(0, bit);
            last = Some(letter);
        }
        Self { bits: [bits as u64, (bits >> 64) as u64], count: bits.count_ones() as u8 }
    }

    const fn in_common(self, other: Self) -> u32 {
        (self.bits[0] & other.bits[0]).count_ones() + (self.bits[1] & other.bits[1]).count_ones()
    }

    /// Whether both have enough pairs to tell, and share less than a third of the fewer.
    pub(super) const fn is_far_from(self, other: Self) -> bool {
        let fewer = if self.count < other.count { self.count } else { other.count };
        fewer >= 4 && self.in_common(other) * 3 < fewer as u32
    }
}

impl LetterPairs {
    /// How many of their pairs the two share, in parts per thousand of all (Dice); `None` where one has too few to tell.
    pub(super) const fn shared(self, other: Self) -> Option<u16> {
        let both = self.count as u32 + other.count as u32;
        if self.count == 0 || other.count == 0 || both < TELLING_MIN {
            return None;
        }
        Some((2_000 * self.in_common(other) / both) as u16)
    }
}

/// Fewer pairs than this on both sides together tell nothing.
const TELLING_MIN: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_without_much_in_common_are_far() {
        let of = |text: &'static str| LetterPairs::of([text].into_iter());
        let far = |left, right| of(left).is_far_from(of(right));
        assert!(far("hoanglong", "minhphat"));
        assert!(!far("minhphat", "minhpaht"));
        assert!(!far("minhphat", "phatminh"));
        assert!(!far("abc", "xyz"), "too short to tell");
    }
}
