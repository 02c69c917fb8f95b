//! The two passes over a night.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

use anyhow::{Context as _, bail};
use customs::parcel::{Category, Parcel};
use formats::postal::{Table, parcel, read_json_line};
use kernel::Digest;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use target::model::sheet::days_from_1970;
use target::select::Cause;
use target::triage::{Cluster, Decided, Desk, Receiver as Person, Scores, Splits};

use super::output_folder::{LINES_PER_ENTRY, OutputFolder};
use super::rules::Night;
use crate::output::Progress;

/// Lines of a block; a whole number of the record's entries.
const BLOCK: usize = 50_000;
const _: () = assert!(BLOCK.is_multiple_of(LINES_PER_ENTRY), "a block is whole entries");

/// A block of lines as they stood.
pub(super) enum Block {
    Records(Vec<csv::ByteRecord>),
    Lines(Vec<Vec<u8>>),
}

/// Decides a night and says what it led to.
pub(crate) fn triage(input: &Path, night: &Night, out: &Path) -> anyhow::Result<Value> {
    let start = Instant::now();
    let mut folder = OutputFolder::open(out, &head(input, night)?)?;
    let done = usize::try_from(folder.entries())?;
    let desk = Desk::new(&night.rules);
    let (clusters, cluster_of) = splits(input, &desk, night)?;
    let mut totals = Totals { resumed_at: done * LINES_PER_ENTRY, ..Totals::default() };
    let mut progress = Progress::of("lines decided");
    let all = cluster_of.len() as u64;
    let mut first = 0_usize;
    each_block(input, |number, table, block| {
        let parcels = parcels(table, block);
        let clusters =
            &cluster_of[first.min(cluster_of.len())..(first + parcels.len()).min(cluster_of.len())];
        let decided = desk.decide(&parcels, clusters);
        for (parcel, decided) in parcels.iter().zip(&decided) {
            totals.count(parcel, decided);
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

/// What the output folder is of: the input by length and beginning, the rules by digest.
fn head(input: &Path, night: &Night) -> anyhow::Result<String> {
    let file = File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
    let length = file.metadata()?.len();
    let mut beginning = Vec::new();
    file.take(1 << 20).read_to_end(&mut beginning)?;
    let head =
        json!({ "input_bytes": length, "input_beginning": Digest::of(&beginning), "rules": night.digest });
    Ok(head.to_string())
}

/// The first pass: who received what under how many spellings.
fn splits(input: &Path, desk: &Desk<'_>, night: &Night) -> anyhow::Result<(Vec<Cluster>, Vec<u32>)> {
    let mut splits = Splits::default();
    let mut limit = 0;
    each_block(input, |_, table, block| {
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

pub(super) fn parcels<'a>(table: Option<&Table>, block: &'a Block) -> Vec<Parcel<'a>> {
    match (block, table) {
        (Block::Records(records), Some(table)) => {
            records.iter().map(|record| parcel(table, record)).collect()
        }
        (Block::Records(_), None) => Vec::new(),
        (Block::Lines(lines), _) => {
            lines.iter().map(|line| read_json_line(line).unwrap_or_default()).collect()
        }
    }
}

/// Reads the input block by block, one block ahead on another thread.
pub(super) fn each_block(
    input: &Path,
    mut take: impl FnMut(usize, Option<&Table>, &Block) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let file = File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
    let is_json = input.extension().is_some_and(|extension| extension == "jsonl" || extension == "json");
    let mut reader = BufReader::with_capacity(1 << 20, file);
    if is_json {
        return std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(1);
            scope.spawn(move || {
                let mut lines = reader.split(b'\n').map_while(Result::ok);
                loop {
                    let block: Vec<Vec<u8>> =
                        lines.by_ref().filter(|line| !line.trim_ascii().is_empty()).take(BLOCK).collect();
                    if block.is_empty() || sender.send(Ok(Block::Lines(block))).is_err() {
                        return;
                    }
                }
            });
            drain(&receiver, None, &mut take)
        });
    }
    let mut header = Vec::new();
    reader.read_until(b'\n', &mut header)?;
    let mut first = csv::ReaderBuilder::new().has_headers(false).from_reader(header.as_slice());
    let mut record = csv::ByteRecord::new();
    first.read_byte_record(&mut record)?;
    let table = Table::new(record.iter());
    if !table.is_usable() {
        bail!("{} has no columns `id` and `value`", input.display());
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(1);
        scope.spawn(move || {
            let mut rest = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
            loop {
                let mut block = Vec::with_capacity(BLOCK);
                let mut record = csv::ByteRecord::new();
                while block.len() < BLOCK {
                    match rest.read_byte_record(&mut record) {
                        Ok(true) => block.push(std::mem::take(&mut record)),
                        Ok(false) => break,
                        Err(error) => return drop(sender.send(Err(error))),
                    }
                }
                if block.is_empty() || sender.send(Ok(Block::Records(block))).is_err() {
                    return;
                }
            }
        });
        drain(&receiver, Some(&table), &mut take)
    })
}

fn drain(
    receiver: &Receiver<Result<Block, csv::Error>>,
    table: Option<&Table>,
    take: &mut impl FnMut(usize, Option<&Table>, &Block) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for (number, block) in receiver.iter().enumerate() {
        take(number, table, &block.context("the input is no table")?)?;
    }
    Ok(())
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
    /// By declarant and day: parcels, duty, tax, of lines released on the list.
    lists: BTreeMap<(String, String), (u64, Decimal, Decimal)>,
    not_charged: u64,
}

impl Totals {
    fn count(&mut self, parcel: &Parcel<'_>, decided: &Decided) {
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
        if charge.category != Category::High {
            let declarant = if parcel.platform.is_empty() { &parcel.carrier } else { &parcel.platform };
            let day = parcel.day.map_or_else(String::new, |day| day.to_string());
            let list = self.lists.entry((declarant.to_string(), day)).or_default();
            *list = (list.0 + 1, list.1 + charge.duty, list.2 + charge.tax);
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
        let lists: Vec<Value> = self
            .lists
            .iter()
            .map(|((declarant, day), (parcels, duty, tax))| json!({ "declarant": declarant, "day": day, "parcels": parcels, "duty": duty, "tax": tax }))
            .collect();
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
