//! What one more document costs, with as many at hand as a folder of files holds: bytes an item, and how long it takes until
//! it is said whose matches it changed. With `check`, whether each has the matches it has when everything is looked at again, for
//! which all is at hand twice.
//!
//! ```sh
//! cargo run --release -p sim --example trade -- FOLDER 100000 7 1000
//! cargo run --release -p link --example online -- FOLDER 60000 check
//! ```

#[path = "measure/mod.rs"]
mod measure;

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use link::{Correlation, Doc, DocId, Index, Settings, Threads};
use measure::{Clock, inflow, megabytes};

/// Documents that come one by one.
const ONE_BY_ONE: usize = 6_000;

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let count = arguments.next().ok_or("how many documents of each side?")?;
    let count = count.to_string_lossy().parse()?;
    let checks = arguments.next().is_some_and(|word| word == "check");
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
    index.ready(&threads);
    clock.tell("worked out what belongs together");
    let (docs, lines, memory) = (index.len(), index.lines(), megabytes("VmRSS:"));
    let later = sampled(later);
    let inserted: Vec<DocId> = later.iter().map(|doc| doc.id.clone()).collect();
    let (wall, own, affected) = insert_each(&mut index, later);
    clock.tell("one by one");
    let apart = checks.then(|| apart(&index, &inserted));
    clock.tell("beside all at once");
    let apart = apart.map_or_else(|| "null".to_owned(), |apart| apart.to_string());
    println!(
        "{{\"documents\":{docs},\"lines\":{lines},\"bytes_per_line\":{},\"inserted\":{},\"wall_ms\":{},\"processor_ms\":{},\
         \"affected\":{affected},\"apart\":{apart}}}",
        memory * 1_048_576 / lines.max(1) as u64,
        wall.len(),
        shown(&wall),
        shown(&own),
    );
    // What millions of lines take is given back whole and not piece by piece.
    std::mem::forget(index);
    Ok(())
}

/// The middle, the slowest of ten, of a hundred, and of all, in milliseconds.
fn shown(times: &[Duration]) -> String {
    let at = |per_mille: usize| {
        let place = times.len().saturating_sub(1) * per_mille / 1_000;
        times.get(place).map_or(0.0, Duration::as_secs_f64) * 1_000.0
    };
    let (p50, p90, p99, most) = (at(500), at(900), at(990), at(1_000));
    format!("{{\"p50\":{p50:.2},\"p90\":{p90:.2},\"p99\":{p99:.2},\"most\":{most:.2}}}")
}

/// As many as come one by one, of both sides alike.
fn sampled(later: Vec<Doc>) -> Vec<Doc> {
    let every = later.len().div_ceil(ONE_BY_ONE).max(1);
    later.into_iter().step_by(every).collect()
}

/// How many of these documents have other matches than if everything were looked at again.
fn apart(index: &Index, inserted: &[DocId]) -> usize {
    let mut again = index.clone();
    again.load([]);
    let matches = |index: &Index, id| index.matches_for(id, jiff::civil::date(2026, 3, 2));
    inserted.iter().filter(|id| matches(index, id) != matches(&again, id)).count()
}

/// How long it took, on the clock and of the processor, to take each in and say what belongs to whom now, the quickest
/// first; and how many documents they affected.
#[expect(clippy::disallowed_methods, reason = "an example is a program of its own")]
fn insert_each(index: &mut Index, docs: Vec<Doc>) -> (Vec<Duration>, Vec<Duration>, usize) {
    let (mut wall, mut own, mut affected) = (Vec::new(), Vec::new(), 0);
    for doc in docs {
        let (started, before) = (Instant::now(), thread_time());
        let told = index.insert(doc).docs;
        for id in &told {
            std::hint::black_box(index.matches_for(id, jiff::civil::date(2026, 3, 2)));
        }
        affected += told.len();
        own.push(thread_time().saturating_sub(before));
        wall.push(started.elapsed());
    }
    wall.sort_unstable();
    own.sort_unstable();
    (wall, own, affected)
}

/// What this thread alone has calculated: what one answer takes on a machine others use too.
#[expect(clippy::disallowed_methods, reason = "an example is a program of its own")]
fn thread_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = stat.split_whitespace().next();
    Duration::from_nanos(first.and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}
