//! Asking a rule of a message.

use crate::transit::lists;
use crate::transit::report::Report;
use crate::transit::table::SCHEMA;
use crate::transit::tree::{Id, ROOT, Tree};

use super::notation::{Branch, From, Outcome, Part, Path, Rule, Set, Test};

/// Asks a rule wherever the message has the group it is about.
pub(super) fn ask(rule: &Rule, tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    if rule.scope.nowhere.is_some() {
        return;
    }
    for here in tree.at(ROOT, &rule.scope.steps) {
        let asked = Asked { rule, tree, here };
        for chain in &rule.chains {
            if let Some(branch) = chain
                .iter()
                .find_map(|branch| asked.holds(branch).map(|holds| holds.then_some(branch)))
                .flatten()
            {
                asked.demand(branch, report);
            }
        }
    }
}

struct Asked<'r, 't, 'a> {
    rule: &'r Rule,
    tree: &'t Tree<'a>,
    here: Id,
}

impl Asked<'_, '_, '_> {
    /// Whether a branch is the one; `None` to look at the next, `Some(false)` where it cannot be told and the whole
    /// chain is left alone.
    fn holds(&self, branch: &Branch) -> Option<bool> {
        let mut untold = false;
        for all in &branch.when {
            let mut holds = true;
            for test in all {
                match self.test(test) {
                    Some(true) => {}
                    Some(false) => {
                        holds = false;
                        break;
                    }
                    None => {
                        holds = false;
                        untold = true;
                        break;
                    }
                }
            }
            if holds {
                return Some(true);
            }
        }
        untold.then_some(false)
    }

    fn test(&self, test: &Test) -> Option<bool> {
        Some(match test {
            Test::Present(path) => !self.find(path).is_empty(),
            Test::Missing(path) => self.find(path).is_empty(),
            Test::Once(path) => self.find(path).len() == 1,
            Test::More(path, number) => self
                .find(path)
                .iter()
                .any(|id| self.tree.node(*id).text.parse::<u64>().is_ok_and(|value| value > *number)),
            Test::In(path, part, set) => {
                let mut known = true;
                let found = self.find(path).into_iter().any(|id| {
                    self.within(id, *part, set).unwrap_or_else(|| {
                        known = false;
                        false
                    })
                });
                if !known {
                    return None;
                }
                found
            }
            Test::NotIn(path, part, set) => {
                let found = self
                    .find(path)
                    .into_iter()
                    .map(|id| self.within(id, *part, set))
                    .collect::<Option<Vec<_>>>()?;
                !found.contains(&true)
            }
        })
    }

    fn within(&self, id: Id, part: Part, set: &Set) -> Option<bool> {
        let value = part.of(&self.tree.node(id).text);
        match set {
            Set::List(list) => lists::has(list, value),
            Set::These(values) => Some(values.contains(&value)),
            Set::CountriesOf(path) => {
                let text = |id: &Id| Part::Country.of(&self.tree.node(*id).text) == value;
                Some(self.find(path).iter().any(text))
            }
        }
    }

    fn find(&self, path: &Path) -> Vec<Id> {
        match (path.nowhere, self.start(path)) {
            (None, Some(start)) => self.tree.at(start, &path.steps),
            _ => Vec::new(),
        }
    }

    fn start(&self, path: &Path) -> Option<Id> {
        match path.from {
            From::Here => Some(self.here),
            From::Root => Some(ROOT),
            From::Above(levels) => {
                let mut at = Some(self.here);
                for _ in 0..levels {
                    at = at.and_then(|id| self.tree.parent(id));
                }
                at
            }
        }
    }

    fn demand(&self, branch: &Branch, report: &mut Report<'_, '_>) {
        for (path, outcome) in &branch.then {
            match outcome {
                Outcome::Optional => {}
                Outcome::Absent => {
                    for id in self.find(path) {
                        report.excess(self.tree, id, self.rule.id);
                    }
                }
                Outcome::Required => self.required(path, report),
                Outcome::Somewhere => self.somewhere(path, report),
                Outcome::In(part, set) => {
                    self.valued(path, report, |id| self.within(id, *part, set) == Some(false));
                }
                Outcome::NotIn(part, set) => {
                    self.valued(path, report, |id| self.within(id, *part, set) == Some(true));
                }
            }
        }
    }

    fn valued(&self, path: &Path, report: &mut Report<'_, '_>, wrong: impl Fn(Id) -> bool) {
        for id in self.find(path).into_iter().filter(|id| wrong(*id)) {
            report.broken(self.tree, id, self.rule.id);
        }
    }

    /// Every group that can have the element has it; where the message has no place for it, nothing is asked.
    fn required(&self, path: &Path, report: &mut Report<'_, '_>) {
        let (Some(start), Some((last, above))) = (self.start(path), path.steps.split_last()) else { return };
        if path.nowhere.is_some() {
            return;
        }
        let name = SCHEMA.name(*last);
        for parent in self.tree.at(start, above) {
            let Some(group) = self.tree.node(parent).group else { continue };
            if SCHEMA.position(group, name).is_some() && self.tree.one(parent, *last).is_none() {
                report.missing(self.tree, parent, name, self.rule.id);
            }
        }
    }

    fn somewhere(&self, path: &Path, report: &mut Report<'_, '_>) {
        let (Some(start), Some((last, above))) = (self.start(path), path.steps.split_last()) else { return };
        let parents = self.tree.at(start, above);
        if let Some(first) = parents.first()
            && self.find(path).is_empty()
        {
            report.missing(self.tree, *first, SCHEMA.name(*last), self.rule.id);
        }
    }
}

impl Part {
    fn of(self, value: &str) -> &str {
        let (from, to) = match self {
            Self::Whole => return value,
            Self::Country => (0, 2),
            Self::Start => (0, 3),
            Self::Tail => (value.len().saturating_sub(2), value.len()),
        };
        value.get(from..to).unwrap_or(value)
    }
}
