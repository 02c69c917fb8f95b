//! Reading: some bytes into the messages they hold and everything that is wrong with them.

use customs::declaration::{Acdd, Declaration, Response};
use kernel::{Finding, Findings, Place, Severity};
use serde::Serialize;
use serde_json::Value;

use crate::catalogue::{Family, Kind, Syntax, family, syntax};
use crate::model::{self, Node, Source};
use crate::tally::Tally;
use crate::terms::Terms;
use crate::text::{self, Decoded, Fault, Limits, Lines, Position};
use crate::{acdd, import, papers, transit, wco};

/// One message as domain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A declaration of our own, import or export.
    Declaration(Declaration),
    /// An ACDD.
    Acdd(Acdd),
    /// A response, WCO or to an ACDD.
    Response(Response),
    /// A document of another kind between nodes: the kind and its content.
    Paper(String, Value),
    /// A message of the transit procedure.
    Transit(transit::Message),
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
    read_weighing(bytes, limits, Severity::Warning)
}

/// Reads as the office that receives a message would: a broken condition or rule of its standard is an error, not only
/// a warning, because here the books it is held against are the office's own.
#[must_use]
pub fn read_strictly(bytes: &[u8]) -> Received {
    read_weighing(bytes, Limits::MESSAGE, Severity::Error)
}

fn read_weighing(bytes: &[u8], limits: Limits, rules: Severity) -> Received {
    let decoded = text::decode(bytes, &limits);
    let mut received = match syntax(&decoded.text) {
        Syntax::Xml => xml(decoded, limits, rules),
        Syntax::Json if transit::looks_like_json(&decoded.text) => transit_json(&decoded, rules),
        Syntax::Csv => table(decoded, &limits, Kind::ImportCsv, import::read_csv),
        Syntax::Json => table(decoded, &limits, Kind::ImportJson, import::read_json),
        Syntax::Paper => paper(bytes),
        Syntax::Edifact => unread(decoded, Kind::Edifact, "kind-not-read"),
        Syntax::Unknown => unread(decoded, Kind::Unknown, "kind-unknown"),
    };
    received.summary.bytes = bytes.len();
    received
}

impl Message {
    /// How many goods items it has.
    #[must_use]
    pub fn items(&self) -> usize {
        match self {
            Self::Declaration(declaration) => declaration.lines.len(),
            Self::Acdd(acdd) => acdd.lines.len(),
            Self::Response(_) | Self::Paper(..) => 0,
            Self::Transit(message) => message.items(),
        }
    }
}

/// What has been read so far.
struct Taken {
    kind: Option<Kind>,
    /// What a broken condition or rule of a standard weighs.
    rules: Severity,
    messages: Vec<Message>,
    tally: Tally,
    documents: usize,
}

impl Default for Taken {
    fn default() -> Self {
        Self {
            kind: None,
            rules: Severity::Warning,
            messages: Vec::new(),
            tally: Tally::default(),
            documents: 0,
        }
    }
}

impl Taken {
    fn finish(self, otherwise: Kind) -> Received {
        let Self { kind, messages, tally, documents, rules: _ } = self;
        let items = messages.iter().map(Message::items).sum();
        let summary = Summary { bytes: 0, documents, messages: messages.len(), items };
        Received { kind: kind.unwrap_or(otherwise), messages, findings: tally.finish(), summary }
    }

    fn tell_fault(&mut self, fault: &Fault, lines: &Lines<'_>) {
        let place = place_at(lines, fault.at, "/".to_owned());
        let finding = Finding::of(fault.severity, fault.code, place).seen(&fault.seen);
        self.tally.tell(finding.expected(fault.expected));
    }
}

/// What no reader takes: why the bytes are no text, or else that no kind is known.
fn unread(decoded: Decoded<'_>, kind: Kind, code: &'static str) -> Received {
    const START: usize = 40;
    let Decoded { text, fault } = decoded;
    let mut taken = Taken::default();
    match fault {
        Some(fault) if text.trim().is_empty() => taken.tell_fault(&fault, &Lines::new(&text)),
        _ => {
            let start: String = text.trim_start().chars().take(START).collect();
            let place = Place { line: 1, column: 1, ..Place::at("/") };
            taken.tally.tell(Finding::of(Severity::Fatal, code, place).seen(&start));
        }
    }
    taken.finish(kind)
}

/// Reads a document between nodes.
fn paper(bytes: &[u8]) -> Received {
    let (paper, findings) = papers::read_any(bytes);
    let messages: Vec<_> = paper.into_iter().map(|(kind, content)| Message::Paper(kind, content)).collect();
    let summary = Summary { bytes: bytes.len(), documents: 1, messages: messages.len(), items: 0 };
    Received { kind: Kind::Paper, messages, findings, summary }
}

