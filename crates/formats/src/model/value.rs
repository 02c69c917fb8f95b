//! Values against pictures: the first thing wrong with the text of an element.

use std::borrow::Cow;

use super::date;
use super::picture::{Base, Letters, Picture};

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Stable code, such as `value-too-long`.
    pub(crate) code: &'static str,
}

const fn wrong(code: &'static str) -> Result<(), Wrong> {
    Err(Wrong { code })
}

/// The value as its picture counts it: line ends as one character, white space collapsed where it does not count.
pub(crate) fn normalised(raw: &str, base: Base) -> Cow<'_, str> {
    if base.collapses() {
        return collapsed(raw);
    }
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

fn collapsed(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim_matches(is_space);
    let mut before = b'x';
    let plain = trimmed.bytes().all(|byte| {
        let ok = !(matches!(byte, b'\t' | b'\n' | b'\r') || (byte == b' ' && before == b' '));
        before = byte;
        ok
    });
    if plain {
        return Cow::Borrowed(trimmed);
    }
    Cow::Owned(trimmed.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// XML white space, which is less than Unicode's.
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

impl Picture {
    /// Weighs a normalised value against this picture.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub(crate) fn check(&self, value: &str) -> Result<(), Wrong> {
        if self.base.is_number() {
            return check_number(value, self);
        }
        if matches!(self.base, Base::DateTime) {
            return date::check(value).map_err(|code| Wrong { code });
        }
        self.check_length(value)?;
        self.check_letters(value)?;
        if self.only.is_empty() || self.only.contains(&value) { Ok(()) } else { wrong("value-not-in-list") }
    }

    fn check_length(&self, value: &str) -> Result<(), Wrong> {
        let most = usize::from(self.max);
        if self.min == 0 && value.len() <= most {
            return Ok(());
        }
        let length = value.chars().count();
        match length {
            0 if self.min > 0 => wrong("value-empty"),
            _ if length < usize::from(self.min) => wrong("value-too-short"),
            _ if length > most && self.max != Self::FREE => wrong("value-too-long"),
            _ => Ok(()),
        }
    }

    fn check_letters(&self, value: &str) -> Result<(), Wrong> {
        let fits = match self.letters {
            Letters::Any => true,
            Letters::Digits => value.bytes().all(|byte| byte.is_ascii_digit()),
            Letters::Latin => value.bytes().all(|byte| byte.is_ascii_alphabetic()),
            Letters::NotBlank => return check_not_blank(value),
        };
        if fits { Ok(()) } else { wrong("value-wrong-characters") }
    }
}

fn check_not_blank(value: &str) -> Result<(), Wrong> {
    if value.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return wrong("value-over-lines");
    }
    if value.chars().all(is_space) { wrong("value-empty") } else { Ok(()) }
}

fn check_number(value: &str, picture: &Picture) -> Result<(), Wrong> {
    if value.is_empty() {
        return wrong("value-empty");
    }
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return wrong("value-not-a-number");
    }
    let (whole, fraction) = (whole.trim_start_matches('0').len(), fraction.trim_end_matches('0').len());
    if fraction > usize::from(picture.decimals) && picture.decimals != Picture::FREE {
        return wrong("value-too-many-decimals");
    }
    if whole + fraction > usize::from(picture.max) && picture.max != Picture::FREE {
        return wrong("value-too-many-digits");
    }
    let counted = matches!(picture.base, Base::Measure | Base::Quantity | Base::Number);
    if counted && value.starts_with('-') && whole + fraction > 0 {
        wrong("quantity-negative")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::*;
    use super::*;

    fn check(picture: Picture, raw: &str, code: &str) {
        let value = normalised(raw, picture.base);
        assert_eq!(picture.check(&value).map_or_else(|wrong| wrong.code, |()| ""), code, "{picture} {raw:?}");
    }

    #[test]
    fn text_is_weighed_in_characters() {
        check(text(3), "Việ", "");
        check(text(3), "Việt", "value-too-long");
        check(text(3), " ", "value-empty");
        check(text(3), "", "value-empty");
        check(text(9), "a\r\nb", "value-over-lines");
        check(text_or_blank(3), "", "");
        check(text_or_blank(3), "a\r\nb", "");
        check(id(3), "abc ", "value-too-long");
        check(loose_id(3), " abc\n", "");
        check(code(3), " a \t b ", "");
        check(code(3), "  ", "value-empty");
        check(letters(2), "vN", "");
        check(letters(2), "V", "value-too-short");
        check(letters(2), "", "value-empty");
        check(letters(2), "V1", "value-wrong-characters");
        check(digits(1), "12", "value-too-long");
        check(digits_to(2), "x", "value-wrong-characters");
        check(one_of(2, &["9", "13"]), "1", "value-not-in-list");
        check(one_of(2, &["9", "13"]), " 13 ", "");
    }

    #[test]
    fn numbers_are_weighed_in_digits_that_count() {
        check(quantity(5, 2), " 001.50\n", "");
        check(quantity(5, 2), "+.5", "");
        check(quantity(5, 2), "5.", "");
        check(quantity(5, 2), "1.005", "value-too-many-decimals");
        check(quantity(5, 2), "123456", "value-too-many-digits");
        check(quantity(5, 2), "1e3", "value-not-a-number");
        check(quantity(5, 2), "1,5", "value-not-a-number");
        check(quantity(5, 2), ".", "value-not-a-number");
        check(quantity(5, 2), "-", "value-not-a-number");
        check(quantity(5, 2), "", "value-empty");
        check(quantity(5, 2), "-1", "quantity-negative");
        check(quantity(5, 2), "-0", "");
        check(amount(5, 2), "-1", "");
        check(number(Picture::FREE, Picture::FREE), "0.123456789012345678901", "");
    }
}
