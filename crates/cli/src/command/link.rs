//! `sampan link`: which export line is which import line, from two files.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::civil::Date;
use link::csv::Links;
use link::{Detail, Index, Inflow, Match, Model, Threads};

use crate::exit::Exit;
use crate::linking::{Flowed, lane, settings};
use crate::output::{self, Progress};

/// Links export lines with import lines, with a class and a probability for each. Weights are learnt from the files
/// themselves. Formats: docs/formats/link-csv.md.
///
/// Example: sampan link --exports exports.csv --imports imports.csv --out links.csv --explain
#[derive(clap::Args)]
pub(crate) struct Link {
    /// Export declarations, by the fifteen parameters of an ACDD.
    #[arg(long)]
    exports: PathBuf,
    /// Import declarations.
    #[arg(long)]
    imports: PathBuf,
    /// Where the links go.
    #[arg(long)]
    out: PathBuf,
    /// Writes the reasons and differences of each link beside it, as `<out>.explain.jsonl`.
    #[arg(long)]
    explain: bool,
    /// Writes the lines nothing was found for, awaited and overdue, to this file.
    #[arg(long)]
    open: Option<PathBuf>,
    /// Weights learnt before: read where the file is there, written after learning.
    #[arg(long)]
    memory: Option<PathBuf>,
    /// Takes the weights as they are, without learning from the files.
    #[arg(long)]
    as_is: bool,
    /// What the lane's terms allow: how much may differ, how many days goods take by mode. The usual where none is given.
    #[arg(long)]
    lane: Option<PathBuf>,
    /// The day it is seen from; the last day in the files where none is given.
    #[arg(long)]
    today: Option<Date>,
    /// Threads; as many as there are processors where none is given.
    #[arg(long)]
    threads: Option<usize>,
}

impl Link {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let threads = self.threads.map_or_else(Threads::all, |threads| Threads(threads.max(1)));
        let files = Flowed::read(&self.exports, &self.imports)?;
        let today = self
            .today
            .or_else(|| files.inflow.last_day())
            .context("no date in either file: give one with --today")?;
        let sound = files.sound;
        let mut index = self.index(files.inflow, threads)?;
        let mut out = Outputs::create(&self)?;
        let mut progress = Progress::of("lines linked");
        let (all, mut done) = (index.lines() as u64, 0);
        let detail = if self.explain { Detail::Reasons } else { Detail::Links };
        let mut failure = None;
        index.each_match(today, detail, &threads, |found| {
            done += (found.exports.len() + found.imports.len()) as u64;
            progress.at(done.min(all), all);
            if failure.is_none() {
                failure = out.put(&found).err();
            }
        });
        progress.at(all, all);
        failure.map_or(Ok(()), Err)?;
        out.end()?;
        // The program ends; what millions of lines take is given back whole and not piece by piece.
        std::mem::forget(index);
        Ok(Exit::sound_if(sound))
    }

    /// Everything at hand, and what it is weighed by.
    fn index(&self, inflow: Inflow, threads: Threads) -> anyhow::Result<Index> {
        let mut settings = settings(lane(self.lane.as_deref())?);
        if let Some(model) = self.remembered()? {
            settings.model = model;
        }
        let mut index = Index::new(settings.clone());
        output::say(format_args!("taking in {} declarations", inflow.len()));
        index.load_inflow(inflow, &threads);
        if !self.as_is {
            output::say("learning weights");
            settings.model = index.learnt(&[], &threads);
            if let Some(path) = &self.memory {
                std::fs::write(path, serde_json::to_vec_pretty(&settings.model)?)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            index.work_by(settings);
        }
        Ok(index)
    }

    fn remembered(&self) -> anyhow::Result<Option<Model>> {
        let Some(path) = self.memory.as_ref().filter(|path| path.exists()) else { return Ok(None) };
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let model =
            serde_json::from_slice(&text).with_context(|| format!("{} holds no weights", path.display()))?;
        Ok(Some(model))
    }
}

/// The files that are written.
struct Outputs {
    links: BufWriter<File>,
    open: Option<BufWriter<File>>,
    explained: Option<BufWriter<File>>,
    row: String,
}

impl Outputs {
    fn create(link: &Link) -> anyhow::Result<Self> {
        let file = |path: &PathBuf| -> anyhow::Result<BufWriter<File>> {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Ok(BufWriter::with_capacity(1 << 20, file))
        };
        let mut explained = link.out.clone().into_os_string();
        explained.push(".explain.jsonl");
        let explained = link.explain.then(|| file(&explained.into())).transpose()?;
        let mut outputs = Self {
            links: file(&link.out)?,
            open: link.open.as_ref().map(file).transpose()?,
            explained,
            row: String::new(),
        };
        outputs.links.write_all(Links::head().as_bytes())?;
        outputs.open.as_mut().map_or(Ok(()), |open| open.write_all(Links::head().as_bytes()))?;
        Ok(outputs)
    }

    fn put(&mut self, found: &Match) -> anyhow::Result<()> {
        self.row.clear();
        Links::rows(found, &mut self.row);
        self.links.write_all(self.row.as_bytes())?;
        if let Some(explained) = self.explained.as_mut().filter(|_| !self.row.is_empty()) {
            serde_json::to_writer(&mut *explained, found)?;
            explained.write_all(b"\n")?;
        }
        if let Some(open) = &mut self.open {
            self.row.clear();
            Links::open_rows(found, &mut self.row);
            open.write_all(self.row.as_bytes())?;
        }
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<()> {
        self.links.flush()?;
        self.open.as_mut().map_or(Ok(()), BufWriter::flush)?;
        self.explained.as_mut().map_or(Ok(()), BufWriter::flush)?;
        Ok(())
    }
}
