//! The tree: what a message said, as far as it could be read, in one flat list that borrows from the bytes.

use std::borrow::Cow;

use super::compiled::Model;
use crate::text::Lines;
use crate::xml::Namespace;
use kernel::Place;

/// Elements in the order they stood; only those the message knows.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    pub(super) model: &'static Model,
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Entry>,
    pub(super) attributes: Vec<Kept<'a>>,
    /// Values that differ from the bytes: references resolved, white space collapsed.
    pub(super) side: String,
}

/// One element as kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) rule: u16,
    /// Which of its same-named siblings it is, from 1.
    pub(super) ordinal: u16,
    /// Its parent; itself where it is the root.
    pub(super) parent: u32,
    /// One past its last descendant.
    pub(super) end: u32,
    /// Byte offset of its start tag.
    pub(super) at: u32,
    pub(super) value: Span,
    pub(super) attributes: u32,
    pub(super) attribute_count: u16,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) aside: bool,
}

/// One attribute as kept.
#[derive(Clone, Debug)]
pub(super) struct Kept<'a> {
    pub(super) local: &'a str,
    pub(super) namespace: Namespace,
    pub(super) value: Cow<'a, str>,
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t, 'a> {
    tree: &'t Tree<'a>,
    number: u32,
}

impl<'a> Tree<'a> {
    /// The root element, where anything could be read.
    #[must_use]
    pub(crate) fn root(&self) -> Option<Node<'_, 'a>> {
        (!self.nodes.is_empty()).then_some(Node { tree: self, number: 0 })
    }

    pub(super) fn value(&self, span: Span) -> &str {
        let source = if span.aside { self.side.as_str() } else { self.text };
        &source[span.start as usize..(span.start + span.len) as usize]
    }
}

impl<'t, 'a> Node<'t, 'a> {
    fn entry(self) -> &'t Entry {
        &self.tree.nodes[self.number as usize]
    }

    /// Its name.
    #[must_use]
    pub(crate) fn tag(self) -> &'static str {
        self.tree.model.rule(self.entry().rule).row.tag
    }

    /// Its text without outer white space; of a date, the text of its `DateTimeString`; empty of a class.
    #[must_use]
    pub(crate) fn text(self) -> &'t str {
        let own = self.tree.value(self.entry().value);
        if !own.is_empty() {
            return own.trim();
        }
        self.children("DateTimeString").next().map_or("", |date| self.tree.value(date.entry().value).trim())
    }

    /// The children of this name.
    pub(crate) fn children(self, tag: &'static str) -> impl Iterator<Item = Node<'t, 'a>> {
        let mut next = self.number + 1;
        let end = self.entry().end;
        std::iter::from_fn(move || {
            while next < end {
                let node = Node { tree: self.tree, number: next };
                next = node.entry().end;
                if node.tag() == tag {
                    return Some(node);
                }
            }
            None
        })
    }

    /// The first child of this name.
    #[must_use]
    pub(crate) fn child(self, tag: &'static str) -> Option<Self> {
        self.children(tag).next()
    }

    /// The first element down this path of names.
    #[must_use]
    pub(crate) fn down(self, path: &[&'static str]) -> Option<Self> {
        path.iter().try_fold(self, |node, tag| node.child(tag))
    }

    /// The text down this path of names, where it stands there and is not empty.
    #[must_use]
    pub(crate) fn text_at(self, path: &[&'static str]) -> Option<&'t str> {
        self.down(path).map(Self::text).filter(|text| !text.is_empty())
    }

    /// The value of an attribute without namespace.
    #[must_use]
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        let entry = self.entry();
        let first = entry.attributes as usize;
        self.tree.attributes[first..first + usize::from(entry.attribute_count)]
            .iter()
            .find(|kept| kept.local == name && kept.namespace == Namespace::NONE)
            .map(|kept| kept.value.as_ref())
    }

    /// Its place in the bytes, in the tree and in WCO ids.
    #[must_use]
    pub(crate) fn place(self, lines: &Lines<'_>) -> Place {
        let mut steps = vec![(self.entry().rule, self.entry().ordinal)];
        let mut node = self;
        while node.entry().parent != node.number {
            node = Node { tree: self.tree, number: node.entry().parent };
            steps.push((node.entry().rule, node.entry().ordinal));
        }
        steps.reverse();
        super::place::of(self.tree.model, &steps, lines, self.entry().at as usize)
    }
}
