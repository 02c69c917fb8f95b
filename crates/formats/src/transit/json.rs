//! The messages in JSON: one member, named as the root element, holding elements as members and repeats as arrays.

use std::borrow::Cow;

use kernel::Severity;

use super::located::{Held, Located};
use super::read::{self, Once};
use super::report::{Report, Told};
use super::table::{MessageType, Particle, SCHEMA};
use super::tree::{Id, ROOT, Tree};

/// The kind of message some JSON is, with what it holds; `None` where it is none.
pub(super) fn message<'v, 'a>(value: &'v Located<'a>) -> Option<(&'static MessageType, &'v Located<'a>)> {
    let Held::Object(members) = &value.held else { return None };
    let [(name, held)] = members.as_slice() else { return None };
    SCHEMA.message(name.rsplit(':').next().unwrap_or(name)).map(|kind| (kind, held))
}

/// Holds a message in JSON against the table.
pub(super) fn read<'a>(kind: &MessageType, value: &Located<'a>, report: &mut Report<'_, '_>) -> Tree<'a> {
    let mut tree = Tree::rooted(kind.group, value.at);
    group(&mut tree, ROOT, value, report);
    tree
}

fn group<'a>(tree: &mut Tree<'a>, id: Id, value: &Located<'a>, report: &mut Report<'_, '_>) {
    let Held::Object(members) = &value.held else {
        let told = Told { code: "value-not-an-object", seen: "", expected: "an object".into() };
        report.element(Severity::Error, tree, id, told);
        return;
    };
    let Some(of) = tree.node(id).group else { return };
    for (name, held) in members.iter().filter(|(name, _)| !name.starts_with(['@', '#'])) {
        if SCHEMA.position(of, name).is_none() {
            let path = format!("{}/{name}", tree.path(report.code, id));
            let told = Told { code: "element-unknown", seen: name, expected: String::new() };
            report.at(Severity::Error, held.at, path, told);
        }
    }
    for particle in SCHEMA.group(of) {
        elements(tree, id, (particle, members), report);
    }
}

/// All elements of one name in a group.
fn elements<'a>(
    tree: &mut Tree<'a>,
    id: Id,
    (particle, members): (&'static Particle, &[(Cow<'a, str>, Located<'a>)]),
    report: &mut Report<'_, '_>,
) {
    let name = SCHEMA.name(particle.name);
    let held: Vec<&Located<'a>> = match members.iter().find(|(of, _)| of == name).map(|(_, held)| held) {
        None | Some(Located { held: Held::Null, .. }) => Vec::new(),
        Some(Located { held: Held::Array(list), .. }) => list.iter().collect(),
        Some(one) => vec![one],
    };
    if held.len() < particle.low as usize {
        let path = format!("{}/{name}", tree.path(report.code, id));
        let told = Told { code: "element-missing", seen: "", expected: name.to_owned() };
        report.at(Severity::Error, tree.node(id).at, path, told);
    }
    for (at, value) in held.into_iter().enumerate() {
        let child = one(tree, id, (particle, value), report);
        if at >= particle.high as usize {
            let told = Told { code: "element-too-many", seen: name, expected: particle.high.to_string() };
            report.element(Severity::Error, tree, child, told);
        }
    }
}

fn one<'a>(
    tree: &mut Tree<'a>,
    parent: Id,
    (particle, held): (&'static Particle, &Located<'a>),
    report: &mut Report<'_, '_>,
) -> Id {
    let id = tree.add(parent, particle, held.at);
    if tree.node(id).group.is_some() {
        group(tree, id, held, report);
        return id;
    }
    let text = match &held.held {
        Held::Text(text) => text.clone(),
        Held::Number(number) => Cow::Borrowed(*number),
        _ => {
            let told = Told { code: "value-wrong-type", seen: "", expected: "a value".into() };
            report.element(Severity::Error, tree, id, told);
            return id;
        }
    };
    let value = read::value(particle, text, Once::No, Some((tree, id)), report);
    tree.set(id, value);
    id
}
