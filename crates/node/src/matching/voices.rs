//! Which received item speaks for each export.

use std::collections::{BTreeMap, BTreeSet};

use kernel::CaseId;
use link::DocId;

/// One item speaks for an export; one item, as an answer with extracts does, may speak for several.
#[derive(Debug, Default)]
pub(super) struct Voices {
    by_export: BTreeMap<DocId, CaseId>,
    by_item: BTreeMap<CaseId, BTreeSet<DocId>>,
}

impl Voices {
    /// The item that speaks for an export.
    pub(super) fn of(&self, export: &DocId) -> Option<&CaseId> {
        self.by_export.get(export)
    }

    /// The first export an item speaks for.
    pub(super) fn spoken_by(&self, item: &CaseId) -> Option<&DocId> {
        self.by_item.get(item)?.first()
    }

    /// Has an item speak for an export, in the place of another.
    pub(super) fn give(&mut self, export: DocId, item: CaseId) {
        self.take(&export);
        self.by_item.entry(item.clone()).or_default().insert(export.clone());
        self.by_export.insert(export, item);
    }

    /// Has nobody speak for an export.
    pub(super) fn take(&mut self, export: &DocId) {
        let Some(item) = self.by_export.remove(export) else { return };
        if let Some(exports) = self.by_item.get_mut(&item) {
            exports.remove(export);
            if exports.is_empty() {
                self.by_item.remove(&item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use customs::terms::Country;

    use super::*;

    #[test]
    fn one_item_speaks_for_several_and_each_export_has_one_voice() {
        let export = |number: &str| DocId::export(Country::new("TH"), number);
        let (answer, own) = (CaseId::new("received/answer"), CaseId::new("received/own"));
        let mut voices = Voices::default();
        voices.give(export("2"), answer.clone());
        voices.give(export("1"), answer.clone());
        assert_eq!(voices.spoken_by(&answer), Some(&export("1")));
        voices.give(export("1"), own.clone());
        assert_eq!((voices.spoken_by(&answer), voices.of(&export("1"))), (Some(&export("2")), Some(&own)));
        voices.take(&export("2"));
        assert_eq!((voices.spoken_by(&answer), voices.of(&export("2"))), (None, None));
    }
}
