//! Reading: one pass over a document that fills a tree and tells every fault on the way.
//!
//! Order is read tolerantly: an element in the wrong place is reported once per parent and still taken in. So is a
//! namespace. Everything else is told as often as it is wrong, and nothing stops the reading but broken XML.

use kernel::{Finding, Place};

use super::compiled::{Model, Rule};
use super::row::Content;
use super::tree::{Entry, Span, Tree};
use super::{content, place};
use crate::tally::Tally;
use crate::text::{Fault, Limits, Lines};
use crate::xml::{Name, Reader, Token};

/// A text to read messages from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The decoded text.
    pub(crate) text: &'a str,
    /// Its lines.
    pub(crate) lines: Lines<'a>,
    /// What ended the text early; told instead of the truncation it causes.
    pub(crate) fault: Option<Fault>,
    /// How much is read at most.
    pub(crate) limits: Limits,
}

/// What one document gave.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// Its elements, as far as they could be read; empty where the root is none the model knows.
    pub(crate) tree: Tree<'a>,
    /// Name and byte offset of the outermost element, where there was one.
    pub(crate) outermost: Option<(&'a str, usize)>,
    /// Where another document may begin after it.
    pub(crate) next: Option<usize>,
}

/// Reads the document that begins at this offset.
pub(crate) fn read<'a>(
    model: &'static Model,
    source: &Source<'a>,
    begin: usize,
    tally: &mut Tally,
) -> Reading<'a> {
    let mut run = Run::new(model, source, begin, tally);
    run.all();
    run.finish()
}

/// An element that is open.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) rule: u16,
    pub(super) node: u32,
    pub(super) ordinal: u16,
    /// The child that came furthest in the order.
    pub(super) next: u16,
    /// Where its children's counts begin.
    pub(super) counts: u32,
    pub(super) told: Told,
}

/// What has been reported of an element and is not again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) order: bool,
    pub(super) text: bool,
    pub(super) namespace: bool,
}

/// Text of the value that is being read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Piece {
    pub(super) span: Span,
    any: bool,
}

pub(super) struct Run<'a, 's> {
    pub(super) model: &'static Model,
    pub(super) source: &'s Source<'a>,
    pub(super) reader: Reader<'a>,
    pub(super) tree: Tree<'a>,
    pub(super) tally: &'s mut Tally,
    pub(super) frames: Vec<Frame>,
    pub(super) counts: Vec<u32>,
    pub(super) piece: Piece,
    /// How many elements of an unknown subtree are open.
    skipping: u32,
    /// The outermost element and where it stood.
    outermost: Option<(&'a str, usize)>,
    stage: Stage,
}

/// How far the search for a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// No element yet.
    Start,
    /// The outermost element is none a message has; one may stand inside it.
    Seeking,
    /// A message was found; where it ended, nothing more is looked for.
    Found { wrapped: bool },
}

impl<'a, 's> Run<'a, 's> {
    fn new(model: &'static Model, source: &'s Source<'a>, begin: usize, tally: &'s mut Tally) -> Self {
        let (text, limits) = (source.text, source.limits);
        let nodes = Vec::with_capacity(((text.len() - begin) / ELEMENT).min(limits.elements));
        let tree = Tree { model, text, nodes, attributes: Vec::new(), side: String::new() };
        Self {
            model,
            source,
            reader: Reader::new(text, begin, model.namespaces(), limits),
            tree,
            tally,
            frames: Vec::new(),
            counts: Vec::new(),
            piece: Piece::default(),
            skipping: 0,
            outermost: None,
            stage: Stage::Start,
        }
    }

    fn all(&mut self) {
        loop {
            let token = self.reader.step();
            if self.reader.has_faults() {
                self.tell_faults();
            }
            match token {
                Token::End => break,
                Token::Open(_) if self.skipping > 0 => self.skipping += 1,
                Token::Close if self.skipping > 0 => self.skipping -= 1,
                Token::Text(_) | Token::Char(_) if self.skipping > 0 => {}
                Token::Open(name) => self.open(name),
                Token::Close => self.close(),
                Token::Text(text) => self.text(text),
                Token::Char(character) => self.character(character),
            }
        }
    }

