//! Reading: some bytes into the messages they hold and everything that is wrong with them.

use customs::declaration::{Acdd, Declaration, Response};
use kernel::{Finding, Findings, Place, Severity};
use serde::Serialize;

use crate::catalogue::{Family, Kind, Syntax, family, syntax};
use crate::model::{self, Reading, Source};
use crate::terms::Terms;
use crate::text::{self, Decoded, Limits, Lines};
use crate::{acdd, import, wco};

/// One message as domain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A declaration of our own, import or export.
    Declaration(Declaration),
    /// An ACDD.
    Acdd(Acdd),
    /// A response, WCO or to an ACDD.
    Response(Response),
}

/// What some bytes held.
#[derive(Clone, Debug)]
pub struct Received {
    /// What kind of message it is; of several documents, the first that is known.
    pub kind: Kind,
    /// The messages, as far as they could be read.
    pub messages: Vec<Message>,
    /// Everything wrong, in the order of the bytes.
    pub findings: Findings,
    /// How much there was.
    pub summary: Summary,
}

/// How much some bytes held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Bytes.
    pub bytes: usize,
    /// XML documents, or the one file of another syntax.
    pub documents: usize,
    /// Messages read out of them.
    pub messages: usize,
    /// Goods items in these messages.
    pub items: usize,
}

/// Reads whatever these bytes are, within [`Limits::MESSAGE`]. Nothing makes it fail; everything wrong is a finding.
#[must_use]
pub fn read(bytes: &[u8]) -> Received {
    read_within(bytes, Limits::MESSAGE)
}

/// The same within other limits.
#[must_use]
pub fn read_within(bytes: &[u8], limits: Limits) -> Received {
    let mut received = match syntax(bytes) {
        Syntax::Xml => xml(bytes, limits),
        Syntax::Csv => table(bytes, limits, Kind::ImportCsv, import::read_csv),
        Syntax::Json => table(bytes, limits, Kind::ImportJson, import::read_json),
        Syntax::Edifact => unread(Kind::Edifact, "kind-not-read", bytes),
        Syntax::Unknown => unread(Kind::Unknown, "kind-unknown", bytes),
    };
    received.summary.bytes = bytes.len();
    received.summary.messages = received.messages.len();
    received.summary.items = received.messages.iter().map(Message::items).sum();
    received
}

impl Message {
    /// How many goods items it has.
    #[must_use]
    pub fn items(&self) -> usize {
        match self {
            Self::Declaration(declaration) => declaration.lines.len(),
            Self::Acdd(acdd) => acdd.lines.len(),
            Self::Response(_) => 0,
        }
    }
}

fn nothing(kind: Kind) -> Received {
    Received { kind, messages: Vec::new(), findings: Findings::new(), summary: Summary::default() }
}

fn unread(kind: Kind, code: &'static str, bytes: &[u8]) -> Received {
    let mut received = nothing(kind);
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
    let place = Place { line: 1, column: 1, ..Place::at("/") };
    received.findings.push(Finding::of(Severity::Fatal, code, place).seen(&start));
    received
}

/// Reads a file of declarations with the reader of its notation.
fn table(
    bytes: &[u8],
    limits: Limits,
    kind: Kind,
    read: fn(&str, &Lines<'_>, &mut Findings) -> Vec<Declaration>,
) -> Received {
    let Decoded { text, fault } = text::decode(bytes, &limits);
    let lines = Lines::new(&text);
    let mut received = nothing(kind);
    let declarations = read(&text, &lines, &mut received.findings);
    received.messages = declarations.into_iter().map(Message::Declaration).collect();
    received.summary.documents = 1;
    if let Some(fault) = fault {
        let position = lines.position(fault.at);
        let place = Place { line: position.line, column: position.column, ..Place::at("/") };
        received.findings.push(Finding::of(fault.severity, fault.code, place).seen(&fault.seen));
    }
    received.findings.sort_by_place();
    received
}

/// Reads all documents of an XML text, one after the other.
fn xml(bytes: &[u8], limits: Limits) -> Received {
    let Decoded { text, fault } = text::decode(bytes, &limits);
    let source = Source { text: &text, lines: Lines::new(&text), fault, limits };
    let mut received = nothing(Kind::OtherXml);
    let mut next = Some(0);
    while let Some(begin) = next {
        if received.summary.documents == limits.documents {
            let position = source.lines.position(begin);
            let place = Place { line: position.line, column: position.column, ..Place::at("/") };
            received.findings.push(Finding::of(Severity::Fatal, "too-many-documents", place));
            break;
        }
        next = document(&source, begin, &mut received);
    }
    received.findings.sort_by_place();
    received
}

/// Reads the document that begins here; gives where the next one may.
fn document(source: &Source<'_>, begin: usize, received: &mut Received) -> Option<usize> {
    let family = family(source.text, begin, source.limits);
    let model = match family {
        Family::Wco => &*wco::MODEL,
        Family::Acdd => &*acdd::MODEL,
    };
    let mut reading = model::read(model, source, begin);
    received.summary.documents += 1;
    let kind = take(family, &reading.tree, source, &mut reading.findings, received);
    if kind == Kind::OtherXml {
        refuse(&mut reading, source, begin);
    } else if received.kind == Kind::OtherXml {
        received.kind = kind;
    }
    received.findings.extend(reading.findings.iter().cloned());
    received.findings.dropped += reading.findings.dropped;
    reading.next
}

/// Takes the messages out of a tree; gives their kind.
fn take(
    family: Family,
    tree: &model::Tree<'_>,
    source: &Source<'_>,
    findings: &mut Findings,
    received: &mut Received,
) -> Kind {
    let Some(root) = tree.root() else { return Kind::OtherXml };
    let severity = if family == Family::Wco { Severity::Warning } else { Severity::Error };
    let mut terms = Terms { lines: &source.lines, findings, severity };
    match family {
        Family::Acdd => {
            if let Some(response) = acdd::response(root) {
                received.messages.push(Message::Response(response));
                return Kind::CustomsResponse;
            }
            received.messages.extend(acdd::acdd(root, &mut terms).map(Message::Acdd));
            Kind::Acdd
        }
        Family::Wco => {
            let responses = wco::responses(root);
            let kind = if responses.is_empty() { Kind::WcoDeclaration } else { Kind::WcoResponse };
            received.messages.extend(responses.into_iter().map(Message::Response));
            received.messages.extend(wco::declaration(root, &mut terms).map(Message::Declaration));
            kind
        }
    }
}

/// Says of a document that no message here has its root; nothing where broken XML has said why it was not reached.
fn refuse(reading: &mut Reading<'_>, source: &Source<'_>, begin: usize) {
    let Some(name) = &reading.outermost else { return };
    let position = source.lines.position(begin);
    let place = Place { line: position.line, column: position.column, ..Place::at(format!("/{name}")) };
    reading.findings.push(Finding::of(Severity::Fatal, "kind-unknown", place).seen(name));
}
