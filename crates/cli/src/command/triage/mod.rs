//! `sampan triage`: a night of parcels, decided line by line, durably, resumable.
//!
//! The record is the commit: decisions go into it block by block, and a run that was killed goes on after the last block
//! the record's checkpoint covers. Everything else in the output folder is written from it again.

mod hand;
mod input;
mod output_folder;
pub(crate) mod rules;
mod run;

use std::path::PathBuf;

pub(crate) use input::BlockSize;
pub(crate) use run::triage;

use crate::command::running;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Decides a file of parcels: group, charges, lane with reasons, data quality, splitting, carrier referrals.
///
/// The output folder gets `decisions/` (CSV, one file a block), `record/` (the same decisions as a Merkle log),
/// `clusters.csv`, `senders.csv`, `platforms.csv`, `consolidated.json` and `summary.json`. Started again on the same folder, it
/// goes on where it was stopped.
///
/// Example: sampan triage night.csv --rules rules/ --out night/
#[derive(clap::Args)]
pub(crate) struct Triage {
    /// Parcels: CSV with a header, JSON lines (`.jsonl`), or Parquet (`.parquet`).
    input: PathBuf,
    /// A folder with `profiles.json`, `thresholds.json`, `rates.csv`, `duty.csv`, `words.txt`, `triage.toml`; what is missing
    /// is taken from what is shipped.
    #[arg(long)]
    rules: PathBuf,
    /// The output folder.
    #[arg(long)]
    out: PathBuf,
    /// So many lines are decided and made durable at once; a multiple of 200. Profiles that count how often somebody comes
    /// count within a block.
    #[arg(long, value_name = "LINES", value_parser = BlockSize::parse, default_value = "50000")]
    block: BlockSize,
    /// The country whose thresholds hold; `triage.toml` may name it too.
    #[arg(long)]
    country: Option<String>,
    /// Hands what somebody must look at to the running node in this folder: chosen lines, questions to carriers, split orders.
    #[arg(long, value_name = "DIR")]
    hand_to: Option<PathBuf>,
    /// At most so many lines are handed over.
    #[arg(long, default_value_t = 5_000)]
    most: usize,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Triage {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let rules = rules::read(&self.rules, self.country.as_deref())?;
        let mut summary = triage(&self.input, &rules, self.block, &self.out)?;
        if let Some(dir) = &self.hand_to {
            let client = running::client(dir)?;
            summary["handed_over"] = hand::hand(&self.input, &rules, &self.out, &client, self.most)?;
        }
        match self.format {
            Format::Json => output::json(&summary),
            Format::Text => {
                for (name, value) in summary.as_object().into_iter().flatten() {
                    output::line(format_args!("{name}: {value}"));
                }
            }
        }
        Ok(Exit::Sound)
    }
}
