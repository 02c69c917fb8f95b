//! The other side of `sampan bench rules`: the same rules and declarations through GoRules zen-engine's compiled decision
//! table and the cel crate. `rules_peer TASK.json SECONDS` prints one JSON object.

mod cel;
mod task;
mod zen;

use std::error::Error;
use std::time::Duration;

use serde_json::{Value, json};

use task::Task;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let task = Task::read(&std::fs::read(&args[1])?)?;
    let seconds = Duration::from_secs_f64(args.get(2).map_or(Ok(5.0), |seconds| seconds.parse())?);
    println!("{}", json!({ "zen": zen::run(&task, seconds)?, "cel": cel::run(&task, seconds)? }));
    Ok(())
}

/// How fast an engine was, and what it found: the rules hit, declaration by declaration.
struct Ran {
    taken: Duration,
    hits: Vec<Vec<usize>>,
}

impl Ran {
    fn told(&self) -> Value {
        let hits =
            self.hits.iter().enumerate().flat_map(|(row, rules)| rules.iter().map(move |rule| (row, *rule)));
        json!({
            "declarations": self.hits.len(),
            "per_second": self.hits.len() as f64 / self.taken.as_secs_f64(),
            "hits": hits.clone().count(),
            "hits_sum": hits.fold(0, |sum: u64, (row, rule)| sum.wrapping_add(sum_of(row, rule))),
        })
    }
}

/// As `target::bench::sum_of`.
fn sum_of(row: usize, rule: usize) -> u64 {
    let mut x = ((row as u64) << 20 | rule as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) >> 8
}

/// Time this thread has computed: a busy machine counts against neither side.
fn computed() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// So many declarations go by between two looks at the clock, which is a file and would cost a fast engine a tenth.
const BETWEEN_LOOKS: usize = 64;
