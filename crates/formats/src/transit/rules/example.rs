//! Pieces of messages as the rules' examples write them: `Guarantee(guaranteeType=1 GuaranteeReference(GRN=x))`.

use std::borrow::Cow;

use kernel::{Finding, Severity};

use crate::tally::Tally;
use crate::transit::report::Report;
use crate::transit::table::SCHEMA;
use crate::transit::tree::{Id, ROOT, Tree};

use super::{RULES, Written, engine};

/// What one rule finds in a piece of a message.
pub(super) fn ask(id: &str, code: &str, piece: &str) -> Vec<Finding> {
    let (Some(kind), Some(rule)) = (SCHEMA.message(code), RULES.get(id)) else { return Vec::new() };
    let mut tree = Tree::rooted(kind.group, 0);
    let mut parents: Vec<Option<Id>> = vec![Some(ROOT)];
    let spaced = piece.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    while let Some(word) = words.next() {
        match word {
            ")" => drop(parents.pop()),
            "(" => {}
            _ => {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                let child =
                    parents.last().copied().flatten().and_then(|parent| add(&mut tree, parent, name, value));
                if words.peek() == Some(&"(") {
                    parents.push(child);
                }
            }
        }
    }
    let mut tally = Tally::default();
    let mut report = Report {
        code: kind.code,
        tally: &mut tally,
        lines: None,
        rules: Severity::Error,
        shapes: Severity::Error,
    };
    match rule {
        Written::Noted(rule) => engine::ask(rule, &tree, &mut report),
        Written::Coded(rule) => (rule.ask)(&tree, &mut report),
    }
    tally.finish().iter().cloned().collect()
}

fn add(tree: &mut Tree<'_>, parent: Id, name: &str, value: &str) -> Option<Id> {
    let group = tree.node(parent).group?;
    let particle = &SCHEMA.group(group)[SCHEMA.position(group, name)?];
    let id = tree.add(parent, particle, 0);
    tree.set(id, Cow::Owned(value.to_owned()));
    Some(id)
}
