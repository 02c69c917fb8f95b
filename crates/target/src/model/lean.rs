//! Learns leanings: a logistic regression on the values of all keys, in which every key's leanings are drawn towards
//! nothing. How strongly is not set by hand: it follows from how far the key's values are seen to differ (an empirical
//! Bayes estimate, MacKay's fixed point), so that a key that says nothing ends up saying nothing.

use super::keys::{KEYS, values};
use super::leaning::{Leaning, Leanings};
use super::sheet::{NO_DAY, Sheet};

/// Lines with their verdicts, and the least verdict that counts as wrong.
#[derive(Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) labels: &'a [u8],
    pub(super) from: u8,
}

impl Judged<'_> {
    /// Learns leanings from all lines with a day. Few lines are wrong to the degree that is asked for, many to a lesser
    /// one: where the labels tell them apart, what leans towards any fault says where to begin.
    pub(super) fn leanings(self) -> Leanings {
        self.leanings_of(|_| true)
    }

    /// For every line its margin by leanings that were learned without it and without all lines of its group.
    pub(super) fn margins_of_others(self) -> Vec<f32> {
        let group = |same: u64| (same >> 33) % GROUPS;
        let of_groups: Vec<Leanings> =
            (0..GROUPS).map(|left_out| self.leanings_of(|same| group(same) != left_out)).collect();
        let of = |row| of_groups[group(self.sheet.same[row]) as usize].margin(&values(self.sheet, row));
        (0..self.sheet.len()).map(of).collect()
    }

    fn leanings_of(self, keep: impl Fn(u64) -> bool) -> Leanings {
        let rows = (0..self.sheet.len())
            .filter(|row| self.sheet.days[*row] != NO_DAY && keep(self.sheet.same[*row]));
        let rows: Vec<usize> = rows.collect();
        let weights = weights(self.sheet, &rows);
        let of = |from: u8| rows.iter().map(|row| f64::from(u8::from(self.labels[*row] >= from))).collect();
        let lesser = (self.from > 1).then(|| Fit::of(self.sheet, &rows, &weights, of(1)).settled());
        let mut fit = Fit::of(self.sheet, &rows, &weights, of(self.from));
        if let Some(lesser) = lesser {
            fit.follow(&lesser);
        }
        fit.settled().finish()
    }
}

/// Lines that are the same share one line's weight.
pub(super) fn weights(sheet: &Sheet, rows: &[usize]) -> Vec<f64> {
    let mut sorted: Vec<u64> = rows.iter().map(|row| sheet.same[*row]).collect();
    sorted.sort_unstable();
    let times = |same: u64| {
        sorted.partition_point(|known| *known <= same) - sorted.partition_point(|known| *known < same)
    };
    rows.iter().map(|row| 1.0 / times(sheet.same[*row]) as f64).collect()
}

/// A regression on its way.
struct Fit<'a> {
    wrong: Vec<f64>,
    weights: &'a [f64],
    margins: Vec<f64>,
    level: f64,
    of_keys: Vec<OfKey>,
}

/// One key of it.
struct OfKey {
    values: Vec<u64>,
    /// By line: which of the values it has.
    places: Vec<u32>,
    leans: Vec<f64>,
    /// Where they lean before any line is seen.
    towards: Vec<f64>,
    /// How far from there they are thought to be: the variance.
    spread: f64,
}

impl<'a> Fit<'a> {
    fn of(sheet: &Sheet, rows: &[usize], weights: &'a [f64], wrong: Vec<f64>) -> Self {
        let rows: Vec<[u64; KEYS.len()]> = rows.iter().map(|row| values(sheet, *row)).collect();
        let of_keys = (0..KEYS.len()).map(|key| OfKey::of(rows.iter().map(|values| values[key]))).collect();
        let sum = wrong.iter().zip(weights).map(|(wrong, weight)| wrong * weight).sum::<f64>();
        let level = ((sum + 1.0) / (weights.iter().sum::<f64>() - sum + 1.0)).ln();
        Self { margins: vec![level; wrong.len()], wrong, weights, level, of_keys }
    }

    fn settled(mut self) -> Self {
        for sweep in 0..SWEEPS {
            self.level();
            for key in 0..KEYS.len() {
                self.lean(key, sweep >= SWEEPS_BEFORE_SPREAD);
            }
        }
        self
    }

    /// Begins with part of the leanings another regression over the same lines ended with, and is drawn towards them.
    fn follow(&mut self, other: &Self) {
        for (key, of) in self.of_keys.iter_mut().zip(&other.of_keys) {
            key.towards = of.leans.iter().map(|lean| lean * FOLLOWED).collect();
            key.leans.clone_from(&key.towards);
            for (margin, place) in self.margins.iter_mut().zip(&key.places) {
                *margin += key.leans[*place as usize];
            }
        }
    }

    /// A line's pull on its margin and how stiff that is: the first two derivatives of its loss.
    fn pull(&self, line: usize) -> (f64, f64) {
        let p = 1.0 / (1.0 + (-self.margins[line]).exp());
        (self.weights[line] * (self.wrong[line] - p), self.weights[line] * p * (1.0 - p))
    }

