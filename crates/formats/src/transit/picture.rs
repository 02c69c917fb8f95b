//! Pictures: what a value of the transit messages may look like.
//!
//! `an..35` up to 35 characters of any kind, `an..35-trimmed` without a space at either end, `n2` digits, `a3` letters,
//! `A2` capitals, `AN1` capitals and digits, `ascii..17` printable ASCII, `int1..999`, `dec16,6` (`+`: more than
//! zero), `=0,1` one of these, and things of the trade by name. A leading `t` squeezes white space first.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};

/// What a value may look like.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// As the table writes it.
    pub(crate) text: &'static str,
    squeeze: bool,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Text { class: Class, low: usize, high: usize, trimmed: bool },
    Integer { low: u64, high: u64 },
    Decimal { digits: usize, decimals: usize, positive: bool },
    Listed(&'static str),
    Named(fn(&str) -> bool),
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Any,
    Digits,
    Letters,
    Capitals,
    CapitalsAndDigits,
    Ascii,
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::Digits => c.is_ascii_digit(),
            Self::Letters => c.is_ascii_alphabetic(),
            Self::Capitals => c.is_ascii_uppercase(),
            Self::CapitalsAndDigits => c.is_ascii_uppercase() || c.is_ascii_digit(),
            Self::Ascii => (' '..='~').contains(&c),
        }
    }
}

impl Picture {
    /// Reads a picture as the table writes it.
    pub(crate) fn parse(text: &'static str) -> Self {
        let shape = shape(text);
        if !matches!(shape, Shape::Unknown) {
            let squeeze = !matches!(shape, Shape::Text { .. });
            return Self { text, squeeze, shape };
        }
        let inner = text.strip_prefix('t').unwrap_or(text);
        Self { text: inner, squeeze: true, shape: self::shape(inner) }
    }

    /// Whether the table's notation was understood.
    #[cfg(test)]
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self.shape, Shape::Unknown)
    }

    /// The value as it counts: white space replaced, and squeezed where the picture says so.
    pub(crate) fn normal<'a>(&self, value: Cow<'a, str>) -> Cow<'a, str> {
        if self.squeeze {
            let odd = |value: &str| {
                value.trim_matches(BLANK).len() != value.len() || value.contains("  ") || value.contains(LINE)
            };
            if odd(&value) {
                return Cow::Owned(
                    value.split(BLANK).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
                );
            }
            return value;
        }
        if value.contains(LINE) { Cow::Owned(value.replace(LINE, " ")) } else { value }
    }

    /// Whether a value that does not fit differs only in its inner shape, not in its length or day.
    pub(crate) fn differs_in_shape(&self, value: &str) -> bool {
        match &self.shape {
            Shape::Named(_) => !self.text.starts_with("date"),
            Shape::Text { class, low, high, .. } => {
                *class != Class::Any && (*low..=*high).contains(&value.chars().count())
            }
            _ => false,
        }
    }

    /// Whether a value, as it counts, is of this picture.
    pub(crate) fn fits(&self, value: &str) -> bool {
        match &self.shape {
            Shape::Text { class, low, high, trimmed } => {
                let count = if value.is_ascii() { value.len() } else { value.chars().count() };
                (*low..=*high).contains(&count)
                    && (*class == Class::Any || value.chars().all(|c| class.has(c)))
                    && !(*trimmed && (value.starts_with(is_separator) || value.ends_with(is_separator)))
            }
            Shape::Integer { low, high } => {
                let plain =
                    !value.is_empty() && value.len() < 18 && value.bytes().all(|byte| byte.is_ascii_digit());
                plain
                    && (value == "0" || !value.starts_with('0'))
                    && value.parse().is_ok_and(|number: u64| (*low..=*high).contains(&number))
            }
            Shape::Decimal { digits, decimals, positive } => decimal(value, *digits, *decimals, *positive),
            Shape::Listed(values) => values.split(',').any(|listed| listed == value),
            Shape::Named(test) => test(value),
            Shape::Unknown => true,
        }
    }
}

const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];
const LINE: [char; 3] = ['\t', '\r', '\n'];

/// A separator in the sense of the schemas' `\P{Z}`.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn shape(text: &'static str) -> Shape {
    if let Some(values) = text.strip_prefix('=') {
        return Shape::Listed(values);
    }
    if let Some(test) = named(text) {
        return Shape::Named(test);
    }
    if let Some((low, high)) = text.strip_prefix("int").and_then(|range| range.split_once("..")) {
        return match (low.parse(), high.parse()) {
            (Ok(low), Ok(high)) => Shape::Integer { low, high },
            _ => Shape::Unknown,
        };
    }
    if let Some((digits, rest)) = text.strip_prefix("dec").and_then(|size| size.split_once(',')) {
        let decimals = rest.trim_end_matches('+');
        return match (digits.parse(), decimals.parse()) {
            (Ok(digits), Ok(decimals)) => Shape::Decimal { digits, decimals, positive: rest.ends_with('+') },
            _ => Shape::Unknown,
        };
    }
    sized(text)
}

fn sized(text: &'static str) -> Shape {
    let (text, trimmed) = text.strip_suffix("-trimmed").map_or((text, false), |text| (text, true));
    for (sign, class) in [
        ("ascii", Class::Ascii),
        ("an", Class::Any),
        ("AN", Class::CapitalsAndDigits),
        ("n", Class::Digits),
        ("a", Class::Letters),
        ("A", Class::Capitals),
    ] {
        let Some(size) = text.strip_prefix(sign) else { continue };
        let (low, high) = match size.strip_prefix("..") {
            Some(high) => (1, high.parse()),
            None => (size.parse().unwrap_or(0), size.parse()),
        };
        if let Ok(high) = high {
            return Shape::Text { class, low, high, trimmed };
        }
    }
    Shape::Unknown
}

