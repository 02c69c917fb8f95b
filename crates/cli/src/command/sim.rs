//! `sampan sim`: many nodes in one process from one seed, with loss, doubling, delay and crash.

use crate::exit::Exit;
use crate::output;

/// Many nodes in one process from one seed, with loss, doubling, delay and crash. Ends with 1 where a check fails.
///
/// Example: sampan sim --seed 7 --minutes 240
#[derive(clap::Args)]
pub(crate) struct Sim {
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many minutes pass in the simulated world.
    #[arg(long, default_value_t = 240)]
    minutes: u32,
}

impl Sim {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let report = sim::world::run(self.seed, self.minutes)?;
        output::json(&report);
        Ok(Exit::sound_if(report.is_sound()))
    }
}
