//! The three ways to ask how good a score is. Only the last one says what lines that were never seen will bring.
//!
//! * **P1**: learned from the past, asked about the future; lines repeat themselves, so it asks for memory too.
//! * **P2**: the same, only lines that were never seen.
//! * **P3**: in five folds by the line itself *and* by time: no line asked about was ever learned from.

use super::sheet::Sheet;

/// One fold: rows to learn from, rows to tune on, rows to ask about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// Rows of the first sheet.
    pub learn: Vec<usize>,
    /// Rows of the second sheet.
    pub tune: Vec<usize>,
    /// Rows of the third sheet.
    pub ask: Vec<usize>,
}

/// How many folds P3 has.
pub const FOLDS: u64 = 5;

/// The folds of P3 over a sheet to learn from, one to tune on and one to ask about.
#[must_use]
pub fn folds(learn: &Sheet, tune: &Sheet, ask: &Sheet) -> Vec<Fold> {
    let rows = |sheet: &Sheet, keep: &dyn Fn(u64) -> bool| {
        (0..sheet.len()).filter(|row| keep(sheet.same[*row] >> 20)).collect()
    };
    (0..FOLDS)
        .map(|fold| Fold {
            learn: rows(learn, &|same| same % FOLDS != fold),
            tune: rows(tune, &|same| same % FOLDS != fold),
            ask: rows(ask, &|same| same % FOLDS == fold),
        })
        .collect()
}

/// The rows of a sheet whose line is in none of the others.
#[must_use]
pub fn unseen(ask: &Sheet, known: &[&Sheet]) -> Vec<usize> {
    let known: std::collections::BTreeSet<u64> =
        known.iter().flat_map(|sheet| &sheet.same).copied().collect();
    (0..ask.len()).filter(|row| !known.contains(&ask.same[*row])).collect()
}
