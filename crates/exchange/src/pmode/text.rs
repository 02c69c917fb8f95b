//! XML of processing modes: read without document types, written escaped.

use roxmltree::{Document, Node};

use super::PModeFault;
use crate::Limits;
use crate::names::algorithm;
use crate::profile::Suite;

/// Parses a file with the limits every envelope has, but for its length.
pub(super) fn parse(text: &str) -> Result<Document<'_>, PModeFault> {
    let limits = Limits { envelope_max: text.len(), ..Limits::default() };
    crate::xml::parse(text, &limits).map_err(|fault| PModeFault::new("file", fault.to_string()))
}

/// The first child element of this name.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The element down a path of names.
pub(super) fn down<'a, 'i>(node: Node<'a, 'i>, path: &str) -> Option<Node<'a, 'i>> {
    path.split('/').try_fold(node, child)
}

/// The text of the element down a path; nothing where it is missing or empty.
pub(super) fn text_of(node: Node<'_, '_>, path: &str) -> Option<String> {
    let text = down(node, path)?.text().unwrap_or_default().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Text with the characters XML keeps for itself replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

/// The suite a signature algorithm belongs to.
pub(super) fn suite_of(uri: &str) -> Result<Suite, PModeFault> {
    [Suite::Edelivery115, Suite::Edelivery2, Suite::Edelivery2P256]
        .into_iter()
        .find(|suite| suite.signature().uri() == uri)
        .ok_or_else(|| PModeFault::new("Security.X509.Signature.Algorithm", uri))
}

/// Refuses another digest than the profile's.
pub(super) fn expect_sha256(uri: Option<&str>) -> Result<(), PModeFault> {
    match uri {
        None | Some(algorithm::SHA256) => Ok(()),
        Some(other) => Err(PModeFault::new("Security.X509.Signature.HashFunction", other)),
    }
}

/// Refuses another cipher than the profile's.
pub(super) fn expect_aes128_gcm(uri: Option<&str>) -> Result<(), PModeFault> {
    match uri {
        None | Some(algorithm::AES128_GCM) => Ok(()),
        Some(other) => Err(PModeFault::new("Security.X509.Encryption.Algorithm", other)),
    }
}
