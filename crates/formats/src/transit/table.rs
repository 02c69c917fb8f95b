//! The table of all messages: which element may stand where, how often, and what its value looks like.
//!
//! The table is text beside this file, written by `cargo xtask transit`: groups shared by all messages, one line an
//! element. It is taken apart once, when the first message is read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::picture::Picture;

/// Everything the table says.
#[derive(Debug)]
pub(crate) struct Schema {
    names: Vec<&'static str>,
    groups: Vec<Vec<Particle>>,
    messages: BTreeMap<&'static str, MessageType>,
}

/// One kind of message.
#[derive(Clone, Debug)]
pub struct MessageType {
    /// The code its root element and its message type carry, such as `CC015C`.
    pub code: &'static str,
    /// Its number in the standard, such as `IE015`.
    pub number: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The conditions and rules the standard names for it.
    pub rules: Vec<&'static str>,
    /// Its root element as it is written.
    pub(crate) root: &'static str,
    pub(crate) group: GroupId,
}

/// One element of a group.
#[derive(Clone, Debug)]
pub(crate) struct Particle {
    pub(crate) name: NameId,
    pub(crate) low: u32,
    pub(crate) high: u32,
    pub(crate) body: Body,
}

/// What an element holds.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// A value of this picture, of this code list where there is one.
    Leaf(Picture, Option<&'static str>),
    /// Other elements.
    Group(GroupId),
}

/// An element's name as a number.
pub(crate) type NameId = u16;
/// A group of elements as a number.
pub(crate) type GroupId = u16;

/// The table, taken apart.
pub(crate) static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Builder::default().read(include_str!("messages.table")));

impl Schema {
    /// The kind of message of this code.
    pub(crate) fn message(&self, code: &str) -> Option<&MessageType> {
        self.messages.get(code)
    }

    /// Every kind of message, by code.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &MessageType> {
        self.messages.values()
    }

    /// The elements of a group, in their order.
    pub(crate) fn group(&self, id: GroupId) -> &[Particle] {
        &self.groups[usize::from(id)]
    }

    /// A name's text.
    pub(crate) fn name(&self, id: NameId) -> &'static str {
        self.names[usize::from(id)]
    }

    /// The number of a name; `None` where no message has such an element.
    pub(crate) fn id(&self, name: &str) -> Option<NameId> {
        self.names.iter().position(|known| *known == name).and_then(|at| u16::try_from(at).ok())
    }

    /// Where in a group an element of this name stands.
    pub(crate) fn position(&self, group: GroupId, name: &str) -> Option<usize> {
        self.group(group).iter().position(|particle| self.name(particle.name) == name)
    }
}

#[derive(Default)]
struct Builder {
    names: BTreeMap<&'static str, NameId>,
    order: Vec<&'static str>,
    groups: Vec<Vec<Particle>>,
    messages: BTreeMap<&'static str, MessageType>,
    last: &'static str,
}

impl Builder {
    fn read(mut self, text: &'static str) -> Schema {
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("group") => self.groups.push(Vec::new()),
                Some("") => self.particle(&words.collect::<Vec<_>>()),
                Some("message") => self.message(line),
                Some("rules") => {
                    if let Some(message) = self.messages.get_mut(self.last) {
                        message.rules = words.filter(|word| !word.is_empty()).collect();
                    }
                }
                _ => {}
            }
        }
        Schema { names: self.order, groups: self.groups, messages: self.messages }
    }

    fn name(&mut self, name: &'static str) -> NameId {
        let next = u16::try_from(self.order.len()).unwrap_or(u16::MAX);
        *self.names.entry(name).or_insert_with(|| {
            self.order.push(name);
            next
        })
    }

    fn particle(&mut self, words: &[&'static str]) {
        let [name, occurs, held, rest @ ..] = words else { return };
        let (low, high) = occurrence(occurs);
        let body = match held.strip_prefix('@').and_then(|number| number.parse().ok()) {
            Some(number) => Body::Group(number),
            None => Body::Leaf(Picture::parse(held), rest.first().copied()),
        };
        let particle = Particle { name: self.name(name), low, high, body };
        if let Some(group) = self.groups.last_mut() {
            group.push(particle);
        }
    }

    fn message(&mut self, line: &'static str) {
        let mut words = line.splitn(5, ' ').skip(1);
        let (Some(code), Some(number), Some(group), Some(name)) =
            (words.next(), words.next(), words.next().and_then(|it| it.parse().ok()), words.next())
        else {
            return;
        };
        self.last = code;
        let root = String::leak(format!("ncts:{code}"));
        self.messages.insert(code, MessageType { code, number, name, rules: Vec::new(), root, group });
    }
}

fn occurrence(text: &str) -> (u32, u32) {
    match text {
        "1" => (1, 1),
        "?" => (0, 1),
        _ => text
            .split_once("..")
            .and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)))
            .unwrap_or((0, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_phase_is_in_the_table() {
        assert_eq!(SCHEMA.messages().count(), 91);
        let declaration = SCHEMA.message("CC015C").expect("is there");
        assert_eq!((declaration.number, declaration.name), ("IE015", "declaration data"));
        assert!(declaration.rules.contains(&"C0085"));
    }

    #[test]
    fn every_picture_of_the_table_is_one() {
        for (at, group) in SCHEMA.groups.iter().enumerate() {
            for particle in group {
                if let Body::Leaf(picture, _) = &particle.body {
                    assert!(picture.is_known(), "group {at} {}: {picture:?}", SCHEMA.name(particle.name));
                }
            }
        }
    }
}
