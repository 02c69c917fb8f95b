//! Whether trade is still the trade a model was learned from: how far each number of a line has moved.

use serde::{Deserialize, Serialize};

use super::encode::{WIDTH, feature};

/// How a number was spread when the model was learned: cuts between tenths, and the share of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    cuts: Vec<f32>,
    shares: Vec<f32>,
}

/// How far a number has moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// The number.
    pub feature: String,
    /// Population stability index: below 0.1 nothing to speak of, above 0.25 another trade.
    pub index: f64,
}

/// How all numbers of these lines are spread.
#[must_use]
pub fn spreads(rows: &[f32]) -> Vec<Spread> {
    let column = |at: usize| rows.iter().skip(at).step_by(WIDTH).copied();
    (0..WIDTH)
        .map(|at| {
            let mut sorted: Vec<f32> = column(at).filter(|number| !number.is_nan()).collect();
            sorted.sort_by(f32::total_cmp);
            let mut cuts: Vec<f32> =
                (1..10).filter_map(|tenth| sorted.get(sorted.len() * tenth / 10).copied()).collect();
            cuts.dedup();
            Spread { shares: shares(column(at), &cuts), cuts }
        })
        .collect()
}

/// How far these lines have moved from where the model was learned, the farthest first.
#[must_use]
pub fn drift(spreads: &[Spread], rows: &[f32]) -> Vec<Drift> {
    let mut drifts: Vec<Drift> = spreads
        .iter()
        .enumerate()
        .take(WIDTH)
        .map(|(at, spread)| {
            let now = shares(rows.iter().skip(at).step_by(WIDTH).copied(), &spread.cuts);
            let parts = now.iter().zip(&spread.shares).map(|(now, then)| {
                let (now, then) = (f64::from(*now).max(1e-4), f64::from(*then).max(1e-4));
                (now - then) * (now / then).ln()
            });
            Drift { feature: feature(at), index: parts.sum() }
        })
        .collect();
    drifts.sort_by(|a, b| b.index.total_cmp(&a.index));
    drifts
}

/// The share of numbers between each two cuts; the last share is of those that are absent.
fn shares(numbers: impl Iterator<Item = f32>, cuts: &[f32]) -> Vec<f32> {
    let mut counts = vec![0_u32; cuts.len() + 2];
    let mut all = 0_u32;
    for number in numbers {
        let at = if number.is_nan() { cuts.len() + 1 } else { cuts.partition_point(|cut| *cut <= number) };
        counts[at] += 1;
        all += 1;
    }
    counts.into_iter().map(|count| count as f32 / all.max(1) as f32).collect()
}
