//! How many declarations a second a set of profiles chooses from: `cargo run --release -p target --example rules -- 1000`.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]

use std::time::Duration;

fn main() {
    let rules = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let task = target::bench::Task::new(rules, 100_000, 7);
    let measured = target::bench::measure(&task, 100_000_000 / rules.max(1), computed);
    println!("{}", serde_json::to_string(&measured).unwrap_or_default());
}

/// Time this thread has computed: a busy machine does not count.
fn computed() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|part| part.parse().ok()).unwrap_or(0))
}