fn named(text: &str) -> Option<fn(&str) -> bool> {
    Some(match text {
        "date" => |value| value.len() == 10 && value.parse::<Date>().is_ok(),
        "datetime" => moment,
        "office" => |value| {
            value.len() == 8 && prefix(value, 2, Class::Capitals) && all(value, Class::CapitalsAndDigits)
        },
        "trader" => |value| {
            (3..=17).contains(&value.len())
                && prefix(value, 2, Class::Capitals)
                && value.bytes().skip(2).all(|b| b.is_ascii_graphic())
        },
        "year" => |value| {
            value.len() == 4
                && value.starts_with("20")
                && all(value, Class::Digits)
                && !value.starts_with("200")
        },
        "mrn" => |value| customs::transit::is_mrn_shape(value, "JKLM"),
        "mrn-export" => |value| customs::transit::is_mrn_shape(value, "ABCDE"),
        "grn" => customs::transit::is_grn_shape,
        "tir" => tir,
        "longitude" => |value| degrees(value, "180", 3),
        "latitude" => |value| degrees(value, "90", 2),
        "mail" => |value| mail(value),
        "mail-trimmed" => {
            |value| mail(value) && !value.starts_with(is_separator) && !value.ends_with(is_separator)
        }
        "risk" => |value| {
            (2..=17).contains(&value.len())
                && value.ends_with('E')
                && value.bytes().all(|b| b.is_ascii_graphic())
        },
        "message" => |value| super::table::SCHEMA.message(value).is_some(),
        _ => return None,
    })
}

fn all(value: &str, class: Class) -> bool {
    value.chars().all(|c| class.has(c))
}

fn prefix(value: &str, length: usize, class: Class) -> bool {
    value.get(..length).is_some_and(|start| all(start, class))
}

fn moment(value: &str) -> bool {
    // `24:00:00` is a moment for the schemas, though nobody writes it.
    let shaped = value.len() == 19 && value.as_bytes()[10] == b'T';
    shaped
        && (value.parse::<DateTime>().is_ok()
            || value.strip_suffix("T24:00:00").is_some_and(|day| day.parse::<Date>().is_ok()))
}

fn decimal(value: &str, digits: usize, decimals: usize, positive: bool) -> bool {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) || (whole.len() > 1 && whole.starts_with('0')) {
        return false;
    }
    let kept = part.trim_end_matches('0');
    let significant = whole.trim_start_matches('0').len();
    let zero = significant == 0 && kept.is_empty();
    significant + kept.len() <= digits && kept.len() <= decimals && !(positive && zero)
}

/// Degrees with five to seven decimals. The published pattern lets any one sign stand for the point behind the most.
fn degrees(value: &str, most: &str, longest: usize) -> bool {
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    if let Some(rest) = value.strip_prefix(most) {
        let zeros = rest.chars().skip(1).collect::<String>();
        if matches!(zeros.len(), 5..=8) && zeros.bytes().all(|byte| byte == b'0') {
            return true;
        }
    }
    let Some((whole, part)) = value.split_once('.') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(part)
        && whole.len() <= longest
        && (5..=7).contains(&part.len())
        && whole.parse::<u32>().ok() < most.parse().ok()
}

fn mail(value: &str) -> bool {
    let Some((name, host)) = value.split_once('@') else { return false };
    let Some((first, rest)) = host.split_once('.') else { return false };
    !name.is_empty() && !first.is_empty() && !rest.is_empty() && value.is_ascii() && value.len() <= 256
}

fn tir(value: &str) -> bool {
    if !(1..=12).contains(&value.len()) || !value.is_ascii() {
        return false;
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return !value.starts_with('0') && value.parse::<u32>().is_ok_and(|number| number <= 25_000_000);
    }
    let (letters, number) = value.split_at(2);
    let series = letters.bytes().all(|byte| byte.is_ascii_uppercase()) && letters.contains('X');
    series
        && (8..=9).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.parse::<u64>().is_ok_and(|number| number >= 25_000_000)
        && !number.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_take_what_they_say() {
        for (picture, good, bad) in [
            ("an..5", "ab cd", "abcdef"),
            ("tan..5", "a", ""),
            ("an..5-trimmed", "a b", " ab"),
            ("A2", "VN", "vn"),
            ("tn1", "7", "77"),
            ("int1..1999", "1999", "2000"),
            ("int1..1999", "7", "07"),
            ("dec16,6+", "0.5", "0.0"),
            ("dec16,6", "6430669292.48125", "1.1234567"),
            ("dec16,6", "0", "00.1"),
            ("dec16,2", "1000.000000", "-1"),
            ("date", "2024-02-29", "2023-02-29"),
            ("date", "2024-02-29", "2024-02-29+01:00"),
            ("datetime", "2024-02-29T23:59:59", "2024-02-29T23:59"),
            ("office", "VN000123", "VN00012a"),
            ("mrn", "26VN000000000000J2", "26VN000000000000A2"),
            ("grn", "23XI00000100000D0", "23XI00000100000D"),
            ("latitude", "+21.02776", "91.00000"),
            ("longitude", "105.83416", "181.00000"),
            ("mail", "a@b.c", "a.b.c"),
            ("=0,1", "1", "2"),
            ("tir", "XF25000001", "XF24000001"),
        ] {
            let picture = Picture::parse(picture);
            assert!(picture.fits(good), "{picture:?} {good}");
            assert!(!picture.fits(bad), "{picture:?} {bad}");
        }
    }
}