/// Reads a file of declarations with the reader of its notation.
fn table(
    decoded: Decoded<'_>,
    limits: &Limits,
    kind: Kind,
    read: fn(&str, &Lines<'_>, &Limits, &mut Tally) -> Vec<Declaration>,
) -> Received {
    let Decoded { text, fault } = decoded;
    let lines = Lines::new(&text);
    let mut taken = Taken { documents: 1, ..Taken::default() };
    let declarations = read(&text, &lines, limits, &mut taken.tally);
    taken.messages = declarations.into_iter().map(Message::Declaration).collect();
    if taken.messages.is_empty() && taken.tally.is_empty() {
        taken.tally.tell(Finding::warning("nothing-in-it", place_at(&lines, 0, "/".to_owned())));
    }
    if let Some(fault) = fault {
        taken.tell_fault(&fault, &lines);
    }
    taken.finish(kind)
}

fn place_at(lines: &Lines<'_>, at: usize, path: String) -> Place {
    let Position { line, column } = lines.position(at);
    Place { line, column, path, ..Place::default() }
}

/// Reads all documents of an XML text, one after the other.
fn xml(decoded: Decoded<'_>, limits: Limits, rules: Severity) -> Received {
    let Decoded { text, fault } = decoded;
    let source = Source { text: &text, lines: Lines::new(&text), fault, limits };
    let mut taken = Taken { rules, ..Taken::default() };
    let mut next = Some(0);
    while let Some(begin) = next {
        if taken.documents == limits.documents {
            let place = place_at(&source.lines, begin, "/".to_owned());
            taken.tally.tell(Finding::of(Severity::Fatal, "too-many-documents", place));
            break;
        }
        next = document(&source, begin, &mut taken);
    }
    // What ended the text is told even where the last document had ended before it.
    if let Some(fault) = source.fault.as_ref().filter(|fault| !taken.tally.has(fault.code)) {
        taken.tell_fault(fault, &source.lines);
    }
    taken.finish(Kind::OtherXml)
}

/// Reads JSON that is a transit message.
fn transit_json(decoded: &Decoded<'_>, rules: Severity) -> Received {
    let mut taken = Taken { rules, documents: 1, kind: Some(Kind::Transit), ..Taken::default() };
    let lines = Lines::new(&decoded.text);
    match transit::from_json(&decoded.text, &lines, &mut taken.tally, rules) {
        Some(message) => taken.messages.push(Message::Transit(message)),
        None if decoded.fault.is_none() => {
            let place = Place { line: 1, column: 1, ..Place::at("/") };
            taken.tally.tell(Finding::of(Severity::Fatal, "json-not-well-formed", place));
        }
        None => {}
    }
    if let Some(fault) = &decoded.fault {
        taken.tell_fault(fault, &lines);
    }
    taken.finish(Kind::Transit)
}

/// Reads the document that begins here as a transit message; gives where the next one may.
fn transit_xml(
    kind: &'static transit::MessageType,
    source: &Source<'_>,
    begin: usize,
    taken: &mut Taken,
) -> Option<usize> {
    let document = transit::document(kind, source, begin, &mut taken.tally, taken.rules);
    taken.documents += 1;
    taken.kind.get_or_insert(Kind::Transit);
    taken.messages.extend(document.message.map(Message::Transit));
    for fault in &document.faults {
        taken.tell_fault(fault, &source.lines);
    }
    document.next
}

/// Reads the document that begins here; gives where the next one may.
fn document(source: &Source<'_>, begin: usize, taken: &mut Taken) -> Option<usize> {
    if let Some(kind) = transit::kind(source.text, begin, source.limits) {
        return transit_xml(kind, source, begin, taken);
    }
    let family = family(source.text, begin, source.limits);
    let model = match family {
        Family::Wco => &*wco::MODEL,
        Family::Acdd => &*acdd::MODEL,
        Family::Sps => return certificate(source, begin, taken),
    };
    let reading = model::read(model, source, begin, &mut taken.tally);
    taken.documents += 1;
    match (reading.tree.root(), reading.outermost) {
        (Some(root), _) => {
            let kind = take(family, root, source, taken);
            taken.kind.get_or_insert(kind);
        }
        // No message here has this root. Where not even a root was reached, broken XML has said why.
        (None, Some((name, at))) => {
            let place = place_at(&source.lines, at, format!("/{name}"));
            taken.tally.tell(Finding::of(Severity::Fatal, "kind-unknown", place).seen(name));
        }
        (None, None) => {}
    }
    reading.next
}

/// Reads the phytosanitary certificate that begins here; gives where the next document may.
fn certificate(source: &Source<'_>, begin: usize, taken: &mut Taken) -> Option<usize> {
    let limits = crate::sps::limits(source.limits);
    let (reading, next) = crate::sps::read_text(source.text, begin, limits, std::mem::take(&mut taken.tally));
    taken.tally = reading.1;
    taken.documents += 1;
    taken.kind.get_or_insert(Kind::EPhyto);
    if let Some(certificate) = reading.0.certificate {
        let content =
            serde_json::to_value(customs::certificate::EPhyto::of(certificate)).expect("plain data");
        taken.messages.push(Message::Paper("ephyto".to_owned(), content));
    }
    next
}

/// Takes the messages out of a tree; gives their kind.
fn take(family: Family, root: Node<'_, '_>, source: &Source<'_>, taken: &mut Taken) -> Kind {
    let Taken { messages, tally, .. } = taken;
    // The WCO schemas leave open what a commodity code is; our own profile does not.
    let severity = if family == Family::Wco { Severity::Warning } else { Severity::Error };
    let mut terms = Terms { lines: &source.lines, tally, severity };
    match family {
        Family::Sps => Kind::EPhyto,
        Family::Acdd => match acdd::response(root) {
            Some(response) => {
                messages.push(Message::Response(response));
                Kind::CustomsResponse
            }
            None => {
                messages.extend(acdd::acdd(root, &mut terms).map(Message::Acdd));
                Kind::Acdd
            }
        },
        Family::Wco => {
            let responses = wco::responses(root);
            let kind = if responses.is_empty() { Kind::WcoDeclaration } else { Kind::WcoResponse };
            messages.extend(responses.into_iter().map(Message::Response));
            messages.extend(wco::declaration(root, &mut terms).map(Message::Declaration));
            kind
        }
    }
}
