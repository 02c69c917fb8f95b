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
use target::batch::{ABSENT, Builder, Entry, Lines, SCALE, thousandths};
use target::model::{Model, Sheet};
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
    /// The model whose score profiles may ask for, as `sampan model train` wrote it; without one no line has a score.
    #[arg(long)]
    model: Option<PathBuf>,
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
        if let Some(path) = &self.model {
            score(&mut lines, path)?;
        }
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

/// Puts a model's score beside every line.
fn score(lines: &mut Lines, model: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(model).with_context(|| format!("cannot read {}", model.display()))?;
    let model = Model::read(&bytes).with_context(|| model.display().to_string())?;
    let permille = |score: f32| (score.clamp(0.0, 1.0) * 1_000.0).round() as i64 * SCALE;
    let scores = model.score(&Sheet::of(lines)).into_iter().map(permille).collect();
    lines.put(Gauge::Score, scores);
    Ok(())
}

/// A line's price a kilogram, with its code and origin.
type Price = (usize, (String, String), Decimal);

/// Prices of the past by code and origin, so that each stands beside those of earlier days alone.
#[derive(Default)]
struct Peers {
    by_day: BTreeMap<Date, Vec<Price>>,
}

impl Peers {
    fn take(&mut self, row: usize, day: Date, entry: &Priced<'_>) {
        let price = entry.value.zip(entry.net_mass).and_then(|(value, mass)| value.checked_div(mass));
        if let Some(price) = price {
            let of = (entry.code.to_owned(), entry.origin.to_owned());
            self.by_day.entry(day).or_default().push((row, of, price));
        }
    }

    /// Each line's price in thousandths of its peers' median; lines without price or peers have none.
    fn against(self, lines: usize) -> Vec<i64> {
        let mut against = vec![ABSENT; lines];
        let mut known: BTreeMap<(String, String), Vec<Decimal>> = BTreeMap::new();
        for day in self.by_day.into_values() {
            for (row, of, price) in &day {
                let median = known.get(of).and_then(|prices| prices.get(prices.len() / 2));
                let beside =
                    median.and_then(|median| price.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(*median));
                if let Some(permille) = beside {
                    against[*row] = thousandths(permille.round());
                }
            }
            for (_, of, price) in day {
                let prices = known.entry(of).or_default();
                prices.insert(prices.partition_point(|other| *other < price), price);
            }
        }
        against
    }
}

/// What a line's price is worked out of.
#[derive(Default)]
struct Priced<'a> {
    code: &'a str,
    origin: &'a str,
    value: Option<Decimal>,
    net_mass: Option<Decimal>,
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
    let (mut peers, mut row) = (Peers::default(), 0_usize);
    for record in reader.records() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default();
        let Ok(day) = field(day).trim().parse::<Date>() else { continue };
        let (mut entry, mut priced) = (Entry::default(), Priced::default());
        for (column, at) in &columns {
            entry = entry.text(*column, field(*at));
            match column {
                Column::Code => priced.code = field(*at),
                Column::Origin => priced.origin = field(*at),
                _ => {}
            }
        }
        for (gauge, at) in &gauges {
            if let Ok(number) = field(*at).trim().parse::<Decimal>() {
                entry = entry.gauge(gauge.clone(), number);
                match gauge {
                    Gauge::Value => priced.value = Some(number),
                    Gauge::NetMass => priced.net_mass = Some(number),
                    _ => {}
                }
            }
        }
        builder.push(day, &entry);
        peers.take(row, day, &priced);
        match label.map(|at| field(at).trim()) {
            Some("0") => drop(verdicts.right.insert(row as u32)),
            Some("") | None => {}
            Some(_) => drop(verdicts.wrong.insert(row as u32)),
        }
        row += 1;
    }
    let mut lines = builder.finish();
    lines.put(Gauge::AgainstPeers, peers.against(row));
    Ok((lines, verdicts))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day of peers at 10 a kilogram, and then one line at 2.
    const PAST: &str = "date,hs,origin,value,net mass,office,wrong\n\
        2026-01-01,640399,CN,100,10,A,0\n\
        no day,640399,CN,1,1,A,1\n\
        2026-01-01,640399,CN,110,11,A,0\n\
        2026-01-02,640399,CN,20,10,A,1\n\
        2026-01-02,640399,TH,20,10,A,\n";

    #[test]
    fn a_price_stands_beside_those_of_earlier_days_alone() {
        let (lines, verdicts) = past(PAST.as_bytes(), Some("wrong")).expect("a table");
        let against = lines.gauge(&Gauge::AgainstPeers).expect("worked out");
        assert_eq!(against, [ABSENT, ABSENT, 200 * SCALE, ABSENT]);
        assert_eq!(
            verdicts.wrong.into_iter().collect::<Vec<_>>(),
            [2],
            "a line without a day moves no other"
        );
    }

    #[test]
    fn a_profile_over_peers_finds_in_a_file_what_it_would_find_at_the_border() {
        let (lines, verdicts) = past(PAST.as_bytes(), Some("wrong")).expect("a table");
        let profile: Risk = serde_json::from_value(json!({
            "id": "cheap", "title": "Cheap shoes", "owner": "risk", "from": "2026-01-01", "until": "2026-12-31",
            "tests": [{ "test": "within", "gauge": "against-peers", "most": "500" }], "lane": "red", "measures": ["open"],
            "reason": "undervalued",
        }))
        .expect("a profile");
        let all = Selection::of([profile.clone()], ListBook::default());
        let capacity = Capacity { offices: BTreeMap::new(), other: 40, share_max: 30 };
        let trial = try_profile(&profile, &History::new(lines), &all, &verdicts, &capacity);
        assert_eq!((trial.hits, trial.rate.wrong), (1, 1));
    }
}
