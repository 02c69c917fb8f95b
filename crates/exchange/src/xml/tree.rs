//! Reading one parsed envelope: children by name, text, base64; all refusals are coded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node, ParsingOptions};

use super::gate;
use crate::{Fault, Limits, Why};

/// Parses an envelope within the limits. A byte order mark is stepped over.
///
/// # Errors
/// [`Why::NotXml`] or [`Why::EnvelopeTooComplex`].
pub(crate) fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > limits.envelope_max {
        return Err(Fault::new(
            Why::EnvelopeTooComplex,
            format!("longer than {} bytes", limits.envelope_max),
        ));
    }
    gate::pass(text, limits)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes_max, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Fault::new(Why::EnvelopeTooComplex, error.to_string()),
        other => Fault::new(Why::NotXml, other.to_string()),
    })
}

/// All child elements of this name.
pub(crate) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((namespace, name)))
}

/// The first child element of this name.
pub(crate) fn child<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Option<Node<'a, 'i>> {
    children(node, namespace, name).next()
}

/// The only child element of this name, or none; two are refused with [`Why::HeaderTwice`].
pub(crate) fn optional<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Option<Node<'a, 'i>>, Fault> {
    let mut found = children(node, namespace, name);
    let first = found.next();
    match found.next() {
        Some(_) => {
            Err(Fault::new(Why::HeaderTwice, format!("{name} stands twice in {}", node.tag_name().name())))
        }
        None => Ok(first),
    }
}

/// The only child element of this name; none is refused with [`Why::HeaderIncomplete`].
pub(crate) fn one<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Node<'a, 'i>, Fault> {
    optional(node, namespace, name)?.ok_or_else(|| {
        Fault::new(Why::HeaderIncomplete, format!("{name} is missing in {}", node.tag_name().name()))
    })
}

/// The text of an element without surrounding white space; an element inside it is refused.
pub(crate) fn text_of(node: Node<'_, '_>) -> Result<String, Fault> {
    if node.children().any(|inner| inner.is_element()) {
        let name = node.tag_name().name();
        return Err(Fault::new(Why::HeaderValue, format!("{name} holds elements where text is expected")));
    }
    let text: String =
        node.children().filter_map(|inner| inner.is_text().then(|| inner.text()).flatten()).collect();
    Ok(text.trim().to_owned())
}

/// The octets an element holds in base64, which may be wrapped over lines.
pub(crate) fn base64_text(node: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let text: String = text_of(node)?.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|error| {
        Fault::new(Why::HeaderValue, format!("{} is not base64: {error}", node.tag_name().name()))
    })
}
