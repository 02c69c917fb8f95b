//! Weights learnt anew from what people said of links: which of several was the right one, which was wrong.

use std::collections::BTreeMap;

use customs::gate::Consignment;
use kernel::{CaseId, State};
use link::{Doc, DocId, Lesson, LineRef, Settings, Threads, Verdict};

use super::Matcher;
use crate::act::Turn;

/// What people said of links, by consignment.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    by_import: BTreeMap<DocId, Vec<Lesson>>,
    /// Consignments judged since the weights were last learnt.
    fresh: usize,
}

impl Matcher {
    /// Takes in what people said of a consignment's links, in the place of what was known of it.
    pub(super) fn learn_from(&mut self, consignment: &Consignment) {
        let Some(declaration) = consignment.declaration() else { return };
        let import = Doc::from(declaration);
        let mut lessons = Vec::new();
        for (item, tie) in
            consignment.ties().iter().filter(|(item, _)| consignment.confirmed().contains(*item))
        {
            let Some(export) = self.spoken_by(item) else { continue };
            let pairs = tie
                .lines
                .iter()
                .map(|(theirs, ours)| lesson(export, *theirs, &import.id, *ours, Verdict::One));
            lessons.extend(pairs);
        }
        for item in consignment.rejected() {
            let export = self.spoken_by(item).and_then(|export| self.index.doc(export));
            lessons.extend(export.iter().flat_map(|export| apart(export, &import)));
        }
        if lessons.is_empty() {
            self.lessons.by_import.remove(&import.id);
        } else {
            self.lessons.by_import.insert(import.id, lessons);
            self.lessons.fresh += 1;
        }
    }

    /// Learns the weights from what is at hand and from all lessons, where there is enough to learn from.
    pub(super) fn relearn(&mut self) {
        let lessons: Vec<Lesson> = self.lessons.by_import.values().flatten().cloned().collect();
        self.lessons.fresh = 0;
        let model = self.index.learnt(&lessons, &Threads::all());
        let settings = Settings { model, ..self.index.settings().clone() };
        self.work_by(settings);
    }

    pub(super) fn spoken_by(&self, item: &CaseId) -> Option<&DocId> {
        self.speaks.spoken_by(item)
    }
}

impl Turn<'_> {
    /// Goes by the names of a consignment's confirmed links, and no longer by those of links that were taken back.
    pub(super) fn names_judged(&mut self, consignment: &Consignment) {
        if self.ahead().note_names(consignment) {
            let renamed = self.ahead().go_by_names();
            self.affected.extend(renamed);
        }
    }

    /// Learns from what somebody just said of a consignment's links; the weights follow once enough was said.
    pub(super) fn link_judged(&mut self, state: &State) {
        let Ok(consignment) = state.read::<Consignment>() else { return };
        if !consignment.is_judged() {
            return;
        }
        self.names_judged(&consignment);
        let matcher = self.ahead();
        matcher.learn_from(&consignment);
        if matcher.lessons.fresh >= FRESH_MAX {
            matcher.relearn();
        }
    }
}

/// The lines of two documents that are about other goods, where they are few enough for each to be told by it.
fn apart<'a>(export: &'a Doc, import: &'a Doc) -> impl Iterator<Item = Lesson> + 'a {
    let few = export.lines.len() * import.lines.len() <= PAIRS_MAX;
    let exports = export.lines.iter().filter(move |_| few);
    exports.flat_map(move |theirs| {
        let ours = import.lines.iter();
        ours.map(move |ours| lesson(&export.id, theirs.item, &import.id, ours.item, Verdict::Two))
    })
}

fn lesson(export: &DocId, theirs: u32, import: &DocId, ours: u32, verdict: Verdict) -> Lesson {
    let line = |doc: &DocId, item| LineRef { doc: doc.clone(), item };
    Lesson { export: line(export, theirs), import: line(import, ours), verdict }
}

/// After so many judged consignments the weights are learnt anew.
const FRESH_MAX: usize = 25;
/// Of two documents with more pairs of lines than this, nobody knows which pair a verdict meant.
const PAIRS_MAX: usize = 9;
