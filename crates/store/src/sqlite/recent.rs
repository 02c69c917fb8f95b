//! Cases the writer read or wrote last, kept in memory as the last commit left them: a case that is worked on comes again
//! soon, and reading it from its columns each time costs more than what is done with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::CaseId;

use super::drafts::Draft;

/// How many bytes of text the cases of one generation have at most; two are kept, and a value takes several times its text.
const TEXT_MAX: usize = 2 << 20;

/// The cases, in two generations: what is not asked for while one fills goes with it.
#[derive(Debug, Default)]
pub(super) struct Recent {
    young: BTreeMap<CaseId, Arc<Draft>>,
    old: BTreeMap<CaseId, Arc<Draft>>,
    /// How many bytes of text the young ones have.
    text: usize,
}

impl Recent {
    /// The case, if it is here.
    pub(super) fn get(&mut self, id: &CaseId) -> Option<Arc<Draft>> {
        if let Some(draft) = self.young.get(id) {
            return Some(Arc::clone(draft));
        }
        let draft = self.old.remove(id)?;
        self.put(Arc::clone(&draft));
        Some(draft)
    }

    /// Takes a case out, because it is about to change.
    pub(super) fn remove(&mut self, id: &CaseId) -> Option<Arc<Draft>> {
        let old = self.old.remove(id);
        let young = self.young.remove(id);
        self.text -= young.as_ref().map_or(0, |draft| draft.text);
        young.or(old)
    }

    /// Keeps a case as it is committed.
    pub(super) fn put(&mut self, draft: Arc<Draft>) {
        if draft.text > TEXT_MAX {
            return;
        }
        if self.text + draft.text > TEXT_MAX {
            self.old = std::mem::take(&mut self.young);
            self.text = 0;
        }
        self.text += draft.text;
        let before = self.young.insert(draft.row.id.clone(), draft);
        self.text -= before.map_or(0, |before| before.text);
    }
}

#[cfg(test)]
mod tests {
    use kernel::Summary;
    use serde_json::json;

    use super::*;
    use crate::CaseRow;

    fn draft(name: &str, text: usize) -> Arc<Draft> {
        let (id, summary) = (CaseId::new(name), Summary::default());
        let row = CaseRow { id, state: json!({}).into(), summary, opened: 0, changed: 0 };
        Arc::new(Draft { row: Arc::new(row), known: None, text })
    }

    #[test]
    fn what_is_asked_for_stays_and_what_is_not_goes_when_two_generations_are_full() {
        let (mut recent, half) = (Recent::default(), TEXT_MAX / 2);
        let is_here = |recent: &mut Recent, name: &str| recent.get(&CaseId::new(name)).is_some();
        recent.put(draft("asked for", half));
        recent.put(draft("left", half));
        recent.put(draft("a", 1));
        assert!(is_here(&mut recent, "asked for"));
        recent.put(draft("b", half));
        assert!(is_here(&mut recent, "asked for"));
        assert!(!is_here(&mut recent, "left"));
    }

    #[test]
    fn a_case_that_changes_again_and_again_counts_once() {
        let mut recent = Recent::default();
        recent.put(draft("kept", 1));
        (0..100).for_each(|_| recent.put(draft("changing", TEXT_MAX / 4)));
        assert_eq!(recent.text, 1 + TEXT_MAX / 4);
        assert!(recent.remove(&CaseId::new("changing")).is_some());
        assert_eq!(recent.text, 1);
    }

    #[test]
    fn a_case_longer_than_a_generation_is_not_kept() {
        let mut recent = Recent::default();
        recent.put(draft("long", TEXT_MAX + 1));
        assert!(recent.get(&CaseId::new("long")).is_none());
    }
}
