//! Learning a model from verdicts.

use hessboost::config::{GrowPolicy, TreeMethod};
use hessboost::objective::RegLoss;
use hessboost::prelude::{DMatrix, ModelFormat, Objective, TrainingParams, train as boost};
use jiff::Span;
use jiff::civil::Date;

use super::drift::spreads;
use super::edition::{Edition, Model, VERSION};
use super::encode::{Encoder, WIDTH, feature};
use super::history::Known;
use super::measure::{auc, auc_interval};
use super::sheet::{NO_DAY, Sheet};
use super::tree::{Forest, NotAForest};

/// How a model is to be learned.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The column of verdicts.
    pub label: String,
    /// The least label that counts as wrong; the greatest there is where none is given.
    pub wrong_from: Option<u8>,
    /// The seed of chance.
    pub seed: u64,
    /// How many trees.
    pub trees: usize,
}

impl Wanted {
    /// Verdicts in this column, all else as usual.
    #[must_use]
    pub fn of(label: impl Into<String>) -> Self {
        Self { label: label.into(), wrong_from: None, seed: 1, trees: TREES }
    }
}

/// Why nothing could be learned.
#[derive(Debug, thiserror::Error)]
pub enum Unlearnable {
    /// The lines carry no verdicts.
    #[error("the lines carry no verdicts")]
    NoLabels,
    /// All verdicts are the same, or too few are there.
    #[error("{wrong} of {lines} lines with a day are wrong: nothing can be learned from that")]
    TooFew {
        /// Lines.
        lines: usize,
        /// Wrong ones.
        wrong: usize,
    },
    /// The booster refused.
    #[error("the booster refused")]
    Booster(#[from] hessboost::error::HessboostError),
    /// The booster's trees could not be read.
    #[error(transparent)]
    Trees(#[from] NotAForest),
    /// The booster's JSON could not be read.
    #[error("the booster's trees are no JSON")]
    Json(#[from] serde_json::Error),
}

/// Learns a model from lines with verdicts; `kept_back` are later ones it is tuned on and tells its quality of.
///
/// # Errors
/// [`Unlearnable`].
pub fn train(wanted: &Wanted, learn: &Sheet, kept_back: Option<&Sheet>) -> Result<Model, Unlearnable> {
    let labels = learn.labels.as_ref().ok_or(Unlearnable::NoLabels)?;
    let from = wanted.wrong_from.unwrap_or_else(|| labels.iter().copied().max().unwrap_or(1).max(1));
    let wrong = wrong(labels, from);
    let kept = kept_back.filter(|sheet| sheet.labels.is_some());
    let known = kept.map_or_else(|| learn.clone(), |kept| learn.followed_by(kept));
    let encoder = Encoder::learn(&known, known.labels.as_deref().unwrap_or(labels), from);
    let mut model = Model {
        version: VERSION,
        edition: edition(wanted, learn, &wrong, from),
        encoder,
        forest: Forest::default(),
        platt: (1.0, 0.0),
        memory_weight: 1.0,
        spreads: Vec::new(),
    };
    let lessons = Lessons::of(&model.encoder, learn, &wrong);
    lessons.expect_enough()?;
    model.forest = lessons.boost(wanted, kept)?;
    model.spreads = spreads(&lessons.rows);
    if let Some(kept) = kept {
        fell(&mut model, kept, &self::wrong(kept.labels.as_deref().unwrap_or_default(), from));
    }
    match kept {
        Some(kept) => tune(&mut model, kept, &self::wrong(kept.labels.as_deref().unwrap_or_default(), from)),
        None => tune(&mut model, learn, &wrong),
    }
    Ok(model)
}

/// 1 where a label counts as wrong.
#[must_use]
pub fn wrong(labels: &[u8], from: u8) -> Vec<u8> {
    labels.iter().map(|label| u8::from(*label >= from)).collect()
}

fn edition(wanted: &Wanted, learn: &Sheet, wrong: &[u8], from: u8) -> Edition {
    let days = || learn.days.iter().copied().filter(|day| *day != NO_DAY);
    let day = |day: Option<i32>| {
        let day = day.and_then(|day| Date::constant(1970, 1, 1).checked_add(Span::new().days(day)).ok());
        day.map_or_else(String::new, |day| day.to_string())
    };
    Edition {
        label: wanted.label.clone(),
        wrong_from: from,
        learned_from: None,
        window: (day(days().min()), day(days().max())),
        lines: (learn.len() as u32, wrong.iter().map(|wrong| u32::from(*wrong)).sum()),
        features: (0..WIDTH).map(feature).collect(),
        kept_back: None,
        seed: wanted.seed,
    }
}

/// What judgement is learned from: lines with a day, after the first weeks in which nothing was known yet. Lines that are
/// the same share one line's weight, so that nothing is learned twice.
struct Lessons {
    rows: Vec<f32>,
    wrong: Vec<f32>,
    starts: Vec<f32>,
    weights: Vec<f32>,
    groups: Vec<u64>,
}

impl Lessons {
    fn of(encoder: &Encoder, learn: &Sheet, wrong: &[u8]) -> Self {
        let first = learn.days.iter().copied().min().unwrap_or(0);
        let last = learn.days.iter().copied().filter(|day| *day != NO_DAY).max().unwrap_or(0);
        let from = first + ((last - first) / 4).min(BURN_IN_DAYS);
        let rows: Vec<usize> =
            (0..learn.len()).filter(|row| learn.days[*row] >= from && learn.days[*row] != NO_DAY).collect();
        let mut sorted: Vec<u64> = rows.iter().map(|row| learn.same[*row]).collect();
        sorted.sort_unstable();
        let times = |same: u64| {
            sorted.partition_point(|known| *known <= same) - sorted.partition_point(|known| *known < same)
        };
        let mut numbers = vec![0.0; rows.len() * WIDTH];
        for (row, out) in rows.iter().zip(numbers.chunks_exact_mut(WIDTH)) {
            encoder.row(learn, *row, encoder.memory(learn, *row), out);
        }
        Self {
            starts: numbers.chunks_exact(WIDTH).map(|row| encoder.start(row)).collect(),
            rows: numbers,
            wrong: rows.iter().map(|row| f32::from(wrong[*row])).collect(),
            weights: rows.iter().map(|row| 1.0 / times(learn.same[*row]).max(1) as f32).collect(),
            groups: rows.iter().map(|row| learn.same[*row]).collect(),
        }
    }

    fn expect_enough(&self) -> Result<(), Unlearnable> {
        let wrong = self.wrong.iter().filter(|wrong| **wrong > 0.5).count();
        let lines = self.wrong.len();
        if wrong >= WRONG_MIN && lines - wrong >= WRONG_MIN {
            Ok(())
        } else {
            Err(Unlearnable::TooFew { lines, wrong })
        }
    }

    fn boost(&self, wanted: &Wanted, kept: Option<&Sheet>) -> Result<Forest, Unlearnable> {
        let matrix = DMatrix::from_dense_with_missing(&self.rows, self.wrong.len(), WIDTH, f32::NAN)?
            .with_labels(&self.wrong)?
            .with_weights(&self.weights)?
            .with_split_groups(&self.groups)?
            .with_base_margin(&self.starts)?;
        let params = TrainingParams::builder()
            .objective(Objective::BinaryLogistic(RegLoss::default()))
            .tree_method(TreeMethod::Hist)
            .grow_policy(GrowPolicy::LossGuide)
            .max_depth(5)
            .max_leaves(15)
            .eta(0.03)
            .lambda(10.0)
            .min_child_weight(1.0)
            .min_child_groups(GROUPS_MIN)
            .subsample(0.8)
            .colsample_bytree(0.6)
            .base_score(0.5)
            .seed(wanted.seed)
            .nthread(2)
            .build()?;
        // Where lines were kept back, they say how many trees stay.
        let trees = if kept.is_some() { wanted.trees } else { self.trees(wanted.trees) };
        let json = boost(&params, &matrix, trees)?.encode(ModelFormat::XgboostJson)?;
        Ok(Forest::from_xgboost(&serde_json::from_slice(&json)?, 0.0)?)
    }

    /// Few wrong lines bear few trees: what is learned from them beyond the code's history is soon chance.
    fn trees(&self, most: usize) -> usize {
        let wrong: f32 = self.wrong.iter().zip(&self.weights).map(|(wrong, weight)| wrong * weight).sum();
        most.min(((wrong / WRONG_PER_TREE) as usize).max(TREES_MIN))
    }
}

/// Keeps as many trees as help with lines that were neither learned from nor seen before: the fewest that are about as
/// good as the best number. What is learned beyond that from few wrong lines is chance.
fn fell(model: &mut Model, kept: &Sheet, wrong: &[u8]) {
    let new: Vec<usize> = (0..kept.len()).filter(|row| model.encoder.memory(kept, *row).seen == 0).collect();
    let of_new: Vec<u8> = new.iter().map(|row| wrong[*row]).collect();
    let bad = of_new.iter().map(|wrong| f64::from(*wrong)).sum::<f64>();
    if bad < WRONG_MIN as f64 || of_new.len() < NEW_MIN {
        model.forest.keep(model.forest.trees.len().min(TREES_MIN));
        return;
    }
    let rows = model.rows(&kept.pick(&new));
    let area = |trees: usize| {
        let mut forest = model.forest.clone();
        forest.keep(trees);
        let mut margins = Vec::new();
        forest.margins(&rows, WIDTH, |row| model.encoder.start(row), &mut margins);
        auc(&margins, &of_new)
    };
    let counts: Vec<usize> = COUNTS.into_iter().filter(|count| *count <= model.forest.trees.len()).collect();
    let areas: Vec<f64> = counts.iter().map(|count| area(*count)).collect();
    let best = areas.iter().copied().fold(0.0, f64::max);
    let (low, high) = auc_interval(best, bad, of_new.len() as f64 - bad);
    let close = (high - low) / 4.0 * CLOSE;
    let fewest = counts.iter().zip(&areas).find(|(_, area)| **area >= best - close).map(|(count, _)| *count);
    model.forest.keep(fewest.unwrap_or(TREES_MIN));
}

/// Fits the probability to lines that were not learned from, and how much memory weighs against judgement.
fn tune(model: &mut Model, kept: &Sheet, wrong: &[u8]) {
    let same: Vec<Known> = (0..kept.len()).map(|row| model.encoder.memory(kept, row)).collect();
    let margins = model.margins(&model.rows(kept));
    let new: Vec<usize> = (0..kept.len()).filter(|row| same[*row].seen == 0).collect();
    let of: Vec<usize> = if new.len() >= NEW_MIN { new.clone() } else { (0..kept.len()).collect() };
    model.platt = platt(&of.iter().map(|row| (margins[*row], wrong[*row])).collect::<Vec<_>>());
    let judged: Vec<f32> = margins.iter().map(|margin| model.judgement(*margin)).collect();
    let loss = |weight: f32| {
        let losses = (0..kept.len()).map(|row| log_loss(same[row].rate(judged[row], weight), wrong[row]));
        losses.sum::<f64>()
    };
    let weights = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 50.0, 200.0];
    let best = weights.into_iter().min_by(|a, b| loss(*a).total_cmp(&loss(*b)));
    model.memory_weight = best.unwrap_or(1.0);
    let scores: Vec<f32> = (0..kept.len()).map(|row| model.blend(margins[row], same[row])).collect();
    let of_new = |column: &[f32]| new.iter().map(|row| column[*row]).collect::<Vec<_>>();
    let wrong_new: Vec<u8> = new.iter().map(|row| wrong[*row]).collect();
    let parts = |share: f64| if share.is_finite() { (share * 10_000.0).round() as u32 } else { 0 };
    model.edition.kept_back = Some((parts(auc(&scores, wrong)), parts(auc(&of_new(&scores), &wrong_new))));
}

/// Platt's slope and shift by Newton's method, with his smoothed targets, drawn towards what a margin says by itself: it is log odds
/// already, and a slope read off a handful of wrong lines is mostly chance. The slope is kept above nothing, so that the order of
/// lines stays.
fn platt(lines: &[(f32, u8)]) -> (f32, f32) {
    let wrong = lines.iter().filter(|(_, wrong)| *wrong == 1).count() as f64;
    let (high, low) = ((wrong + 1.0) / (wrong + 2.0), 1.0 / (lines.len() as f64 - wrong + 2.0));
    let (mut slope, mut shift) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut gs, mut gt) = (SLOPE_DRAWN * (slope - 1.0), SHIFT_DRAWN * shift);
        let (mut hss, mut hst, mut htt) = (SLOPE_DRAWN, 0.0, SHIFT_DRAWN);
        for (margin, wrong) in lines {
            let margin = f64::from(*margin);
            let p = 1.0 / (1.0 + (-(slope * margin + shift)).exp());
            let (d, h) = (p - if *wrong == 1 { high } else { low }, (p * (1.0 - p)).max(1e-9));
            (gs, gt) = (gs + d * margin, gt + d);
            (hss, hst, htt) = (hss + h * margin * margin, hst + h * margin, htt + h);
        }
        let det = hss * htt - hst * hst;
        if det.abs() < 1e-12 {
            break;
        }
        slope -= (htt * gs - hst * gt) / det;
        shift -= (hss * gt - hst * gs) / det;
    }
    if slope.is_finite() && shift.is_finite() && slope > SLOPE_MIN {
        (slope as f32, shift as f32)
    } else {
        (1.0, 0.0)
    }
}

fn log_loss(probability: f32, wrong: u8) -> f64 {
    let p = f64::from(probability).clamp(1e-6, 1.0 - 1e-6);
    if wrong == 1 { -p.ln() } else { -(1.0 - p).ln() }
}

/// Numbers of trees that are tried.
const COUNTS: [usize; 9] = [0, 5, 10, 20, 40, 60, 90, 130, 180];
/// How near the best number's area another must come, in standard errors.
const CLOSE: f64 = 0.5;
const TREES: usize = 180;
const WRONG_PER_TREE: f32 = 6.0;
const TREES_MIN: usize = 15;
const BURN_IN_DAYS: i32 = 60;
const WRONG_MIN: usize = 20;
const NEW_MIN: usize = 300;
const GROUPS_MIN: usize = 40;
const SLOPE_MIN: f64 = 0.05;
/// How strongly a slope is drawn to one and a shift to nothing: by as much as so many lines on the edge say of each.
const SLOPE_DRAWN: f64 = 40.0;
const SHIFT_DRAWN: f64 = 4.0;
