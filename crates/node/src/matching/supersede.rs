//! Documents about one export take each other's place: the latest version speaks, whatever the order they came in.

use customs::agreement::{Received, ReceivedAct};
use customs::declaration::{Acdd, Function};
use kernel::{AnyAct, CaseId, Procedure as _};
use store::{Failure, Query};

use super::readable;
use crate::act::Turn;

impl Turn<'_> {
    /// Voids what a document that was just read takes the place of; or the document itself, where what takes its place
    /// came first. Says whether the document stands.
    pub(super) fn supersede(&mut self, case: &CaseId, item: &Received, acdd: &Acdd) -> Result<bool, Failure> {
        let mut stands = true;
        for (other_case, other) in self.others(case, item, acdd)? {
            if takes_place_of(acdd, &other) {
                self.void(&other_case, case)?;
            } else if stands {
                stands = false;
                self.void(case, &other_case)?;
            }
        }
        Ok(stands)
    }

    fn void(&mut self, case: &CaseId, by: &CaseId) -> Result<(), Failure> {
        self.follow(case.clone(), AnyAct::of(ReceivedAct::Void { by: by.clone() }), Vec::new())
    }

    /// The other documents about the same export that stand.
    fn others(&self, case: &CaseId, item: &Received, acdd: &Acdd) -> Result<Vec<(CaseId, Acdd)>, Failure> {
        let Some(from) = item.arrival().map(|arrival| &arrival.from) else { return Ok(Vec::new()) };
        let query = Query {
            desk: Some(Received::NAME.into()),
            reference: Some(("export".into(), format!("{from}:{}", acdd.number))),
            except: Some(case.clone()),
            limit: 500,
            ..Query::default()
        };
        let rows = self.change.cases(&query)?.rows;
        let others = rows.into_iter().filter_map(|row| {
            let item = row.state.read::<Received>().ok()?;
            Some((row.id, readable(&item)?.clone()))
        });
        Ok(others.collect())
    }
}

/// A later version takes an earlier one's place; at equal versions a replacement or cancellation does, an original not.
fn takes_place_of(new: &Acdd, old: &Acdd) -> bool {
    match new.version.cmp(&old.version) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => new.function != Function::Original && old.function != Function::Cancel,
    }
}
