//! Attributes: the inside of a start tag, read strictly.

use super::malformed;
use crate::text::{Fault, Limits};
use std::borrow::Cow;

use super::escape::{self, Piece, Refused};
use super::names::{self, Namespace};

/// One attribute as it stood in a start tag; namespace declarations are among them.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// Prefix, empty where there is none.
    pub prefix: &'a str,
    /// Name without prefix.
    pub local: &'a str,
    /// Its namespace; attributes without prefix have none.
    pub namespace: Namespace,
    /// Value between the quotes, references and all.
    pub raw: &'a str,
    /// Byte offset of its name.
    pub at: usize,
}

impl<'a> Attribute<'a> {
    /// The value with references resolved and white space normalised.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        escape::attribute(self.raw)
    }

    /// The prefix this attribute binds, where it is a namespace declaration.
    #[must_use]
    pub fn binds(&self) -> Option<&'a str> {
        match (self.prefix, self.local) {
            ("", "xmlns") => Some(""),
            ("xmlns", prefix) => Some(prefix),
            _ => None,
        }
    }
}

/// Reads the attributes of a tag; `body` is what follows the tag's name, `at` its offset.
///
/// # Errors
/// The first thing that is not well-formed, or too many attributes.
pub(super) fn read<'a>(
    body: &'a str,
    at: usize,
    limits: &Limits,
    out: &mut Vec<Attribute<'a>>,
) -> Result<(), Fault> {
    let mut rest = body;
    loop {
        let trimmed = rest.trim_ascii_start();
        if trimmed.is_empty() {
            return Ok(());
        }
        let offset = at + body.len() - trimmed.len();
        if trimmed.len() == rest.len() {
            return Err(malformed(offset, trimmed, "white space before an attribute"));
        }
        if out.len() == limits.attributes {
            return Err(Fault::fatal("xml-too-many-attributes", offset).seen(trimmed));
        }
        let (attribute, after) = one(trimmed, offset)?;
        if out.iter().any(|other| (other.prefix, other.local) == (attribute.prefix, attribute.local)) {
            return Err(malformed(offset, attribute.local, "each attribute once"));
        }
        if attribute.raw.len() > limits.text {
            return Err(Fault::fatal("xml-text-too-long", offset).seen(attribute.raw));
        }
        out.push(attribute);
        rest = after;
    }
}

/// One attribute at the start of `text`, and what follows it.
fn one(text: &str, at: usize) -> Result<(Attribute<'_>, &str), Fault> {
    let end = text.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(text.len());
    let Some((prefix, local)) = names::split(&text[..end]) else {
        return Err(malformed(at, &text[..end], "the name of an attribute"));
    };
    let equals = text[end..].trim_ascii_start();
    let quoted = equals.strip_prefix('=').map(str::trim_ascii_start);
    let quote = quoted.and_then(|value| value.chars().next()).filter(|c| matches!(c, '"' | '\''));
    let (Some(quoted), Some(quote)) = (quoted, quote) else {
        return Err(malformed(at, &text[..end], "= and a value in quotes"));
    };
    let Some((raw, after)) = quoted[1..].split_once(quote) else {
        return Err(malformed(at, &text[..end], "a closing quote"));
    };
    Ok((Attribute { prefix, local, namespace: Namespace::NONE, raw, at }, after))
}

/// Looks through a value for what may not stand in it; entities are reported and left out.
pub(super) fn check_value(attribute: &Attribute<'_>, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    if !attribute.raw.bytes().any(|byte| matches!(byte, b'&' | b'<')) {
        return Ok(());
    }
    if attribute.raw.contains('<') {
        return Err(malformed(attribute.at, attribute.raw, "&lt; in an attribute"));
    }
    for piece in escape::pieces(attribute.raw) {
        match piece {
            Piece::Text(_) => {}
            Piece::Dangling => return Err(malformed(attribute.at, attribute.raw, "&amp;")),
            Piece::Reference(name) => match escape::resolve(name) {
                Ok(_) => {}
                Err(Refused::Entity) => {
                    faults.push(Fault::error("xml-entity-refused", attribute.at).seen(name));
                }
                Err(Refused::Malformed) => return Err(malformed(attribute.at, name, "a reference")),
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Result<&[(&str, &str, &str)], &str>) {
        let mut out = Vec::new();
        let read = read(body, 0, &Limits { attributes: 3, ..Limits::MESSAGE }, &mut out);
        let got: Vec<_> = out.iter().map(|a| (a.prefix, a.local, a.raw)).collect();
        match expected {
            Ok(expected) => assert_eq!((read, got.as_slice()), (Ok(()), expected), "{body}"),
            Err(code) => assert_eq!(read.map_err(|fault| fault.code), Err(code), "{body}"),
        }
    }

    #[test]
    fn attributes_are_read_strictly() {
        check("", Ok(&[]));
        check(" \n", Ok(&[]));
        check(" a='1' \t x:b = \"2>\" ", Ok(&[("", "a", "1"), ("x", "b", "2>")]));
        check(" a=''", Ok(&[("", "a", "")]));
        for bad in
            [" a", " a=", " a=1", " a='1", " a='1'b='2'", "a='1'", " a='1' a='2'", " 1a='1'", " <b", " ='1'"]
        {
            check(bad, Err("xml-not-well-formed"));
        }
        check(" a='1' b='2' c='3' d='4'", Err("xml-too-many-attributes"));
    }
}
