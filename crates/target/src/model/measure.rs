//! How good a ranking is, and how sure one can be of that.

use serde::Serialize;

/// How good a ranking of lines is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// Lines.
    pub lines: usize,
    /// Wrong ones among them.
    pub wrong: usize,
    /// Chance that a wrong line stands above a right one.
    pub auc: f64,
    /// Its interval at 95 per cent.
    pub auc_interval: (f64, f64),
    /// At 1, 2, 5 and 10 per cent of the lines opened: share of wrong ones among those opened.
    pub precision: [f64; 4],
    /// The interval of each at 95 per cent.
    pub precision_interval: [(f64, f64); 4],
    /// At the same: share of all wrong ones that is found.
    pub recall: [f64; 4],
    /// At the same: share of the duty at stake in wrong lines that is found. A proxy where no amounts are recorded.
    pub money: [f64; 4],
}

/// The shares of lines that can be opened, in per cent.
pub const SHARES: [usize; 4] = [1, 2, 5, 10];

/// Measures a ranking; equal scores stand in the order of lines.
#[must_use]
pub fn quality(scores: &[f32], wrong: &[u8], money: &[f64]) -> Quality {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let all: f64 = wrong.iter().map(|wrong| f64::from(*wrong)).sum();
    let at_stake: f64 = wrong.iter().zip(money).map(|(wrong, money)| f64::from(*wrong) * money).sum();
    let auc = auc(scores, wrong);
    let mut quality = Quality {
        lines: scores.len(),
        wrong: all as usize,
        auc,
        auc_interval: auc_interval(auc, all, scores.len() as f64 - all),
        ..Quality::default()
    };
    for (at, share) in SHARES.iter().enumerate() {
        let opened = &order[..(scores.len() * share / 100).max(1).min(order.len())];
        let found: f64 = opened.iter().map(|row| f64::from(wrong[*row])).sum();
        let of_money: f64 = opened.iter().map(|row| f64::from(wrong[*row]) * money[*row]).sum();
        quality.precision[at] = found / opened.len().max(1) as f64;
        quality.precision_interval[at] = wilson(found, opened.len() as f64);
        quality.recall[at] = found / all.max(1.0);
        quality.money[at] = of_money / at_stake.max(f64::MIN_POSITIVE);
    }
    quality
}

/// The area under the curve by ranks, equal scores counted half.
#[must_use]
pub fn auc(scores: &[f32], wrong: &[u8]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut below, mut sum, mut all_wrong, mut all_right) = (0.0, 0.0, 0.0, 0.0);
    for tied in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let bad: f64 = tied.iter().map(|row| f64::from(wrong[*row])).sum();
        let good = tied.len() as f64 - bad;
        sum += bad * (below + good / 2.0);
        below += good;
        all_wrong += bad;
        all_right += good;
    }
    if all_wrong == 0.0 || all_right == 0.0 { f64::NAN } else { sum / (all_wrong * all_right) }
}

/// Hanley and McNeil's standard error, twice to either side.
pub(super) fn auc_interval(auc: f64, wrong: f64, right: f64) -> (f64, f64) {
    let (q1, q2) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let variance = auc * (1.0 - auc) + (wrong - 1.0) * (q1 - auc * auc) + (right - 1.0) * (q2 - auc * auc);
    let half = 1.96 * (variance / (wrong * right)).max(0.0).sqrt();
    ((auc - half).max(0.0), (auc + half).min(1.0))
}

fn wilson(found: f64, of: f64) -> (f64, f64) {
    let (z, p) = (1.96, found / of.max(1.0));
    let middle = (p + z * z / (2.0 * of)) / (1.0 + z * z / of);
    let half = z / (1.0 + z * z / of) * (p * (1.0 - p) / of + z * z / (4.0 * of * of)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// What was promised beside what came, in ten bands of equally many lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Mean probability promised and share of wrong lines found, band by band.
    pub bands: Vec<(f64, f64)>,
    /// Mean distance between the two.
    pub error: f64,
    /// Mean squared distance between probability and outcome (Brier).
    pub brier: f64,
}

/// Holds probabilities against what came.
#[must_use]
pub fn calibration(scores: &[f32], wrong: &[u8]) -> Calibration {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let band = order.len().div_ceil(10).max(1);
    let bands: Vec<(f64, f64)> = order
        .chunks(band)
        .map(|rows| {
            let of = rows.len() as f64;
            let promised: f64 = rows.iter().map(|row| f64::from(scores[*row])).sum();
            let came: f64 = rows.iter().map(|row| f64::from(wrong[*row])).sum();
            (promised / of, came / of)
        })
        .collect();
    let error =
        bands.iter().map(|(promised, came)| (promised - came).abs()).sum::<f64>() / bands.len().max(1) as f64;
    let squares =
        scores.iter().zip(wrong).map(|(score, wrong)| (f64::from(*score) - f64::from(*wrong)).powi(2));
    Calibration { error, brier: squares.sum::<f64>() / scores.len().max(1) as f64, bands }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_what_pairs_say() {
        assert!((auc(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1]) - 0.75).abs() < 1e-12);
        assert!((auc(&[0.5, 0.5, 0.5, 0.5], &[0, 1, 0, 1]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_promise_that_is_kept_has_no_error() {
        let scores: Vec<f32> = (0..1_000).map(|at| if at % 2 == 0 { 0.0 } else { 1.0 }).collect();
        let wrong: Vec<u8> = (0..1_000).map(|at| (at % 2) as u8).collect();
        assert!(calibration(&scores, &wrong).error < 1e-9);
    }
}