    fn level(&mut self) {
        let pulls = (0..self.margins.len()).map(|line| self.pull(line));
        let (pull, stiff) = pulls.fold((0.0, 1e-9), |all, one| (all.0 + one.0, all.1 + one.1));
        let by = (pull / stiff).clamp(-STEP_MAX, STEP_MAX);
        self.level += by;
        self.margins.iter_mut().for_each(|margin| *margin += by);
    }

    /// One step of Newton's for all values of a key at once, which share no line.
    fn lean(&mut self, key: usize, may_spread: bool) {
        let mut pulls = vec![(0.0, 0.0); self.of_keys[key].values.len()];
        for line in 0..self.margins.len() {
            let (pull, stiff) = self.pull(line);
            let of = &mut pulls[self.of_keys[key].places[line] as usize];
            *of = (of.0 + pull, of.1 + stiff);
        }
        let moved = self.of_keys[key].step(&pulls);
        for (margin, place) in self.margins.iter_mut().zip(&self.of_keys[key].places) {
            *margin += moved[*place as usize];
        }
        if may_spread {
            self.of_keys[key].spread(&pulls);
        }
    }

    fn finish(self) -> Leanings {
        let of_keys = self.of_keys.into_iter().map(|key| {
            let leans = key.leans.iter().map(|lean| *lean as f32).collect();
            Leaning::new(key.values, leans)
        });
        Leanings::new(self.level as f32, of_keys.collect())
    }
}

impl OfKey {
    fn of(of_lines: impl Iterator<Item = u64> + Clone) -> Self {
        let mut values: Vec<u64> = of_lines.clone().collect();
        values.sort_unstable();
        values.dedup();
        let places = of_lines.map(|value| values.partition_point(|known| *known < value) as u32).collect();
        let nowhere = vec![0.0; values.len()];
        Self { leans: nowhere.clone(), towards: nowhere, values, places, spread: SPREAD_FIRST }
    }

    /// Moves each value's lean along its pull and gives by how much.
    fn step(&mut self, pulls: &[(f64, f64)]) -> Vec<f64> {
        let spread = self.spread;
        let leans = self.leans.iter_mut().zip(&self.towards);
        let moves = leans.zip(pulls).map(|((lean, towards), (pull, stiff))| {
            let by =
                ((pull - (*lean - towards) / spread) / (stiff + 1.0 / spread)).clamp(-STEP_MAX, STEP_MAX);
            *lean += by;
            by
        });
        moves.collect()
    }

    /// The variance that fits the leanings found: their squares over how many of them the lines have settled.
    fn spread(&mut self, pulls: &[(f64, f64)]) {
        let squares: f64 =
            self.leans.iter().zip(&self.towards).map(|(lean, towards)| (lean - towards).powi(2)).sum();
        let settled: f64 = pulls.iter().map(|(_, stiff)| stiff / (stiff + 1.0 / self.spread)).sum();
        self.spread = (squares / settled.max(1e-9)).clamp(SPREAD_MIN, SPREAD_MAX);
    }
}

/// How much of what leans towards any fault leans towards the grave ones; found on the quarters of 2020.
const FOLLOWED: f64 = 0.5;
const GROUPS: u64 = 5;
const SWEEPS: usize = 40;
const SWEEPS_BEFORE_SPREAD: usize = 4;
const STEP_MAX: f64 = 1.0;
const SPREAD_FIRST: f64 = 0.05;
const SPREAD_MIN: f64 = 1e-6;
const SPREAD_MAX: f64 = 2.0;

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Two chapters of which one is mostly wrong, four origins that say nothing.
    fn sheet() -> Sheet {
        let mut text = "Date,HS6 Code,Country of Origin,Net Mass,Fraud\n".to_owned();
        for line in 0..800 {
            let (chapter, origin) = (10 + line % 2, ["CN", "TH", "VN", "LA"][line / 2 % 4]);
            let wrong = u8::from((line / 8) % 10 < if line % 2 == 0 { 8 } else { 1 });
            writeln!(text, "2020-01-31,{chapter}0101,{origin},{line},{wrong}").expect("a text takes all");
        }
        Sheet::read(text.as_bytes(), Some("Fraud")).expect("a table")
    }

    #[test]
    fn a_key_that_says_nothing_leans_nowhere() {
        let sheet = sheet();
        let labels = sheet.labels.clone().expect("labels");
        let leanings = Judged { sheet: &sheet, labels: &labels, from: 1 }.leanings();
        let (wrong, right) = (values(&sheet, 0), values(&sheet, 1));
        assert!((leanings.margin(&wrong) - leanings.margin(&right) - 3.6).abs() < 0.6);
        let parts = leanings.parts(&wrong);
        let lean = |name: &str| parts.iter().find(|part| part.0 == name).map_or(0.0, |part| part.1.abs());
        assert!(lean("origin") < 0.05, "{parts:?}");
        assert!(leanings.is_sound());
    }
}
