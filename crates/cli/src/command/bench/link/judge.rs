//! Judges links by the truth the generator wrote beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use link::Class;

/// An export line and an import line, by number and item.
pub(crate) type Pair = ((String, u32), (String, u32));

/// What is true of a folder of generated files.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// Which lines belong together, and in which class.
    pub(crate) links: BTreeMap<Pair, String>,
    /// How many consignments there are.
    pub(crate) consignments: usize,
    /// Frauds: kind, export line, import line.
    pub(crate) plants: Vec<Planted>,
    /// Innocent differences, the same way.
    pub(crate) innocents: Vec<Planted>,
}

/// Something planted, and where.
#[derive(Clone, Debug)]
pub(crate) struct Planted {
    /// What.
    pub(crate) kind: String,
    /// The export line; an empty number where there is none.
    pub(crate) export: (String, u32),
    /// The import line; an empty number where there is none.
    pub(crate) import: (String, u32),
}

impl Truth {
    /// Reads `links.csv` and `cases.csv` of a folder.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(crate) fn read(folder: &Path) -> std::io::Result<Self> {
        let mut truth = Self::default();
        for row in std::fs::read_to_string(folder.join("links.csv"))?.lines().skip(1) {
            let fields: Vec<&str> = row.split(',').collect();
            let [export, from, import, into, class, ..] = fields[..] else { continue };
            truth.links.insert((line(export, from), line(import, into)), class.to_owned());
        }
        for row in std::fs::read_to_string(folder.join("cases.csv"))?.lines().skip(1) {
            let fields: Vec<&str> = row.split(',').collect();
            truth.consignments += 1;
            let list =
                |at: usize| fields.get(at).into_iter().flat_map(|list| list.split(';')).filter_map(planted);
            truth.plants.extend(list(5));
            truth.innocents.extend(list(6));
        }
        Ok(truth)
    }
}

fn line(number: &str, item: &str) -> (String, u32) {
    (number.to_owned(), item.parse().unwrap_or(0))
}

/// `kind@export/item>import/item`.
fn planted(text: &str) -> Option<Planted> {
    let (kind, lines) = text.split_once('@')?;
    let (export, import) = lines.split_once('>')?;
    let of =
        |text: &str| text.rsplit_once('/').map_or_else(Default::default, |(number, item)| line(number, item));
    Some(Planted { kind: kind.to_owned(), export: of(export), import: of(import) })
}

/// How well links are found, of one class or of all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    /// Links told that are true.
    pub(crate) hits: u64,
    /// Links told.
    pub(crate) told: u64,
    /// True links that were told, in whatever class.
    pub(crate) found: u64,
    /// True links.
    pub(crate) all: u64,
}

impl Score {
    /// The share of what was told that is true.
    pub(crate) fn precision(&self) -> f64 {
        share(self.hits, self.told)
    }

    /// The share of what is true that was told.
    pub(crate) fn recall(&self) -> f64 {
        share(self.found, self.all)
    }

    /// Their harmonic mean.
    pub(crate) fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The scores by class, and the calibration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    /// By class: told ones by the class told, true ones by the true class.
    pub(crate) classes: BTreeMap<String, Score>,
    /// All links together.
    pub(crate) all: Score,
    /// For each tenth of probability: links told, of these true, sum of the probabilities in thousandths.
    pub(crate) calibration: Vec<[u64; 3]>,
    /// Links left to a person.
    pub(crate) ambiguous: u64,
}

/// Judges a file of links. Ambiguous ones count as not told.
pub(crate) fn judge_rows(truth: &Truth, text: &str) -> Scores {
    let rows = text.lines().skip(1).filter_map(|row| {
        let fields: Vec<&str> = row.split(',').collect();
        let [export, from, import, into, class, probability] = fields[..] else { return None };
        let probability: f64 = probability.parse().ok()?;
        Some((
            (line(export, from), line(import, into)),
            class.to_owned(),
            (probability * 1_000.0).round() as u16,
        ))
    });
    judged(truth, rows)
}

fn judged(truth: &Truth, rows: impl Iterator<Item = (Pair, String, u16)>) -> Scores {
    let mut scores = Scores { calibration: vec![[0; 3]; 20], ..Scores::default() };
    let mut found: BTreeSet<Pair> = BTreeSet::new();
    for (pair, class, probability) in rows {
        let is = truth.links.contains_key(&pair);
        let bin = &mut scores.calibration[usize::from(probability.min(999)) / 50];
        bin[0] += 1;
        bin[1] += u64::from(is);
        bin[2] += u64::from(probability);
        if class == Class::Ambiguous.code() {
            scores.ambiguous += 1;
            continue;
        }
        let class = scores.classes.entry(class).or_default();
        for score in [class, &mut scores.all] {
            score.told += 1;
            score.hits += u64::from(is);
        }
        if is {
            found.insert(pair);
        }
    }
    for (pair, class) in &truth.links {
        let class = scores.classes.entry(class.clone()).or_default();
        for score in [class, &mut scores.all] {
            score.all += 1;
            score.found += u64::from(found.contains(pair));
        }
    }
    scores
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, score) in self.classes.iter().chain([(&"all".to_owned(), &self.all)]) {
            writeln!(
                f,
                "{class}: precision {:.4} ({}/{}), recall {:.4} ({}/{})",
                score.precision(),
                score.hits,
                score.told,
                score.recall(),
                score.found,
                score.all
            )?;
        }
        writeln!(f, "ambiguous {}", self.ambiguous)
    }
}
