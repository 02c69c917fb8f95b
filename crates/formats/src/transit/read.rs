//! Reading XML: every element is held against the table where it stands; what does not fit is told and read on after.

use std::borrow::Cow;

use kernel::Severity;

use crate::text::{Fault, Limits};
use crate::xml::{Name, Namespace, Reader, Token};

use super::report::{Report, Told};
use super::table::{Body, GroupId, MessageType, Particle, SCHEMA};
use super::tree::{Id, ROOT, Tree};

/// The namespace of the messages' root elements.
pub(crate) const NAMESPACE: &str = "http://ncts.dgtaxud.ec";
const KNOWN: &[&str] = &[NAMESPACE];
const OURS: Namespace = Namespace::known(0);
const PHASES: [&str; 2] = ["NCTS5.1", "NCTS5.0"];

/// What came of a document.
pub(crate) struct Reading<'a> {
    /// The message, as far as it could be read.
    pub(crate) tree: Option<Tree<'a>>,
    /// What broke the document off or made it doubtful as XML.
    pub(crate) faults: Vec<Fault>,
    /// Where another document may begin.
    pub(crate) next: Option<usize>,
}

/// Reads the document that begins at `begin` as the message `kind`.
pub(crate) fn read<'a>(
    text: &'a str,
    begin: usize,
    limits: Limits,
    kind: &MessageType,
    report: &mut Report<'_, '_>,
) -> Reading<'a> {
    let mut reader = Reader::new(text, begin, KNOWN, limits);
    let mut walk = Walk { tree: None, open: Vec::new(), skipped: 0, report, kind };
    loop {
        match reader.step() {
            Token::Open(name) => walk.open(name, &reader),
            Token::Close => walk.close(),
            Token::Text(text) => walk.text(text),
            Token::Char(c) => walk.char(c),
            Token::End => break,
        }
    }
    let faults = reader.take_faults();
    Reading { tree: walk.tree, faults, next: reader.next() }
}

struct Walk<'r, 'k, 'x, 'a> {
    tree: Option<Tree<'a>>,
    open: Vec<Frame<'a>>,
    /// How many elements are open inside one that is skipped.
    skipped: usize,
    report: &'r mut Report<'k, 'x>,
    kind: &'r MessageType,
}

/// An element that is open.
struct Frame<'a> {
    id: Id,
    held: Held<'a>,
}

enum Held<'a> {
    Group { group: GroupId, next: usize, count: u32, told: Once },
    Leaf { particle: &'static Particle, text: Cow<'a, str>, told: Once },
}

/// Whether something has been told of an element already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Once {
    No,
    Yes,
}

