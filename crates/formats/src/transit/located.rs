//! JSON with the place of every value: a second walk over text that is known to be well-formed.

use std::borrow::Cow;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Located<'a> {
    /// Byte offset of its first sign.
    pub(super) at: usize,
    pub(super) held: Held<'a>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Held<'a> {
    Object(Vec<(Cow<'a, str>, Located<'a>)>),
    Array(Vec<Located<'a>>),
    Text(Cow<'a, str>),
    /// A number, as it was written.
    Number(&'a str),
    Null,
    /// `true` or `false`, which no element holds.
    Other,
}

/// The value of a text; `None` where it is not well-formed, or deeper than any message.
pub(super) fn read(text: &str) -> Option<Located<'_>> {
    // The walk below trusts the text; this is what it trusts.
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut walk = Walk { text, at: 0 };
    walk.value()
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn blank(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    fn sign(&mut self) -> Option<u8> {
        self.blank();
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, sign: u8) -> Option<()> {
        (self.sign()? == sign).then(|| self.at += 1)
    }

    fn value(&mut self) -> Option<Located<'a>> {
        let sign = self.sign()?;
        let at = self.at;
        let held = match sign {
            b'{' => self.object()?,
            b'[' => self.array()?,
            b'"' => Held::Text(self.string()?),
            _ => self.word(),
        };
        Some(Located { at, held })
    }

    fn object(&mut self) -> Option<Held<'a>> {
        let mut members = Vec::new();
        self.eat(b'{')?;
        while self.sign()? != b'}' {
            let name = self.string()?;
            self.eat(b':')?;
            members.push((name, self.value()?));
            if self.sign()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(Held::Object(members))
    }

    fn array(&mut self) -> Option<Held<'a>> {
        let mut values = Vec::new();
        self.eat(b'[')?;
        while self.sign()? != b']' {
            values.push(self.value()?);
            if self.sign()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(Held::Array(values))
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.blank();
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.at = end + 1;
        let inside = self.text.get(start + 1..end)?;
        if inside.contains('\\') {
            return serde_json::from_str::<String>(self.text.get(start..=end)?).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(inside))
    }

    fn word(&mut self) -> Held<'a> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| matches!(c, ',' | '}' | ']') || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        self.at += end;
        match &rest[..end] {
            "null" => Held::Null,
            word if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Held::Number(word),
            _ => Held::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place() {
        let text = r#" { "a" : [1, "é\n", {"b":null}], "c":true } "#;
        let Some(Located { at: 1, held: Held::Object(members) }) = read(text) else { panic!("an object") };
        let Held::Array(values) = &members[0].1.held else { panic!("an array") };
        assert_eq!(values.len(), 3);
        assert!(text[values[1].at..].starts_with("\"é"));
        assert!(matches!(&values[1].held, Held::Text(text) if text == "é\n"));
        assert!(text[members[1].1.at..].starts_with("true"));
    }

    #[test]
    fn what_is_not_well_formed_is_nothing() {
        for text in ["", "{", "{\"a\":}", "[1,]", "\"", &"[".repeat(5_000)] {
            assert!(read(text).is_none(), "{text:.20}");
        }
    }
}
