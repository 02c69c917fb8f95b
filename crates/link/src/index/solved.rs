//! Groups of lines that hang together, remembered until a document comes or goes that changes what hangs together: each
//! component is solved once, whoever asks for it and however often.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::graph::Group;
use super::shelf::LineNo;

/// By line, the groups of all lines it hangs together with.
#[derive(Debug, Default)]
pub(super) struct Solved(Mutex<BTreeMap<LineNo, Arc<[Group]>>>);

/// Lines remembered, at most about.
const LINES_MAX: usize = 20_000;

impl Solved {
    /// The groups around a line, if they are remembered.
    pub(super) fn of(&self, line: LineNo) -> Option<Arc<[Group]>> {
        self.all().get(&line).cloned()
    }

    /// Remembers the groups of lines that all hang together.
    pub(super) fn note(&self, component: &BTreeSet<LineNo>, groups: Vec<Group>) -> Arc<[Group]> {
        let groups: Arc<[Group]> = groups.into();
        let mut all = self.all();
        if all.len() > LINES_MAX {
            all.clear();
        }
        all.extend(component.iter().map(|line| (*line, Arc::clone(&groups))));
        groups
    }

    /// Gives what is remembered of lines that all hung together, and forgets it.
    pub(super) fn take(&self, component: &BTreeSet<LineNo>) -> Option<Arc<[Group]>> {
        let mut all = self.all();
        component.iter().filter_map(|line| all.remove(line)).last()
    }

    /// Forgets all, since it may be other now.
    pub(super) fn forget(&self) {
        self.all().clear();
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<LineNo, Arc<[Group]>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Solved {
    /// A copy works everything out for itself.
    fn clone(&self) -> Self {
        Self::default()
    }
}
