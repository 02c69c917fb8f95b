//! What one more document costs, with as many at hand as a folder of files holds: bytes an item, and how long it takes until
//! it is said whose matches it changed.
//!
//! ```sh
//! cargo run --release -p sim --example trade -- FOLDER 3450000 7 1000
//! cargo run --release -p link --example online -- FOLDER 3400000
//! ```

#[path = "measure/mod.rs"]
mod measure;

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use link::{Correlation, Doc, Index, Settings};
use measure::{Clock, Threads, inflow, megabytes};

/// Documents that come one by one.
const ONE_BY_ONE: usize = 4_000;

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let count = arguments.next().ok_or("how many documents of each side?")?;
    let count = count.to_string_lossy().parse()?;
    let (threads, clock) = (Threads::all(), Clock::start());
    let (inflow, later) = inflow(&folder, count)?;
    clock.tell("read");
    let mut settings = Settings::default();
    settings.tolerances.editions = Correlation::published();
    let mut index = Index::new(settings.clone());
    index.load_inflow(inflow, &threads);
    settings.model = index.learnt(&[], &threads);
    index.work_by(settings);
    clock.tell("taken in and learnt");
    let (docs, lines, memory) = (index.len(), index.lines(), megabytes("VmRSS:"));
    let (times, affected) = insert_each(&mut index, sampled(later));
    clock.tell("one by one");
    let at = |per_mille: usize| times[(times.len() - 1) * per_mille / 1_000].as_secs_f64() * 1_000.0;
    println!(
        "{{\"documents\":{docs},\"lines\":{lines},\"bytes_per_line\":{},\"inserted\":{},\"p50_ms\":{:.2},\"p90_ms\":{:.2},\
         \"p99_ms\":{:.2},\"most_ms\":{:.2},\"affected\":{affected}}}",
        memory * 1_048_576 / lines.max(1) as u64,
        times.len(),
        at(500),
        at(900),
        at(990),
        at(1_000),
    );
    Ok(())
}

/// As many as come one by one, of both sides alike.
fn sampled(later: Vec<Doc>) -> Vec<Doc> {
    let every = later.len().div_ceil(ONE_BY_ONE).max(1);
    later.into_iter().step_by(every).collect()
}

/// How long each took, the quickest first, and how many documents they affected.
#[expect(clippy::disallowed_methods, reason = "an example is a program of its own")]
fn insert_each(index: &mut Index, docs: Vec<Doc>) -> (Vec<Duration>, usize) {
    let mut affected = 0;
    let insert = |doc: Doc| {
        let started = Instant::now();
        affected += index.insert(doc).docs.len();
        started.elapsed()
    };
    let mut times: Vec<Duration> = docs.into_iter().map(insert).collect();
    times.sort_unstable();
    (times, affected)
}
