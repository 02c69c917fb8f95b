//! What linking two files costs, phase by phase: time on the clock, processor time, memory.
//!
//! ```sh
//! cargo run --release -p sim --example trade -- FOLDER 695000 7 1000
//! cargo run --release -p link --example files -- FOLDER links.csv
//! ```

#[path = "measure/mod.rs"]
mod measure;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use link::csv::Links;
use link::{Correlation, Detail, Index, Match, Settings, Threads};
use measure::{Clock, inflow};

#[expect(clippy::disallowed_methods, reason = "an example is a program of its own")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("which folder?")?;
    let out = arguments.next().ok_or("where do the links go?")?;
    let (threads, clock) = (Threads::all(), Clock::start());
    let inflow = inflow(&folder, usize::MAX)?.0;
    clock.tell("read");
    let today = inflow.last_day().ok_or("no date in either file")?;
    let mut settings = Settings::default();
    settings.tolerances.editions = Correlation::published();
    let mut index = Index::new(settings.clone());
    index.load_inflow(inflow, &threads);
    clock.tell("taken in");
    settings.model = index.learnt(&[], &threads);
    index.work_by(settings);
    clock.tell("learnt");
    let mut out = BufWriter::new(File::create(out)?);
    out.write_all(Links::head().as_bytes())?;
    let mut failure = None;
    index.each_match(today, Detail::Links, &threads, |found| {
        failure = failure.take().or_else(|| write(&mut out, &found).err());
    });
    failure.map_or(Ok(()), Err)?;
    out.flush()?;
    clock.tell("linked");
    // The program ends; what millions of lines take is given back whole and not piece by piece.
    std::mem::forget(index);
    Ok(())
}

fn write(out: &mut BufWriter<File>, found: &Match) -> std::io::Result<()> {
    let mut rows = String::new();
    Links::rows(found, &mut rows);
    out.write_all(rows.as_bytes())
}
