//! The pull reader: quick-xml's events made strict, bounded and aware of namespaces.
//!
//! quick-xml finds the tags; everything that XML 1.0 asks for beyond that is checked here: names, attributes, the
//! places where text may stand, references, one root. What is not well-formed ends the document with a fault; what
//! only must not be trusted (document types, entities) is reported and skipped.

use super::malformed;
use crate::text::{Fault, Limits};
use quick_xml::events::Event;

use super::attributes::{self, Attribute};
use super::broken;
use super::declaration;
use super::escape::{self, Refused};
use super::names::{self, Namespace, Scopes};

/// A name as it stood in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// Prefix, empty where there is none.
    pub prefix: &'a str,
    /// Name without prefix.
    pub local: &'a str,
    /// What the prefix stands for here; `FOREIGN` where it was never bound.
    pub namespace: Namespace,
}

/// One step through a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A start tag; [`Reader::attributes`] holds its attributes until the next step.
    Open(Name<'a>),
    /// The end of the element opened last, also of an empty one.
    Close,
    /// Characters between tags, references excluded, line ends as they stood.
    Text(&'a str),
    /// The character a reference stands for.
    Char(char),
    /// The document is over; [`Reader::next`] tells whether another may follow.
    End,
}

/// Reads one document of a text, token by token.
pub struct Reader<'a> {
    inner: quick_xml::Reader<&'a [u8]>,
    text: &'a str,
    limits: Limits,
    scopes: Scopes<'a>,
    attributes: Vec<Attribute<'a>>,
    faults: Vec<Fault>,
    begin: usize,
    at: usize,
    depth: u32,
    elements: usize,
    stage: Stage,
    next: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before the root element.
    Prolog,
    /// Inside the root element.
    Content,
    /// An empty element was opened and its close is due.
    Empty,
    /// After the root element.
    Epilog,
    /// Nothing more is read.
    Done,
}

impl<'a> Reader<'a> {
    /// A reader of the document that begins at `begin` in `text`.
    ///
    /// `known` are the namespaces told apart; `text` holds only characters that XML allows (see [`crate::text::decode`]).
    #[must_use]
    pub fn new(text: &'a str, begin: usize, known: &'static [&'static str], limits: Limits) -> Self {
        let mut inner = quick_xml::Reader::from_str(&text[begin..]);
        inner.config_mut().check_comments = true;
        Self {
            inner,
            text,
            limits,
            scopes: Scopes::new(known),
            attributes: Vec::new(),
            faults: Vec::new(),
            begin,
            at: begin,
            depth: 0,
            elements: 0,
            stage: Stage::Prolog,
            next: None,
        }
    }

    /// The next token; after `End` always `End`.
    pub fn step(&mut self) -> Token<'a> {
        loop {
            let step = match self.stage {
                Stage::Done => return Token::End,
                Stage::Empty => Ok(Some(self.close())),
                Stage::Prolog | Stage::Content | Stage::Epilog => self.event(),
            };
            match step {
                Ok(Some(token)) => return token,
                Ok(None) => {}
                Err(fault) => return self.stop(fault),
            }
        }
    }

    /// Byte offset of the token read last: of its `<`, or of its first character.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// How many elements are open.
    #[must_use]
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// How many elements have been opened so far.
    #[must_use]
    pub const fn elements(&self) -> usize {
        self.elements
    }

    /// The attributes of the element opened last, in the order they stood.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// Where another document may begin after this one; `None` where the text is over or holds no sign of one.
    #[must_use]
    pub const fn next(&self) -> Option<usize> {
        self.next
    }

