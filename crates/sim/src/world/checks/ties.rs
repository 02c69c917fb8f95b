//! How many imports the matcher tied to the export they belong to. A figure, not a check: a matcher may err.

use std::collections::{BTreeMap, BTreeSet};

use super::Rows;
use crate::trade::{Sharing, Truth};
use crate::world::play::Play;

pub(super) fn count(play: &mut Play<'_>, rows: &[Rows], truth: &Truth) {
    let mut true_ties: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for case in truth.cases.iter().filter(|case| case.sharing == Sharing::Shared) {
        for link in &case.links {
            let export = format!("{}:{}", case.from, link.export.number);
            true_ties.entry(link.import.number.as_str()).or_default().insert(export);
        }
    }
    play.traffic.to_be_tied = u32::try_from(true_ties.len()).unwrap_or(0);
    for row in rows.iter().flat_map(|rows| &rows.consignments) {
        let references = row.summary.references.iter().filter(|one| one.kind == "export");
        let tied: BTreeSet<String> = references.map(|one| one.value.clone()).collect();
        let wanted = true_ties.get(row.summary.title.as_str());
        play.traffic.tied += u32::from(wanted == Some(&tied));
        let wrong = tied.iter().any(|export| wanted.is_none_or(|wanted| !wanted.contains(export)));
        play.traffic.tied_wrongly += u32::from(wrong);
    }
}
