//! Escapes: references into characters when reading, characters into references when writing.

use std::borrow::Cow;

/// What a reference such as `&amp;` or `&#x20AC;` stands for, given the text between `&` and `;`.
///
/// `Entity` where it names anything but the five entities XML itself defines: those are never expanded.
pub(super) fn resolve(reference: &str) -> Result<char, Refused> {
    match reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => match reference.strip_prefix('#') {
            Some(number) => character(number).ok_or(Refused::Malformed),
            None if super::names::is_plain(reference) => Err(Refused::Entity),
            None => Err(Refused::Malformed),
        },
    }
}

/// Why a reference has no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no reference, or one to a character that XML does not allow.
    Malformed,
    /// It names an entity that only a document type could define.
    Entity,
}

fn character(number: &str) -> Option<char> {
    let value = match number.strip_prefix('x') {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
        _ => return None,
    };
    char::from_u32(value).filter(|c| allowed(*c))
}

/// XML's `Char` production.
fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The value of an attribute: references resolved, line ends and tabs become spaces.
///
/// References that cannot be resolved are left out; the reader has told of them.
pub(super) fn attribute(raw: &str) -> Cow<'_, str> {
    if !raw.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    for piece in pieces(&raw.replace("\r\n", "\n")) {
        match piece {
            Piece::Text(text) => {
                value.extend(text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
            }
            Piece::Reference(name) => value.extend(resolve(name).ok()),
            Piece::Dangling => {}
        }
    }
    Cow::Owned(value)
}

/// The parts of a raw attribute value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Characters that stand for themselves.
    Text(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
    /// An `&` without its `;`.
    Dangling,
}

/// Splits a raw value at its references.
pub(super) fn pieces(raw: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = match rest.strip_prefix('&') {
            None => {
                let end = rest.find('&').unwrap_or(rest.len());
                (Piece::Text(&rest[..end]), &rest[end..])
            }
            Some(body) => match body.find(';') {
                Some(end) => (Piece::Reference(&body[..end]), &body[end + 1..]),
                None => (Piece::Dangling, ""),
            },
        };
        rest = after;
        Some(piece)
    })
}

/// Text as it must be written between tags; `\r` is kept by a reference, as a reader would take it for a line end.
pub(super) fn write_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c if allowed(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

/// A value as it must be written between double quotes.
pub(super) fn write_attribute(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c if allowed(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_five_entities_and_allowed_characters_resolve() {
        for (reference, expected) in [
            ("amp", Ok('&')),
            ("#65", Ok('A')),
            ("#x1EC7", Ok('ệ')),
            ("#0", Err(Refused::Malformed)),
            ("#xFFFF", Err(Refused::Malformed)),
            ("#xD800", Err(Refused::Malformed)),
            ("#+65", Err(Refused::Malformed)),
            ("#99999999999", Err(Refused::Malformed)),
            ("#", Err(Refused::Malformed)),
            ("", Err(Refused::Malformed)),
            ("a b", Err(Refused::Malformed)),
            ("lol9", Err(Refused::Entity)),
        ] {
            assert_eq!(resolve(reference), expected, "{reference}");
        }
    }

    #[test]
    fn attribute_values_are_normalised() {
        assert_eq!(attribute("a&amp;b\tc\r\nd&#10;e&none;f"), "a&b c d\nef");
        assert_eq!(attribute("a&b"), "a");
        assert!(matches!(attribute("plain"), Cow::Borrowed(_)));
    }
}
