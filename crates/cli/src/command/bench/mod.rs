//! `sampan bench`: measures, beside a peer or a physical limit in the same run.

mod clock;
mod exchange;
mod kills;
mod learned;
mod link;
mod lists;
mod names;
mod night;
mod night_kills;
mod peers;
mod psi;
mod read;
mod recognition;
mod record;
mod ring;
mod rules;
mod start;
mod tariff;
mod transit;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output::{self, Format};

/// Measures, beside a peer or a physical limit in the same run; ends with 1 where a stated aim is missed.
///
/// Example: sampan bench read declarations/ --format json
#[derive(clap::Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
}

#[derive(Subcommand)]
enum What {
    /// Declarations read, checked and turned into terms per second and core, beside libxml2's bare parse of the same.
    Read {
        /// A folder with XML files.
        files: PathBuf,
        /// How long each side runs, in seconds.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Record appends per second, beside the bare hashing that cannot be avoided.
    Record {
        /// How many entries.
        #[arg(long, default_value_t = 200_000)]
        entries: u64,
    },
    /// Receipts a second of our node, durable and in memory, beside phase4: documents of 10 KB, signed and sealed.
    Exchange(exchange::Exchange),
    /// Sends one long message; the measurement of long payloads calls it.
    #[command(hide = true)]
    SendLong(exchange::Sender),
    /// Our node killed at random while messages come in, beside phase4: what was lost, what was delivered twice.
    Kills(kills::Kills),
    /// Export lines linked with import lines of generated trade, judged by the truth, beside Splink.
    Link(link::Link),
    /// Pairs of names told apart, beside Jaro-Winkler and the frozen scores of another system.
    Names {
        /// A folder with the pairs; `names` in SAMPAN_CORPUS where none is given.
        folder: Option<PathBuf>,
    },
    /// Asking without showing: one set of values against another's, over a loopback socket, beside the bare multiplications.
    Psi {
        /// Values asked about.
        #[arg(long, default_value_t = 1_000_000)]
        asked: usize,
        /// Values in the published set.
        #[arg(long, default_value_t = 1_000_000)]
        held: usize,
        /// Of the values held, so many have drawn tags: to measure what comes after the set-up only.
        #[arg(long, default_value_t = 0)]
        drawn: usize,
        /// Threads of each side.
        #[arg(long, default_value_t = 2)]
        workers: usize,
    },
    /// Whole lives of transit movements per second on one node, durable, and the longest declaration judged.
    Transit(transit::Transit),
    /// Profiles against declarations, beside zen-engine's compiled decision table and cel.
    Rules {
        /// How many rules; ten times as many are measured too.
        #[arg(long, default_value_t = 1_000)]
        rules: usize,
        /// How many declarations.
        #[arg(long, default_value_t = 100_000)]
        declarations: usize,
        /// Peers to run beside it: `zen,cel`.
        #[arg(long, value_delimiter = ',')]
        peer: Vec<String>,
        /// How long each peer runs, in seconds.
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
    },
    /// Names against watch lists, beside rapidfuzz and tantivy.
    Screen {
        /// A folder with lists.
        lists: PathBuf,
        /// How many names are asked.
        #[arg(long, default_value_t = 1_000_000)]
        queries: usize,
        /// Peers to run beside it: `rapidfuzz,tantivy`.
        #[arg(long, value_delimiter = ',')]
        peer: Vec<String>,
        /// How long each peer runs, in seconds.
        #[arg(long, default_value_t = 20.0)]
        seconds: f64,
    },
    /// A generated night of parcels, beside DuckDB's plain filters over the same file; or killed again and again.
    Triage {
        /// How many lines.
        #[arg(long, default_value_t = 5_000_000)]
        lines: u32,
        /// Where the night is made and decided.
        #[arg(long)]
        folder: PathBuf,
        /// Peers to run beside it: `duckdb`.
        #[arg(long, value_delimiter = ',')]
        peer: Vec<String>,
        /// Kills the night so often instead (SIGKILL, at random moments) and holds what it led to against an unbroken one.
        #[arg(long, conflicts_with = "peer")]
        kills: Option<u32>,
        /// What the moments of the kills follow from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The learned score by three protocols, beside LightGBM and CatBoost.
    Model {
        /// Files to learn from, to tune on, and to ask about.
        #[arg(num_args = 3, required = true)]
        files: Vec<PathBuf>,
        /// The column of verdicts.
        #[arg(long)]
        label: String,
        /// Peers to train beside it: `lightgbm,catboost`.
        #[arg(long, value_delimiter = ',')]
        peer: Vec<String>,
    },
    /// Recognition tests a second and core: the status of a code at a moment among a million operators.
    Recognition {
        /// How many operators.
        #[arg(long, default_value_t = 1_000_000)]
        operators: u32,
        /// How long each side runs, in seconds.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// How soon a suspension is effective in a simulated ring of five, and whether the gap list is the truth.
    Ring {
        /// The seed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// For how long, in simulated minutes.
        #[arg(long, default_value_t = 240)]
        minutes: u32,
    },
    /// The tariff search beside plain BM25 over the same text: how often the right line comes first, and how long it takes.
    Tariff {
        /// The folder with `hscodecomp/` and `vn_rulings/`.
        folder: PathBuf,
    },
    /// Start of a node until it says it is ready: an empty one, and its memory when idle; or one with many documents at hand.
    Start(start::Start),
}

/// What a measurement gave.
pub(crate) struct Measured {
    /// Its name.
    pub(crate) name: &'static str,
    /// Our figure.
    pub(crate) ours: f64,
    /// Of what.
    pub(crate) unit: &'static str,
    /// The peer's or the limit's name and figure, measured in the same run.
    pub(crate) peer: Option<(&'static str, f64)>,
    /// What is aimed at, and whether it is met.
    pub(crate) aims: Vec<(String, bool)>,
    /// Whatever else was seen.
    pub(crate) seen: Value,
}

impl Bench {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let measured = match &self.what {
            What::Read { files, seconds } => read::measure(files, *seconds)?,
            What::Record { entries } => record::measure(*entries)?,
            What::Exchange(wanted) => exchange::measure(wanted)?,
            What::SendLong(sender) => {
                sender.send()?;
                return Ok(Exit::Sound);
            }
            What::Kills(wanted) => kills::measure(wanted)?,
            What::Link(link) => link::measure(link)?,
            What::Names { folder } => names::measure(folder.as_deref())?,
            What::Transit(wanted) => transit::measure(wanted)?,
            What::Rules { rules, declarations, peer, seconds } => {
                rules::run(*rules, *declarations, peer, *seconds)?
            }
            What::Screen { lists, queries, peer, seconds } => lists::run(lists, *queries, peer, *seconds)?,
            What::Triage { lines, folder, kills: Some(kills), seed, .. } => {
                night_kills::run(*lines, folder, &night_kills::Kills { kills: *kills, seed: *seed })?
            }
            What::Triage { lines, folder, peer, .. } => night::run(*lines, folder, peer)?,
            What::Model { files, label, peer } => {
                let files: [PathBuf; 3] =
                    files.clone().try_into().map_err(|_| anyhow::anyhow!("three files are needed"))?;
                learned::run(&files, label, peer)?
            }
            What::Recognition { operators, seconds } => recognition::measure(*operators, *seconds)?,
            What::Ring { seed, minutes } => ring::measure(*seed, *minutes)?,
            What::Tariff { folder } => tariff::measure(folder)?,
            What::Psi { asked, held, drawn, workers } => psi::measure(*asked, *held, *drawn, *workers)?,
            What::Start(wanted) => start::measure(wanted)?,
        };
        print(&measured, self.format);
        Ok(Exit::sound_if(measured.aims.iter().all(|(_, met)| *met)))
    }
}

fn print(measured: &Measured, format: Format) {
    let ratio = measured.peer.map(|(_, peer)| measured.ours / peer);
    match format {
        Format::Json => output::json(&json!({
            "name": measured.name, "ours": measured.ours, "unit": measured.unit,
            "peer": measured.peer.map(|(name, figure)| json!({ "name": name, "figure": figure })),
            "ratio": ratio, "seen": measured.seen,
            "aims": measured.aims.iter().map(|(aim, met)| json!({ "aim": aim, "met": met })).collect::<Vec<_>>(),
        })),
        Format::Text => {
            output::line(format_args!("{}: {:.0} {}", measured.name, measured.ours, measured.unit));
            if let (Some((name, figure)), Some(ratio)) = (measured.peer, ratio) {
                output::line(format_args!("  {name}: {figure:.0} {}, ratio {ratio:.2}", measured.unit));
            }
            output::line(format_args!("  {}", measured.seen));
            for (aim, met) in &measured.aims {
                output::line(format_args!("  {} {aim}", if *met { "met:   " } else { "missed:" }));
            }
        }
    }
}
