//! Documents in their own bytes: what leaves is written, what came is read and held against its envelope.

use customs::agreement::Document;
use customs::declaration::Declaration;
use customs::terms::Country;
use formats::Message;
use kernel::{Finding, Findings, NodeId, Place};

/// What the envelope of a document said.
pub(crate) struct Envelope<'a> {
    /// Who sent it.
    pub(crate) from: &'a NodeId,
    /// Who received it: us.
    pub(crate) to: &'a NodeId,
    /// Its kind.
    pub(crate) kind: &'a str,
}

/// The document's bytes, as its message standard writes them.
pub(crate) fn write(document: &Document) -> Vec<u8> {
    match document {
        Document::Acdd(acdd) => formats::write_acdd(acdd),
        Document::CustomsResponse(response) => formats::write_response(response),
        Document::Paper(paper) => formats::write_paper(paper.kind().name(), paper.content()),
    }
}

/// Reads a document as far as it can be read, with everything wrong in it and between it and its envelope.
pub(crate) fn read(envelope: &Envelope<'_>, bytes: &[u8]) -> (Option<Document>, Findings) {
    if customs::catalogue::kind(envelope.kind).is_some() {
        return read_paper(envelope, bytes);
    }
    let formats::Received { kind, messages, mut findings, .. } = formats::read(bytes);
    if messages.len() > 1 {
        let count = messages.len().to_string();
        findings.push(Finding::error("several-documents", Place::at("/")).seen(&count).expected("1"));
    }
    let document = messages.into_iter().find_map(|message| document_of(envelope.kind, message));
    match &document {
        None if findings.is_acceptable() => {
            let finding = Finding::error("kind-not-as-enveloped", Place::at("/"));
            findings.push(finding.seen(kind.code()).expected(envelope.kind));
        }
        None => {}
        Some(document) => hold_against(envelope, document, &mut findings),
    }
    (document, findings)
}

/// Reads a document of a kind of the catalogue, in the syntax that kind is written in.
fn read_paper(envelope: &Envelope<'_>, bytes: &[u8]) -> (Option<Document>, Findings) {
    let (content, mut findings) = formats::read_paper(envelope.kind, bytes);
    let document = content.and_then(|content| match Document::read(envelope.kind, content) {
        Ok(document) => Some(document),
        Err(refusal) => {
            let finding = Finding::error("document-unreadable", Place::at("/document"));
            findings.push(finding.seen(&refusal.reason));
            None
        }
    });
    if let Some(document) = &document {
        hold_against(envelope, document, &mut findings);
    }
    (document, findings)
}

fn document_of(kind: &str, message: Message) -> Option<Document> {
    match (kind, message) {
        ("acdd", Message::Acdd(acdd)) => Some(Document::Acdd(Box::new(acdd))),
        ("customs-response", Message::Response(response)) => Some(Document::CustomsResponse(response)),
        _ => None,
    }
}

/// A partner speaks for its own declarations only, and answers ours only.
fn hold_against(envelope: &Envelope<'_>, document: &Document, findings: &mut Findings) {
    let Some((country, expected)) = document.speaker(envelope.from, envelope.to) else { return };
    if country.as_str() != expected.as_str() {
        let finding =
            Finding::error("country-not-as-enveloped", Place::at("/MetaData/ResponsibleCountryCode"));
        findings.push(finding.seen(country.as_str()).expected(expected.as_str()));
    }
}

/// Reads own declarations from whatever bytes the clearance system gave. What was lodged with us is ours: a declaration
/// that names another country is taken as ours and the difference told.
pub(crate) fn declarations(us: &NodeId, bytes: &[u8]) -> (Vec<Declaration>, Findings) {
    let formats::Received { messages, mut findings, .. } = formats::read(bytes);
    let mut declarations = Vec::with_capacity(messages.len());
    for message in messages {
        match message {
            Message::Declaration(declaration) => declarations.push(own(us, declaration, &mut findings)),
            Message::Acdd(_) | Message::Response(_) | Message::Paper(..) | Message::Transit(_) => {
                findings.push(Finding::error("not-a-declaration", Place::at("/")));
            }
        }
    }
    (declarations, findings)
}

fn own(us: &NodeId, mut declaration: Declaration, findings: &mut Findings) -> Declaration {
    let named = declaration.country.as_str();
    if !named.is_empty() && named != us.as_str() {
        let finding = Finding::warning("country-not-ours", Place::at("/"));
        findings.push(finding.seen(named).expected(us.as_str()));
    }
    declaration.country = Country::new(us.as_str());
    declaration
}
