//! The learned score by the three protocols, beside LightGBM and CatBoost trained in the same run on the same files.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};
use target::model::protocol::{folds, unseen};
use target::model::train::{Wanted, train, wrong};
use target::model::{Quality, Sheet, quality};

use super::clock::computed;
use super::{Measured, peers};

/// Learns from the first file, tunes on the second, asks about the third.
pub(super) fn run(files: &[std::path::PathBuf; 3], label: &str, peer: &[String]) -> anyhow::Result<Measured> {
    let read = |path: &Path| -> anyhow::Result<Sheet> {
        Sheet::read(&std::fs::read(path)?, Some(label)).with_context(|| path.display().to_string())
    };
    let [learn, tune, ask] = [read(&files[0])?, read(&files[1])?, read(&files[2])?];
    let mut wanted = Wanted::of(label);
    wanted.wrong_from = learn.labels.iter().flatten().copied().max();
    let labels = wrong(ask.labels.as_deref().unwrap_or_default(), wanted.wrong_from.unwrap_or(1));
    let start = Instant::now();
    let model = train(&wanted, &learn, Some(&tune))?;
    let trained = start.elapsed().as_secs_f64();
    let scores = model.score(&ask);
    let all: Vec<usize> = (0..ask.len()).collect();
    let of = |rows: &[usize], scores: &[f32]| -> Quality {
        let wrong: Vec<u8> = rows.iter().map(|row| labels[*row]).collect();
        let money: Vec<f64> = rows.iter().map(|row| ask.duty(*row)).collect();
        quality(scores, &wrong, &money)
    };
    let new = unseen(&ask, &[&learn, &tune]);
    let of_new: Vec<f32> = new.iter().map(|row| scores[*row]).collect();
    let (mut pooled, mut rows) = (Vec::new(), Vec::new());
    for fold in folds(&learn, &tune, &ask) {
        let model = train(&wanted, &learn.pick(&fold.learn), Some(&tune.pick(&fold.tune)))?;
        pooled.extend(model.score(&ask.pick(&fold.ask)));
        rows.extend(fold.ask);
    }
    let ours = json!({ "P1": of(&all, &scores), "P2": of(&new, &of_new), "P3": of(&rows, &pooled) });
    let rate = scoring_rate(&model, &ask);
    let paths: Vec<&Path> = files.iter().map(std::path::PathBuf::as_path).collect();
    let beside = if peer.is_empty() {
        Value::Null
    } else {
        peers::python("model_peer.py", &paths, &[label, &peer.join(",")])?
    };
    Ok(measured(&ours, &beside, trained, rate))
}

/// Lines a second on one core, encoding included, reading the file not.
fn scoring_rate(model: &target::model::Model, ask: &Sheet) -> f64 {
    let many: Vec<usize> = (0..ask.len().max(1) * 8).map(|row| row % ask.len().max(1)).collect();
    let many = ask.pick(&many);
    let rounds = (0..3).map(|_| {
        let start = computed();
        let scored = model.score(&many).len();
        scored as f64 / (computed() - start).as_secs_f64()
    });
    rounds.fold(0.0, f64::max)
}

fn measured(ours: &Value, beside: &Value, trained: f64, rate: f64) -> Measured {
    let auc = |of: &Value, protocol: &str| of[protocol]["auc"].as_f64();
    let best = |protocol: &str| {
        beside
            .as_object()
            .into_iter()
            .flat_map(|peers| peers.values())
            .filter_map(|peer| auc(peer, protocol))
            .fold(f64::NAN, f64::max)
    };
    let mut aims = vec![
        ("trained in under 60 s".to_owned(), trained < 60.0),
        ("at least 500,000 lines/s scored on one core".to_owned(), rate >= 5e5),
    ];
    if beside.is_object() {
        for protocol in ["P1", "P3"] {
            let (own, best) = (auc(ours, protocol).unwrap_or(0.0), best(protocol));
            aims.push((
                format!("{protocol}: area {own:.4} not below the best peer's {best:.4}"),
                own >= best,
            ));
        }
    }
    Measured {
        name: "model",
        ours: rate,
        unit: "lines scored/s",
        peer: None,
        aims,
        seen: json!({ "ours": ours, "peers": beside, "train_seconds": trained }),
    }
}
