//! `sampan profile`: profiles tried on the past, and held against one another.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use customs::terms::{Column, Gauge, ListBook, Profile as Risk};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;
use target::batch::{Builder, Entry, Lines};
use target::select::{Capacity, History, Selection, Verdicts, review, try_profile};

use crate::exit::Exit;
use crate::output;

/// Risk profiles: try one on the past, or hold all against one another.
///
/// Example: sampan profile try profiles.json --past 2021q1.csv --label Fraud
#[derive(clap::Args)]
pub(crate) struct Profile {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// What profiles would have chosen: hits, workload of each office, overlap, what they would have found.
    Try(Try),
    /// Which profiles add nothing, which want different things of the same goods, which no line can meet.
    Review {
        /// Profiles as a JSON list.
        profiles: PathBuf,
    },
}

#[derive(clap::Args)]
struct Try {
    /// Profiles as a JSON list; each is tried, the others stand for those in force.
    profiles: PathBuf,
    /// Past declarations as CSV with a header.
    #[arg(long)]
    past: PathBuf,
    /// The column of verdicts, where there is one.
    #[arg(long)]
    label: Option<String>,
    /// How many lines offices can look at: JSON with `offices`, `other`, `share_max`.
    #[arg(long)]
    capacity: Option<PathBuf>,
    /// Only the profile of this name.
    #[arg(long)]
    only: Option<String>,
}

impl Profile {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Try(what) => what.run(),
            What::Review { profiles } => {
                let found = review(&read_profiles(&profiles)?);
                output::json(&found);
                let sound =
                    found.shadowed.is_empty() && found.struggles.is_empty() && found.impossible.is_empty();
                Ok(Exit::sound_if(sound))
            }
        }
    }
}

/// Profiles of a file.
pub(crate) fn read_profiles(path: &Path) -> anyhow::Result<Vec<Risk>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}

impl Try {
    fn run(self) -> anyhow::Result<Exit> {
        let profiles = read_profiles(&self.profiles)?;
        let bytes = fs::read(&self.past).with_context(|| format!("cannot read {}", self.past.display()))?;
        let (mut lines, verdicts) = past(&bytes, self.label.as_deref())?;
        let all = Selection::of(profiles.clone(), ListBook::default());
        lines.count(all.gauges());
        let history = History::new(lines);
        let capacity = match &self.capacity {
            Some(path) => {
                serde_json::from_slice(&fs::read(path)?).with_context(|| path.display().to_string())?
            }
            None => Capacity { offices: BTreeMap::new(), other: 40, share_max: 30 },
        };
        let mut swamps = false;
        for profile in
            profiles.iter().filter(|profile| self.only.as_ref().is_none_or(|only| *only == profile.id))
        {
            let trial = try_profile(profile, &history, &all, &verdicts, &capacity);
            swamps |= !trial.swamped.is_empty();
            output::json(&json!({ "profile": profile.id, "trial": trial }));
        }
        Ok(Exit::sound_if(!swamps))
    }
}

const COLUMNS: [(Column, &[&str]); 16] = [
    (Column::Code, &["hs6code", "code", "hscode", "hs"]),
    (Column::Origin, &["countryoforigin", "origin"]),
    (Column::Departure, &["countryofdeparture", "departure"]),
    (Column::Destination, &["destination"]),
    (Column::Office, &["officeid", "office"]),
    (Column::Procedure, &["processtype", "procedure"]),
    (Column::Kind, &["importtype", "kind"]),
    (Column::Purpose, &["importuse", "purpose"]),
    (Column::Payment, &["paymenttype", "payment"]),
    (Column::Transport, &["modeoftransport", "transport"]),
    (Column::Regime, &["taxtype", "regime"]),
    (Column::OriginMark, &["countryoforiginindicator", "originmark"]),
    (Column::Declarant, &["declarantid", "declarant"]),
    (Column::Importer, &["importerid", "importer"]),
    (Column::Seller, &["sellerid", "seller"]),
    (Column::Carrier, &["courierid", "carrier"]),
];
const GAUGES: [(Gauge, &[&str]); 5] = [
    (Gauge::Value, &["itemprice", "value"]),
    (Gauge::NetMass, &["netmass"]),
    (Gauge::GrossMass, &["grossmass"]),
    (Gauge::Quantity, &["quantity"]),
    (Gauge::Rate, &["taxrate", "rate"]),
];

/// Past declarations as a batch, with what came of them.
fn past(bytes: &[u8], label: Option<&str>) -> anyhow::Result<(Lines, Verdicts)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let plain: Vec<String> = header
        .iter()
        .map(|name| {
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
        })
        .collect();
    let find = |names: &[&str]| names.iter().find_map(|name| plain.iter().position(|known| known == name));
    let columns: Vec<(Column, usize)> =
        COLUMNS.iter().filter_map(|(column, names)| Some((*column, find(names)?))).collect();
    let gauges: Vec<(Gauge, usize)> =
        GAUGES.iter().filter_map(|(gauge, names)| Some((gauge.clone(), find(names)?))).collect();
    let day = find(&["date", "day"]).context("the past has no column of days")?;
    let label = label
        .map(|label| header.iter().position(|name| name == label).context("no such label"))
        .transpose()?;
    let (mut builder, mut verdicts) = (Builder::default(), Verdicts::default());
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default();
        let Ok(day) = field(day).trim().parse::<Date>() else { continue };
        let mut entry = Entry::default();
        for (column, at) in &columns {
            entry = entry.text(*column, field(*at));
        }
        for (gauge, at) in &gauges {
            if let Ok(number) = field(*at).trim().parse::<Decimal>() {
                entry = entry.gauge(gauge.clone(), number);
            }
        }
        builder.push(day, &entry);
        match label.map(|at| field(at).trim()) {
            Some("0") => drop(verdicts.right.insert(row as u32)),
            Some("") | None => {}
            Some(_) => drop(verdicts.wrong.insert(row as u32)),
        }
    }
    Ok((builder.finish(), verdicts))
}
