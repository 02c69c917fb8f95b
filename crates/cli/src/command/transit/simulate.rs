//! Journeys played from seeds.

use std::collections::BTreeMap;

use serde_json::json;

use crate::exit::Exit;
use crate::output;

/// Plays whole journeys through three countries from seeds. Ends with 1 where something does not hold.
#[derive(clap::Args)]
pub(crate) struct Simulate {
    /// How many seeds.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 1)]
    from: u64,
}

impl Simulate {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let start = std::time::Instant::now();
        let (mut delivered, mut lost, mut doubled, mut crashes) = (0, 0, 0, 0);
        let mut ends: BTreeMap<String, u64> = BTreeMap::new();
        let mut failed = Vec::new();
        for seed in self.from..self.from.saturating_add(self.seeds) {
            match sim::transit::run(seed) {
                Ok(outcome) => {
                    delivered += outcome.delivered;
                    lost += outcome.lost;
                    doubled += outcome.doubled;
                    crashes += outcome.crashes;
                    for (end, times) in outcome.ends {
                        *ends.entry(end).or_default() += times;
                    }
                }
                Err(what) => failed.push(json!({ "seed": seed, "what": what })),
            }
        }
        output::json(&json!({
            "seeds": self.seeds, "failed": failed.len(), "first_failed": failed.first(), "letters": delivered,
            "lost": lost, "doubled": doubled, "crashes": crashes, "ends": ends,
            "seconds": start.elapsed().as_secs_f64(),
        }));
        Ok(Exit::sound_if(failed.is_empty()))
    }
}
