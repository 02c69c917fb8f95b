//! The numbers of the procedure: MRN of a movement, GRN of a guarantee, and the digit that guards them against slips.

use std::fmt;

/// The check digit over some signs, as the MRN and the GRN have it; `None` where a sign is neither digit nor capital.
///
/// Digits count themselves; letters count 10, 12, 13 and on, leaving out the multiples of 11; each sign weighs twice
/// its predecessor; the sum's remainder by 11, 10 written as 0, is the digit (ISO 6346).
#[must_use]
pub fn check_digit(text: &str) -> Option<u8> {
    let mut sum: u64 = 0;
    for (at, sign) in text.bytes().enumerate() {
        let value = match sign {
            b'0'..=b'9' => u64::from(sign - b'0'),
            b'A'..=b'Z' => {
                let place = u64::from(sign - b'A');
                10 + place + u64::from(place >= 1) + u64::from(place >= 11) + u64::from(place >= 21)
            }
            _ => return None,
        };
        // The longest number has 18 signs; more would not be one.
        sum = sum.checked_add(value.checked_shl(u32::try_from(at).ok()?)?)?;
    }
    u8::try_from(sum % 11 % 10).ok().filter(|_| text.len() <= 40)
}

/// Whether a text ends in its check digit.
fn ends_in_its_digit(text: &str) -> bool {
    let Some((body, last)) = text.split_at_checked(text.len().saturating_sub(1)) else { return false };
    check_digit(body).is_some_and(|digit| last.as_bytes() == [b'0' + digit])
}

fn signs(text: &str, letters: Letters) -> bool {
    text.bytes().all(|sign| match letters {
        Letters::Only => sign.is_ascii_uppercase(),
        Letters::None => sign.is_ascii_digit(),
        Letters::Also => sign.is_ascii_uppercase() || sign.is_ascii_digit(),
    })
}

/// Which signs a part is made of.
#[derive(Clone, Copy)]
enum Letters {
    Only,
    None,
    Also,
}

/// Whether a text has the shape of an MRN: of the older form until 2024, or with one of these letters at its 17th place.
#[must_use]
pub fn is_mrn_shape(text: &str, letters: &str) -> bool {
    if text.len() != 18 || !text.is_ascii() {
        return false;
    }
    let (year, country, body, letter, digit) =
        (&text[..2], &text[2..4], &text[4..16], &text[16..17], &text[17..]);
    let common = signs(year, Letters::None)
        && signs(country, Letters::Only)
        && signs(body, Letters::Also)
        && signs(digit, Letters::None);
    let older = year <= "24" && signs(letter, Letters::Also);
    let newer = year >= "24" && letters.contains(letter);
    common && (older || newer)
}

/// Whether a text is an MRN of transit whose check digit fits.
#[must_use]
pub fn mrn_is_sound(text: &str) -> bool {
    text.len() == 18 && text.is_ascii() && ends_in_its_digit(text)
}

/// Whether a text has the shape of a GRN, with or without the number of a voucher.
#[must_use]
pub fn is_grn_shape(text: &str) -> bool {
    if !text.is_ascii() || !(text.len() == 17 || text.len() == 24) {
        return false;
    }
    let voucher = &text[17..];
    signs(&text[..2], Letters::None)
        && signs(&text[2..4], Letters::Only)
        && signs(&text[4..16], Letters::Also)
        && signs(&text[16..17], Letters::None)
        && (voucher.is_empty()
            || (signs(&voucher[..1], Letters::Only) && signs(&voucher[1..], Letters::None)))
}

/// Whether a text is a GRN whose check digit fits.
#[must_use]
pub fn grn_is_sound(text: &str) -> bool {
    is_grn_shape(text) && ends_in_its_digit(&text[..17])
}

/// Which security data a declaration carries, as the 17th sign of its MRN says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// None (`J`).
    None,
    /// Entry (`L`).
    Entry,
    /// Exit (`K`).
    Exit,
    /// Both (`M`).
    Both,
}

impl Security {
    /// The security the declaration's own figure means.
    #[must_use]
    pub const fn of(figure: u8) -> Self {
        match figure {
            1 => Self::Entry,
            2 => Self::Exit,
            3 => Self::Both,
            _ => Self::None,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::None => 'J',
            Self::Entry => 'L',
            Self::Exit => 'K',
            Self::Both => 'M',
        }
    }
}

/// What an MRN is made of.
#[derive(Clone, Copy, Debug)]
pub struct MrnParts<'a> {
    /// The year of acceptance, of which the last two digits count.
    pub year: i16,
    /// The office of departure; its country and its number's first five signs go in.
    pub office: &'a str,
    /// Which movement of that office and year it is.
    pub serial: u64,
    /// The security data of the declaration.
    pub security: Security,
}

impl MrnParts<'_> {
    /// The MRN; `None` where the office is no office or the serial has grown past its seven signs.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        let (country, office) = (self.office.get(..2)?, self.office.get(3..8)?);
        let serial = base36(self.serial, 7)?;
        let body =
            format!("{:02}{country}{office}{serial}{}", self.year.rem_euclid(100), self.security.letter());
        let digit = check_digit(&body)?;
        Some(format!("{body}{digit}")).filter(|mrn| is_mrn_shape(mrn, "JKLM"))
    }
}

