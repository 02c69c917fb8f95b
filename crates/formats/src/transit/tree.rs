//! A message as a tree of elements, all in one list: what the readers fill and the rules look at.

use std::borrow::Cow;

use super::table::{Body, GroupId, NameId, Particle, SCHEMA};

/// A message's elements in the order they stood.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

/// An element's number in its tree; the root is [`ROOT`].
pub(crate) type Id = u32;

/// The root element.
pub(crate) const ROOT: Id = 0;
const NONE: Id = u32::MAX;

/// One element.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    /// Its name.
    pub(crate) name: NameId,
    /// The group it holds; `None` for a value.
    pub(crate) group: Option<GroupId>,
    /// The code list its value is of, where there is one.
    pub(crate) list: Option<&'static str>,
    /// Byte offset of its start tag.
    pub(crate) at: usize,
    /// Its value as it counts; empty for groups.
    pub(crate) text: Cow<'a, str>,
    /// Whether its like may stand beside it more than once.
    pub(crate) repeats: Repeats,
    parent: Id,
    first: Id,
    last: Id,
    next: Id,
}

/// Whether an element may stand more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// At most once.
    Never,
    /// As often as the table says.
    Often,
}

impl<'a> Tree<'a> {
    /// A tree with only the root of a message.
    pub(crate) fn rooted(group: GroupId, at: usize) -> Self {
        let mut tree = Self::default();
        tree.nodes.push(Node {
            name: NameId::MAX,
            group: Some(group),
            list: None,
            at,
            text: Cow::Borrowed(""),
            repeats: Repeats::Never,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        tree
    }

    /// Puts an element last under another.
    pub(crate) fn add(&mut self, parent: Id, particle: &'static Particle, at: usize) -> Id {
        let id = Id::try_from(self.nodes.len()).unwrap_or(NONE);
        let (group, list) = match &particle.body {
            Body::Group(group) => (Some(*group), None),
            Body::Leaf(_, list) => (None, *list),
        };
        let repeats = if particle.high > 1 { Repeats::Often } else { Repeats::Never };
        self.nodes.push(Node {
            name: particle.name,
            group,
            list,
            at,
            text: Cow::Borrowed(""),
            repeats,
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        let last = std::mem::replace(&mut self.nodes[parent as usize].last, id);
        if last == NONE {
            self.nodes[parent as usize].first = id;
        } else {
            self.nodes[last as usize].next = id;
        }
        id
    }

    /// Sets the value of an element.
    pub(crate) fn set(&mut self, id: Id, text: Cow<'a, str>) {
        self.nodes[id as usize].text = text;
    }

    /// An element.
    pub(crate) fn node(&self, id: Id) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// Everything directly under an element.
    pub(crate) fn children(&self, id: Id) -> Children<'_, 'a> {
        Children { tree: self, at: self.nodes[id as usize].first }
    }

    /// Everything of this name directly under an element.
    pub(crate) fn named(&self, id: Id, name: NameId) -> impl Iterator<Item = Id> {
        self.children(id).filter(move |child| self.node(*child).name == name)
    }

    /// The first element of this name directly under another.
    pub(crate) fn one(&self, id: Id, name: NameId) -> Option<Id> {
        self.named(id, name).next()
    }

    /// All elements at a path under an element.
    pub(crate) fn at(&self, from: Id, path: &[NameId]) -> Vec<Id> {
        let mut found = Vec::new();
        self.walk(from, path, &mut |id| found.push(id));
        found
    }

    fn walk(&self, from: Id, path: &[NameId], take: &mut impl FnMut(Id)) {
        let Some((name, rest)) = path.split_first() else { return take(from) };
        for child in self.named(from, *name) {
            self.walk(child, rest, take);
        }
    }

    /// The elements at a path given by names; nothing where a name is in no message.
    pub(crate) fn find(&self, from: Id, path: &str) -> Vec<Id> {
        let names: Option<Vec<_>> = path.split('/').map(|name| SCHEMA.id(name)).collect();
        names.map_or_else(Vec::new, |names| self.at(from, &names))
    }

    /// The value of the first element at a path; empty where there is none.
    pub(crate) fn text(&self, from: Id, path: &str) -> &str {
        self.find(from, path).first().map_or("", |id| self.node(*id).text.as_ref())
    }

    /// The element another stands under.
    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        let parent = self.nodes[id as usize].parent;
        (parent != NONE).then_some(parent)
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The path of an element, with positions where it may stand more than once.
    pub(crate) fn path(&self, code: &str, id: Id) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            let node = self.node(at);
            let name = SCHEMA.name(node.name);
            steps.push(match node.repeats {
                Repeats::Never => name.to_owned(),
                Repeats::Often => {
                    let before = self.named(parent, node.name).take_while(|other| *other != at).count();
                    format!("{name}[{}]", before + 1)
                }
            });
            at = parent;
        }
        steps.push(format!("/{code}"));
        steps.reverse();
        steps.join("/")
    }
}

/// The elements directly under one.
pub(crate) struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    at: Id,
}

impl Iterator for Children<'_, '_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        if self.at == NONE {
            return None;
        }
        let id = self.at;
        self.at = self.tree.nodes[id as usize].next;
        Some(id)
    }
}
