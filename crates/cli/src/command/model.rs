//! `sampan model`: learns a score from verdicts, scores files, reports how good a model is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use kernel::Digest;
use serde_json::{Value, json};
use target::model::measure::calibration;
use target::model::protocol::unseen;
use target::model::train::{Wanted, train, wrong};
use target::model::{Model as Learned, Sheet, drift, quality};

use super::lessons::Lessons;
use crate::exit::Exit;
use crate::output::{self, Format};

/// A score learned from verdicts: train, score, report. It decides nothing by itself.
///
/// Example: sampan model train 2020.csv --valid 2021q1.csv --label Fraud --out fraud.model
#[derive(clap::Args)]
pub(crate) struct Model {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Learns a model.
    Train(Train),
    /// Scores a file: one line for every line, in their order, with the columns `score` and `expected`.
    Score(Score),
    /// Writes what a node's officers found as a file to learn from: `sampan model train FILE --label wrong`.
    Lessons(Lessons),
    /// Says how good a model is on a file with verdicts, how far trade has moved, and how a challenger does beside it.
    Report(Report),
}

#[derive(clap::Args)]
struct Train {
    /// Declarations with verdicts, as CSV with a header.
    file: PathBuf,
    /// Later ones, kept back: the probability is fitted to them, and they join the histories.
    #[arg(long)]
    valid: Option<PathBuf>,
    /// The column of verdicts.
    #[arg(long)]
    label: String,
    /// The least verdict that counts as wrong; without it, the greatest there is.
    #[arg(long)]
    wrong_from: Option<u8>,
    /// The seed of chance; the same seed and file give the same model.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the model goes.
    #[arg(long)]
    out: PathBuf,
    /// A key file (`PRIVATE+KEY+…`) to sign the model with; the signed note goes beside it as `OUT.note`.
    #[arg(long)]
    sign: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Score {
    /// The model.
    model: PathBuf,
    /// Declarations as CSV with a header; columns in any order, missing ones allowed.
    file: PathBuf,
    /// Where the scores go.
    #[arg(long)]
    out: PathBuf,
    /// Adds a column with so many reasons for each score.
    #[arg(long, default_value_t = 0)]
    reasons: usize,
}

#[derive(clap::Args)]
struct Report {
    /// The model.
    model: PathBuf,
    /// Declarations with verdicts.
    file: PathBuf,
    /// Files the model was learned from, so that lines that repeat in them can be told apart (protocol P2).
    #[arg(long)]
    learned: Vec<PathBuf>,
    /// Another model to hold beside it on the same lines.
    #[arg(long)]
    challenger: Option<PathBuf>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Model {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Train(what) => what.run(),
            What::Score(what) => what.run(),
            What::Lessons(what) => what.run(),
            What::Report(what) => what.run(),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn sheet(path: &Path, label: Option<&str>) -> anyhow::Result<Sheet> {
    let sheet = Sheet::read(&read(path)?, label).with_context(|| path.display().to_string())?;
    if !sheet.missing.is_empty() {
        output::say(format_args!("{}: no column for {}", path.display(), sheet.missing.join(", ")));
    }
    Ok(sheet)
}

fn model(path: &Path) -> anyhow::Result<Learned> {
    Learned::read(&read(path)?).with_context(|| path.display().to_string())
}

impl Train {
    fn run(self) -> anyhow::Result<Exit> {
        let bytes = read(&self.file)?;
        let learn = sheet(&self.file, Some(&self.label))?;
        let kept = self.valid.as_deref().map(|path| sheet(path, Some(&self.label))).transpose()?;
        let wanted = Wanted { wrong_from: self.wrong_from, seed: self.seed, ..Wanted::of(&self.label) };
        let mut learned = train(&wanted, &learn, kept.as_ref())?;
        learned.edition.learned_from = Some(Digest::of(&bytes));
        let bytes = learned.write()?;
        fs::write(&self.out, &bytes).with_context(|| format!("cannot write {}", self.out.display()))?;
        let digest = Digest::of(&bytes);
        if let Some(key) = &self.sign {
            sign(key, &self.out, &digest, &learned)?;
        }
        output::json(
            &json!({ "model": self.out, "digest": digest, "bytes": bytes.len(), "edition": learned.edition }),
        );
        Ok(Exit::Sound)
    }
}

/// A signed note over the model's digest and what it was learned from, checked by any note verifier.
fn sign(key: &Path, out: &Path, digest: &Digest, learned: &Learned) -> anyhow::Result<()> {
    let secret = fs::read_to_string(key).with_context(|| format!("cannot read {}", key.display()))?;
    let signer = ledger::Signer::from_secret_text(secret.trim())?;
    let edition = &learned.edition;
    let text =
        format!("sampan-model\n{digest}\n{} {}..{}\n", edition.label, edition.window.0, edition.window.1);
    let signature = signer.sign(&text)?;
    let note = ledger::Note::new(text)?.with(signature);
    let mut path = out.as_os_str().to_owned();
    path.push(".note");
    fs::write(&path, note.to_string()).with_context(|| "cannot write the note")
}

impl Score {
    fn run(self) -> anyhow::Result<Exit> {
        let learned = model(&self.model)?;
        let sheet = sheet(&self.file, None)?;
        let scores = learned.score(&sheet);
        let mut text = String::with_capacity(scores.len() * 24);
        text.push_str(if self.reasons > 0 { "score,expected,reasons\n" } else { "score,expected\n" });
        for (row, score) in scores.iter().enumerate() {
            use std::fmt::Write as _;
            write!(text, "{score:.9},{:.2}", f64::from(*score) * sheet.duty(row))?;
            if self.reasons > 0 {
                write!(text, ",\"{}\"", reasons(&learned, &sheet, row, self.reasons))?;
            }
            text.push('\n');
        }
        fs::write(&self.out, text).with_context(|| format!("cannot write {}", self.out.display()))?;
        output::json(&json!({ "lines": scores.len(), "scores": self.out, "strange_columns": sheet.strange }));
        Ok(Exit::Sound)
    }
}

/// `heading rate 0.41 (+0.52); …; same line 3 times, 2 wrong`.
fn reasons(learned: &Learned, sheet: &Sheet, row: usize, most: usize) -> String {
    let reasons = learned.reasons(sheet, row, most);
    let mut parts: Vec<String> =
        reasons.moved_by.iter().map(|(name, value, by)| format!("{name} {value:.3} ({by:+.2})")).collect();
    if reasons.same.0 > 0 {
        parts.push(format!("same line {} times, {} wrong", reasons.same.0, reasons.same.1));
    }
    parts.join("; ")
}

impl Report {
    fn run(self) -> anyhow::Result<Exit> {
        let learned = model(&self.model)?;
        let label = learned.edition.label.clone();
        let asked = sheet(&self.file, Some(&label))?;
        let Some(labels) = asked.labels.clone() else { bail!("{} has no verdicts", self.file.display()) };
        let wrong = wrong(&labels, learned.edition.wrong_from);
        let known = self.learned.iter().map(|path| sheet(path, None)).collect::<anyhow::Result<Vec<_>>>()?;
        let new = unseen(&asked, &known.iter().collect::<Vec<_>>());
        let mut report =
            json!({ "edition": learned.edition, "file": self.file, "missing_columns": asked.missing });
        report["champion"] = figures(&learned, &asked, &wrong, &new);
        if let Some(path) = &self.challenger {
            let challenger = model(path)?;
            report["challenger"] = figures(&challenger, &asked, &wrong, &new);
            report["challenger_is_better"] = better(&report).into();
        }
        report["drift"] = serde_json::to_value(
            drift(&learned.spreads, &learned.rows(&asked)).iter().take(10).collect::<Vec<_>>(),
        )?;
        match self.format {
            Format::Json => output::json(&report),
            Format::Text => print(&report),
        }
        Ok(Exit::Sound)
    }
}

fn figures(learned: &Learned, asked: &Sheet, wrong: &[u8], new: &[usize]) -> Value {
    let scores = learned.score(asked);
    let money: Vec<f64> = (0..asked.len()).map(|row| asked.duty(row)).collect();
    let of_new = |column: &[f32]| new.iter().map(|row| column[*row]).collect::<Vec<_>>();
    let wrong_new: Vec<u8> = new.iter().map(|row| wrong[*row]).collect();
    let money_new: Vec<f64> = new.iter().map(|row| money[*row]).collect();
    json!({
        "all": quality(&scores, wrong, &money),
        "new_lines": quality(&of_new(&scores), &wrong_new, &money_new),
        "calibration": calibration(&scores, wrong),
    })
}

/// A challenger is better where its area over new lines lies above the champion's interval.
fn better(report: &Value) -> bool {
    let area = |who: &str| report[who]["new_lines"]["auc"].as_f64();
    let top = report["champion"]["new_lines"]["auc_interval"][1].as_f64();
    area("challenger").zip(top).is_some_and(|(challenger, top)| challenger > top)
}

fn print(report: &Value) {
    output::line(format_args!("{} on {}", report["edition"]["label"], report["file"]));
    for who in ["champion", "challenger"] {
        for lines in ["all", "new_lines"] {
            let of = &report[who][lines];
            if of.is_object() {
                output::line(format_args!(
                    "  {who:10} {lines:9} {} lines, {} wrong: area {:.4} {}, precision at 1/2/5/10 % {}",
                    of["lines"],
                    of["wrong"],
                    of["auc"].as_f64().unwrap_or(f64::NAN),
                    of["auc_interval"],
                    of["precision"]
                ));
            }
        }
    }
    output::line(format_args!("  calibration: mean distance {}", report["champion"]["calibration"]["error"]));
    for band in report["champion"]["calibration"]["bands"].as_array().into_iter().flatten() {
        output::line(format_args!(
            "    promised {:.4} came {:.4}",
            band[0].as_f64().unwrap_or(0.0),
            band[1].as_f64().unwrap_or(0.0)
        ));
    }
    for drift in report["drift"].as_array().into_iter().flatten() {
        output::line(format_args!(
            "  drift {:.3} {}",
            drift["index"].as_f64().unwrap_or(0.0),
            drift["feature"]
        ));
    }
}