    fn finish(mut self) -> Reading<'a> {
        let is_wrapped = self.stage == Stage::Found { wrapped: true };
        if let (true, Some((name, at))) = (is_wrapped, self.outermost) {
            let place = place::of(self.model, &[], &self.source.lines, at);
            self.tell(
                Finding::error("wrapper-unknown", Place { path: format!("/{name}"), ..place }).seen(name),
            );
        }
        let end = self.tree.nodes.len() as u32;
        for frame in &self.frames {
            self.tree.nodes[frame.node as usize].end = end;
        }
        let outermost = self.outermost;
        Reading { tree: self.tree, outermost, next: self.reader.next() }
    }

    fn tell_faults(&mut self) {
        for fault in self.reader.take_faults() {
            let fault = match &self.source.fault {
                Some(cause) if fault.code == "xml-truncated" => cause.clone(),
                _ => fault,
            };
            let place = place::of(self.model, &self.steps(), &self.source.lines, fault.at);
            let finding = Finding::of(fault.severity, fault.code, place).seen(&fault.seen);
            self.tell(finding.expected(fault.expected));
        }
    }

    fn open(&mut self, name: Name<'a>) {
        if self.frames.is_empty() && !self.begins(name) {
            return;
        }
        let Some((index, rule)) = self.find(name) else {
            self.tell_unknown(name);
            self.skipping = 1;
            return;
        };
        let ordinal = self.count(index, rule);
        self.push(rule, ordinal);
        self.weigh_namespace(name);
        content::attributes(self);
    }

    /// Whether the message begins with this element. Inside a wrapper no message knows, only one with the right
    /// namespace does.
    fn begins(&mut self, name: Name<'a>) -> bool {
        let found = self.find(name).map(|(_, rule)| self.model.rule(rule).namespace == name.namespace);
        match (self.stage, found) {
            (Stage::Start, Some(_)) => self.stage = Stage::Found { wrapped: false },
            (Stage::Seeking, Some(true)) => self.stage = Stage::Found { wrapped: true },
            (Stage::Start, None) => self.stage = Stage::Seeking,
            (Stage::Seeking | Stage::Found { .. }, _) => {}
        }
        if self.outermost.is_none() {
            self.outermost = Some((name.local, self.reader.at()));
        }
        found.is_some() && self.tree.nodes.is_empty() && matches!(self.stage, Stage::Found { .. })
    }

    fn push(&mut self, rule: u16, ordinal: u16) {
        let node = self.tree.nodes.len() as u32;
        let parent = self.frames.last().map_or(node, |frame| frame.node);
        let told = Told {
            namespace: self.frames.last().is_some_and(|frame| frame.told.namespace),
            ..Told::default()
        };
        let at = self.reader.at() as u32;
        let attributes = self.tree.attributes.len() as u32;
        let value = Span::default();
        self.tree.nodes.push(Entry {
            rule,
            ordinal,
            parent,
            end: node + 1,
            at,
            value,
            attributes,
            attribute_count: 0,
        });
        let counts = self.counts.len();
        self.counts.resize(counts + self.model.kids(Some(rule)).len(), 0);
        self.frames.push(Frame { rule, node, ordinal, next: 0, counts: counts as u32, told });
        self.piece = Piece::default();
    }

    fn close(&mut self) {
        if self.frames.is_empty() {
            return;
        }
        content::close(self);
        let Some(frame) = self.frames.pop() else { return };
        self.tree.nodes[frame.node as usize].end = self.tree.nodes.len() as u32;
        if self.model.rule(frame.rule).demands {
            self.weigh_missing(&frame);
        }
        self.counts.truncate(frame.counts as usize);
        self.piece = Piece::default();
    }

    fn text(&mut self, text: &'a str) {
        let Some(frame) = self.frames.last() else { return };
        match self.model.rule(frame.rule).row.content {
            Content::Value(_) => self.take(text),
            Content::Class | Content::Part(_) | Content::Date => self.weigh_stray(text),
        }
    }

    fn character(&mut self, character: char) {
        let Some(frame) = self.frames.last() else { return };
        let mut buffer = [0; 4];
        let text = &*character.encode_utf8(&mut buffer);
        match self.model.rule(frame.rule).row.content {
            Content::Value(_) => self.take_aside(text),
            Content::Class | Content::Part(_) | Content::Date => self.weigh_stray(text),
        }
    }

    /// Takes text of a value in; the first piece stays where it stands.
    fn take(&mut self, text: &'a str) {
        if self.piece.any {
            self.take_aside(text);
        } else {
            let span = Span { start: self.reader.at() as u32, len: text.len() as u32, aside: false };
            self.piece = Piece { span, any: true };
        }
    }

    /// Takes text in that does not stand in the bytes in one piece.
    fn take_aside(&mut self, text: &str) {
        if !self.piece.span.aside {
            let start = self.tree.side.len() as u32;
            let begun = self.piece.span;
            let begun = &self.source.text[begun.start as usize..(begun.start + begun.len) as usize];
            self.tree.side.push_str(begun);
            self.piece = Piece { span: Span { start, len: begun.len() as u32, aside: true }, any: true };
        }
        self.tree.side.push_str(text);
        self.piece.span.len += text.len() as u32;
    }

    fn weigh_stray(&mut self, text: &str) {
        let stray = text.trim_matches([' ', '\t', '\n', '\r']);
        let Some(frame) = self.frames.last_mut() else { return };
        if stray.is_empty() || std::mem::replace(&mut frame.told.text, true) {
            return;
        }
        let before = text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let place = place::of(self.model, &self.steps(), &self.source.lines, self.reader.at() + before);
        self.tell(Finding::error("text-unexpected", place).seen(stray).expected("elements"));
    }

    pub(super) fn tell(&mut self, finding: Finding) {
        self.tally.tell(finding);
    }

    /// The open element, at the token read last.
    pub(super) fn here(&self) -> Place {
        self.place_at(self.reader.at())
    }

    /// The open element, at this offset.
    pub(super) fn place_at(&self, at: usize) -> Place {
        place::of(self.model, &self.steps(), &self.source.lines, at)
    }

    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    pub(super) fn rule(&self) -> Option<&'static Rule> {
        self.frames.last().map(|frame| self.model.rule(frame.rule))
    }

    pub(super) fn tag_attributes(&self) -> &[crate::xml::Attribute<'a>] {
        self.reader.attributes()
    }

    pub(super) fn steps(&self) -> Vec<(u16, u16)> {
        self.frames.iter().map(|frame| (frame.rule, frame.ordinal)).collect()
    }
}

/// About as many bytes as an element takes in a message.
const ELEMENT: usize = 64;
