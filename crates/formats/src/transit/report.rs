//! Where the readers and rules tell what they saw.

use kernel::{Finding, Place, Severity};

use crate::tally::Tally;
use crate::text::{Lines, Position};

use super::tree::{Id, Tree};

/// Takes findings about one message.
pub(crate) struct Report<'r, 'a> {
    /// The message's code.
    pub(crate) code: &'static str,
    /// The findings.
    pub(crate) tally: &'r mut Tally,
    /// Lines of the text the message was read from; `None` where it was not read from a text with lines.
    pub(crate) lines: Option<&'r Lines<'a>>,
    /// What a broken condition or rule of the standard weighs.
    pub(crate) rules: Severity,
    /// What a value of the right length and the wrong inner shape weighs: the JSON notation's own schema lets it pass.
    pub(crate) shapes: Severity,
}

/// What is to be told, but for its place.
pub(crate) struct Told<'s> {
    pub(crate) code: &'static str,
    pub(crate) seen: &'s str,
    pub(crate) expected: String,
}

impl Report<'_, '_> {
    /// Tells something of the bytes at an offset, under a path.
    pub(crate) fn at(&mut self, severity: Severity, at: usize, path: String, told: Told<'_>) {
        if !self.tally.admits(severity) {
            return;
        }
        let place = match self.lines {
            Some(lines) => {
                let Position { line, column } = lines.position(at);
                Place { path, line, column, ..Place::default() }
            }
            None => Place::at(path),
        };
        self.tally.tell(Finding::of(severity, told.code, place).seen(told.seen).expected(told.expected));
    }

    /// Tells something of an element.
    pub(crate) fn element(&mut self, severity: Severity, tree: &Tree<'_>, id: Id, told: Told<'_>) {
        let path = tree.path(self.code, id);
        self.at(severity, tree.node(id).at, path, told);
    }

    /// A condition of the standard asks for an element that is not there (error 13).
    pub(crate) fn missing(&mut self, tree: &Tree<'_>, parent: Id, name: &str, rule: &str) {
        let path = format!("{}/{name}", tree.path(self.code, parent));
        let told = Told { code: "transit-condition-missing", seen: "", expected: rule.to_owned() };
        self.at(self.rules, tree.node(parent).at, path, told);
    }

    /// A condition of the standard excludes an element that is there (error 15).
    pub(crate) fn excess(&mut self, tree: &Tree<'_>, id: Id, rule: &str) {
        let seen = tree.node(id).text.clone();
        let told = Told { code: "transit-condition-excess", seen: &seen, expected: rule.to_owned() };
        self.element(self.rules, tree, id, told);
    }

    /// A rule of the standard is broken (error 14).
    pub(crate) fn broken(&mut self, tree: &Tree<'_>, id: Id, rule: &str) {
        let seen = tree.node(id).text.clone();
        let told = Told { code: "transit-rule-broken", seen: &seen, expected: rule.to_owned() };
        self.element(self.rules, tree, id, told);
    }
}
