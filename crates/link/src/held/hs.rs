//! A commodity code as one number.

use customs::terms::HsCode;

/// The digits of a commodity code behind a leading one, so that its length is kept; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hs(u64);

impl Hs {
    pub(crate) fn of(code: Option<&HsCode>) -> Self {
        let digits = code.map_or("", HsCode::as_str);
        let packed = digits.bytes().fold(1, |number, digit| number * 10 + u64::from(digit - b'0'));
        Self(if digits.is_empty() { 0 } else { packed })
    }

    pub(crate) fn code(self) -> Option<HsCode> {
        (self.0 > 0).then(|| HsCode::new(&self.0.to_string()[1..]).expect("it was one when it came"))
    }

    /// How many digits it has.
    pub(crate) fn len(self) -> u32 {
        self.0.checked_ilog10().unwrap_or(0)
    }

    /// Its first digits as a number.
    pub(crate) fn digits(self, digits: u32) -> u64 {
        let digits = digits.min(self.len());
        self.prefix(digits).saturating_sub(10_u64.pow(digits))
    }

    /// Its first digits behind the leading one; all of them where it has fewer.
    pub(crate) fn prefix(self, digits: u32) -> u64 {
        self.0 / 10_u64.pow(self.len().saturating_sub(digits))
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
    }
}
