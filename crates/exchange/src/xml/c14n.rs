//! Exclusive canonical XML 1.0 without comments, with inclusive prefix lists, over a parsed tree.
//!
//! The tree keeps no prefixes, so they are taken back from the source text each node remembers its place in.

use roxmltree::{Document, Node, NodeType};

use crate::names::ns;

/// Canonical form of one element and everything in it. `prefixes` is the inclusive list, `#default` for no prefix.
#[must_use]
pub fn canonical_element(element: Node<'_, '_>, prefixes: &[&str]) -> Vec<u8> {
    let mut writer = Writer::new(element.document(), prefixes);
    writer.node(element);
    writer.out
}

/// Canonical form of a whole document: the root element and the processing instructions around it.
#[must_use]
pub fn canonical_document(document: &Document<'_>, prefixes: &[&str]) -> Vec<u8> {
    let mut writer = Writer::new(document, prefixes);
    let mut past_root = false;
    for child in document.root().children() {
        match child.node_type() {
            NodeType::Element => {
                writer.node(child);
                past_root = true;
            }
            NodeType::PI if past_root => {
                writer.out.push(b'\n');
                writer.node(child);
            }
            NodeType::PI => {
                writer.node(child);
                writer.out.push(b'\n');
            }
            NodeType::Root | NodeType::Comment | NodeType::Text => {}
        }
    }
    writer.out
}

struct Writer<'a> {
    source: &'a str,
    inclusive: &'a [&'a str],
    /// Namespace declarations written by the elements that are open, innermost last.
    rendered: Vec<(&'a str, &'a str)>,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(document: &'a Document<'_>, inclusive: &'a [&'a str]) -> Self {
        let source = document.input_text();
        Self { source, inclusive, rendered: Vec::new(), out: Vec::with_capacity(source.len()) }
    }

    fn node(&mut self, node: Node<'a, '_>) {
        match node.node_type() {
            NodeType::Element => self.element(node),
            NodeType::Text => escape_text(node.text().unwrap_or_default(), &mut self.out),
            NodeType::PI => self.instruction(node),
            NodeType::Root | NodeType::Comment => {}
        }
    }

    fn element(&mut self, element: Node<'a, '_>) {
        let name = self.qualified_name(element);
        let depth = self.rendered.len();
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        self.declarations(element, prefix_of(name));
        self.attributes(element);
        self.out.push(b'>');
        for child in element.children() {
            self.node(child);
        }
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
        self.rendered.truncate(depth);
    }

    /// The name as it stands in the source, prefix included.
    fn qualified_name(&self, element: Node<'a, '_>) -> &'a str {
        let tag = &self.source[element.range().start + 1..];
        let end = tag.find([' ', '\t', '\n', '\r', '/', '>']).unwrap_or(tag.len());
        &tag[..end]
    }

    /// Writes the declarations this element needs: those it visibly uses, and those of the inclusive list.
    fn declarations(&mut self, element: Node<'a, '_>, own: &'a str) {
        let mut wanted: Vec<&'a str> = vec![own];
        wanted.extend(
            element.attributes().map(|a| prefix_of(&self.source[a.range_qname()])).filter(|p| !p.is_empty()),
        );
        wanted.extend(self.inclusive.iter().map(|&prefix| if prefix == "#default" { "" } else { prefix }));
        wanted.sort_unstable();
        wanted.dedup();
        for prefix in wanted {
            let in_scope = if prefix == "xml" { None } else { namespace_in_scope(element, prefix) };
            if let Some(uri) = in_scope.filter(|uri| self.rendered_as(prefix) != *uri) {
                self.declare(prefix, uri);
            }
        }
    }

    fn rendered_as(&self, prefix: &str) -> &str {
        self.rendered.iter().rev().find(|(known, _)| *known == prefix).map_or("", |(_, uri)| uri)
    }

    fn declare(&mut self, prefix: &'a str, uri: &'a str) {
        self.out.extend_from_slice(b" xmlns");
        if !prefix.is_empty() {
            self.out.push(b':');
            self.out.extend_from_slice(prefix.as_bytes());
        }
        self.out.extend_from_slice(b"=\"");
        escape_attribute(uri, &mut self.out);
        self.out.push(b'"');
        self.rendered.push((prefix, uri));
    }

    fn attributes(&mut self, element: Node<'a, '_>) {
        let mut sorted: Vec<_> = element.attributes().collect();
        sorted.sort_by_key(|attribute| (attribute.namespace().unwrap_or_default(), attribute.name()));
        for attribute in sorted {
            self.out.push(b' ');
            self.out.extend_from_slice(self.source[attribute.range_qname()].as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape_attribute(attribute.value(), &mut self.out);
            self.out.push(b'"');
        }
    }

    fn instruction(&mut self, node: Node<'a, '_>) {
        let Some(instruction) = node.pi() else { return };
        self.out.extend_from_slice(b"<?");
        self.out.extend_from_slice(instruction.target.as_bytes());
        if let Some(value) = instruction.value {
            self.out.push(b' ');
            self.out.extend_from_slice(value.as_bytes());
        }
        self.out.extend_from_slice(b"?>");
    }
}

