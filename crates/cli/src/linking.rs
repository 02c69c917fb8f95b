//! Files of declarations on this machine: read a piece at a time, worked on by all its processors.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::civil::Date;
use kernel::{Findings, Severity};
use link::csv::{Gathering, Lodged, Reader, gather};
use link::{Correlation, Inflow, Settings, Side, Tolerance};

use crate::output::{self, Progress};

/// Both files, each declaration once.
pub(crate) struct Files {
    pub(crate) exports: Vec<Lodged>,
    pub(crate) imports: Vec<Lodged>,
    /// Whether nothing was found that is more than a note.
    pub(crate) sound: bool,
}

impl Files {
    /// Reads both at once.
    pub(crate) fn read(exports: &Path, imports: &Path) -> anyhow::Result<Self> {
        let ((exports, first), (imports, second)) =
            both(|| read(Side::Export, exports), || read(Side::Import, imports))?;
        Ok(Self { exports, imports, sound: told("exports", &first) & told("imports", &second) })
    }

    /// The last day anything happened: what is overdue is seen from there unless another day is given.
    pub(crate) fn last_day(&self) -> Option<Date> {
        self.exports.iter().chain(&self.imports).filter_map(|lodged| lodged.doc.day).max()
    }
}

/// What a file is linked by before anything is learnt: the lane's tolerance and the published correlations.
pub(crate) fn settings(lane: Tolerance) -> Settings {
    let mut settings = Settings::default();
    settings.tolerances.otherwise = lane;
    settings.tolerances.editions = Correlation::published();
    settings
}

/// The tolerance a file of a lane's terms gives; the usual one where there is no file.
pub(crate) fn lane(file: Option<&Path>) -> anyhow::Result<Tolerance> {
    let Some(path) = file else { return Ok(Tolerance::default()) };
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} holds no terms of a lane", path.display()))
}

/// What both files say as far as linking rests on it, each declaration once, on its way to an index.
pub(crate) struct Flowed {
    pub(crate) inflow: Inflow,
    /// Whether nothing was found that is more than a note.
    pub(crate) sound: bool,
}

impl Flowed {
    /// Reads both at once.
    pub(crate) fn read(exports: &Path, imports: &Path) -> anyhow::Result<Self> {
        let ((mut inflow, first), (imports, second)) =
            both(|| flow(Side::Export, exports), || flow(Side::Import, imports))?;
        inflow.join(imports);
        Ok(Self { inflow, sound: told("exports", &first) & told("imports", &second) })
    }
}

fn flow(side: Side, path: &Path) -> anyhow::Result<(Inflow, Vec<Findings>)> {
    let mut gathering = Gathering::default();
    let read = each(side, path, |next| gathering.take(next))?;
    let (inflow, gathered) = gathering.end();
    Ok((inflow, vec![read, gathered]))
}

fn read(side: Side, path: &Path) -> anyhow::Result<(Vec<Lodged>, Vec<Findings>)> {
    let mut lodged = Vec::new();
    let read = each(side, path, |next| lodged.push(next))?;
    let (lodged, gathered) = gather(lodged);
    Ok((lodged, vec![read, gathered]))
}

/// Two pieces of work at once, that of the exports beside this thread.
fn both<T: Send>(
    exports: impl FnOnce() -> anyhow::Result<T> + Send,
    imports: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<(T, T)> {
    let (theirs, ours) = std::thread::scope(|scope| {
        let theirs = scope.spawn(exports);
        let ours = imports();
        (theirs.join().map_err(|_| anyhow::anyhow!("reading the exports failed")), ours)
    });
    Ok((theirs??, ours?))
}

/// Gives every document of a file, and what could not be read.
fn each(side: Side, path: &Path, mut give: impl FnMut(Lodged)) -> anyhow::Result<Findings> {
    let context = || format!("cannot read {}", path.display());
    let mut file = File::open(path).with_context(context)?;
    let size = file.metadata().with_context(context)?.len();
    let mut progress = Progress::of(if side == Side::Export { "exports read" } else { "imports read" });
    let (mut reader, mut piece, mut done) = (Reader::new(side), vec![0; PIECE], 0);
    loop {
        let taken = file.read(&mut piece).with_context(context)?;
        if taken == 0 {
            break;
        }
        done += taken as u64;
        reader.take(&piece[..taken], &mut give);
        progress.at(done.min(size), size);
    }
    Ok(reader.end(give))
}

/// Bytes read at a time.
const PIECE: usize = 1 << 18;

/// Says what was found in a file, the first of them; whether nothing of weight was.
fn told(file: &str, findings: &[Findings]) -> bool {
    let all: Vec<_> = findings.iter().flat_map(Findings::iter).collect();
    all.iter().take(SHOWN).for_each(|finding| output::say(format_args!("{file}: {finding}")));
    let more =
        all.len().saturating_sub(SHOWN) as u64 + findings.iter().map(|found| found.dropped).sum::<u64>();
    if more > 0 {
        output::say(format_args!("{file}: {more} more findings"));
    }
    all.iter().all(|finding| finding.severity == Severity::Note)
}

/// Findings shown of each file.
const SHOWN: usize = 20;
