//! Pairs of names told apart, beside Jaro-Winkler at the threshold that suits it best and the frozen scores of another
//! system at its own.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use link::resolve::{Name, jaro_winkler, name_likeness, words};
use serde_json::json;

use super::Measured;

/// Two names, whether they are one, and the other system's score where it has one.
struct Case {
    left: String,
    right: String,
    same: bool,
    theirs: Option<f64>,
}

/// What somebody says of pairs.
#[derive(Clone, Copy, Default)]
struct Score {
    f1: f64,
    precision: f64,
    recall: f64,
}

/// Measures every file of pairs in a folder.
pub(super) fn measure(folder: Option<&Path>) -> anyhow::Result<Measured> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => PathBuf::from(std::env::var("SAMPAN_CORPUS").context("name a folder, or set SAMPAN_CORPUS")?)
            .join("names"),
    };
    let frozen = pairs(&folder.join("opensanctions_logicv2_frozen.csv"))?;
    let across = across(&folder.join("watchman_cross_script_pairs.csv"))?;
    let begin = Instant::now();
    let ours = ours(&frozen);
    let seconds = begin.elapsed().as_secs_f64();
    let theirs = score(
        frozen.iter().map(|case| (case.theirs.is_some_and(|score| score >= THEIR_THRESHOLD), case.same)),
    );
    let (plain, threshold) = best_plain(&frozen);
    let (ours_across, (plain_across, _)) = (self::ours(&across), best_plain(&across));
    let shown =
        |score: Score| json!({ "f1": score.f1, "precision": score.precision, "recall": score.recall });
    Ok(Measured {
        name: "names",
        ours: ours.f1,
        unit: "F1",
        peer: Some(("frozen logic-v2", theirs.f1)),
        aims: vec![
            ("better F1 than Jaro-Winkler".into(), ours.f1 > plain.f1),
            ("better F1 than the frozen scores".into(), ours.f1 > theirs.f1),
            ("better F1 than Jaro-Winkler across scripts".into(), ours_across.f1 > plain_across.f1),
        ],
        seen: json!({
            "pairs": frozen.len(), "ours": shown(ours), "frozen_logic_v2": shown(theirs), "jaro_winkler": shown(plain),
            "jaro_winkler_threshold_best_for_it": threshold, "pairs_per_second": frozen.len() as f64 / seconds,
            "across_scripts": json!({
                "pairs": across.len(), "ours": shown(ours_across), "jaro_winkler": shown(plain_across),
            }),
        }),
    })
}

/// At this score the other system says that two names are one.
const THEIR_THRESHOLD: f64 = 0.7;
/// At this likeness we do.
const OUR_THRESHOLD: u16 = 500;

fn ours(cases: &[Case]) -> Score {
    let likeness = |case: &Case| name_likeness(&Name::new(&case.left), &Name::new(&case.right));
    score(cases.iter().map(|case| (likeness(case) >= OUR_THRESHOLD, case.same)))
}

fn best_plain(cases: &[Case]) -> (Score, u16) {
    let scored: Vec<(u16, bool)> = cases
        .iter()
        .map(|case| (jaro_winkler(&sorted(&case.left), &sorted(&case.right)), case.same))
        .collect();
    let at = |limit: u16| (score(scored.iter().map(|(score, is)| (*score >= limit, *is))), limit);
    (0..=1_000).map(at).max_by(|a, b| a.0.f1.total_cmp(&b.0.f1)).unwrap_or_default()
}

fn sorted(text: &str) -> String {
    let mut words = words(text);
    words.sort();
    words.join(" ")
}

fn score(answers: impl Iterator<Item = (bool, bool)>) -> Score {
    let (mut hits, mut said_all, mut is_all) = (0_u32, 0_u32, 0_u32);
    for (said, is) in answers {
        hits += u32::from(said && is);
        said_all += u32::from(said);
        is_all += u32::from(is);
    }
    let share = |whole: u32| if whole == 0 { 0.0 } else { f64::from(hits) / f64::from(whole) };
    let (precision, recall) = (share(said_all), share(is_all));
    let f1 = if hits == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    Score { f1, precision, recall }
}

fn pairs(path: &Path) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = text.lines();
    let head = fields(lines.next().unwrap_or_default());
    let column = |name: &str| head.iter().position(|known| known == name);
    let (left, right, same) = (column("name1"), column("name2"), column("is_match"));
    let (left, right, same) = left
        .zip(right)
        .zip(same)
        .map(|((left, right), same)| (left, right, same))
        .context("no name1, name2, is_match")?;
    let score = column("score");
    let case = |line: &str| {
        let row = fields(line);
        Some(Case {
            left: row.get(left)?.clone(),
            right: row.get(right)?.clone(),
            same: row.get(same)?.eq_ignore_ascii_case("true"),
            theirs: score.and_then(|score| row.get(score)?.parse().ok()),
        })
    };
    Ok(lines.filter_map(case).collect())
}

/// Every name of the file beside every other: those of one row are one.
fn across(path: &Path) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(fields).filter(|row| row.len() > 2);
    let pairs: Vec<(String, String)> = rows.map(|row| (row[0].clone(), row[1].clone())).collect();
    let same = |left: &str, right: &str| {
        pairs.iter().any(|pair| pair.0 == left && (pair.1 == right || sorted(&pair.1) == sorted(right)))
    };
    let case = |left: &str, right: &str| Case {
        left: left.to_owned(),
        right: right.to_owned(),
        same: same(left, right),
        theirs: None,
    };
    Ok(pairs
        .iter()
        .flat_map(|left| pairs.iter().map(move |right| (left, right)))
        .map(|(left, right)| case(&left.0, &right.1))
        .collect())
}

/// A line of comma-separated values with quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            letter => {
                if let Some(field) = fields.last_mut() {
                    field.push(letter);
                }
            }
        }
    }
    fields
}
