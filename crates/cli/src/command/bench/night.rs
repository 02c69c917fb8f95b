//! Triage of a generated night beside DuckDB's plain filters over the same file.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use serde_json::{Value, json};
use sim::parcels::{Night, Truth};

use super::{Measured, peers};
use crate::command::triage::{BlockSize, rules, triage};

/// The window of the night's rules, in days.
const WINDOW: u8 = 3;

/// Makes a night of so many lines in a folder of its own, and decides it.
pub(super) fn run(lines: u32, folder: &Path, peer: &[String]) -> anyhow::Result<Measured> {
    let (input, truth) = make(lines, folder)?;
    let night = rules::read(&folder.join("rules"), None)?;
    let out = folder.join("out");
    let _ = std::fs::remove_dir_all(&out);
    let start = Instant::now();
    let summary = triage(&input, &night, BlockSize::default(), &out)?;
    let seconds = start.elapsed().as_secs_f64();
    let memory = peak_memory();
    let standing = truth.judge(&found(&out.join("clusters.csv"))?, WINDOW);
    let share = |(all, of): (usize, usize)| of as f64 / all.max(1) as f64;
    let (precision, recall) = (share(standing.found), share(standing.there));
    let duck = if peer.is_empty() {
        Value::Null
    } else {
        peers::python("triage_peer.py", &[&input, &folder.join("duck.csv")], &[])?
    };
    let rate = f64::from(lines) / seconds;
    let duck_rate = duck["seconds"].as_f64().map(|seconds| f64::from(lines) / seconds);
    let memory_max = 2_u64 << 30;
    Ok(Measured {
        name: "triage",
        ours: rate,
        unit: "lines/s",
        peer: duck_rate.map(|rate| ("DuckDB, plain filters, no record, no spellings", rate)),
        aims: vec![
            ("5 million lines in under 5 minutes at this rate".into(), 5e6 / rate < 300.0),
            ("under 2 GB".into(), memory.is_none_or(|bytes| bytes < memory_max)),
            ("splitting clusters: precision at least 0.95".into(), precision >= 0.95),
            ("splitting clusters: recall at least 0.95".into(), recall >= 0.95),
        ],
        seen: json!({
            "seconds": seconds, "peak_memory_bytes": memory, "precision": precision, "recall": recall,
            "found": standing.found, "there": standing.there, "summary": summary, "duckdb": duck,
        }),
    })
}

/// A night of so many lines and the rules to decide it by.
pub(super) fn make(lines: u32, folder: &Path) -> anyhow::Result<(PathBuf, Truth)> {
    std::fs::create_dir_all(folder)?;
    let input = folder.join("night.csv");
    let truth = {
        let mut file = std::io::BufWriter::new(std::fs::File::create(&input)?);
        Night { lines, seed: 7 }.write(&mut file)?
    };
    write_rules(&folder.join("rules"))?;
    Ok((input, truth))
}

/// Profiles, rates and duties a night is decided by.
fn write_rules(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("rates.csv"), "currency,from,until,rate\nCNY,2026-01-01,2026-12-31,3500\n")?;
    let codes =
        ["610910", "392690", "851830", "620443", "640411", "854442", "330410", "950300", "821192", "940521"];
    let duty: String = codes.iter().map(|code| format!("{code},20\n")).collect();
    std::fs::write(folder.join("duty.csv"), format!("code,rate\n{duty}"))?;
    std::fs::write(folder.join("triage.toml"), "country = \"VN\"\nwindow_days = 3\nwindow_parcels = 2\n")?;
    std::fs::write(folder.join("profiles.json"), PROFILES)?;
    Ok(())
}

const PROFILES: &str = include_str!("night_profiles.json");

/// Lines of every cluster, counted from 0.
fn found(path: &Path) -> anyhow::Result<Vec<Vec<u32>>> {
    let mut reader = csv::Reader::from_path(path)?;
    let mut clusters = Vec::new();
    for record in reader.records() {
        let record = record?;
        let lines = record.get(5).context("a cluster without lines")?.split('|');
        clusters.push(lines.map(|line| Ok(line.parse::<u32>()? - 1)).collect::<anyhow::Result<_>>()?);
    }
    Ok(clusters)
}

/// The most memory this process held, where the system says.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1_024)
}
