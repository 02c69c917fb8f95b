//! SPSCertificate: the e-Phyto as plant-health services, the IPPC hub and TRACES write it.
//!
//! Three things are kept apart. The *tree* is the document as it stood, element by element, with the sender's order,
//! prefixes and white space; written again it is the same document under XML canonicalisation. The *certificate* is
//! what the product works with, read by local names in any order and any of the namespaces seen in the field. The
//! *findings* say where the document departs from the schema and from what the hub and its users ask for.
//!
//! Facts about real certificates are in docs/formats/ephyto.md.

mod build;
mod check;
mod parts;
mod schema;
mod take;
mod tree;

use customs::certificate::{EPhyto, Phyto};
use kernel::{Finding, Findings, Place, Severity};

pub use build::write;
pub use schema::Namespaces;
pub use tree::{Element, Piece};

use crate::tally::Tally;
use crate::text::{self, Limits, Lines};

/// What some bytes held.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The certificate, where the document is one.
    pub certificate: Option<Phyto>,
    /// The document as it stood, where it is well-formed.
    pub tree: Option<Element>,
    /// The namespaces it is written in.
    pub namespaces: Namespaces,
    /// Everything wrong, in the order of the bytes.
    pub findings: Findings,
}

/// Reads a certificate; nothing makes it fail.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    let limits = limits(Limits::MESSAGE);
    let decoded = text::decode(bytes, &limits);
    let mut tally = Tally::default();
    if let Some(fault) = &decoded.fault {
        let lines = Lines::new(&decoded.text);
        let position = lines.position(fault.at);
        let place = Place { line: position.line, column: position.column, ..Place::at("/") };
        tally.tell(Finding::of(fault.severity, fault.code, place).seen(&fault.seen));
    }
    let ((reading, tally), _) = read_text(&decoded.text, 0, limits, tally);
    Reading { findings: tally.finish(), ..reading }
}

/// The limits of a message, with room for attachments.
pub(crate) const fn limits(limits: Limits) -> Limits {
    Limits { text: ATTACHMENT_MAX, ..limits }
}

/// Reads the certificate that begins here in a text; gives also the tally and where another document may begin.
pub(crate) fn read_text(
    text: &str,
    begin: usize,
    limits: Limits,
    mut tally: Tally,
) -> ((Reading, Tally), Option<usize>) {
    let lines = Lines::new(text);
    let (tree, next) = tree::read(text, begin, limits, &lines, &mut tally);
    let namespaces = tree.as_ref().map(Namespaces::of).unwrap_or_default();
    let root = tree.as_ref().filter(|root| root.local == ROOT);
    if let (Some(other), None) = (&tree, root) {
        let place = check::place(&lines, other, format!("/{}", other.local));
        tally.tell(Finding::of(Severity::Fatal, "kind-unknown", place).seen(&other.local));
    }
    let certificate = root.map(|root| {
        check::check(root, &namespaces, &lines, &mut tally);
        take::certificate(root, &namespaces)
    });
    ((Reading { certificate, tree, namespaces, findings: Findings::new() }, tally), next)
}

/// A certificate's content, as it passes between nodes, in its standard bytes.
///
/// # Panics
/// Never: contents are plain data, and a field that is missing has a default.
#[must_use]
pub fn write_content(content: &serde_json::Value) -> Vec<u8> {
    let certificate = serde_json::from_value::<EPhyto>(content.clone()).unwrap_or_default().certificate;
    write(&certificate, &Namespaces::default())
}

/// The content of a certificate's standard bytes.
///
/// # Panics
/// Never: a certificate is plain data.
#[must_use]
pub fn read_content(bytes: &[u8]) -> (Option<serde_json::Value>, Findings) {
    let Reading { certificate, findings, .. } = read(bytes);
    let content = certificate.filter(|certificate| !certificate.number.is_empty()).map(EPhyto::of);
    (content.map(|content| serde_json::to_value(content).expect("plain data")), findings)
}

/// The elements as a markdown table, printed from what checks them.
#[must_use]
pub fn page() -> String {
    schema::page()
}

/// The root element's name.
pub(crate) const ROOT: &str = "SPSCertificate";
/// The longest attachment in one element, in bytes of base64: what the message limit allows beside the rest.
const ATTACHMENT_MAX: usize = 24 << 20;
