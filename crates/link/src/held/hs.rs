//! A commodity code as one number.

use customs::terms::HsCode;

/// The digits of a commodity code, four bits each from the highest down, and how many there are in the lowest four; 0 where
/// there is none. How many digits two codes share is where their bits first part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hs(u64);

/// The bits of one digit.
const DIGIT: u32 = 4;

impl Hs {
    pub(crate) fn of(code: Option<&HsCode>) -> Self {
        let digits = code.map_or("", HsCode::as_str).bytes();
        let length = digits.len() as u64;
        let shift = |at: usize| u64::BITS - DIGIT * (at as u32 + 1);
        Self(digits.enumerate().fold(length, |bits, (at, digit)| bits | u64::from(digit - b'0') << shift(at)))
    }

    pub(crate) fn code(self) -> Option<HsCode> {
        let digits: String = self.first(self.len()).map(|digit| char::from(b'0' + digit as u8)).collect();
        (self.0 > 0).then(|| HsCode::new(&digits).expect("it was one when it came"))
    }

    /// How many digits it has.
    pub(crate) const fn len(self) -> u32 {
        (self.0 & 0xf) as u32
    }

    /// How many first digits the two share; no more than the shorter has.
    pub(crate) fn shared(self, other: Self) -> u32 {
        let same = (self.0 ^ other.0).leading_zeros() / DIGIT;
        same.min(self.len()).min(other.len())
    }

    /// Its first digits as a number.
    pub(crate) fn digits(self, digits: u32) -> u64 {
        self.first(digits).fold(0, |number, digit| number * 10 + digit)
    }

    /// Its first digits behind a one, so that noughts in front count; all of them where it has fewer.
    pub(crate) fn prefix(self, digits: u32) -> u64 {
        let behind = self.first(digits).fold(1, |number, digit| number * 10 + digit);
        if self.0 == 0 { 0 } else { behind }
    }

    fn first(self, digits: u32) -> impl Iterator<Item = u64> {
        (1..=digits.min(self.len())).map(move |at| self.0 >> (u64::BITS - DIGIT * at) & 0xf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_its_number() {
        for text in ["0101", "010121", "84713020", "000000000000"] {
            let code = HsCode::new(text).ok();
            assert_eq!(Hs::of(code.as_ref()).code(), code);
            assert_eq!(Hs::of(code.as_ref()).len() as usize, text.len());
        }
        assert_eq!(Hs::of(None).code(), None);
    }

    #[test]
    fn prefixes_are_equal_exactly_where_the_digits_are() {
        let of = |text| Hs::of(HsCode::new(text).ok().as_ref());
        assert_eq!(of("84713020").prefix(6), of("847130").prefix(6));
        assert_ne!(of("84713020").prefix(6), of("847141").prefix(6));
        assert_eq!(of("84713020").prefix(4), of("847141").prefix(4));
        assert_eq!(
            (of("84713020").prefix(4), of("84713020").digits(6), of("01012100").digits(6)),
            (18_471, 847_130, 10_121)
        );
    }

    #[test]
    fn two_codes_share_digits_up_to_where_they_part() {
        let of = |text| Hs::of(HsCode::new(text).ok().as_ref());
        for (left, right, shared) in [
            ("84713020", "84713020", 8),
            ("84713020", "84713030", 6),
            ("84713020", "847130", 6),
            ("84710000", "8471", 4),
            ("84713020", "84", 0),
            ("84713020", "94713020", 0),
            ("000000000000", "000000000000", 12),
        ] {
            assert_eq!(of(left).shared(of(right)), shared, "{left} {right}");
        }
        assert_eq!(of("847130").shared(Hs::default()), 0);
    }
}
