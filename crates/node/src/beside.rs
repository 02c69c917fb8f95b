//! A partner's warning beside our own: the manifest lines, declarations and cases it may be about, found as it arrives.
//!
//! Numbers are looked up as they stand; names are compared with those of consignments that are still open, by the same likeness the matcher
//! uses. What is found is a suggestion with its reason, recorded with the case.

use std::collections::BTreeMap;

use customs::assistance::{Subject, SubjectKind};
use customs::gate::Consignment;
use customs::operation::{Beside, Warned, WarnedAct};
use kernel::{AnyAct, CaseId, Procedure as _, State};
use link::resolve::{Name, name_likeness};
use store::{Failure, Query};

use crate::act::Turn;

impl Turn<'_> {
    /// Sets a warning that just arrived beside what we hold.
    pub(crate) fn beside_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        if case.desk() != Warned::NAME || act != "arrive" {
            return Ok(());
        }
        let Ok(warned) = state.read::<Warned>() else { return Ok(()) };
        let mut found: BTreeMap<CaseId, Beside> = BTreeMap::new();
        for subject in warned.warning().subjects() {
            self.by_number(case, &subject, &mut found)?;
            if subject.kind == SubjectKind::Party {
                self.by_name(&subject, &mut found)?;
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let act = WarnedAct::SetBeside { beside: found.into_values().take(BESIDE_MAX).collect() };
        self.follow(case.clone(), AnyAct::of(act), Vec::new())
    }

    fn by_number(
        &self,
        case: &CaseId,
        subject: &Subject,
        found: &mut BTreeMap<CaseId, Beside>,
    ) -> Result<(), Failure> {
        let kind = subject.kind.code();
        let references = [("subject", subject.key()), (kind, subject.value.clone())];
        for (reference, value) in references {
            let query = Query { reference: Some((reference.into(), value)), limit: 20, ..Query::default() };
            for row in self.change.cases(&query)?.rows {
                if row.id == *case || matches!(row.id.desk(), "dossier" | "received" | "sent") {
                    continue;
                }
                let beside = Beside {
                    case: row.id.clone(),
                    why: kind.to_owned(),
                    theirs: subject.value.clone(),
                    ours: row.summary.title,
                };
                found.entry(row.id).or_insert(beside);
            }
        }
        Ok(())
    }

    fn by_name(&self, subject: &Subject, found: &mut BTreeMap<CaseId, Beside>) -> Result<(), Failure> {
        let theirs = Name::new(&subject.value);
        let query = Query {
            desk: Some(Consignment::NAME.into()),
            closed: Some(false),
            limit: CONSIGNMENTS_MAX,
            ..Query::default()
        };
        for row in self.change.cases(&query)?.rows {
            let names =
                ["importer", "supplier"].map(|field| row.summary.shown[field].as_str().unwrap_or_default());
            let alike = names
                .iter()
                .find(|name| !name.is_empty() && name_likeness(&theirs, &Name::new(name)) >= ALIKE);
            if let Some(ours) = alike {
                let beside = Beside {
                    case: row.id.clone(),
                    why: "party-name".into(),
                    theirs: subject.value.clone(),
                    ours: (*ours).to_owned(),
                };
                found.entry(row.id).or_insert(beside);
            }
        }
        Ok(())
    }
}

/// How like two names must be, in thousandths, to be shown beside each other.
const ALIKE: u16 = 850;
/// The most open consignments whose names are compared with a warning's.
const CONSIGNMENTS_MAX: u32 = 2_000;
/// The most cases set beside one warning.
const BESIDE_MAX: usize = 20;
