//! Learns a model and measures it by the three protocols: `cargo run --release -p target --features train --example
//! learn -- LEARN.csv TUNE.csv ASK.csv LABEL`. Without a third file the second is asked about and nothing is tuned on it.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]

use std::time::Duration;

use target::model::protocol::{folds, unseen};
use target::model::train::{Wanted, train, wrong};
use target::model::{Sheet, measure, quality};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let label = args[4].as_str();
    let read = |at: usize| -> Result<Sheet, Box<dyn std::error::Error>> {
        Ok(Sheet::read(&std::fs::read(&args[at])?, Some(label))?)
    };
    let (learn, ask) = (read(1)?, read(3)?);
    let tune = if args[2] == "-" { None } else { Some(read(2)?) };
    let empty = learn.pick(&[]);
    let mut wanted = Wanted::of(label);
    let from = learn.labels.iter().flatten().copied().max().unwrap_or(1);
    wanted.wrong_from = Some(from);
    if let Some(trees) = args.get(5) {
        wanted.trees = trees.parse()?;
    }
    let start = computed();
    let model = train(&wanted, &learn, tune.as_ref())?;
    println!(
        "trained in {:.2} s; platt {:?} memory {} kept back {:?}",
        (computed() - start).as_secs_f64(),
        model.platt,
        model.memory_weight,
        model.edition.kept_back
    );
    let labels = wrong(ask.labels.as_deref().unwrap_or_default(), from);
    let money: Vec<f64> = (0..ask.len()).map(|row| ask.duty(row)).collect();
    let start = computed();
    let scores = model.score(&ask);
    println!("scored {:.0} rows/s", ask.len() as f64 / (computed() - start).as_secs_f64());
    println!("P1 {:?}", quality(&scores, &labels, &money));
    println!("calibration {:?}", measure::calibration(&scores, &labels));
    let new = unseen(&ask, &[&learn, tune.as_ref().unwrap_or(&empty)]);
    let of = |rows: &[usize], column: &[f32]| rows.iter().map(|row| column[*row]).collect::<Vec<_>>();
    let bytes = |rows: &[usize]| rows.iter().map(|row| labels[*row]).collect::<Vec<_>>();
    let monies = |rows: &[usize]| rows.iter().map(|row| money[*row]).collect::<Vec<_>>();
    println!("P2 {:?}", quality(&of(&new, &scores), &bytes(&new), &monies(&new)));
    let (mut all, mut order) = (Vec::new(), Vec::new());
    for fold in folds(&learn, tune.as_ref().unwrap_or(&empty), &ask) {
        let tuned = tune.as_ref().map(|tune| tune.pick(&fold.tune));
        let model = train(&wanted, &learn.pick(&fold.learn), tuned.as_ref())?;
        all.extend(model.score(&ask.pick(&fold.ask)));
        order.extend(fold.ask);
    }
    println!("P3 {:?}", quality(&all, &bytes(&order), &monies(&order)));
    Ok(())
}

/// Time this thread has computed: a busy machine does not count.
fn computed() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|part| part.parse().ok()).unwrap_or(0))
}
