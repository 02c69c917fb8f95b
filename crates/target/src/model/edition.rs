//! A model as it is published: what it was learned from, how good it was, and all it needs to score.

use kernel::Digest;
use serde::{Deserialize, Serialize};

use super::drift::Spread;
use super::encode::{Encoder, LINES_OF_CODE, WIDTH, feature};
use super::history::Known;
use super::sheet::Sheet;
use super::tree::Forest;

/// What a model is, as it stands in the record: no part of it is a fraction of a machine's making.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The column of verdicts it was learned from.
    pub label: String,
    /// The least label that counts as wrong.
    pub wrong_from: u8,
    /// The digest of the file it was learned from.
    pub learned_from: Option<Digest>,
    /// First and last day of what it was learned from.
    pub window: (String, String),
    /// Lines it was learned from, and how many of them were wrong.
    pub lines: (u32, u32),
    /// What it looks at.
    pub features: Vec<String>,
    /// How it did on the lines kept back: area under the curve, in parts per ten thousand, over all and over new lines.
    pub kept_back: Option<(u32, u32)>,
    /// The seed of chance in its making.
    pub seed: u64,
}

/// A model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    /// The format's version.
    pub version: u32,
    /// What it is.
    pub edition: Edition,
    /// Histories and memory.
    pub encoder: Encoder,
    /// Judgement.
    pub forest: Forest,
    /// Turns judgement's margin into a probability: slope and shift.
    pub platt: (f32, f32),
    /// How many remembered lines weigh as much as judgement.
    pub memory_weight: f32,
    /// How the numbers of lines were spread.
    pub spreads: Vec<Spread>,
}

/// Why bytes are no model.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// They are no JSON of a model.
    #[error("this is no model: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Another version wrote it.
    #[error("the model has version {0}, this program reads version {VERSION}")]
    Version(u32),
    /// Its parts do not fit one another.
    #[error("the model's parts do not fit one another: {0}")]
    Unsound(&'static str),
}

/// The version this program writes.
pub const VERSION: u32 = 3;

/// A score with what it was made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reasons {
    /// Probability that the line is wrong.
    pub score: f32,
    /// What judgement alone says.
    pub judgement: f32,
    /// Lines that were the same, and how many of them were wrong.
    pub same: (u32, u32),
    /// What moved judgement away from the average most: the number, its value, by how much (log odds).
    pub moved_by: Vec<(String, f32, f64)>,
}

impl Model {
    /// Reads a model and makes sure its parts fit.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        let mut model: Self = serde_json::from_slice(bytes)?;
        if model.version != VERSION {
            return Err(Unusable::Version(model.version));
        }
        if !model.encoder.is_sound() {
            return Err(Unusable::Unsound("histories"));
        }
        if !model.forest.is_sound(WIDTH) {
            return Err(Unusable::Unsound("trees"));
        }
        model.encoder.index();
        model.forest.index();
        Ok(model)
    }

    /// Its bytes; the same model gives the same bytes.
    ///
    /// # Errors
    /// Where a number in it is not finite.
    pub fn write(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// The numbers judgement looks at, line by line.
    #[must_use]
    pub fn rows(&self, sheet: &Sheet) -> Vec<f32> {
        let mut rows = vec![0.0; sheet.len() * WIDTH];
        for (row, out) in rows.chunks_exact_mut(WIDTH).enumerate() {
            self.encoder.row(sheet, row, self.encoder.memory(sheet, row), out);
        }
        rows
    }

    /// Judgement's margin for lines of numbers.
    #[must_use]
    pub fn margins(&self, rows: &[f32]) -> Vec<f32> {
        let mut margins = Vec::new();
        self.forest.margins(rows, WIDTH, |row| self.encoder.start(row), &mut margins);
        margins
    }

    /// The probability that each line is wrong, in the order of lines.
    #[must_use]
    pub fn score(&self, sheet: &Sheet) -> Vec<f32> {
        let mut scores = Vec::with_capacity(sheet.len());
        let mut rows = vec![0.0; BLOCK * WIDTH];
        let mut margins = Vec::new();
        let mut same = [Known::default(); BLOCK];
        for first in (0..sheet.len()).step_by(BLOCK) {
            let length = BLOCK.min(sheet.len() - first);
            for (at, out) in rows.chunks_exact_mut(WIDTH).take(length).enumerate() {
                same[at] = self.encoder.memory(sheet, first + at);
                self.encoder.row(sheet, first + at, same[at], out);
            }
            let rows = &rows[..length * WIDTH];
            self.forest.margins(rows, WIDTH, |row| self.encoder.start(row), &mut margins);
            scores.extend(margins.iter().zip(same).map(|(margin, same)| self.blend(*margin, same)));
        }
        scores
    }

    /// Why a line has its score.
    #[must_use]
    pub fn reasons(&self, sheet: &Sheet, row: usize, most: usize) -> Reasons {
        let same = self.encoder.memory(sheet, row);
        let mut numbers = vec![0.0; WIDTH];
        self.encoder.row(sheet, row, same, &mut numbers);
        let margin = self.margins(&numbers)[0];
        let mut moved = self.forest.contributions(&numbers);
        for (at, by) in self.encoder.leanings(&numbers) {
            moved[at] += f64::from(by);
        }
        let mut moved_by: Vec<(String, f32, f64)> = moved
            .into_iter()
            .enumerate()
            .map(|(at, by)| (feature(at), numbers[at], by * f64::from(self.platt.0)))
            .collect();
        moved_by.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        moved_by.truncate(most);
        Reasons {
            score: self.blend(margin, same),
            judgement: self.judgement(margin),
            same: (same.seen, same.wrong.round() as u32),
            moved_by,
        }
    }

    /// How little is known of lines like this one: 1 where nothing of its code was ever seen, towards 0 the more was.
    #[must_use]
    pub fn doubt(&self, sheet: &Sheet, row: usize) -> f32 {
        let mut numbers = vec![0.0; WIDTH];
        self.encoder.row(sheet, row, Known::default(), &mut numbers);
        let seen = numbers[LINES_OF_CODE].exp_m1();
        if seen.is_finite() { KNOWN_WELL / (KNOWN_WELL + seen) } else { 1.0 }
    }

    /// Judgement as a probability.
    #[must_use]
    pub fn judgement(&self, margin: f32) -> f32 {
        1.0 / (1.0 + (-(self.platt.0 * margin + self.platt.1)).exp())
    }

    /// Judgement moved towards memory, as far as memory is there.
    #[must_use]
    pub fn blend(&self, margin: f32, same: Known) -> f32 {
        same.rate(self.judgement(margin), self.memory_weight)
    }
}

const BLOCK: usize = 256;
/// After so many lines of a code half of the doubt is gone.
const KNOWN_WELL: f32 = 10.0;
