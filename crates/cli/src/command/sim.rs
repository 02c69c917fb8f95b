//! `sampan sim`: many nodes in one process from one seed, and trade with known truth as files.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use sim::trade::csv::Files;
use sim::trade::{Dirt, Lane, Mix, Plan, Trade};

use crate::exit::Exit;
use crate::output::{self, Progress};

/// Many nodes in one process from one seed, with loss, doubling, delay and crash. Ends with 1 where a check fails.
///
/// Example: sampan sim --seed 7 --minutes 240
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Sim {
    #[command(subcommand)]
    what: Option<What>,
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many minutes pass in the simulated world.
    #[arg(long, default_value_t = 240)]
    minutes: u32,
}

#[derive(Subcommand)]
enum What {
    /// Exports and imports of some trade as files, and the truth beside them.
    Trade(Made),
}

/// Writes exports.csv and imports.csv, and the truth beside them: links.csv and cases.csv.
///
/// Example: sampan sim trade --seed 7 --size 5000 --out trade/
#[derive(clap::Args)]
pub(crate) struct Made {
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many consignments.
    #[arg(long, default_value_t = 5_000)]
    size: u64,
    /// The folder the files go to.
    #[arg(long)]
    out: PathBuf,
    /// How many of a thousand exporters share what they export.
    #[arg(long, default_value_t = 600)]
    coverage: u16,
    /// How dirty names, addresses and codes are.
    #[arg(long, value_enum, default_value_t = Dirty::Heavy)]
    dirt: Dirty,
    /// How many of a thousand imports quote the export declaration.
    #[arg(long, default_value_t = 0)]
    quoted: u16,
    /// How many of a thousand shared consignments hold a fraud.
    #[arg(long, default_value_t = Mix::USUAL.fraud)]
    fraud: u16,
    /// Exporting and importing country of each lane, such as TH-VN; several are parted by commas.
    #[arg(long, default_value = "TH-VN", value_delimiter = ',')]
    lanes: Vec<String>,
    /// The day it is seen from.
    #[arg(long, default_value = "2026-05-31")]
    date: Date,
}

/// How dirty names, addresses and codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Dirty {
    /// The scripts differ, and nothing else.
    None,
    /// What careful declarants leave.
    Light,
    /// What real files look like on a bad lane.
    Heavy,
}

impl Sim {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(What::Trade(made)) = self.what {
            return made.run();
        }
        let report = sim::world::run(self.seed, self.minutes)?;
        output::json(&report);
        Ok(Exit::sound_if(report.is_sound()))
    }
}

impl Made {
    fn run(self) -> anyhow::Result<Exit> {
        let trade = Trade::new(self.plan()?)?;
        let context = || format!("cannot write to {}", self.out.display());
        let mut files = Files::create(&self.out).with_context(context)?;
        let mut progress = Progress::of("consignments");
        for (done, consignment) in trade.consignments().enumerate() {
            files.put(&consignment).with_context(context)?;
            progress.at(done as u64 + 1, self.size);
        }
        files.end().with_context(context)?;
        Ok(Exit::Sound)
    }

    fn plan(&self) -> anyhow::Result<Plan> {
        let dirt = match self.dirt {
            Dirty::None => Dirt::NONE,
            Dirty::Light => Dirt::LIGHT,
            Dirty::Heavy => Dirt::HEAVY,
        };
        let lane = |lane: &String| {
            let (from, to) =
                lane.split_once('-').with_context(|| format!("{lane} is no lane: TH-VN is one"))?;
            Ok(Lane::new(from, to, self.coverage, 1))
        };
        Ok(Plan {
            dirt,
            quoted: self.quoted,
            lanes: self.lanes.iter().map(lane).collect::<anyhow::Result<_>>()?,
            mix: Mix { fraud: self.fraud, ..Mix::USUAL },
            ..Plan::matching(self.seed, self.date, self.size)
        })
    }
}
