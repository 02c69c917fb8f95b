//! Links beside the truth, and beside Splink on the same files in the same run.

pub(crate) mod judge;
mod plants;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::civil::date;
use serde_json::{Value, json};
use sim::trade::csv::Files;
use sim::trade::{Plan, Trade};

use super::Measured;
use crate::output;
use judge::{Pair, Scores, Truth};

/// Who is measured beside us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// Splink of PyPI, on DuckDB, by the Python that `SAMPAN_PYTHON` names.
    Splink,
}

/// What is linked.
#[derive(clap::Args)]
pub(crate) struct Link {
    /// What the trade follows from. Weights and rules were tuned on seeds below 100.
    #[arg(long, default_value_t = 101)]
    seed: u64,
    /// How many consignments.
    #[arg(long, default_value_t = 20_000)]
    size: u64,
    /// A folder with exports.csv, imports.csv and the truth, instead of generated ones.
    #[arg(long)]
    files: Option<PathBuf>,
    /// Who is measured beside us.
    #[arg(long, value_enum)]
    peer: Option<Peer>,
    /// Writes the calibration plot there, as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// Frauds are looked for among at most so many consignments.
const AUDITED_MAX: usize = 200_000;

/// How a program ran.
struct Run {
    seconds: f64,
    megabytes: u64,
}

/// Generates, links, judges; and has the peer do the same.
pub(super) fn measure(link: &Link) -> anyhow::Result<Measured> {
    let own = std::env::temp_dir().join(format!("sampan-bench-link-{}", std::process::id()));
    let folder = link.files.clone().unwrap_or_else(|| own.clone());
    std::fs::create_dir_all(&own)?;
    let measured = measure_in(link, &folder, &own);
    // What cannot be removed is the machine's to clean up.
    let _ = std::fs::remove_dir_all(&own);
    measured
}

fn measure_in(link: &Link, folder: &Path, own: &Path) -> anyhow::Result<Measured> {
    if link.files.is_none() {
        generate(link, folder)?;
    }
    let truth = Truth::read(folder).context("the truth cannot be read")?;
    let out = own.join("ours.csv");
    let (exports, imports) = (folder.join("exports.csv"), folder.join("imports.csv"));
    output::say("linking");
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("link").arg("--exports").arg(&exports).arg("--imports").arg(&imports).arg("--out").arg(&out);
    let ours = run(&mut command)?;
    let scores = judge::judge_rows(&truth, &std::fs::read_to_string(&out)?);
    let plants = if truth.consignments <= AUDITED_MAX {
        output::say("looking for what was planted");
        plants::judge(&truth, &exports, &imports)?
    } else {
        plants::Found::default()
    };
    if let Some(path) = &link.plot {
        std::fs::write(path, plot(&scores))?;
    }
    let peer = link.peer.map(|Peer::Splink| splink(&truth, (&exports, &imports), own)).transpose()?;
    Ok(told(&truth, &scores, &ours, &plants, peer))
}

fn generate(link: &Link, folder: &Path) -> anyhow::Result<()> {
    output::say(format_args!("generating {} consignments of seed {}", link.size, link.seed));
    let trade = Trade::new(Plan::matching(link.seed, date(2026, 5, 31), link.size))?;
    let mut files = Files::create(folder)?;
    trade.consignments().try_for_each(|consignment| files.put(&consignment))?;
    files.end()?;
    Ok(())
}

/// Runs a program to its end, with its time and its greatest memory.
fn run(command: &mut Command) -> anyhow::Result<Run> {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("cannot start")?;
    let mut megabytes = 0;
    let status = loop {
        megabytes = megabytes.max(greatest_megabytes(&child).unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let seconds = begin.elapsed().as_secs_f64();
    anyhow::ensure!(status.success() || status.code() == Some(1), "ended with {status}: {command:?}");
    Ok(Run { seconds, megabytes })
}

/// The most the process held in memory so far, from Linux's own account of it.
fn greatest_megabytes(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

/// The peer's run, and its scores at the threshold that suits it best.
fn splink(
    truth: &Truth,
    (exports, imports): (&Path, &Path),
    own: &Path,
) -> anyhow::Result<(Run, f64, Value)> {
    let (script, out) = (own.join("peer.py"), own.join("peer.csv"));
    std::fs::write(&script, include_str!("splink.py"))?;
    let python = std::env::var("SAMPAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    output::say("linking with Splink");
    let peer = run(Command::new(python)
        .arg(&script)
        .arg(exports)
        .arg(imports)
        .arg(&out)
        .env("PYTHONWARNINGS", "ignore"))?;
    let text =
        std::fs::read_to_string(&out).context("Splink wrote nothing: is it installed for SAMPAN_PYTHON?")?;
    let mut rows: Vec<(f64, bool)> = text
        .lines()
        .skip(1)
        .filter_map(|row| {
            let fields: Vec<&str> = row.split(',').collect();
            let [export, from, import, into, probability] = fields[..] else { return None };
            let pair: Pair =
                ((export.to_owned(), from.parse().ok()?), (import.to_owned(), into.parse().ok()?));
            Some((probability.parse().ok()?, truth.links.contains_key(&pair)))
        })
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut best) = (0_u64, (0.0, 0.0, 0.0, 0.0));
    for (told, (threshold, is)) in (1_u64..).zip(rows) {
        hits += u64::from(is);
        let (precision, recall) = (hits as f64 / told as f64, hits as f64 / truth.links.len() as f64);
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        if f1 > best.0 {
            best = (f1, precision, recall, threshold);
        }
    }
    let (f1, precision, recall, threshold) = best;
    let seen = json!({
        "f1": f1, "precision": precision, "recall": recall, "threshold_best_for_it": threshold,
        "seconds": peer.seconds, "megabytes": peer.megabytes,
    });
    Ok((peer, f1, seen))
}

fn told(
    truth: &Truth,
    scores: &Scores,
    ours: &Run,
    plants: &plants::Found,
    peer: Option<(Run, f64, Value)>,
) -> Measured {
    let class = |name: &str| scores.classes.get(name).copied().unwrap_or_default();
    let one = class("one-to-one");
    let mut aims = vec![
        ("one-to-one precision at least 0.98".to_owned(), one.precision() >= 0.98),
        ("one-to-one recall at least 0.95".to_owned(), one.recall() >= 0.95),
    ];
    for name in ["split", "merged", "partial"] {
        let score = class(name);
        aims.push((
            format!("{name} precision and recall at least 0.90"),
            score.precision() >= 0.9 && score.recall() >= 0.9,
        ));
    }
    let alarms = plants.false_alarms as f64 * 1_000.0 / truth.consignments.max(1) as f64;
    aims.push(("at most 5 false alarms per 1,000 consignments".to_owned(), alarms <= 5.0));
    for (kind, (found, all)) in &plants.kinds {
        aims.push((format!("{kind} found with recall at least 0.9"), *found as f64 >= 0.9 * *all as f64));
    }
    if let Some((run, f1, _)) = &peer {
        aims.push(("at least 10 times as fast as Splink".to_owned(), run.seconds >= 10.0 * ours.seconds));
        aims.push(("better F1 than Splink".to_owned(), scores.all.f1() > *f1));
        aims.push(("a third of Splink's memory or less".to_owned(), ours.megabytes * 3 <= run.megabytes));
    }
    let classes: BTreeMap<&String, Value> =
        scores.classes.iter().map(|(name, score)| (name, shown(score))).collect();
    Measured {
        name: "link",
        ours: ours.seconds,
        unit: "s",
        peer: peer.as_ref().map(|(run, _, _)| ("Splink", run.seconds)),
        aims,
        seen: json!({
            "consignments": truth.consignments, "true_links": truth.links.len(), "megabytes": ours.megabytes,
            "f1": scores.all.f1(), "all": shown(&scores.all), "classes": classes, "ambiguous": scores.ambiguous,
            "false_alarms_per_1000": alarms, "false_alarms": plants.alarms, "frauds": plants.kinds, "frauds_not_due": plants.not_due,
            "coverage": plants.coverage, "undeclared": plants.undeclared, "innocents_called": plants.innocents, "calibration": scores.calibration,
            "peer": peer.map(|(_, _, seen)| seen),
        }),
    }
}

fn shown(score: &judge::Score) -> Value {
    json!({ "precision": score.precision(), "recall": score.recall(), "told": score.told, "true": score.all })
}

/// What was said beside what is so, for each twentieth of probability, as a picture.
fn plot(scores: &Scores) -> String {
    let at = |share: f64| (40.0 + 320.0 * share, 360.0 - 320.0 * share);
    let mut points = String::new();
    for [told, is, said] in scores.calibration.iter().filter(|bin| bin[0] > 0) {
        let (x, _) = at(*said as f64 / 1_000.0 / *told as f64);
        let (_, y) = at(*is as f64 / *told as f64);
        let radius = (*told as f64).log10().mul_add(2.0, 2.0);
        points += &format!(
            "<circle cx='{x:.1}' cy='{y:.1}' r='{radius:.1}' fill='#1f5f8b' fill-opacity='0.7'><title>{told} links</title></circle>"
        );
    }
    let ticks: String = (0..=5)
        .map(|tick| {
            let share = f64::from(tick) / 5.0;
            let (x, y) = at(share);
            format!("<text x='{x}' y='378' text-anchor='middle'>{share}</text><text x='34' y='{}' text-anchor='end'>{share}</text>", y + 4.0)
        })
        .collect();
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 410' font-family='sans-serif' font-size='11' role='img' aria-label='Calibration of link probabilities'>\n<rect width='400' height='410' fill='white'/>\n<path d='M40 40V360H360' fill='none' stroke='#444'/><path d='M40 360L360 40' stroke='#999' stroke-dasharray='4 3'/>\n{ticks}\n{points}\n<text x='200' y='398' text-anchor='middle'>probability told</text><text x='12' y='200' transform='rotate(-90 12 200)' text-anchor='middle'>share that is true</text>\n</svg>\n"
    )
}
