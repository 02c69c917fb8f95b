//! The ends of a transit movement: the export declarations before it and the import declarations after it are held against
//! what was carried, whenever one of the three changes.

use std::collections::BTreeSet;

use customs::declaration::{Declaration, Lodged, LodgedStage};
use customs::gate::{Consignment, Tie};
use customs::transit::departure::DepartureAct;
use customs::transit::ends::{self, Leg, Named, Share, Whereabouts};
use customs::transit::{Arrival, Departure, is_mrn_shape};
use kernel::{AnyAct, CaseId, Procedure as _, State};
use link::resolve::{Name, name_likeness};
use store::{CaseRow, Failure, Query};

use super::declared;
use crate::act::{Turn, day_of};

impl Turn<'_> {
    /// Takes in what an act on a case means for the ends of a movement.
    pub(crate) fn ends_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        match (case.desk(), act) {
            (Departure::NAME, "declare" | "amend" | "present") => self.movement_ends(case, state),
            (Lodged::NAME, "take" | "amend" | "cancel") => {
                for row in self.naming(Departure::NAME, ("case", case.as_str()))? {
                    self.movement_ends(&row.id, &row.state)?;
                }
                Ok(())
            }
            (Consignment::NAME, "declare" | "withdraw" | "release") => {
                let Ok(held) = state.read::<Consignment>() else { return Ok(()) };
                held.declaration().map_or(Ok(()), |ours| self.sharers(ours))
            }
            (
                Arrival::NAME,
                "notify" | "expect" | "remark" | "conclude" | "incident" | "enquire" | "cancel" | "divert"
                | "deny",
            ) => self.followers(case.key()),
            _ => Ok(()),
        }
    }

    /// All import declarations that share a movement with this one are compared anew.
    fn sharers(&mut self, ours: &Declaration) -> Result<(), Failure> {
        for mrn in movements(ours) {
            self.followers(mrn)?;
        }
        Ok(())
    }

    fn followers(&mut self, mrn: &str) -> Result<(), Failure> {
        let following = self.naming(Consignment::NAME, ("quoted", mrn))?;
        self.affected.extend(following.iter().filter_map(declared).map(|doc| doc.id));
        Ok(())
    }

    fn naming(&self, desk: &str, (kind, value): (&str, &str)) -> Result<Vec<CaseRow>, Failure> {
        let reference = Some((kind.to_owned(), value.to_owned()));
        let query = Query { desk: Some(desk.to_owned()), reference, limit: NAMING_MAX, ..Query::default() };
        let mut rows = self.change.cases(&query)?.rows;
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(rows)
    }

    /// Holds a movement that begins here against the export declarations it names.
    fn movement_ends(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let Ok(movement) = state.read::<Departure>() else { return Ok(()) };
        if movement.stage().is_none_or(|stage| stage.is_end()) {
            return Ok(());
        }
        let named = movement.exports();
        let mut held = Vec::with_capacity(named.len());
        for (export, _) in &named {
            held.push(self.export(export)?);
        }
        let ties = movement_ties(&movement, &named, &held);
        let wanted: BTreeSet<&CaseId> = ties.iter().map(|tie| &tie.item).collect();
        let left = movement.ends().map(|tie| &tie.item);
        let left = left.filter(|item| item.desk() == Lodged::NAME && !wanted.contains(item));
        for item in left {
            let act = DepartureAct::Unlink { item: item.clone(), reason: "better-link".into() };
            self.follow(case.clone(), AnyAct::of(act), Vec::new())?;
        }
        for tie in &ties {
            if movement.ends().all(|known| known != tie) && !movement.rejects(&tie.item) {
                let act = DepartureAct::Link { tie: Box::new(tie.clone()) };
                self.follow(case.clone(), AnyAct::of(act), Vec::new())?;
            }
        }
        Ok(())
    }

    /// An export declaration of ours that stands.
    fn export(&self, case: &CaseId) -> Result<Option<Declaration>, Failure> {
        let Some(row) = self.change.case(case)? else { return Ok(None) };
        let Ok(lodged) = row.state.read::<Lodged>() else { return Ok(None) };
        let void = lodged.stage() == Some(LodgedStage::Cancelled);
        Ok(lodged.declaration().filter(|_| !void).cloned())
    }

    /// One tie for each movement an import declaration names as what its goods came under: where they have come, and where they
    /// have not by the day it says.
    pub(super) fn carried(&self, ours: &Declaration) -> Result<Vec<Tie>, Failure> {
        let mut ties = Vec::new();
        for mrn in movements(ours) {
            let item = Arrival::case_of(mrn);
            let row = self.change.case(&item)?;
            let arrival = row.and_then(|row| row.state.read::<Arrival>().ok()).unwrap_or_default();
            let movement = format!("{}:{mrn}", mrn.get(2..4).unwrap_or_default());
            let Some(came) = arrival.came() else {
                let whereabouts = arrival.whereabouts().unwrap_or(Whereabouts::Unknown);
                ties.extend(ends::missing(whereabouts, (&item, &movement), ours, day_of(self.now)));
                continue;
            };
            let all = self.following(mrn)?;
            let among: Vec<&Declaration> = all.iter().collect();
            let place = all.iter().position(|other| other.number == ours.number).unwrap_or_default();
            ties.push(ends::after(&came, (&item, &movement), ours, &alike, Share { among: &among, place }));
        }
        Ok(ties)
    }

    /// The import declarations that name a movement, in the order of their numbers.
    fn following(&self, mrn: &str) -> Result<Vec<Declaration>, Failure> {
        let rows = self.naming(Consignment::NAME, ("quoted", mrn))?;
        let each = rows.iter().filter_map(|row| row.state.read::<Consignment>().ok());
        let standing = each.filter(|held| !super::is_withdrawn(held));
        Ok(standing.filter_map(|held| held.declaration().cloned()).collect())
    }
}

/// One tie for each export declaration a movement names.
fn movement_ties(movement: &Departure, named: &[(CaseId, String)], held: &[Option<Declaration>]) -> Vec<Tie> {
    let leg = Leg::of(&movement.lodging().declaration.consignment);
    let country = movement.lodging().declaration.departure.country();
    let among: Vec<&Declaration> = held.iter().flatten().collect();
    let mut place = 0;
    let each = named.iter().zip(held).map(|((case, number), held)| {
        let share = Share { among: &among, place };
        place += usize::from(held.is_some());
        let held = held.as_ref().map_or(Named::Unknown, Named::Held);
        ends::before(&leg, (case, &format!("{country}:{number}")), held, &alike, share)
    });
    each.collect()
}

/// The movements a declaration names as what its goods came under.
fn movements(ours: &Declaration) -> Vec<&str> {
    let quoted: BTreeSet<&str> = ours.lines.iter().filter_map(|line| line.quoted_export.as_deref()).collect();
    quoted.into_iter().filter(|number| is_mrn_shape(number, "JKLM")).take(MOVEMENTS_MAX).collect()
}

fn alike(one: &str, other: &str) -> bool {
    name_likeness(&Name::new(one), &Name::new(other)) >= ALIKE
}

/// How like two names must be, in thousandths, to be those of one party.
const ALIKE: u16 = 850;
/// The most cases that are looked at because they name one other.
const NAMING_MAX: u32 = 50;
/// The most movements one declaration is held against.
const MOVEMENTS_MAX: usize = 20;
