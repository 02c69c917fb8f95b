//! Places: a way down the tree as a path of names and as a pointer of the standard's ids.

use std::fmt::Write;

use super::compiled::Model;
use crate::text::Lines;
use kernel::Place;

/// The place at the end of these steps (rule and ordinal among its same-named siblings), at this byte offset.
pub(super) fn of(model: &Model, steps: &[(u16, u16)], lines: &Lines<'_>, at: usize) -> Place {
    let (mut path, mut pointer) = (String::new(), String::new());
    for (rule, ordinal) in steps {
        let rule = model.rule(*rule);
        let repeats = rule.most() > 1 || *ordinal > 1;
        path.push('/');
        push(&mut path, rule.row.tag, *ordinal, repeats);
        if !rule.row.id.is_empty() {
            if !pointer.is_empty() {
                pointer.push('/');
            }
            push(&mut pointer, rule.row.id, *ordinal, repeats);
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    let position = lines.position(at);
    Place { path, pointer, line: position.line, column: position.column }
}

fn push(out: &mut String, step: &str, ordinal: u16, repeats: bool) {
    out.push_str(step);
    if repeats {
        write!(out, "[{ordinal}]").expect("writing to a string cannot fail");
    }
}
