//! Operator codes as declarations quote them: `AEOSG` and twelve signs, `AEOCN` and ten digits, and the like.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::terms::Country;

/// The code of a trusted trader: `AEO`, the country, and the national part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OperatorCode(String);

/// Why a text is no operator code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACode {
    /// It does not begin with `AEO` and two letters of a country.
    Beginning,
    /// Its national part has signs other than letters and digits, or none.
    Signs,
    /// Its national part is not as long as its country's are, or longer than any.
    Length,
}

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Beginning => "an operator code begins with AEO and two letters of a country",
            Self::Signs => "the national part of an operator code is letters and digits",
            Self::Length => "the national part of this operator code has another length",
        })
    }
}

impl std::error::Error for NotACode {}

impl OperatorCode {
    /// The longest code, in characters: a country and fifteen more, behind `AEO`.
    pub const LENGTH_MAX: usize = 20;

    /// Takes a code; spaces, dashes and dots between its signs are dropped, small letters are raised.
    ///
    /// # Errors
    /// [`NotACode`] with what is wrong.
    pub fn new(text: &str) -> Result<Self, NotACode> {
        let signs = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}'));
        let code: String = signs.take(Self::LENGTH_MAX + 1).map(|c| c.to_ascii_uppercase()).collect();
        let country = code.strip_prefix("AEO").and_then(|rest| rest.get(..2));
        let country = country.filter(|country| country.bytes().all(|byte| byte.is_ascii_uppercase()));
        let country = country.ok_or(NotACode::Beginning)?;
        let national = &code[5..];
        if national.is_empty() || !national.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NotACode::Signs);
        }
        let form = FORMS.iter().find(|form| form.0 == country);
        let digits_only = form.is_some_and(|form| form.2 == Signs::Digits);
        if digits_only && !national.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotACode::Signs);
        }
        let fits = match form {
            Some((_, length, _)) => national.len() == *length,
            None => national.len() <= Self::LENGTH_MAX - 5,
        };
        if fits { Ok(Self(code)) } else { Err(NotACode::Length) }
    }

    /// The code's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country whose programme it is of.
    #[must_use]
    pub fn country(&self) -> Country {
        Country::new(&self.0[3..5])
    }

    /// The codes that are one slip away: one sign changed, or two neighbours swapped.
    pub fn slips(&self) -> impl Iterator<Item = Self> + '_ {
        let signs: Vec<u8> = self.0.bytes().collect();
        let national = 5..signs.len();
        let changed = national.clone().flat_map({
            let signs = signs.clone();
            move |at| {
                let signs = signs.clone();
                SIGNS.bytes().filter_map(move |sign| {
                    let mut slip = signs.clone();
                    slip[at] = sign;
                    (slip != signs).then_some(slip)
                })
            }
        });
        let swapped = (5..signs.len().saturating_sub(1)).filter_map({
            let signs = signs.clone();
            move |at| {
                let mut slip = signs.clone();
                slip.swap(at, at + 1);
                (slip != signs).then_some(slip)
            }
        });
        changed.chain(swapped).filter_map(|slip| String::from_utf8(slip).ok().map(Self))
    }

    /// Seven bits a sign would do; six do for capital letters and digits. Twenty signs fit into 128 bits.
    #[must_use]
    pub fn packed(&self) -> u128 {
        pack(self.0.as_bytes())
    }
}

/// A code as it was quoted, packed; what cannot be one packs into 0.
#[must_use]
pub fn packed(code: &str) -> u128 {
    pack(code.as_bytes())
}

/// Packs capital letters and digits six bits each. 0, which no code packs into, where another sign stands or there are more
/// than twenty.
pub(super) fn pack(signs: &[u8]) -> u128 {
    if signs.len() > 20 {
        return 0;
    }
    // Ten signs fit a machine word; two words side by side are packed faster than one of double width.
    let (beginning, end) = signs.split_at(signs.len().saturating_sub(10));
    match (word(beginning), word(end)) {
        (Some(high), Some(low)) => (u128::from(high) << 60) | u128::from(low),
        _ => 0,
    }
}

/// At most ten signs in one word; `None` where one of them is in no code.
fn word(signs: &[u8]) -> Option<u64> {
    let mut known = true;
    let word = signs.iter().fold(0, |word, sign| {
        let bits = SIX_BITS[usize::from(*sign)];
        known &= bits != 0;
        (word << 6) | u64::from(bits)
    });
    known.then_some(word)
}

/// What each sign packs into.
const SIX_BITS: [u8; 256] = {
    let mut bits = [0; 256];
    let mut sign = 0;
    while sign < 256 {
        let byte = sign as u8;
        bits[sign] = match byte {
            b'0'..=b'9' => byte - b'0' + 1,
            b'A'..=b'Z' => byte - b'A' + 11,
            _ => 0,
        };
        sign += 1;
    }
    bits
};

impl fmt::Display for OperatorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for OperatorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Digits,
    Any,
}

/// The national parts whose form is published: Singapore's twelve signs, China's ten digits. The others' are not known
/// to be fixed, and any up to fifteen is taken.
const FORMS: &[(&str, usize, Signs)] = &[("SG", 12, Signs::Any), ("CN", 10, Signs::Digits)];

const SIGNS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_code_packs_into_a_codes_number() {
        let code = packed("AEOVN0000000001");
        assert_eq!(code, OperatorCode::new("AEOVN0000000001").expect("a code").packed());
        for quoted in [
            "",
            " AEOVN0000000001",
            "AEOVN0000000001 ",
            "aeovn0000000001",
            "-----AEOVN0000000001",
            "9999999999-----AEOVN0000000001",
            "Ä",
        ] {
            assert_eq!(packed(quoted), 0, "{quoted}");
        }
        for other in ["AEOVN0000000002", "AEOVN000000001", "BAEOVN0000000001", "1", "99999999999999999999"] {
            assert!(packed(other) != 0 && packed(other) != code, "{other}");
        }
    }

    #[test]
    fn a_code_has_its_countrys_form() {
        let of = |text: &str| OperatorCode::new(text).map(|code| code.to_string());
        for (text, expected) in [
            ("AEOCN1234567890", Ok("AEOCN1234567890")),
            ("aeo-cn 1234567890", Ok("AEOCN1234567890")),
            ("AEOCN123456789", Err(NotACode::Length)),
            ("AEOCN12345678A0", Err(NotACode::Signs)),
            ("AEOSG201812345ABC", Ok("AEOSG201812345ABC")),
            ("AEOVN0301234567", Ok("AEOVN0301234567")),
            ("AEOVN", Err(NotACode::Signs)),
            ("VN0301234567", Err(NotACode::Beginning)),
            ("AEOVN1234567890123456", Err(NotACode::Length)),
            ("AEOéé1", Err(NotACode::Beginning)),
        ] {
            assert_eq!(of(text), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn slips_are_one_sign_away() {
        let code = OperatorCode::new("AEOVN12").expect("a code");
        let slips: Vec<_> = code.slips().map(|slip| slip.to_string()).collect();
        assert_eq!(slips.len(), 2 * 35 + 1);
        assert!(slips.contains(&"AEOVN21".to_owned()) && slips.contains(&"AEOVN1Z".to_owned()));
    }

    #[test]
    fn no_two_codes_pack_alike() {
        let packed = |text: &str| OperatorCode::new(text).expect("a code").packed();
        assert_ne!(packed("AEOVN0"), packed("AEOVN00"));
        assert_ne!(packed("AEOVNA"), packed("AEOVN1"));
    }
}
