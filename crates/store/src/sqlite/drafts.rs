//! Cases as an open change leaves them. A case that changes ten times in a change is written once, when the change ends or
//! when a list is asked for; until then it is read from here.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::CaseId;

use crate::CaseRow;

/// A case in memory, written or to be written.
#[derive(Debug)]
pub(super) struct Draft {
    pub row: Arc<CaseRow>,
    /// What the database has of it; `None` for one it does not know yet.
    pub known: Option<Known>,
    /// How many bytes its columns take as text; 0 before they were written or read.
    pub text: usize,
}

impl Draft {
    /// A case that is in the database as it stands.
    pub(super) fn of(row: &Arc<CaseRow>, number: i64, text: usize) -> Self {
        let known = Known { number, row: Arc::clone(row) };
        Self { row: Arc::clone(row), known: Some(known), text }
    }
}

/// What the database has of a case.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Its number.
    pub number: i64,
    /// It as it was when it was last written: as it is counted and found.
    pub row: Arc<CaseRow>,
}

/// The cases that are to be written, and what a mark goes back to.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    waiting: BTreeMap<CaseId, Arc<Draft>>,
    /// What stood in each place before it changed, oldest first, as long as a mark may go back to it.
    before: Vec<(CaseId, Option<Arc<Draft>>)>,
    /// For every open mark, how long `before` was.
    marks: Vec<usize>,
}

impl Drafts {
    /// The most that wait: what memory holds without being noticed.
    const WAITING_MAX: usize = 1_024;

    /// The case as it waits.
    pub(super) fn get(&self, id: &CaseId) -> Option<&Arc<Draft>> {
        self.waiting.get(id)
    }

    /// The cases of this desk that wait; those of all where none is named.
    pub(super) fn of(&self, desk: Option<&str>) -> impl Iterator<Item = &Draft> {
        let from = desk.map_or_else(|| CaseId::new(""), |desk| CaseId::of(desk, ""));
        let own = move |id: &CaseId| desk.is_none_or(|desk| id.desk() == desk);
        self.waiting.range(from..).take_while(move |(id, _)| own(id)).map(|(_, draft)| &**draft)
    }

    /// Has a case wait in place of what it was; says whether there are now so many that they should be written.
    pub(super) fn put(&mut self, draft: Draft) -> bool {
        let id = draft.row.id.clone();
        let before = self.waiting.insert(id.clone(), Arc::new(draft));
        self.remember(id, before);
        self.waiting.len() >= Self::WAITING_MAX
    }

    /// Takes all that wait out, those that were opened first in front: so the database numbers them.
    pub(super) fn take(&mut self) -> Vec<Arc<Draft>> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut drafts: Vec<_> = waiting.values().cloned().collect();
        drafts.sort_by_key(|draft| draft.row.opened);
        for (id, draft) in waiting {
            self.remember(id, Some(draft));
        }
        drafts
    }

    /// Marks a place to go back to; marks nest.
    pub(super) fn mark(&mut self) {
        self.marks.push(self.before.len());
    }

    /// Goes back to the last mark; says which cases changed since, each as often as it did.
    pub(super) fn undo(&mut self) -> Vec<CaseId> {
        let length = self.marks.pop().unwrap_or_default();
        let mut undone = Vec::new();
        for (id, before) in self.before.drain(length..).rev() {
            undone.push(id.clone());
            match before {
                Some(draft) => drop(self.waiting.insert(id, draft)),
                None => drop(self.waiting.remove(&id)),
            }
        }
        undone
    }

    /// Forgets the last mark.
    pub(super) fn settle(&mut self) {
        self.marks.pop();
        if self.marks.is_empty() {
            self.before.clear();
        }
    }

    fn remember(&mut self, id: CaseId, before: Option<Arc<Draft>>) {
        if !self.marks.is_empty() {
            self.before.push((id, before));
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Summary;
    use serde_json::json;

    use super::*;

    fn draft(name: &str, changed: u64) -> Draft {
        let id = CaseId::new(name);
        let row = CaseRow { id, state: json!({}).into(), summary: Summary::default(), opened: 0, changed };
        Draft { row: Arc::new(row), known: None, text: 0 }
    }

    fn changed(drafts: &Drafts, name: &str) -> Option<u64> {
        drafts.get(&CaseId::new(name)).map(|draft| draft.row.changed)
    }

    #[test]
    fn a_mark_goes_back_to_what_waited_though_it_was_written_meanwhile() {
        let mut drafts = Drafts::default();
        drafts.put(draft("a", 1));
        drafts.mark();
        drafts.put(draft("a", 2));
        drafts.put(draft("b", 3));
        assert_eq!(drafts.take().len(), 2);
        drafts.put(draft("b", 4));
        assert_eq!(drafts.undo().last(), Some(&CaseId::new("a")));
        assert_eq!((changed(&drafts, "a"), changed(&drafts, "b")), (Some(1), None));
    }

    #[test]
    fn the_cases_of_a_desk_are_told_from_those_beside_it() {
        let mut drafts = Drafts::default();
        for name in ["find/1", "finding-x/1", "item/1"] {
            drafts.put(draft(name, 1));
        }
        let found =
            ["find", "finding", "finding-x", "item", "sent"].map(|desk| drafts.of(Some(desk)).count());
        assert_eq!(found, [1, 0, 1, 1, 0]);
        assert_eq!(drafts.of(None).count(), 3);
    }

    #[test]
    fn an_inner_mark_that_is_settled_goes_back_with_the_outer_one() {
        let mut drafts = Drafts::default();
        drafts.mark();
        drafts.put(draft("a", 1));
        drafts.mark();
        drafts.put(draft("a", 2));
        drafts.settle();
        assert_eq!(changed(&drafts, "a"), Some(2));
        drafts.undo();
        assert_eq!(changed(&drafts, "a"), None);
    }
}
