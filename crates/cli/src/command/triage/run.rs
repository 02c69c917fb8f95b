//! The two passes over a night.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use customs::parcel::{Category, Charge, Parcel};
use kernel::Digest;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use target::model::sheet::days_from_1970;
use target::select::Cause;
use target::triage::{Cluster, Decided, Desk, Receiver as Person, Scores, Splits};

use super::input::{BlockSize, each_block, parcels};
use super::output_folder::{LINES_PER_ENTRY, OutputFolder};
use super::rules::Night;
use crate::output::Progress;

/// Decides a night and says what it led to.
pub(crate) fn triage(input: &Path, night: &Night, size: BlockSize, out: &Path) -> anyhow::Result<Value> {
    let start = Instant::now();
    let mut folder = OutputFolder::open(out, &head(input, night, size)?)?;
    let done = usize::try_from(folder.entries())?;
    let desk = Desk::new(&night.rules);
    let (clusters, cluster_of) = splits(input, &desk, night, size)?;
    let mut totals = Totals { resumed_at: done * LINES_PER_ENTRY, ..Totals::default() };
    let mut progress = Progress::of("lines decided");
    let all = cluster_of.len() as u64;
    let mut first = 0_usize;
    each_block(input, size, |number, table, block| {
        let parcels = parcels(table, block);
        let clusters =
            &cluster_of[first.min(cluster_of.len())..(first + parcels.len()).min(cluster_of.len())];
        let decided = desk.decide(&parcels, clusters);
        for (parcel, decided) in parcels.iter().zip(&decided) {
            totals.count(parcel, decided, desk.valued(parcel));
        }
        // A block the record has already is only counted.
        if first / LINES_PER_ENTRY >= done {
            let lines: Vec<String> = (first + 1..)
                .zip(parcels.iter().zip(&decided))
                .map(|(line, (parcel, decided))| row(line, parcel, decided))
                .collect();
            folder.commit(number, &lines)?;
        }
        first += parcels.len();
        progress.at(first as u64, all);
        Ok(())
    })?;
    totals.write(&folder, &clusters)?;
    let summary = totals.summary(&clusters, start.elapsed().as_secs_f64());
    folder.put("summary.json", &serde_json::to_string_pretty(&summary)?)?;
    Ok(summary)
}

/// What the output folder is of: the input by length and beginning, the rules by digest, and the blocks, since profiles
/// that count how often somebody comes count within one.
fn head(input: &Path, night: &Night, size: BlockSize) -> anyhow::Result<String> {
    let file = File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
    let length = file.metadata()?.len();
    let mut beginning = Vec::new();
    file.take(1 << 20).read_to_end(&mut beginning)?;
    let head = json!({
        "input_bytes": length, "input_beginning": Digest::of(&beginning), "rules": night.digest, "block": size.0,
    });
    Ok(head.to_string())
}

/// The first pass: who received what under how many spellings.
fn splits(
    input: &Path,
    desk: &Desk<'_>,
    night: &Night,
    size: BlockSize,
) -> anyhow::Result<(Vec<Cluster>, Vec<u32>)> {
    let mut splits = Splits::default();
    let mut limit = 0;
    each_block(input, size, |_, table, block| {
        for parcel in parcels(table, block) {
            let weighed = desk.weighed(&parcel);
            limit = weighed.map_or(limit, |(_, threshold)| threshold);
            let person = Person {
                name: &parcel.receiver,
                address: &parcel.address,
                phone: &parcel.phone,
                payment: &parcel.payment,
            };
            let day = parcel.day.map_or(i32::MIN, days_from_1970);
            splits.take(
                person,
                day,
                weighed.map(|(value, _)| value),
                weighed.map_or(0, |(_, threshold)| threshold),
            );
        }
        Ok(())
    })?;
    Ok(splits.find(limit, night.window))
}

/// A decision as a line of CSV.
fn row(line: usize, parcel: &Parcel<'_>, decided: &Decided) -> String {
    let mut text = String::with_capacity(120);
    let group = decided.category.map_or(0, Category::number);
    let (duty, tax) = match &decided.charge {
        Ok(charge) => (charge.duty.normalize().to_string(), charge.tax.normalize().to_string()),
        Err(none) => (none.code().to_owned(), String::new()),
    };
    let id = parcel.id.replace(['"', ',', '\n', '\r'], " ");
    let _ = write!(
        text,
        "{line},{id},{group},{duty},{tax},{},{},",
        parcel.currency.replace(',', " "),
        decided.outcome.lane.code()
    );
    join(&mut text, decided.outcome.measures.iter().map(|measure| format!("{measure:?}").to_lowercase()));
    join(&mut text, decided.outcome.causes.iter().map(cause));
    join(&mut text, decided.faults.iter().map(|fault| fault.code().to_owned()));
    let _ = writeln!(text, "{},{}", decided.ask.map_or("", customs::parcel::Ask::code), decided.cluster);
    text
}

fn join(text: &mut String, parts: impl Iterator<Item = String>) {
    for (at, part) in parts.enumerate() {
        if at > 0 {
            text.push('|');
        }
        text.push_str(&part.replace([',', '|', '"', '\n'], " "));
    }
    text.push(',');
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Mandatory { basis } => format!("mandatory:{basis}"),
        Cause::Profile { profile, reason } => format!("profile:{profile}:{reason}"),
        Cause::List { list, entry } => format!("list:{list}:{entry}"),
        Cause::Foreign { code } => format!("foreign:{code}"),
        Cause::Score { permille } => format!("score:{permille}"),
        Cause::Control => "control".into(),
        Cause::Exploration => "exploration".into(),
    }
}

