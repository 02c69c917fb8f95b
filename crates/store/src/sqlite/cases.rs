//! The cases of an open change as memory has them: those that changed and wait to be written, and those that stand as the
//! last commit left them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::CaseId;

use super::drafts::{Draft, Drafts};
use super::recent::Recent;
use crate::{CaseRow, Query};

/// The cases of an open change.
pub(super) struct Cases<'c> {
    drafts: Drafts,
    recent: &'c mut Recent,
    /// Those that changed, though that may have been undone: what the database has of them is not committed.
    touched: BTreeSet<CaseId>,
    /// Those the database has not, unless they were written since.
    new: BTreeSet<CaseId>,
    /// Those that were written, as they were last.
    written: BTreeMap<CaseId, Arc<Draft>>,
}

impl<'c> Cases<'c> {
    pub(super) fn over(recent: &'c mut Recent) -> Self {
        let (drafts, touched, new, written) = Default::default();
        Self { drafts, recent, touched, new, written }
    }

    /// The case as the change has it, where memory knows.
    pub(super) fn get(&mut self, id: &CaseId) -> Option<Arc<Draft>> {
        if let Some(draft) = self.drafts.get(id).or_else(|| self.written.get(id)) {
            return Some(Arc::clone(draft));
        }
        if self.touched.contains(id) { None } else { self.recent.get(id) }
    }

    /// Remembers a case the database was asked for.
    pub(super) fn seen(&mut self, row: &Arc<CaseRow>, number: i64, text: usize) {
        if !self.touched.contains(&row.id) {
            self.recent.put(Arc::new(Draft::of(row, number, text)));
        }
    }

    /// Remembers that the database was asked for a case and has none.
    pub(super) fn unseen(&mut self, id: &CaseId) {
        self.new.insert(id.clone());
    }

    /// Whether the database is known not to have this case: it was asked, and the case was not written since.
    pub(super) fn is_new(&self, id: &CaseId) -> bool {
        self.new.contains(id) && !self.written.contains_key(id)
    }

    /// Whether a case waits to be written that this could find, or that it found as the database has it.
    pub(super) fn waits_for(&self, asked: &Query) -> bool {
        let bears = |row: &CaseRow| {
            let own = row.summary.references.iter();
            asked.reference.as_ref().is_none_or(|(kind, value)| {
                own.clone().any(|one| one.kind == kind.as_str() && one.value == *value)
            })
        };
        let others = |draft: &&Draft| asked.except.as_ref() != Some(&draft.row.id);
        let mut waiting = self.drafts.of(asked.desk.as_deref()).filter(others);
        waiting.any(|draft| bears(&draft.row) || draft.known.as_ref().is_some_and(|known| bears(&known.row)))
    }

    /// Has a case wait in place of what it was; says whether there are now so many that they should be written.
    pub(super) fn put(&mut self, draft: Draft) -> bool {
        if self.touched.insert(draft.row.id.clone()) {
            self.recent.remove(&draft.row.id);
        }
        self.drafts.put(draft)
    }

    /// Takes all that wait to be written out, those that were opened first in front.
    pub(super) fn take(&mut self) -> Vec<Arc<Draft>> {
        self.drafts.take()
    }

    /// Remembers a case as it was written.
    pub(super) fn wrote(&mut self, row: &Arc<CaseRow>, number: i64, text: usize) {
        self.written.insert(row.id.clone(), Arc::new(Draft::of(row, number, text)));
    }

    /// Marks a place to go back to; marks nest.
    pub(super) fn mark(&mut self) {
        self.drafts.mark();
    }

    /// Goes back to the last mark. What was written of the cases that changed since is not what stands any more.
    pub(super) fn undo(&mut self) {
        for id in self.drafts.undo() {
            self.written.remove(&id);
        }
    }

    /// Forgets the last mark.
    pub(super) fn settle(&mut self) {
        self.drafts.settle();
    }

    /// What was written: what stands once it is committed.
    pub(super) fn written(self) -> Vec<Arc<Draft>> {
        self.written.into_values().collect()
    }
}
