//! The parties of a declaration held against the watch lists. What an analyst dismissed is not shown again until the entry
//! changes.

use customs::gate::Consignment;
use customs::targeting::{Match, Screening, ScreeningAct, ScreeningStage};
use customs::terms::Party;
use kernel::{AnyAct, CaseId, Digest, Procedure as _};
use store::Failure;
use target::screen::Query;

use super::outcome::OnList;
use crate::act::{Turn, plain};

impl Turn<'_> {
    /// The entries parties of a consignment may be, each raised as a case of its own; without those that were dismissed.
    pub(super) fn listed(&mut self, consignment: &Consignment) -> Result<Vec<OnList>, Failure> {
        let Some(declaration) = consignment.declaration() else { return Ok(Vec::new()) };
        let mut listed = Vec::new();
        for party in [&declaration.exporter, &declaration.importer, &declaration.agent] {
            for found in self.on_lists(party) {
                if self.raise(&found, &declaration.number)? {
                    listed.push(found);
                }
            }
        }
        Ok(listed)
    }

    pub(super) fn on_lists(&mut self, party: &Party) -> Vec<OnList> {
        let watch = &mut self.world.selector.watch;
        if party.name.trim().is_empty() || watch.entries().is_empty() {
            return Vec::new();
        }
        let numbers: Vec<&str> = party.identifiers.iter().map(|one| one.value.as_str()).collect();
        let country = party.address.country.as_ref().map_or("", |country| country.as_str());
        let query =
            Query { name: &party.name, numbers: &numbers, country, born: 0, address: &party.address.line };
        let found = watch.ask(&query, LEAST);
        let entry = |at: usize| watch.entries().get(at).cloned().unwrap_or_default();
        let on_list = |found: target::screen::Found| OnList {
            party: party.name.clone(),
            entry: entry(found.entry),
            found,
        };
        found.into_iter().map(on_list).collect()
    }

    /// Raises a possible match, and says whether it still speaks: one that was dismissed for the same entry does not.
    fn raise(&mut self, found: &OnList, seen_on: &str) -> Result<bool, Failure> {
        let key = format!("{}\n{}\n{}", found.party, found.found.list, found.found.id);
        let case = CaseId::of(Screening::NAME, Digest::of(key.as_bytes()).short());
        let digest = found.entry.digest();
        let known = self.change.case(&case)?.and_then(|row| row.state.read::<Screening>().ok());
        if let Some(known) = known.filter(|known| known.entry_digest() == Some(&digest)) {
            return Ok(known.stage() != Some(ScreeningStage::Dismissed));
        }
        let reasons = found.found.why.iter().map(plain).collect();
        let found = Match {
            party: found.party.clone(),
            list: found.found.list.clone(),
            entry: found.found.id.clone(),
            entry_digest: digest,
            likeness: found.found.likeness,
            reasons,
            seen_on: seen_on.to_owned(),
        };
        self.follow(case, AnyAct::of(ScreeningAct::Raise { found: Box::new(found) }), Vec::new())?;
        Ok(true)
    }
}

/// From this likeness on, in parts per thousand, somebody must look.
const LEAST: u16 = 900;
