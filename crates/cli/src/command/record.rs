//! `sampan record`: verifies and proves a node's record from its files alone.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use customs::desks::desk;
use kernel::{AnyEvent, CaseId, Summary};
use ledger::{AuditKeys, Folder, ProofDocument, Strangers, VerifierKey};
use node::descriptor::Descriptor;
use node::evidence::{self, Holds};
use serde_json::{Value, json};
use store::Look;
use store::record::RecordReport;

use crate::command::folder;
use crate::exit::Exit;
use crate::output::{self, Format, Progress};

/// Verifies and proves a node's record from its files alone; the node need not run.
///
/// Example: sampan record verify nodes/vn
#[derive(clap::Args)]
pub(crate) struct Record {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Recomputes the log, the store and every case; ends with 0 where all is sound, 1 where not, naming each fault.
    Verify(Verify),
    /// Writes the proof of one entry, or with `--offline` checks the evidence of a message with no node at all.
    Prove(Prove),
    /// Writes the evidence of one message: its bytes, receipt, certificates and proofs, in one file.
    Evidence(Evidence),
    /// Checks a proof written by `prove`, with the log's verifier key alone.
    Check(Check),
}

/// Recomputes the log, the store and every case.
///
/// Example: sampan record verify nodes/vn --format json
#[derive(clap::Args)]
struct Verify {
    /// The node's folder.
    dir: PathBuf,
    /// The log's verifier key; the node's own descriptor names it otherwise.
    #[arg(long)]
    key: Option<String>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Writes the proof of one entry, or checks the evidence of a message with no node at all. Where bytes the entry stands on
/// were destroyed, says on standard error when and by which term.
///
/// Example: sampan record prove nodes/vn 42 > entry-42.proof
#[derive(clap::Args)]
struct Prove {
    /// The node's folder.
    #[arg(required_unless_present = "offline")]
    dir: Option<PathBuf>,
    /// The entry's number, as `sampan log` shows it.
    #[arg(required_unless_present = "offline")]
    entry: Option<u64>,
    /// The evidence to check; ends with 0 where it is proven, 1 where something in it is wrong, 2 where it is no evidence.
    #[arg(long, value_name = "BUNDLE", conflicts_with_all = ["dir", "entry"])]
    offline: Option<PathBuf>,
    /// The verifier key of the record the evidence is from, as its node told it; without it the key in the evidence is
    /// believed, and named.
    #[arg(long, requires = "offline")]
    key: Option<String>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Writes the evidence of one message.
///
/// Example: sampan record evidence nodes/vn sent/TH-acdd-VN-2026-1-1 > message.evidence
#[derive(clap::Args)]
struct Evidence {
    /// The node's folder.
    dir: PathBuf,
    /// The message's case.
    case: String,
    /// Where it goes; standard output where nothing is named.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Checks a proof.
///
/// Example: sampan record check entry-42.proof --key 'vn.sampan/record+1a2b3c4d+AbC...'
#[derive(clap::Args)]
struct Check {
    /// The proof.
    file: PathBuf,
    /// The log's verifier key, from the node's descriptor.
    #[arg(long)]
    key: String,
}

impl Record {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Verify(verify) => verify.run(),
            What::Prove(prove) => prove.run(),
            What::Evidence(evidence) => evidence.run(),
            What::Check(check) => check.run(),
        }
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<Exit> {
        let report = verify(&self.dir, self.key.as_deref())?;
        match self.format {
            Format::Json => output::json(&as_json(&self.dir, &report)),
            Format::Text => {
                report.faults().for_each(output::line);
                let word = if report.sound { "sound" } else { "not sound" };
                output::line(format_args!(
                    "{}: {} entries, {word}",
                    self.dir.display(),
                    report.store.entries
                ));
            }
        }
        Ok(Exit::sound_if(report.sound))
    }
}

/// What a verification found, in short.
pub(crate) fn as_json(dir: &Path, report: &RecordReport) -> Value {
    json!({
        "node": dir.file_name().map(|name| name.to_string_lossy()), "sound": report.sound,
        "entries": report.store.entries, "not_logged": report.not_logged,
        "faults": report.faults().collect::<Vec<_>>(),
    })
}

/// Verifies the record in a node's folder.
pub(crate) fn verify(dir: &Path, key: Option<&str>) -> anyhow::Result<RecordReport> {
    let log = log_key(dir, key)?;
    let witnesses = witnesses(dir)?;
    let keys = AuditKeys { log: &log, witnesses: &witnesses, strangers: Strangers::Fault };
    let look = folder::look(dir)?;
    let replay = |name: &str, events: &[AnyEvent]| replay(&*look, name, events);
    let mut shown: Option<(&str, Progress)> = None;
    let mut progress = |at: store::sqlite::Progress| {
        if shown.as_ref().is_none_or(|(what, _)| *what != at.what) {
            shown = Some((at.what, Progress::of(at.what)));
        }
        if let Some((_, progress)) = &mut shown {
            progress.at(at.done, at.of);
        }
    };
    store::record::verify(dir, &keys, &replay, &mut progress)
        .with_context(|| format!("cannot verify {}", dir.display()))
}

/// A case folded again from its events, those that were kept beside the record included.
fn replay(look: &dyn Look, name: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
    let whole = events.iter().map(|event| node::whole_event(look, event).ok());
    let events: Vec<AnyEvent> = whole.collect::<Option<_>>()?;
    desk(name)?.replay(&events).ok()
}

/// The key the log's checkpoints are checked with.
fn log_key(dir: &Path, key: Option<&str>) -> anyhow::Result<VerifierKey> {
    let text = match key {
        Some(key) => key.to_owned(),
        None => own_descriptor(dir)?.record,
    };
    text.parse()
        .map_err(|error: ledger::Error| anyhow::anyhow!("the log's verifier key is malformed: {error}"))
}

fn own_descriptor(dir: &Path) -> anyhow::Result<Descriptor> {
    let path = dir.join("descriptor");
    let note = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Descriptor::open(&note).with_context(|| format!("{} is no descriptor", path.display()))
}

/// The keys of the partners that may have countersigned checkpoints.
fn witnesses(dir: &Path) -> anyhow::Result<Vec<VerifierKey>> {
    let partners = node::descriptor::load(dir)?;
    let keys = partners.values().map(|partner| partner.witness.parse::<VerifierKey>());
    keys.collect::<Result<_, _>>()
        .map_err(|error| anyhow::anyhow!("a partner's witness key is malformed: {error}"))
}

impl Prove {
    fn run(self) -> anyhow::Result<Exit> {
        match (&self.offline, &self.dir, self.entry) {
            (Some(bundle), ..) => self.check(bundle),
            (None, Some(dir), Some(entry)) => prove(dir, entry),
            _ => anyhow::bail!("a node's folder and an entry, or --offline with a file"),
        }
    }

