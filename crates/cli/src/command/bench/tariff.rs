//! How well the tariff search ranks and how long it takes, beside plain BM25 over the same texts in the same run.
//!
//! The cases are split by the hash of their text: those the weights may be tuned on, and those they may not. Both are
//! shown; the aim is for the second.

#[path = "../../../../customs/tests/tariff/plain.rs"]
mod plain;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use customs::tariff::search::search;
use kernel::Digest;
use serde_json::{Value, json};

use self::plain::Plain;
use super::Measured;

/// A description with the code an administration or an expert gave it.
struct Case {
    text: String,
    code: String,
}

/// Measures over a folder as the reference data have it: `hscodecomp/test_data.jsonl`, `vn_rulings/precedents.json`.
pub(super) fn measure(folder: &Path) -> anyhow::Result<Measured> {
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name))
            .with_context(|| format!("cannot read {name} in {}", folder.display()))
    };
    let shop = shop(&read("hscodecomp/test_data.jsonl")?)?;
    let rulings = rulings(&read("vn_rulings/precedents.json")?)?;
    let plain = Plain::build();
    let mut sets = Vec::new();
    let mut worse = Vec::new();
    for (name, cases, levels) in
        [("hscodecomp", &shop, &[2, 4, 6][..]), ("vn-rulings", &rulings, &[2, 4, 6, 8])]
    {
        for part in ["tuning", "held-out"] {
            let part_of = |case: &&Case| {
                Digest::of(case.text.as_bytes()).as_bytes()[0].is_multiple_of(2) == (part == "tuning")
            };
            let cases: Vec<&Case> = cases.iter().filter(part_of).collect();
            for level in levels {
                let ours =
                    hits(&cases, *level, |text| search(text, 5).into_iter().map(|one| one.code).collect());
                let theirs = hits(&cases, *level, |text| plain.search(text, 5));
                if part == "held-out" && ours.iter().zip(&theirs).any(|(ours, theirs)| ours <= theirs) {
                    worse.push(format!("{name} at {level}"));
                }
                let share =
                    |hits: &[usize; 3]| hits.map(|hits| (hits * 1_000 / cases.len().max(1)) as f64 / 10.0);
                sets.push(json!({
                    "set": name, "part": part, "cases": cases.len(), "digits": level,
                    "ours_top_1_3_5": share(&ours), "bm25_top_1_3_5": share(&theirs),
                }));
            }
        }
    }
    let took = times(shop.iter().chain(&rulings).map(|case| case.text.as_str()));
    let p99 = took[took.len() * 99 / 100];
    Ok(Measured {
        name: "tariff",
        ours: 1.0 / took[took.len() / 2].as_secs_f64(),
        unit: "searches/s at the median",
        peer: None,
        aims: vec![
            ("p99 under 5 ms".into(), p99 < Duration::from_millis(5)),
            (
                format!(
                    "better than BM25 at every level held out{}",
                    if worse.is_empty() { String::new() } else { format!(": not {worse:?}") }
                ),
                worse.is_empty(),
            ),
        ],
        seen: json!({ "p99_milliseconds": p99.as_secs_f64() * 1_000.0, "sets": sets }),
    })
}

/// How many cases have the right digits among the first one, three and five candidates.
fn hits(cases: &[&Case], level: usize, search: impl Fn(&str) -> Vec<&'static str>) -> [usize; 3] {
    let mut hits = [0; 3];
    for case in cases {
        let right = search(&case.text).iter().position(|code| code[..level] == case.code[..level]);
        for (hit, first) in hits.iter_mut().zip([1, 3, 5]) {
            *hit += usize::from(right.is_some_and(|place| place < first));
        }
    }
    hits
}

/// What each search takes, the best of three, in order; with a line of each language in every twenty thousand.
fn times<'a>(cases: impl Iterator<Item = &'a str>) -> Vec<Duration> {
    let lines = customs::tariff::lines().step_by(50).flat_map(|line| [line.en, line.id, line.vi]);
    let mut took: Vec<Duration> = cases
        .chain(lines)
        .filter_map(|text| {
            let once = |_| {
                let start = Instant::now();
                std::hint::black_box(search(text, 5));
                start.elapsed()
            };
            (0..3).map(once).min()
        })
        .collect();
    took.sort_unstable();
    took
}

fn shop(text: &str) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let code = row["hs_code"].as_u64().map_or_else(|| word("hs_code"), |code| format!("{code:010}"));
        let levels = (1..=5).map(|level| word(&format!("cate_lv{level}_desc")));
        let text = std::iter::once(word("product_name")).chain(levels).collect::<Vec<_>>().join(" ");
        if code.len() >= 6 {
            cases.push(Case { text, code });
        }
    }
    Ok(cases)
}

fn rulings(text: &str) -> anyhow::Result<Vec<Case>> {
    let all: Value = serde_json::from_str(text)?;
    let mut cases = Vec::new();
    for (code, rulings) in all.as_object().into_iter().flatten() {
        for ruling in rulings.as_array().into_iter().flatten() {
            let word = |name: &str| ruling[name].as_str().unwrap_or_default();
            cases.push(Case {
                text: format!("{} {}", word("productName"), word("technicalSpec")),
                code: code.clone(),
            });
        }
    }
    Ok(cases)
}
