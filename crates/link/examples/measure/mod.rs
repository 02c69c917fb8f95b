//! What the examples that measure share: the clock, the threads, and files read a piece at a time.

#![expect(clippy::disallowed_methods, clippy::print_stderr, reason = "an example is a program of its own")]

use std::error::Error;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use link::csv::{Gathering, Reader};
use link::{Doc, Inflow, Side};

/// The time since the program began to work.
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Tells how long all took until now, and how much memory it takes.
    pub(crate) fn tell(&self, what: &str) {
        let (wall, cpu) = (self.0.elapsed().as_secs_f64(), cpu_seconds());
        let (now, most) = (megabytes("VmRSS:"), megabytes("VmHWM:"));
        eprintln!("{what}: {wall:.1} s, {cpu:.1} s of processor time, {now} MB, at most {most} MB");
    }
}

/// What this process and its threads have calculated, from Linux's own account of it.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    // User and system time are the 14th and 15th field of the file, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}

/// A line of Linux's account of this process's memory.
pub(crate) fn megabytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1_024
}

/// The first documents of both files of a folder, so many of each side, and the ones after them.
pub(crate) fn inflow(folder: &Path, count: usize) -> Result<(Inflow, Vec<Doc>), Box<dyn Error>> {
    let side =
        |side: Side, name: &str| flow(side, &folder.join(name), count).map_err(|error| error.to_string());
    let (exports, imports) = std::thread::scope(|scope| {
        let exports = scope.spawn(|| side(Side::Export, "exports.csv"));
        let imports = side(Side::Import, "imports.csv");
        (exports.join().map_err(|_| "reading the exports failed".to_owned()), imports)
    });
    let ((mut inflow, mut later), (imports, rest)) = (exports??, imports?);
    inflow.join(imports);
    later.extend(rest);
    Ok((inflow, later))
}

fn flow(side: Side, path: &Path, count: usize) -> Result<(Inflow, Vec<Doc>), Box<dyn Error>> {
    let (mut file, mut piece, mut reader) = (File::open(path)?, vec![0; 1 << 18], Reader::new(side));
    let (mut gathering, mut later, mut taken) = (Gathering::default(), Vec::new(), 0);
    let mut give = |next: link::csv::Lodged| {
        taken += 1;
        if taken <= count {
            gathering.take(next);
        } else if later.len() < LATER_MAX {
            later.push(next.doc);
        }
    };
    loop {
        match file.read(&mut piece)? {
            0 => break,
            length => reader.take(&piece[..length], &mut give),
        }
    }
    let _ = reader.end(give);
    Ok((gathering.end().0, later))
}

/// Documents kept of those after the first, at most.
const LATER_MAX: usize = 20_000;
