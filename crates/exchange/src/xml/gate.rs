//! A single pass over the bytes of an envelope that refuses what would make building a tree expensive.
//!
//! It judges depth, attributes per element and namespace declarations, and refuses document types. It does not judge
//! well-formedness: that is the parser's task.

use crate::{Fault, Limits, Why};

/// Refuses text that would cost too much to parse.
///
/// # Errors
/// [`Why::EnvelopeTooComplex`] past a limit, [`Why::NotXml`] for a document type or markup that does not end.
pub(super) fn pass(text: &str, limits: &Limits) -> Result<(), Fault> {
    let mut gate = Gate { rest: text.as_bytes(), limits, depth: 0, namespaces: 0 };
    while gate.next_markup()? {}
    Ok(())
}

struct Gate<'a> {
    rest: &'a [u8],
    limits: &'a Limits,
    depth: usize,
    namespaces: usize,
}

impl Gate<'_> {
    /// Steps over one piece of markup; false at the end of the text.
    fn next_markup(&mut self) -> Result<bool, Fault> {
        let Some(start) = self.rest.iter().position(|&byte| byte == b'<') else { return Ok(false) };
        self.rest = &self.rest[start..];
        for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
            if self.rest.starts_with(opening.as_bytes()) {
                self.skip_past(opening.len(), closing)?;
                return Ok(true);
            }
        }
        match self.rest.get(1) {
            Some(b'!') => Err(Fault::new(Why::NotXml, "a document type is not allowed")),
            Some(b'/') => {
                self.depth = self.depth.saturating_sub(1);
                self.skip_past(2, ">")?;
                Ok(true)
            }
            _ => self.start_tag().map(|()| true),
        }
    }

    fn skip_past(&mut self, from: usize, closing: &str) -> Result<(), Fault> {
        let closing = closing.as_bytes();
        let at = self.rest[from..].windows(closing.len()).position(|window| window == closing);
        let end = at.ok_or_else(|| Fault::new(Why::NotXml, "markup does not end"))?;
        self.rest = &self.rest[from + end + closing.len()..];
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), Fault> {
        let (end, attributes, namespaces) = measure_tag(self.rest)?;
        self.namespaces += namespaces;
        if self.rest[end - 1] != b'/' {
            self.depth += 1;
        }
        self.rest = &self.rest[end + 1..];
        let limits = self.limits;
        for (what, seen, max) in [
            ("depth", self.depth, limits.depth_max),
            ("attributes", attributes, limits.attributes_max),
            ("namespace declarations", self.namespaces, limits.namespaces_max),
        ] {
            if seen > max {
                return Err(Fault::new(Why::EnvelopeTooComplex, format!("{what}: more than {max}")));
            }
        }
        Ok(())
    }
}

/// Where a start tag ends, how many attributes it has and how many of them declare namespaces.
fn measure_tag(tag: &[u8]) -> Result<(usize, usize, usize), Fault> {
    let (mut quote, mut attributes, mut namespaces) = (None, 0, 0);
    for (at, &byte) in tag.iter().enumerate().skip(1) {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (None, b'x') if tag[at..].starts_with(b"xmlns") && tag[at - 1].is_ascii_whitespace() => {
                namespaces += 1;
            }
            (None, b'>') => return Ok((at, attributes, namespaces)),
            (None, _) => {}
        }
    }
    Err(Fault::new(Why::NotXml, "a tag does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> Result<(), Why> {
        pass(text, &Limits::default()).map_err(|fault| fault.why)
    }

    #[test]
    fn ordinary_markup_passes() {
        let text =
            "\u{feff}<?xml version='1.0'?><!-- <a> --><a b='>' xmlns:x=\"u\"><![CDATA[<<<]]><b/>&amp;</a>";
        assert_eq!(verdict(text), Ok(()));
    }

    #[test]
    fn depth_width_and_declarations_are_bounded() {
        let many: String = (0..100).fold(String::new(), |text, n| text + &format!(" a{n}='1'"));
        let declared: String =
            (0..1_100).fold(String::new(), |text, n| text + &format!("<a xmlns:p{n}='u'/>"));
        for text in ["<a>".repeat(100), format!("<a{many}/>"), declared] {
            assert_eq!(verdict(&text), Err(Why::EnvelopeTooComplex));
        }
    }

    #[test]
    fn document_types_and_endless_markup_are_refused() {
        for text in ["<!DOCTYPE a><a/>", "<!ENTITY x 'y'>", "<a", "<!-- ", "<a b='>", "<", "</a"] {
            assert_eq!(verdict(text), Err(Why::NotXml), "{text}");
        }
    }
}