fn prefix_of(qualified: &str) -> &str {
    qualified.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// What a prefix stands for here. The default namespace is always known, as empty where none was declared.
fn namespace_in_scope<'a>(element: Node<'a, '_>, prefix: &str) -> Option<&'a str> {
    let declared = element.namespaces().find(|known| known.name().unwrap_or_default() == prefix);
    match declared {
        Some(known) if known.uri() != ns::XML => Some(known.uri()),
        Some(_) => None,
        None => prefix.is_empty().then_some(""),
    }
}

pub(super) fn escape_text(text: &str, out: &mut Vec<u8>) {
    for &byte in text.as_bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            _ => out.push(byte),
        }
    }
}

pub(super) fn escape_attribute(text: &str, out: &mut Vec<u8>) {
    for &byte in text.as_bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\t' => out.extend_from_slice(b"&#x9;"),
            b'\n' => out.extend_from_slice(b"&#xA;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            _ => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases from the rules of exclusive canonicalisation: document, path of child indexes, prefix list, result.
    const CASES: &[(&str, &[usize], &[&str], &str)] = &[
        ("<a  b='1'  a='2'/>", &[], &[], "<a a=\"2\" b=\"1\"></a>"),
        ("<a xmlns:x='u'><b/></a>", &[], &[], "<a><b></b></a>"),
        ("<a xmlns:x='u'><x:b/></a>", &[0], &[], "<x:b xmlns:x=\"u\"></x:b>"),
        ("<a xmlns:x='u'><b/></a>", &[0], &["x"], "<b xmlns:x=\"u\"></b>"),
        ("<x:a xmlns:x='u'><x:b><x:c/></x:b></x:a>", &[0], &[], "<x:b xmlns:x=\"u\"><x:c></x:c></x:b>"),
        ("<a xmlns='u'><b xmlns=''/></a>", &[], &[], "<a xmlns=\"u\"><b xmlns=\"\"></b></a>"),
        ("<a xmlns='u'><b xmlns=''/></a>", &[0], &[], "<b></b>"),
        ("<a xmlns='u'><x:b xmlns:x='v'/></a>", &[0], &["#default"], "<x:b xmlns=\"u\" xmlns:x=\"v\"></x:b>"),
        (
            "<a xmlns:x='u' xmlns:y='u' x:p='1' y:q='2'/>",
            &[],
            &[],
            "<a xmlns:x=\"u\" xmlns:y=\"u\" x:p=\"1\" y:q=\"2\"></a>",
        ),
        (
            "<a xmlns:z='a' xmlns:b='z' b:p='1' z:q='2' r='3'/>",
            &[],
            &[],
            "<a xmlns:b=\"z\" xmlns:z=\"a\" r=\"3\" z:q=\"2\" b:p=\"1\"></a>",
        ),
        (
            "<x:a xmlns:x='u'><x:b xmlns:x='v'/></x:a>",
            &[],
            &[],
            "<x:a xmlns:x=\"u\"><x:b xmlns:x=\"v\"></x:b></x:a>",
        ),
        (
            "<a xml:lang='vi' xmlns:xml='http://www.w3.org/XML/1998/namespace'><b/></a>",
            &[],
            &["xml"],
            "<a xml:lang=\"vi\"><b></b></a>",
        ),
        ("<a>\n <b> x </b>\n</a>", &[], &[], "<a>\n <b> x </b>\n</a>"),
        (
            "<a b='&#xD;&#9;&#10;&quot;&lt;&amp;>'>&#xD;&gt;&lt;&amp;\"'</a>",
            &[],
            &[],
            "<a b=\"&#xD;&#x9;&#xA;&quot;&lt;&amp;>\">&#xD;&gt;&lt;&amp;\"'</a>",
        ),
        ("<a><![CDATA[<x>&]]>y<!-- c -->z</a>", &[], &[], "<a>&lt;x&gt;&amp;yz</a>"),
        ("<a><?p  q r?><?s?></a>", &[], &[], "<a><?p q r?><?s?></a>"),
        ("<a b='1\r\n2'>1\r\n2</a>", &[], &[], "<a b=\"1 2\">1\n2</a>"),
        (
            "<a xmlns:n='u'><b xmlns:n='u'><n:c/></b></a>",
            &[],
            &["n"],
            "<a xmlns:n=\"u\"><b><n:c></n:c></b></a>",
        ),
    ];

    #[test]
    fn canonical_form_follows_the_recommendation() {
        for (source, path, prefixes, expected) in CASES {
            let document = Document::parse(source).expect("the case is well-formed");
            let root = document.root_element();
            let node =
                path.iter().fold(root, |node, &at| node.children().nth(at).expect("the child is there"));
            let seen = String::from_utf8(canonical_element(node, prefixes)).expect("canonical form is UTF-8");
            assert_eq!(seen, *expected, "{source}");
        }
    }

    #[test]
    fn a_document_keeps_the_instructions_around_its_root() {
        let document = Document::parse("<?xml version='1.0'?>\n<?a b?>\n<!-- c -->\n<r/>\n<?d?>\n")
            .expect("well-formed");
        assert_eq!(canonical_document(&document, &[]), b"<?a b?>\n<r></r>\n<?d?>");
    }
}