    /// Checks evidence from its bytes alone.
    fn check(&self, bundle: &Path) -> anyhow::Result<Exit> {
        let bytes = std::fs::read(bundle).with_context(|| format!("cannot read {}", bundle.display()))?;
        let key: Option<VerifierKey> =
            self.key.as_deref().map(str::parse).transpose().context("the verifier key is malformed")?;
        let checked = match evidence::check(&bytes, key.as_ref()) {
            Ok(checked) => checked,
            Err(fault) => {
                output::line(format_args!("{}: {fault}", bundle.display()));
                return Ok(if bytes.starts_with(b"sampan-evidence ") { Exit::Wrong } else { Exit::Failed });
            }
        };
        for finding in &checked.findings {
            let word = match finding.holds {
                Holds::Yes => "holds",
                Holds::No => "WRONG",
                Holds::Absent => "absent",
            };
            match self.format {
                Format::Json => output::json(
                    &json!({ "code": finding.code, "holds": word.to_lowercase(), "seen": finding.seen }),
                ),
                Format::Text => output::line(format_args!("{word:6} {} {}", finding.code, finding.seen)),
            }
        }
        let word = if checked.is_proven() { "proven" } else { "not proven" };
        let believed = if key.is_some() { "as told" } else { "as the evidence itself says" };
        match self.format {
            Format::Json => {
                output::json(&json!({ "verdict": word, "record_key": checked.record_key, "key": believed }));
            }
            Format::Text => output::line(format_args!("{word}, under {} {believed}", checked.record_key)),
        }
        Ok(Exit::sound_if(checked.is_proven()))
    }
}

fn prove(dir: &Path, entry: u64) -> anyhow::Result<Exit> {
    let log = Folder::new(store::journal::folder_of(dir));
    let key = log_key(dir, None)?;
    let newest = log.newest(&key)?.context("the log has no checkpoint yet")?;
    let proof =
        ProofDocument::of(&log, entry, &newest).with_context(|| format!("entry {entry} cannot be proven"))?;
    output::line(proof.to_string().trim_end());
    for gone in destroyed(dir, entry)? {
        output::say(gone);
    }
    Ok(Exit::Sound)
}

/// What an entry stands on that was destroyed, a line each.
fn destroyed(dir: &Path, entry: u64) -> anyhow::Result<Vec<String>> {
    let look = folder::look(dir)?;
    let blobs = look.entry(entry)?.map_or_else(Vec::new, |entry| entry.blobs);
    let mut lines = Vec::new();
    for digest in blobs {
        if let Some(gone) = node::destroyed(&*look, &digest)? {
            lines.push(format!("{digest}: {gone}"));
        }
    }
    Ok(lines)
}

impl Evidence {
    fn run(self) -> anyhow::Result<Exit> {
        let look = folder::look(&self.dir)?;
        let bundle = evidence::make(&self.dir, &*look, &CaseId::new(self.case))?.to_bytes();
        match &self.out {
            Some(path) => {
                std::fs::write(path, bundle).with_context(|| format!("cannot write {}", path.display()))?;
            }
            None => std::io::stdout().write_all(&bundle)?,
        }
        Ok(Exit::Sound)
    }
}

impl Check {
    fn run(self) -> anyhow::Result<Exit> {
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("cannot read {}", self.file.display()))?;
        let proof: ProofDocument = text.parse().context("this is no proof")?;
        let key: VerifierKey = self.key.parse().context("the verifier key is malformed")?;
        match proof.verify(&key) {
            Ok(signed) => {
                let size = signed.checkpoint().size();
                output::line(format_args!(
                    "entry {} stands in {} of {size} entries",
                    proof.index,
                    key.name()
                ));
                output::line(String::from_utf8_lossy(proof.entry.as_deref().unwrap_or_default()));
                Ok(Exit::Sound)
            }
            Err(error) => {
                output::line(format_args!("not proven: {error}"));
                Ok(Exit::Wrong)
            }
        }
    }
}