impl<'a> Walk<'_, '_, '_, 'a> {
    fn open(&mut self, name: Name<'a>, reader: &Reader<'a>) {
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        let at = reader.at();
        let Some(tree) = self.tree.as_ref() else {
            self.root(name, reader);
            return;
        };
        let Some(frame) = self.open.last() else {
            self.skipped = 1;
            return;
        };
        let id = frame.id;
        if let Held::Leaf { told, .. } = &frame.held {
            if *told == Once::No {
                let told = Told { code: "element-unknown", seen: name.local, expected: "a value".into() };
                let (at, path) = (tree.node(id).at, tree.path(self.report.code, id));
                self.report.at(Severity::Error, at, path, told);
            }
            if let Some(Frame { held: Held::Leaf { told, .. }, .. }) = self.open.last_mut() {
                *told = Once::Yes;
            }
            self.skipped = 1;
            return;
        }
        self.attributes(reader, at);
        self.child(name, at);
    }

    fn root(&mut self, name: Name<'a>, reader: &Reader<'a>) {
        let at = reader.at();
        let path = format!("/{}", self.kind.code);
        if name.namespace != OURS {
            let code =
                if name.namespace == Namespace::NONE { "namespace-missing" } else { "namespace-wrong" };
            self.report.at(
                Severity::Error,
                at,
                path.clone(),
                Told { code, seen: name.local, expected: NAMESPACE.into() },
            );
        }
        for attribute in reader.attributes() {
            if attribute.binds().is_some() || attribute.namespace == Namespace::INSTANCE {
                continue;
            }
            let value = attribute.value();
            let known = attribute.prefix.is_empty() && attribute.local == "PhaseID";
            let (code, expected) = match known {
                true if PHASES.contains(&value.trim()) => continue,
                true => ("attribute-wrong", PHASES.join(", ")),
                false => ("attribute-unknown", String::new()),
            };
            let seen = if known { value.as_ref() } else { attribute.local };
            self.report.at(Severity::Error, at, path.clone(), Told { code, seen, expected });
        }
        self.tree = Some(Tree::rooted(self.kind.group, at));
        let held = Held::Group { group: self.kind.group, next: 0, count: 0, told: Once::No };
        self.open.push(Frame { id: ROOT, held });
    }

    /// No element but the root has attributes.
    fn attributes(&mut self, reader: &Reader<'a>, at: usize) {
        for attribute in reader.attributes() {
            let foreign =
                attribute.namespace == Namespace::INSTANCE && attribute.local.ends_with("chemaLocation");
            if attribute.binds().is_none() && !foreign {
                let path = self.here();
                let told = Told { code: "attribute-unknown", seen: attribute.local, expected: String::new() };
                self.report.at(Severity::Error, at, path, told);
            }
        }
    }

    fn here(&self) -> String {
        match (&self.tree, self.open.last()) {
            (Some(tree), Some(frame)) => tree.path(self.report.code, frame.id),
            _ => format!("/{}", self.report.code),
        }
    }

    /// An element inside a group: found in the table, counted, and held against what may stand there.
    fn child(&mut self, name: Name<'a>, at: usize) {
        let Some(Frame { id, held: Held::Group { group, next, count, .. } }) = self.open.last_mut() else {
            return;
        };
        let (parent, group) = (*id, *group);
        let particles = SCHEMA.group(group);
        let found = SCHEMA.position(group, name.local);
        let Some(place) = found.filter(|_| name.namespace == Namespace::NONE) else {
            let code = if found.is_some() { "namespace-wrong" } else { "element-unknown" };
            let path = format!("{}/{}", self.here(), name.local);
            let expected = self.expected();
            self.report.at(Severity::Error, at, path, Told { code, seen: name.local, expected });
            self.skipped = 1;
            return;
        };
        let particle = &particles[place];
        let verdict = if place == *next {
            *count += 1;
            (*count > particle.high).then_some("element-too-many")
        } else if place > *next {
            let missing = lacking(&particles[*next..place], *count);
            (*next, *count) = (place, 1);
            self.lacks(parent, at, missing);
            None
        } else {
            Some("element-out-of-order")
        };
        let id = self.add(parent, particle, at);
        if let Some(code) = verdict {
            let path = self.tree.as_ref().map(|tree| tree.path(self.report.code, id)).unwrap_or_default();
            let expected = self.expected();
            self.report.at(Severity::Error, at, path, Told { code, seen: name.local, expected });
        }
    }

    fn add(&mut self, parent: Id, particle: &'static Particle, at: usize) -> Id {
        let held = match &particle.body {
            Body::Group(group) => Held::Group { group: *group, next: 0, count: 0, told: Once::No },
            Body::Leaf(..) => Held::Leaf { particle, text: Cow::Borrowed(""), told: Once::No },
        };
        let tree = self.tree.get_or_insert_with(|| Tree::rooted(self.kind.group, at));
        let id = tree.add(parent, particle, at);
        self.open.push(Frame { id, held });
        id
    }

    /// What may stand next in the group that is open.
    fn expected(&self) -> String {
        let Some(Frame { held: Held::Group { group, next, count, .. }, .. }) =
            self.open.iter().rev().find(|frame| matches!(frame.held, Held::Group { .. }))
        else {
            return String::new();
        };
        let particles = SCHEMA.group(*group).get(*next..).unwrap_or_default();
        let mut names = Vec::new();
        for (index, particle) in particles.iter().enumerate() {
            let stood = if index == 0 { *count } else { 0 };
            if stood < particle.high {
                names.push(SCHEMA.name(particle.name));
            }
            if stood < particle.low || names.len() == 4 {
                break;
            }
        }
        names.join(", ")
    }

    fn lacks(&mut self, parent: Id, at: usize, missing: Vec<&'static str>) {
        // Nearly always nothing is missing, and a path costs a walk past every neighbour.
        let Some(tree) = self.tree.as_ref().filter(|_| !missing.is_empty()) else { return };
        let above = tree.path(self.report.code, parent);
        for name in missing {
            let told = Told { code: "element-missing", seen: "", expected: name.to_owned() };
            self.report.at(Severity::Error, at, format!("{above}/{name}"), told);
        }
    }

    fn text(&mut self, text: &'a str) {
        if self.skipped > 0 {
            return;
        }
        match self.open.last_mut() {
            Some(Frame { held: Held::Leaf { text: held, .. }, .. }) => {
                if held.is_empty() {
                    *held = Cow::Borrowed(text);
                } else {
                    held.to_mut().push_str(text);
                }
            }
            Some(Frame { id, held: Held::Group { told, .. } })
                if !text.trim_ascii().is_empty() && *told == Once::No =>
            {
                *told = Once::Yes;
                let id = *id;
                self.strange(id, text.trim_ascii());
            }
            _ => {}
        }
    }

    fn char(&mut self, c: char) {
        if self.skipped > 0 {
            return;
        }
        match self.open.last_mut() {
            Some(Frame { held: Held::Leaf { text, .. }, .. }) => text.to_mut().push(c),
            Some(Frame { id, held: Held::Group { told, .. } })
                if *told == Once::No && !c.is_ascii_whitespace() =>
            {
                *told = Once::Yes;
                let id = *id;
                self.strange(id, &c.to_string());
            }
            _ => {}
        }
    }

    /// Characters where only elements may stand.
    fn strange(&mut self, id: Id, seen: &str) {
        if let Some(tree) = &self.tree {
            self.report.element(
                Severity::Error,
                tree,
                id,
                Told { code: "text-unexpected", seen, expected: String::new() },
            );
        }
    }

    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(Frame { id, held }) = self.open.pop() else { return };
        match held {
            Held::Group { group, next, count, .. } => {
                let missing = lacking(&SCHEMA.group(group)[next..], count);
                let at = self.tree.as_ref().map_or(0, |tree| tree.node(id).at);
                self.lacks(id, at, missing);
            }
            Held::Leaf { particle, text, told } => {
                let value =
                    value(particle, text, told, self.tree.as_ref().map(|tree| (tree, id)), self.report);
                if let Some(tree) = &mut self.tree {
                    tree.set(id, value);
                }
            }
        }
    }
}

/// The elements that must stand here and do not; of the first, `count` have stood.
fn lacking(particles: &'static [Particle], count: u32) -> Vec<&'static str> {
    let missing = particles.iter().enumerate().filter(|(at, particle)| {
        let stood = if *at == 0 { count } else { 0 };
        stood < particle.low
    });
    missing.map(|(_, particle)| SCHEMA.name(particle.name)).collect()
}

/// A value as it counts, held against its picture.
pub(super) fn value<'a>(
    particle: &Particle,
    text: Cow<'a, str>,
    told: Once,
    place: Option<(&Tree<'_>, Id)>,
    report: &mut Report<'_, '_>,
) -> Cow<'a, str> {
    let Body::Leaf(picture, _) = &particle.body else { return text };
    let value = picture.normal(text);
    let Some((tree, id)) = place.filter(|_| told == Once::No) else { return value };
    if !picture.fits(&value) {
        let code = if value.is_empty() { "value-empty" } else { "value-wrong-form" };
        let severity = if picture.differs_in_shape(&value) { report.shapes } else { Severity::Error };
        report.element(severity, tree, id, Told { code, seen: &value, expected: picture.text.to_owned() });
    }
    value
}
