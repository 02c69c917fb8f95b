//! The document as it stood: a tree that loses nothing XML canonicalisation keeps.

use std::fmt::Write as _;

use kernel::{Finding, Place};

use crate::tally::Tally;
use crate::text::{Limits, Lines};
use crate::xml::{Reader, Token};

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Prefix as it stood; empty where there is none.
    pub prefix: String,
    /// Name without prefix.
    pub local: String,
    /// Attributes and namespace declarations in their order: qualified name and value.
    pub attributes: Vec<(String, String)>,
    /// What it holds.
    pub content: Vec<Piece>,
    /// Byte offset in the received text.
    pub at: usize,
}

/// One piece of an element's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Characters.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// The elements in it, in their order.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|piece| match piece {
            Piece::Element(element) => Some(element),
            Piece::Text(_) => None,
        })
    }

    /// The elements of this name in it.
    pub fn all<'a>(&'a self, local: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.local == local)
    }

    /// The first element of this name in it.
    #[must_use]
    pub fn first(&self, local: &str) -> Option<&Self> {
        self.elements().find(|element| element.local == local)
    }

    /// The attribute of this local name.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<&str> {
        let named = |name: &str| name.rsplit(':').next() == Some(local) && !name.starts_with("xmlns");
        self.attributes.iter().find(|(name, _)| named(name)).map(|(_, value)| value.as_str())
    }

    /// Its own characters, as they stood.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Element(_) => None,
        });
        texts.collect()
    }

    /// Its characters, or those of the `DateTimeString` it wraps them in.
    #[must_use]
    pub fn moment(&self) -> String {
        self.first("DateTimeString").map_or_else(|| self.text(), Self::text)
    }

    /// The document's bytes: the same under XML canonicalisation as what was read.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write_to(&mut out);
        out.push('\n');
        out.into_bytes()
    }

    fn write_to(&self, out: &mut String) {
        let mut name = self.prefix.clone();
        if !name.is_empty() {
            name.push(':');
        }
        name.push_str(&self.local);
        let _ = write!(out, "<{name}");
        for (attribute, value) in &self.attributes {
            let _ = write!(out, " {attribute}=\"");
            escape(value, Stands::Attribute, out);
            out.push('"');
        }
        out.push('>');
        for piece in &self.content {
            match piece {
                Piece::Text(text) => escape(text, Stands::Content, out),
                Piece::Element(element) => element.write_to(out),
            }
        }
        let _ = write!(out, "</{name}>");
    }
}

/// Where characters stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Attribute,
    Content,
}

fn escape(text: &str, place: Stands, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            '"' if place == Stands::Attribute => out.push_str("&quot;"),
            '\t' if place == Stands::Attribute => out.push_str("&#x9;"),
            '\n' if place == Stands::Attribute => out.push_str("&#xA;"),
            other => out.push(other),
        }
    }
}

/// Reads the document that begins here; what is not well-formed ends it. Gives also where another may begin.
pub(super) fn read(
    text: &str,
    begin: usize,
    limits: Limits,
    lines: &Lines<'_>,
    tally: &mut Tally,
) -> (Option<Element>, Option<usize>) {
    let mut reader = Reader::new(text, begin, &[], limits);
    let (mut open, mut root): (Vec<Element>, Option<Element>) = (Vec::new(), None);
    loop {
        let token = reader.step();
        tell(&mut reader, lines, &open, tally);
        match token {
            Token::Open(name) => {
                let mut element = Element { at: reader.at(), ..Element::default() };
                element.prefix.push_str(name.prefix);
                element.local.push_str(name.local);
                element.attributes = reader.attributes().iter().map(attribute).collect();
                open.push(element);
            }
            Token::Close => {
                let Some(element) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.content.push(Piece::Element(element)),
                    None => root = Some(element),
                }
            }
            Token::Text(text) => push(&mut open, &normal(text)),
            Token::Char(character) => push(&mut open, character.encode_utf8(&mut [0; 4])),
            Token::End => break,
        }
    }
    // What ended early is closed here, so that everything before the fault can still be seen.
    while let Some(element) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.content.push(Piece::Element(element)),
            None => root = Some(element),
        }
    }
    (root, reader.next())
}

fn tell(reader: &mut Reader<'_>, lines: &Lines<'_>, open: &[Element], tally: &mut Tally) {
    for fault in reader.take_faults() {
        let path: String = open.iter().map(|element| format!("/{}", element.local)).collect();
        let position = lines.position(fault.at);
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let place = Place { line: position.line, column: position.column, ..Place::at(path) };
        tally.tell(Finding::of(fault.severity, fault.code, place).seen(&fault.seen).expected(fault.expected));
    }
}

fn attribute(attribute: &crate::xml::Attribute<'_>) -> (String, String) {
    let name = match attribute.prefix {
        "" => attribute.local.to_owned(),
        prefix => format!("{prefix}:{}", attribute.local),
    };
    (name, attribute.value().into_owned())
}

/// Line ends as XML has them.
fn normal(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

fn push(open: &mut [Element], text: &str) {
    let Some(element) = open.last_mut() else { return };
    match element.content.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => element.content.push(Piece::Text(text.to_owned())),
    }
}
