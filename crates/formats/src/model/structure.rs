//! Structure while reading: which child an element is, how often and in what order it may stand, what is missing.

use kernel::{Finding, Severity};

use super::place;
use super::reading::{Frame, Run};
use super::row::Choice;
use crate::xml::{Name, Namespace};

impl Run<'_, '_> {
    /// The child of the open element with this name; the right namespace before any other.
    pub(super) fn find(&self, name: Name<'_>) -> Option<(usize, u16)> {
        let parent = self.frames.last();
        let kids = self.model.kids(parent.map(|frame| frame.rule));
        let start = parent.map_or(0, |frame| usize::from(frame.next));
        let rule = |index: usize| self.model.rule(kids[index]);
        let named = |index: &usize| rule(*index).row.tag == name.local;
        let exact = |index: &usize| named(index) && rule(*index).namespace == name.namespace;
        let count = |index: usize| parent.map_or(0, |frame| self.counts[frame.counts as usize + index]);
        // Two children may differ by namespace alone; where it is missing, the one that has room is meant.
        let room = |index: &usize| named(index) && count(*index) < rule(*index).most();
        let order = || (start..kids.len()).chain(0..start);
        let found = order().find(exact).or_else(|| order().find(room)).or_else(|| order().find(named))?;
        Some((found, kids[found]))
    }

    /// Counts a child in and reports it where it is too much or out of order; gives its ordinal.
    pub(super) fn count(&mut self, index: usize, number: u16) -> u16 {
        let Some(parent) = self.frames.last_mut() else { return 1 };
        let count = &mut self.counts[parent.counts as usize + index];
        *count = count.saturating_add(1);
        let count = *count;
        let ordinal = u16::try_from(count).unwrap_or(u16::MAX);
        let furthest = parent.next;
        parent.next = furthest.max(index as u16);
        if index < usize::from(furthest) && !std::mem::replace(&mut parent.told.order, true) {
            let after = self.model.kids(Some(parent.rule))[usize::from(furthest)];
            let expected = format!("before {}", self.model.rule(after).row.tag);
            self.tell_child("element-out-of-order", number, ordinal, &expected);
        }
        self.weigh_count(number, ordinal, count);
        ordinal
    }

    fn weigh_count(&mut self, number: u16, ordinal: u16, count: u32) {
        let rule = self.model.rule(number);
        if count == rule.most().saturating_add(1) {
            self.tell_child("element-too-many", number, ordinal, &format!("at most {}", rule.row.max));
        }
        if rule.row.choice == Choice::Either && count == 1 && self.excluded(number) {
            self.tell_child("element-excluded", number, ordinal, "only one kind of message");
        }
    }

    /// Whether another of the elements that exclude this one has been seen.
    fn excluded(&self, number: u16) -> bool {
        let Some(parent) = self.frames.last() else { return false };
        let kids = self.model.kids(Some(parent.rule)).iter().zip(&self.counts[parent.counts as usize..]);
        kids.filter(|(kid, _)| **kid != number && self.model.rule(**kid).row.choice == Choice::Either)
            .any(|(_, count)| *count > 0)
    }

    /// Weighs the namespace of the element just opened; told once for it, its neighbours and what is in them.
    pub(super) fn weigh_namespace(&mut self, name: Name<'_>) {
        let Some((frame, parents)) = self.frames.split_last_mut() else { return };
        let expected = self.model.rule(frame.rule).namespace;
        if name.namespace == expected || std::mem::replace(&mut frame.told.namespace, true) {
            return;
        }
        if let Some(parent) = parents.last_mut() {
            parent.told.namespace = true;
        }
        let code = if name.namespace == Namespace::NONE { "namespace-missing" } else { "namespace-wrong" };
        let expected = expected.index().map_or("", |index| self.model.namespaces()[index]);
        self.tell(Finding::error(code, self.here()).seen(name.prefix).expected(expected));
    }

    /// Reports what must stand in an element that closed and does not.
    pub(super) fn weigh_missing(&mut self, frame: &Frame) {
        let at = self.tree.nodes[frame.node as usize].at as usize;
        for kid in self.missing(frame) {
            if !self.tally.admits(Severity::Error) {
                continue;
            }
            let mut steps = self.steps();
            steps.extend([(frame.rule, frame.ordinal), (kid, 1)]);
            let place = place::of(self.model, &steps, &self.source.lines, at);
            self.tell(Finding::error("element-missing", place));
        }
    }

    fn missing(&self, frame: &Frame) -> Vec<u16> {
        let kids = self.model.kids(Some(frame.rule));
        let counts = &self.counts[frame.counts as usize..];
        let either = |kid: u16| self.model.rule(kid).row.choice == Choice::Either;
        // One of those that exclude each other is enough, and one report that none is there.
        let mut settled = kids.iter().zip(counts).any(|(kid, count)| either(*kid) && *count > 0);
        let lacks = |(kid, count): &(&u16, &u32)| **count < u32::from(self.model.rule(**kid).row.min);
        let missing = kids.iter().zip(counts).filter(lacks).map(|(kid, _)| *kid);
        missing.filter(|kid| !either(*kid) || !std::mem::replace(&mut settled, true)).collect()
    }

    pub(super) fn tell_unknown(&mut self, name: Name<'_>) {
        let Some(parent) = self.frames.last() else { return };
        if !self.tally.admits(Severity::Error) {
            return;
        }
        let kids = self.model.kids(Some(parent.rule));
        let next: Vec<_> = kids
            .iter()
            .skip(usize::from(parent.next))
            .take(4)
            .map(|kid| self.model.rule(*kid).row.tag)
            .collect();
        let expected = if kids.is_empty() { "text".to_owned() } else { next.join("|") };
        let mut place = self.here();
        place.path.push('/');
        place.path.push_str(name.local);
        self.tell(Finding::error("element-unknown", place).seen(name.local).expected(expected));
    }

    fn tell_child(&mut self, code: &'static str, rule: u16, ordinal: u16, expected: &str) {
        if !self.tally.admits(Severity::Error) {
            return;
        }
        let mut steps = self.steps();
        steps.push((rule, ordinal));
        let place = place::of(self.model, &steps, &self.source.lines, self.reader.at());
        self.tell(Finding::error(code, place).expected(expected));
    }
}