/// The GRN of a guarantee registered in a year at an office, counted.
#[must_use]
pub fn grn(year: i16, office: &str, serial: u64) -> Option<String> {
    let (country, place) = (office.get(..2)?, office.get(3..8)?);
    let body = format!("{:02}{country}{place}{}", year.rem_euclid(100), base36(serial, 7)?);
    let digit = check_digit(&body)?;
    Some(format!("{body}{digit}")).filter(|grn| is_grn_shape(grn))
}

fn base36(mut value: u64, width: usize) -> Option<String> {
    let mut signs = vec![b'0'; width];
    for sign in signs.iter_mut().rev() {
        let digit = u8::try_from(value % 36).ok()?;
        *sign = if digit < 10 { b'0' + digit } else { b'A' + digit - 10 };
        value /= 36;
    }
    (value == 0).then(|| String::from_utf8(signs).ok()).flatten()
}

/// The MRN of a movement declared under a number of its principal's own: the same declaration has the same MRN.
///
/// Its twelve free signs are a digest of office, principal and number, so that nobody must count and no two nodes of one
/// administration can give the same one out twice.
#[must_use]
pub fn mrn_of(year: i16, office: &str, (holder, lrn): (&str, &str), security: &str) -> Option<String> {
    let country = office.get(..2)?;
    let digest = kernel::Digest::of(format!("sampan mrn\n{year}\n{office}\n{holder}\n{lrn}").as_bytes());
    let mut value = u128::from_be_bytes(digest.as_bytes()[..16].try_into().ok()?);
    let mut signs = String::with_capacity(12);
    for _ in 0..12 {
        let digit = u8::try_from(value % 36).ok()?;
        signs.push(char::from(if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }));
        value /= 36;
    }
    let letter = Security::of(security.parse().unwrap_or(0)).letter();
    let body = format!("{:02}{country}{signs}{letter}", year.rem_euclid(100));
    let digit = check_digit(&body)?;
    Some(format!("{body}{digit}")).filter(|mrn| is_mrn_shape(mrn, "JKLM"))
}

/// The last moment of a day, in UTC: the latest at which the day is over anywhere in the region.
#[must_use]
pub fn end_of_day(day: jiff::civil::Date) -> Option<jiff::Timestamp> {
    jiff::tz::TimeZone::UTC.to_timestamp(day.at(23, 59, 59, 0)).ok()
}

/// The country an office lies in; empty where the text names none.
#[must_use]
pub fn country_of(office: &str) -> &str {
    office.get(..2).unwrap_or_default()
}

/// An MRN, shown in groups for reading out.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'a>(pub &'a str);

impl fmt::Display for Spoken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.get(..4), self.0.get(4..10), self.0.get(10..)) {
            (Some(a), Some(b), Some(c)) => write!(f, "{a} {b} {c}"),
            _ => f.write_str(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_have_their_digits() {
        for mrn in [
            "24GB0002463CTPQVJ0",
            "23XI000081WJZ6YJJ8",
            "23GB0002464M0YC3J0",
            "10NL5663962BE1E825",
            "26SG0001234567ABJ8",
            "26MY000ACTS00001J8",
            "26TH9Z9Z9Z9Z9Z9ZJ7",
            "26VN000000000000J2",
            "26KH000000000010J9",
        ] {
            assert!(mrn_is_sound(mrn) && is_mrn_shape(mrn, "JKLM"), "{mrn}");
            let other = format!("{}{}", &mrn[..17], (mrn.as_bytes()[17] - b'0' + 1) % 10);
            assert!(!mrn_is_sound(&other), "{other}");
        }
        for grn in ["23XI00000100000D0", "23GB0000010000058"] {
            assert!(grn_is_sound(grn), "{grn}");
        }
        assert!(grn_is_sound("23GB0000010000058A000123"));
        assert!(!grn_is_sound("23GB0000010000058A00012"));
    }

    #[test]
    fn numbers_that_are_made_are_sound_and_differ() {
        let mut made = std::collections::BTreeSet::new();
        for serial in 0..5_000 {
            let parts = MrnParts {
                year: 2026,
                office: "VN001234",
                serial,
                security: Security::of((serial % 4) as u8),
            };
            let mrn = parts.number().expect("a number");
            assert!(mrn_is_sound(&mrn) && is_mrn_shape(&mrn, "JKLM"), "{mrn}");
            let grn = grn(2026, "VN001234", serial).expect("a number");
            assert!(grn_is_sound(&grn), "{grn}");
            assert!(made.insert(mrn) && made.insert(grn));
        }
        let last =
            MrnParts { year: 2026, office: "VN001234", serial: 36_u64.pow(7), security: Security::None };
        assert_eq!(last.number(), None);
    }

    #[test]
    fn what_is_no_number_is_refused_without_harm() {
        for text in ["", "é", "26VNéé00000000000J", "26vn000000000000j2", "26VN000000000000X2"] {
            assert!(!is_mrn_shape(text, "JKLM"), "{text}");
            assert!(!grn_is_sound(text), "{text}");
        }
        assert_eq!(check_digit(&"9".repeat(80)), None);
    }
}
