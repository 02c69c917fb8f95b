//! Finds the parts of a multipart body as it arrives. Of the body only a window is held: as much as a boundary line or the
//! header of a part may take.

use memchr::memmem::Finder;

use crate::mime::{Fields, header_of};
use crate::{Fault, Limits, Why};

/// A part that was found: its header, and where its content lies in the body.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) fields: Fields,
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Found {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Preamble,
    Head,
    Body,
    Done,
}

/// A body being taken apart.
pub(super) struct Scan {
    finder: Finder<'static>,
    delimiter: usize,
    window: Vec<u8>,
    /// Where the window begins in the body.
    base: u64,
    state: State,
    parts: Vec<Found>,
    limits: Limits,
    /// Which part is the envelope: of this id, or the first.
    root: Option<String>,
    envelope: Vec<u8>,
    is_root: bool,
}

/// What a place in the window that looks like a boundary is.
enum Line {
    /// More is needed to say.
    Open,
    /// Content that looks like one.
    Content,
    /// A boundary; the next part begins so many bytes after it, or none does.
    Boundary(Option<usize>),
}

impl Scan {
    pub(super) fn new(boundary: &str, root: Option<String>, limits: &Limits) -> Self {
        let delimiter = format!("--{boundary}");
        Self {
            finder: Finder::new(delimiter.as_bytes()).into_owned(),
            delimiter: delimiter.len(),
            window: Vec::new(),
            base: 0,
            state: State::Preamble,
            parts: Vec::new(),
            limits: *limits,
            root,
            envelope: Vec::new(),
            is_root: false,
        }
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Fault> {
        self.window.extend_from_slice(piece);
        while self.advance(More::ToCome)? {}
        Ok(())
    }

    /// The envelope and the parts beside it.
    pub(super) fn finish(mut self) -> Result<(Found, Vec<u8>, Vec<Found>), Fault> {
        while self.advance(More::None)? {}
        if self.state != State::Done {
            return Err(Fault::new(Why::Multipart, "the last boundary is missing: the body is cut off"));
        }
        let at = self.parts.iter().position(|part| self.names_root(part));
        let at = match (&self.root, at) {
            (_, Some(at)) => at,
            (Some(root), None) => {
                return Err(Fault::new(Why::Multipart, format!("no part has the start id {root}")));
            }
            (None, None) => return Err(Fault::new(Why::Multipart, "no parts")),
        };
        let root = self.parts.remove(at);
        Ok((root, self.envelope, self.parts))
    }

    /// The envelope, once all of it has come.
    pub(super) fn envelope(&self) -> Option<&[u8]> {
        let came = self.parts.iter().any(|part| self.names_root(part)) && !self.is_root;
        came.then_some(&self.envelope)
    }

    fn names_root(&self, part: &Found) -> bool {
        self.root
            .as_deref()
            .is_none_or(|root| part.field("content-id").map(crate::mime::bare_id) == Some(root))
    }

    /// One step; whether another may be taken.
    fn advance(&mut self, more: More) -> Result<bool, Fault> {
        match self.state {
            State::Done => {
                self.consume(self.window.len())?;
                Ok(false)
            }
            State::Head => self.head(more),
            State::Preamble | State::Body => self.content(more),
        }
    }

    fn head(&mut self, more: More) -> Result<bool, Fault> {
        if self.parts.len() >= self.limits.parts_max {
            let most = self.limits.parts_max;
            return Err(Fault::new(Why::TooManyParts, format!("more than {most} parts")));
        }
        let Some((fields, length)) = header_of(&self.window, &self.limits)? else {
            return match more {
                More::ToCome => Ok(false),
                More::None => Err(Fault::new(Why::Multipart, "the header of a part does not end")),
            };
        };
        self.consume(length)?;
        let found = Found { fields, start: self.base, end: self.base };
        // The first part of that name is the envelope, as it is where the whole body is at hand.
        self.is_root = self.names_root(&found) && !self.parts.iter().any(|part| self.names_root(part));
        self.parts.push(found);
        self.state = State::Body;
        Ok(true)
    }

    fn content(&mut self, more: More) -> Result<bool, Fault> {
        let mut from = 0;
        while let Some(found) = self.finder.find(&self.window[from..]) {
            let at = from + found;
            match self.line(at, more) {
                Line::Content => from = at + self.delimiter,
                Line::Open => {
                    self.consume(at.saturating_sub(BREAK))?;
                    return Ok(false);
                }
                Line::Boundary(next) => {
                    self.boundary(at, next)?;
                    return Ok(true);
                }
            }
        }
        let held = self.delimiter + BREAK;
        self.consume(self.window.len().saturating_sub(held))?;
        Ok(false)
    }

    fn boundary(&mut self, at: usize, next: Option<usize>) -> Result<(), Fault> {
        let content = at - self.line_break_before(at).unwrap_or(0);
        self.consume(content)?;
        if self.state == State::Body
            && let Some(part) = self.parts.last_mut()
        {
            part.end = self.base;
        }
        self.is_root = false;
        let past = at - content + self.delimiter + next.unwrap_or(0);
        self.state = if next.is_some() { State::Head } else { State::Done };
        self.consume(past)
    }

    /// How many bytes of line break stand before a place; `None` where it does not begin a line.
    fn line_break_before(&self, at: usize) -> Option<usize> {
        match &self.window[..at] {
            // The line break before belongs to the header of an empty part, or nothing stands before.
            [] => match self.state {
                State::Body => self.parts.last().is_some_and(|part| part.start == self.base).then_some(0),
                _ => (self.base == 0).then_some(0),
            },
            before if before.ends_with(b"\r\n") => Some(2),
            before if before.ends_with(b"\n") => Some(1),
            _ => None,
        }
    }

    fn line(&self, at: usize, more: More) -> Line {
        if self.line_break_before(at).is_none() {
            return Line::Content;
        }
        let after = &self.window[at + self.delimiter..];
        let padding = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let open = if more == More::ToCome && padding < PADDING_MAX { Line::Open } else { Line::Content };
        match after {
            [b'-', b'-', ..] => Line::Boundary(None),
            [] | [b'-'] => open,
            _ => match &after[padding..] {
                [b'\r', b'\n', ..] => Line::Boundary(Some(padding + 2)),
                [b'\n', ..] => Line::Boundary(Some(padding + 1)),
                [] | [b'\r'] => open,
                _ => Line::Content,
            },
        }
    }

    /// Lets go of the first bytes of the window.
    fn consume(&mut self, count: usize) -> Result<(), Fault> {
        if self.is_root && self.state == State::Body {
            if self.envelope.len() + count > self.limits.envelope_max {
                let most = self.limits.envelope_max;
                return Err(Fault::new(Why::EnvelopeTooComplex, format!("longer than {most} bytes")));
            }
            self.envelope.extend_from_slice(&self.window[..count]);
        }
        self.window.drain(..count);
        self.base += count as u64;
        Ok(())
    }
}

/// Whether more of the body is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    ToCome,
    None,
}

/// The longest line break.
const BREAK: usize = 2;
/// How much white space may follow a boundary on its line.
const PADDING_MAX: usize = 256;
