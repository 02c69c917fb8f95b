//! What each step of asking without showing costs, without a wire between:
//! `cargo run --release -p blind --example blind_speed -- ASKED HELD COMMON WORKERS DRAWN`.

#![expect(clippy::print_stdout, reason = "a measurement")]

use std::time::Instant;

use blind::bench::{Sizes, play};

fn main() {
    let mut given = std::env::args().skip(1).map(|number| number.parse::<usize>().expect("a number"));
    let mut next = |otherwise| given.next().unwrap_or(otherwise);
    let sizes = Sizes {
        asked: next(20_000),
        held: next(20_000),
        common: next(1_000),
        workers: next(2),
        drawn: next(0),
    };
    let start = Instant::now();
    let steps = play(sizes, &|| start.elapsed(), &|bytes| bytes).expect("two honest parties");
    println!("{sizes:?}\n{steps:?}\nafter set-up {:?}, whole {:?}", steps.after_setup(), steps.whole());
    // Utime and stime in hundredths of a second: on a machine that is shared, what the work itself took.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<&str> = stat.split_whitespace().skip(13).take(2).collect();
    println!("processor time in 1/100 s, user and system: {ticks:?}");
}
