//! `sampan mirror`: sums of both sides beside each other, by subheading, partner and month.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use customs::terms::Country;
use link::csv::{Goods, Lodged, MirrorRows};
use link::lane::{Census, Recall, Share};
use link::mirror::{Cell, Lens, Mirror as Sums, Stated};
use link::{Detail, Index, LineRef, Threads, Tolerance};

use crate::exit::Exit;
use crate::linking::{Files, settings};
use crate::output;

/// Sums what partners say they sent beside what was declared here, by six digits, partner and month, with what explains
/// the gaps: coverage, timing, classification, attribution, freight. Formats: docs/formats/link-csv.md.
///
/// Example: sampan mirror --exports exports.csv --imports imports.csv --out gaps.csv
#[derive(clap::Args)]
pub(crate) struct Mirror {
    /// Export declarations.
    #[arg(long)]
    exports: PathBuf,
    /// Import declarations.
    #[arg(long)]
    imports: PathBuf,
    /// Where the gaps go.
    #[arg(long)]
    out: PathBuf,
    /// Writes the lines behind each gap beside it, as `<out>.lines.jsonl`.
    #[arg(long)]
    lines: bool,
    /// Takes everything as shared instead of estimating each partner's coverage.
    #[arg(long)]
    all_shared: bool,
}

impl Mirror {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let files = Files::read(&self.exports, &self.imports)?;
        let sound = files.sound;
        let linked = linked(&files)?;
        let mut sums = Sums::new();
        for lodged in files.exports.iter().chain(&files.imports) {
            stated(lodged, &linked).iter().for_each(|line| sums.add(line));
        }
        let coverage = if self.all_shared { BTreeMap::new() } else { coverage(&files, &linked) };
        for (partner, share) in &coverage {
            output::say(format_args!(
                "{partner}: coverage {} ({} to {}) of 1000",
                share.permille, share.low, share.high
            ));
        }
        self.write(&sums, &Lens { coverage, ..Lens::default() })?;
        Ok(Exit::sound_if(sound))
    }

    fn write(&self, sums: &Sums, lens: &Lens) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", self.out.display());
        let mut out = BufWriter::new(File::create(&self.out).with_context(context)?);
        let mut beside = self.out.clone().into_os_string();
        beside.push(".lines.jsonl");
        let mut lines = self.lines.then(|| File::create(&beside).map(BufWriter::new)).transpose()?;
        out.write_all(MirrorRows::head().as_bytes()).with_context(context)?;
        for gap in sums.gaps(lens) {
            let mut row = String::new();
            MirrorRows::row(&gap, &mut row);
            out.write_all(row.as_bytes()).with_context(context)?;
            if let Some(lines) = &mut lines {
                let (theirs, ours) = sums.lines(&gap.cell);
                serde_json::to_writer(
                    &mut *lines,
                    &serde_json::json!({ "cell": gap.cell, "theirs": theirs, "ours": ours }),
                )?;
                lines.write_all(b"\n")?;
            }
        }
        lines.map_or(Ok(()), |mut lines| lines.flush())?;
        out.flush().with_context(context)
    }
}

/// For each linked line the cell of the line it is linked to.
fn linked(files: &Files) -> anyhow::Result<BTreeMap<LineRef, Cell>> {
    let today = files.last_day().context("no date in either file")?;
    let threads = Threads::all();
    let mut settings = settings(Tolerance::default());
    let mut index = Index::new(settings.clone());
    index.load_with(
        files.exports.iter().chain(&files.imports).map(|lodged| lodged.doc.clone()).collect(),
        &threads,
    );
    settings.model = index.learnt(&[], &threads);
    index.work_by(settings);
    let cells = cells(files);
    let mut linked = BTreeMap::new();
    index.each_match(today, Detail::Links, &threads, |found| {
        let first = |lines: &[LineRef]| lines.iter().find_map(|line| cells.get(line).cloned());
        let (theirs, ours) = (first(&found.exports), first(&found.imports));
        linked.extend(found.exports.iter().filter_map(|line| Some((line.clone(), ours.clone()?))));
        linked.extend(found.imports.iter().filter_map(|line| Some((line.clone(), theirs.clone()?))));
    });
    Ok(linked)
}

fn cells(files: &Files) -> BTreeMap<LineRef, Cell> {
    let none = BTreeMap::new();
    let all = files.exports.iter().chain(&files.imports).flat_map(|lodged| stated(lodged, &none));
    all.map(|line| (line.at.clone(), Cell::of(&line.partner, &line.hs, line.day))).collect()
}

/// The lines of a document that have all a cell is made of.
fn stated(lodged: &Lodged, linked: &BTreeMap<LineRef, Cell>) -> Vec<Stated> {
    let Lodged { doc, goods } = lodged;
    let (Some(partner), Some(day)) = (doc.from.as_ref(), doc.day) else { return Vec::new() };
    let line = |(line, goods): (&link::DocLine, &Goods)| {
        let at = doc.line_ref(line.item);
        Some(Stated {
            linked: linked.get(&at).cloned(),
            at,
            partner: partner.clone(),
            hs: line.hs.clone()?,
            day,
            quantity: line.quantity.clone(),
            value: goods.value.clone(),
        })
    };
    doc.lines.iter().zip(goods).filter_map(line).collect()
}

/// The coverage of each partner, by how many of the imports that name it are linked.
fn coverage(files: &Files, linked: &BTreeMap<LineRef, Cell>) -> BTreeMap<Country, Share> {
    let mut lanes: BTreeMap<Country, (Census, BTreeMap<String, u64>)> = BTreeMap::new();
    for doc in files.imports.iter().map(|lodged| &lodged.doc) {
        let Some(from) = &doc.from else { continue };
        let (census, exporters) = lanes.entry(from.clone()).or_default();
        let next = exporters.len() as u64;
        let exporter = *exporters.entry(link::resolve::words(&doc.sender.name).join(" ")).or_insert(next);
        for line in &doc.lines {
            let is = linked.contains_key(&doc.line_ref(line.item));
            census.import(exporter, if is { 1_000 } else { 0 });
        }
    }
    let share = |census: &Census| census.coverage(Recall::default()).map(|coverage| coverage.share);
    lanes.into_iter().filter_map(|(country, (census, _))| Some((country, share(&census)?))).collect()
}
