//! Finds the few places of an envelope that matter and makes sure there is only one of each.
//!
//! Everything that is read, digested or trusted later is reached from the nodes found here, so a second header, body,
//! signature or id that would let one copy be signed and another be read has no way in.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::names::ns::{DS, EB, SOAP, WSSE, WSU, XML};
use crate::{Fault, Why};

/// The places of one envelope.
#[derive(Debug)]
pub(crate) struct Place<'a, 'i> {
    /// `eb:Messaging`.
    pub(crate) messaging: Node<'a, 'i>,
    /// The SOAP body.
    pub(crate) body: Node<'a, 'i>,
    /// `wsse:Security`, where there is one.
    pub(crate) security: Option<Node<'a, 'i>>,
    ids: BTreeMap<&'a str, Node<'a, 'i>>,
}

impl<'a, 'i> Place<'a, 'i> {
    /// Finds them.
    ///
    /// # Errors
    /// [`Why::NotSoap`], [`Why::NotEbms`], [`Why::MustUnderstand`], [`Why::IdTwice`] or [`Why::SecurityShape`].
    pub(crate) fn find(document: &'a Document<'i>) -> Result<Self, Fault> {
        let root = document.root_element();
        if !root.has_tag_name((SOAP, "Envelope")) {
            return Err(Fault::new(Why::NotSoap, format!("the root is {}", root.tag_name().name())));
        }
        let header = only(root, document, SOAP, "Header", Why::NotSoap)?;
        let body = only(root, document, SOAP, "Body", Why::NotSoap)?;
        let messaging = only(header, document, EB, "Messaging", Why::NotEbms)?;
        let security = match count(document, WSSE, "Security") {
            0 => None,
            _ => Some(only(header, document, WSSE, "Security", Why::SecurityShape)?),
        };
        if count(document, DS, "Signature") > 1 {
            return Err(Fault::new(Why::SecurityShape, "more than one signature"));
        }
        refuse_unknown_blocks(header)?;
        Ok(Self { messaging, body, security, ids: ids(document)? })
    }

    /// The element with this id, where it is one a signature may cover: the header, the body, or a token or time
    /// stamp directly in the security header.
    pub(crate) fn signable(&self, id: &str) -> Option<Node<'a, 'i>> {
        let node = *self.ids.get(id)?;
        let named = node.attribute((WSU, "Id")) == Some(id);
        let beside =
            node.has_tag_name((WSU, "Timestamp")) || node.has_tag_name((WSSE, "BinarySecurityToken"));
        let allowed =
            node == self.messaging || node == self.body || (beside && node.parent() == self.security);
        (named && allowed).then_some(node)
    }

    /// The child of the security header with this id.
    pub(crate) fn in_security(&self, id: &str) -> Option<Node<'a, 'i>> {
        self.ids.get(id).copied().filter(|node| node.parent() == self.security && self.security.is_some())
    }

    /// Refuses a body with anything but white space in it.
    ///
    /// # Errors
    /// [`Why::BodyNotEmpty`].
    pub(crate) fn expect_empty_body(&self) -> Result<(), Fault> {
        let filled =
            |node: Node<'_, '_>| node.is_element() || node.text().is_some_and(|text| !text.trim().is_empty());
        match self.body.children().any(|node| !node.is_comment() && filled(node)) {
            true => Err(Fault::new(Why::BodyNotEmpty, "payloads travel as parts, the SOAP body stays empty")),
            false => Ok(()),
        }
    }
}

fn count(document: &Document<'_>, namespace: &str, name: &str) -> usize {
    document.descendants().filter(|node| node.has_tag_name((namespace, name))).count()
}

/// The only element of this name in the whole document, which must be a child of `parent`.
fn only<'a, 'i>(
    parent: Node<'a, 'i>,
    document: &'a Document<'i>,
    namespace: &str,
    name: &str,
    why: Why,
) -> Result<Node<'a, 'i>, Fault> {
    let found = parent.children().find(|node| node.has_tag_name((namespace, name)));
    match (found, count(document, namespace, name)) {
        (Some(node), 1) => Ok(node),
        (None, 0) => Err(Fault::new(why, format!("{name} is missing"))),
        (_, seen) => Err(Fault::new(why, format!("{name} stands {seen} times, or not in its place"))),
    }
}

fn refuse_unknown_blocks(header: Node<'_, '_>) -> Result<(), Fault> {
    let known =
        |node: &Node<'_, '_>| node.has_tag_name((EB, "Messaging")) || node.has_tag_name((WSSE, "Security"));
    let demanded =
        |node: &Node<'_, '_>| matches!(node.attribute((SOAP, "mustUnderstand")), Some("true" | "1"));
    match header.children().filter(Node::is_element).find(|node| !known(node) && demanded(node)) {
        Some(block) => Err(Fault::new(Why::MustUnderstand, block.tag_name().name())),
        None => Ok(()),
    }
}

/// Every id of the document, whichever attribute gives it.
fn ids<'a, 'i>(document: &'a Document<'i>) -> Result<BTreeMap<&'a str, Node<'a, 'i>>, Fault> {
    let mut all = BTreeMap::new();
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes().filter(|attribute| attribute.name().eq_ignore_ascii_case("id")) {
            let gives_id = matches!(attribute.namespace(), None | Some(WSU | XML));
            if gives_id && all.insert(attribute.value(), node).is_some() {
                return Err(Fault::new(Why::IdTwice, attribute.value()));
            }
        }
    }
    Ok(all)
}