/// What a night came to.
#[derive(Default)]
struct Totals {
    resumed_at: usize,
    lines: u64,
    groups: BTreeMap<u8, u64>,
    lanes: BTreeMap<&'static str, u64>,
    causes: BTreeMap<String, u64>,
    faults: BTreeMap<&'static str, u64>,
    asks: BTreeMap<&'static str, u64>,
    senders: Scores,
    platforms: Scores,
    /// By declarant, day and currency, what was released on the list.
    lists: BTreeMap<(String, String, String), List>,
    not_charged: u64,
}

/// Parcels that are declared together afterwards.
#[derive(Default)]
struct List {
    parcels: u64,
    /// In thousandths.
    value: i128,
    duty: Decimal,
    tax: Decimal,
    /// Of its lines, each chained to those before: so that it is this list and no other.
    digest: Option<Digest>,
}

impl List {
    fn take(&mut self, parcel: &Parcel<'_>, value: i64, charge: &Charge) {
        self.parcels += 1;
        self.value += i128::from(value);
        self.duty += charge.duty;
        self.tax += charge.tax;
        let before = self.digest.map_or_else(String::new, |digest| digest.to_string());
        let line = format!("{before}\n{}\n{value}\n{}\n{}", parcel.id, charge.duty, charge.tax);
        self.digest = Some(Digest::of(line.as_bytes()));
    }

    fn as_json(&self, (declarant, day, currency): &(String, String, String)) -> Value {
        let value = Decimal::try_from_i128_with_scale(self.value, 3).unwrap_or(Decimal::MAX).normalize();
        json!({
            "declarant": declarant, "day": day, "currency": currency, "parcels": self.parcels, "value": value,
            "duty": self.duty, "tax": self.tax, "digest": self.digest,
        })
    }
}

impl Totals {
    fn count(&mut self, parcel: &Parcel<'_>, decided: &Decided, valued: Option<(i64, &str)>) {
        self.lines += 1;
        *self.groups.entry(decided.category.map_or(0, Category::number)).or_default() += 1;
        *self.lanes.entry(decided.outcome.lane.code()).or_default() += 1;
        for of in &decided.outcome.causes {
            *self.causes.entry(cause(of)).or_default() += 1;
        }
        for fault in &decided.faults {
            *self.faults.entry(fault.code()).or_default() += 1;
        }
        if let Some(ask) = decided.ask {
            *self.asks.entry(ask.code()).or_default() += 1;
        }
        self.senders.count(&parcel.sender, &decided.faults);
        self.platforms.count(&parcel.platform, &decided.faults);
        let Ok(charge) = &decided.charge else {
            self.not_charged += 1;
            return;
        };
        // What is charged has a value, and a day.
        if let Some((value, currency)) = valued.filter(|_| charge.category != Category::High) {
            let declarant = if parcel.platform.is_empty() { &parcel.carrier } else { &parcel.platform };
            let day = parcel.day.map_or_else(String::new, |day| day.to_string());
            let key = (declarant.to_string(), day, currency.to_owned());
            self.lists.entry(key).or_default().take(parcel, value, charge);
        }
    }

    fn write(&self, folder: &OutputFolder, clusters: &[Cluster]) -> anyhow::Result<()> {
        let mut text = String::from("cluster,parcels,value_thousandths,first_day,last_day,lines\n");
        for (number, cluster) in (1..).zip(clusters) {
            let lines: Vec<String> = cluster.parcels.iter().map(|line| (line + 1).to_string()).collect();
            writeln!(
                text,
                "{number},{},{},{},{},{}",
                lines.len(),
                cluster.value,
                cluster.days.0,
                cluster.days.1,
                lines.join("|")
            )?;
        }
        folder.put("clusters.csv", &text)?;
        for (name, scores) in [("senders.csv", &self.senders), ("platforms.csv", &self.platforms)] {
            let mut text = String::from("name,lines,faulty,good_permille\n");
            for (who, score) in scores.worst(1) {
                writeln!(
                    text,
                    "\"{}\",{},{},{}",
                    who.replace('"', "'"),
                    score.lines,
                    score.faulty,
                    score.permille()
                )?;
            }
            folder.put(name, &text)?;
        }
        let lists: Vec<Value> = self.lists.iter().map(|(key, list)| list.as_json(key)).collect();
        folder.put("consolidated.json", &serde_json::to_string_pretty(&lists)?)
    }

    fn summary(&self, clusters: &[Cluster], seconds: f64) -> Value {
        json!({
            "lines": self.lines, "resumed_at": self.resumed_at, "seconds": seconds,
            "lines_per_second": self.lines as f64 / seconds.max(1e-9),
            "groups": self.groups, "lanes": self.lanes, "causes": self.causes, "faults": self.faults,
            "asks": self.asks, "clusters": clusters.len(),
            "split_parcels": clusters.iter().map(|cluster| cluster.parcels.len()).sum::<usize>(),
            "not_charged": self.not_charged,
        })
    }
}
