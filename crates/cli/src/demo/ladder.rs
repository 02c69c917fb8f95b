//! How far items climbed, per lane, and what became of promises, on all nodes.

use std::collections::BTreeMap;

use serde::Serialize;
use store::{Query, Tally};

use super::town::Town;

/// What all nodes say of their lanes and promises.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Ladder {
    /// Per lane and rung, how many received items stand there (1 arrived to 6 told; 0 was not let in).
    pub(crate) lanes: BTreeMap<String, BTreeMap<String, u64>>,
    /// Per stage, how many obligations.
    pub(crate) obligations: BTreeMap<String, u64>,
}

/// Counts them.
pub(crate) fn of(town: &Town) -> anyhow::Result<Ladder> {
    let mut ladder = Ladder::default();
    for node in town.nodes() {
        let look = node.look()?;
        let of = |desk: &str| Query { desk: Some(desk.to_owned()), ..Query::default() };
        for (lane_rung, count) in look.tally(&of("received"), Tally::LaneRung)? {
            let (lane, rung) = lane_rung.split_once('\t').unwrap_or((&lane_rung, "0"));
            if lane.ends_with(" acdd") {
                *ladder.lanes.entry(lane.to_owned()).or_default().entry(rung.to_owned()).or_default() +=
                    count;
            }
        }
        for (stage, count) in look.tally(&of("obligation"), Tally::Stage)? {
            *ladder.obligations.entry(stage).or_default() += count;
        }
    }
    Ok(ladder)
}