    /// Takes the faults seen since last asked.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Whether there are faults to take.
    #[must_use]
    pub const fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    fn stop(&mut self, fault: Fault) -> Token<'a> {
        self.next = next_document(self.text, &fault);
        self.at = fault.at;
        self.faults.push(fault);
        self.stage = Stage::Done;
        Token::End
    }

    fn event(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let event = match self.inner.read_event() {
            Ok(event) => event,
            Err(error) => return Err(self.broken(&error)),
        };
        match &event {
            Event::Start(tag) => self.open(tag, tag.name().into_inner().len(), Stage::Content),
            Event::Empty(tag) => self.open(tag, tag.name().into_inner().len(), Stage::Empty),
            Event::End(name) => {
                self.at = self.locate(name).0.saturating_sub(2);
                Ok(Some(self.close()))
            }
            Event::Text(text) => self.characters(text),
            Event::CData(text) => self.verbatim(text),
            Event::GeneralRef(name) => self.reference(name),
            Event::Comment(_) => Ok(None),
            Event::PI(body) => self.instruction(body),
            Event::Decl(body) => self.declaration(body),
            Event::DocType(body) => self.document_type(body),
            Event::Eof => self.end(),
        }
    }

    fn broken(&self, error: &quick_xml::Error) -> Fault {
        let within = usize::try_from(self.inner.error_position()).unwrap_or(usize::MAX);
        broken::fault(error, self.text, self.begin.saturating_add(within))
    }

    /// Where a part of the input stands, and the part with the input's own lifetime.
    fn locate(&self, part: &str) -> (usize, &'a str) {
        let at = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let found = at.checked_add(part.len()).and_then(|end| self.text.get(at..end));
        found.map_or((self.text.len(), ""), |found| (at, found))
    }

    fn open(&mut self, tag: &str, name: usize, next: Stage) -> Result<Option<Token<'a>>, Fault> {
        let (at, tag) = self.locate(tag);
        self.at = at.saturating_sub(1);
        if self.stage == Stage::Epilog {
            return Err(Fault::error("xml-several-documents", self.at).seen(&tag[..name]));
        }
        self.count(&tag[..name])?;
        let Some((prefix, local)) = names::split(&tag[..name]) else {
            return Err(malformed(self.at, tag, "the name of an element"));
        };
        self.attributes.clear();
        self.stage = next;
        if tag.len() > name {
            self.read_attributes(&tag[name..], at + name)?;
        }
        let namespace = self.resolve(prefix, self.at);
        Ok(Some(Token::Open(Name { prefix, local, namespace })))
    }

    fn count(&mut self, name: &str) -> Result<(), Fault> {
        self.depth += 1;
        self.elements += 1;
        if self.depth as usize > self.limits.depth {
            return Err(Fault::fatal("xml-too-deep", self.at).seen(name));
        }
        if self.elements > self.limits.elements {
            return Err(Fault::fatal("xml-too-many-elements", self.at).seen(name));
        }
        Ok(())
    }

    fn read_attributes(&mut self, body: &'a str, at: usize) -> Result<(), Fault> {
        attributes::read(body, at, &self.limits, &mut self.attributes)?;
        for attribute in &self.attributes {
            attributes::check_value(attribute, &mut self.faults)?;
            if let Some(prefix) = attribute.binds() {
                self.scopes.bind(self.depth, prefix, &attribute.value());
            }
            if self.scopes.bound() > self.limits.prefixes {
                return Err(Fault::fatal("xml-too-many-prefixes", attribute.at).seen(attribute.local));
            }
        }
        for index in 0..self.attributes.len() {
            let Attribute { prefix, at, .. } = self.attributes[index];
            if !prefix.is_empty() && prefix != "xmlns" {
                self.attributes[index].namespace = self.resolve(prefix, at);
            }
        }
        Ok(())
    }

    fn resolve(&mut self, prefix: &str, at: usize) -> Namespace {
        self.scopes.resolve(prefix).unwrap_or_else(|| {
            self.faults.push(Fault::error("xml-prefix-undeclared", at).seen(prefix));
            Namespace::FOREIGN
        })
    }

    fn close(&mut self) -> Token<'a> {
        self.scopes.close(self.depth);
        self.depth = self.depth.saturating_sub(1);
        self.stage = if self.depth == 0 { Stage::Epilog } else { Stage::Content };
        Token::Close
    }

    fn characters(&mut self, text: &str) -> Result<Option<Token<'a>>, Fault> {
        let (at, text) = self.locate(text);
        self.at = at;
        if self.stage == Stage::Content {
            return self.content(text);
        }
        let blank = text.len() - text.trim_ascii_start().len();
        match self.stage {
            _ if blank == text.len() => Ok(None),
            Stage::Epilog => Err(Fault::error("xml-text-outside-root", at + blank).seen(text.trim_ascii())),
            _ => Err(malformed(at + blank, text.trim_ascii(), "a root element")),
        }
    }

    fn content(&self, text: &'a str) -> Result<Option<Token<'a>>, Fault> {
        if text.len() > self.limits.text {
            return Err(Fault::fatal("xml-text-too-long", self.at).seen(text));
        }
        if text.contains(']')
            && let Some(found) = text.find("]]>")
        {
            return Err(malformed(self.at + found, "]]>", "]]&gt;"));
        }
        Ok(Some(Token::Text(text)))
    }

    fn verbatim(&mut self, text: &str) -> Result<Option<Token<'a>>, Fault> {
        const OPENING: usize = "<![CDATA[".len();
        let (at, text) = self.locate(text);
        self.at = at;
        match self.stage {
            Stage::Content if text.len() <= self.limits.text => Ok(Some(Token::Text(text))),
            Stage::Content => Err(Fault::fatal("xml-text-too-long", at).seen(text)),
            _ => Err(self.outside(at.saturating_sub(OPENING), text)),
        }
    }

    fn reference(&mut self, name: &str) -> Result<Option<Token<'a>>, Fault> {
        let (at, name) = self.locate(name);
        self.at = at.saturating_sub(1);
        if self.stage != Stage::Content {
            return Err(self.outside(self.at, name));
        }
        match escape::resolve(name) {
            Ok(character) => Ok(Some(Token::Char(character))),
            Err(Refused::Malformed) => Err(malformed(self.at, name, "a reference")),
            Err(Refused::Entity) => {
                self.faults.push(Fault::error("xml-entity-refused", self.at).seen(name));
                Ok(None)
            }
        }
    }

    /// What only content may hold, seen before or after the root.
    fn outside(&self, at: usize, seen: &str) -> Fault {
        match self.stage {
            Stage::Epilog => Fault::error("xml-text-outside-root", at).seen(seen),
            _ => malformed(at, seen, "a root element"),
        }
    }

    fn instruction(&self, body: &str) -> Result<Option<Token<'a>>, Fault> {
        let (at, body) = self.locate(body);
        let target = body.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") || !names::is_plain(target) {
            return Err(malformed(at, body, "the target of an instruction"));
        }
        Ok(None)
    }

    fn declaration(&mut self, body: &str) -> Result<Option<Token<'a>>, Fault> {
        let (at, body) = self.locate(body);
        let start = at.saturating_sub(2);
        match self.stage {
            Stage::Epilog => return Err(Fault::error("xml-several-documents", start).seen("<?xml")),
            Stage::Content | Stage::Empty | Stage::Done => {
                return Err(malformed(start, "<?xml", "an XML declaration only at the very start"));
            }
            // A blank line before the declaration breaks the rules and harms nothing.
            Stage::Prolog if start != self.begin => {
                self.faults.push(Fault::error("xml-declaration-late", start));
            }
            Stage::Prolog => {}
        }
        declaration::check(&body["xml".len()..], at + "xml".len()).map(|()| None)
    }

    fn document_type(&mut self, body: &str) -> Result<Option<Token<'a>>, Fault> {
        let (at, body) = self.locate(body);
        let start = self.text[..at].rfind('<').unwrap_or(at);
        if self.stage != Stage::Prolog || !self.text[start..].starts_with("<!DOCTYPE") {
            return Err(malformed(start, body, "<!DOCTYPE only before the root element"));
        }
        self.faults.push(Fault::error("xml-dtd-refused", start).seen(body));
        Ok(None)
    }

    fn end(&mut self) -> Result<Option<Token<'a>>, Fault> {
        self.at = self.text.len();
        match self.stage {
            Stage::Prolog => Err(malformed(self.at, "", "a root element")),
            Stage::Content | Stage::Empty => Err(Fault::fatal("xml-truncated", self.at)),
            Stage::Epilog | Stage::Done => {
                self.stage = Stage::Done;
                Ok(Some(Token::End))
            }
        }
    }
}

/// The outermost element of the document that begins at `begin`: local name and namespace.
///
/// `None` where there is none, or where its start tag is not well-formed.
#[must_use]
pub fn outermost(text: &str, begin: usize, limits: Limits) -> Option<(&str, String)> {
    let mut reader = Reader::new(text, begin, &[], limits);
    let Token::Open(name) = reader.step() else { return None };
    let binding = reader.attributes().iter().find(|attribute| attribute.binds() == Some(name.prefix));
    Some((name.local, binding.map(|attribute| attribute.value().into_owned()).unwrap_or_default()))
}

/// Where another document may begin after this fault.
fn next_document(text: &str, fault: &Fault) -> Option<usize> {
    let rest = text.get(fault.at..)?;
    let found = match fault.code {
        "xml-several-documents" => Some(0),
        "xml-text-outside-root" => rest.find('<'),
        // What is not well-formed can look like anything; only a declaration is a sure sign of a new beginning.
        _ => rest.char_indices().nth(1).and_then(|(next, _)| rest[next..].find("<?xml ").map(|at| next + at)),
    };
    found.map(|at| fault.at + at)
}
