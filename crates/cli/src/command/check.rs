//! `sampan check`: reads messages of any known kind and says what is wrong with them, with places.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use formats::{Checked, Kind, Verdict};
use kernel::Finding;
use serde_json::json;

use crate::exit::Exit;
use crate::output::{self, Format};

/// Reads messages of any known kind and says what is wrong with them, with places.
///
/// Ends with 0 where all are clean, 1 where one has findings, 2 where one is not readable.
///
/// Example: sampan check --format json incoming/*.xml
#[derive(clap::Args)]
pub(crate) struct Check {
    /// Files to read; `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The kind they are meant to be; another kind is a finding.
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// Form of the result: text, or one JSON object per file.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Check {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let mut worst = 0;
        for path in &self.files {
            let bytes = read(path)?;
            let checked = formats::check(&bytes);
            let strange = self.kind.filter(|kind| *kind != checked.kind);
            match self.format {
                Format::Text => print_text(path, &checked, strange),
                Format::Json => print_json(path, &checked, strange),
            }
            worst = worst.max(checked.verdict.exit_code()).max(u8::from(strange.is_some()));
        }
        Ok(match worst {
            0 => Exit::Sound,
            1 => Exit::Wrong,
            _ => Exit::Failed,
        })
    }
}

/// The most of a file that is read; what is larger is unreadable and says so.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let said = || format!("cannot read {}", path.display());
    if path == Path::new("-") {
        std::io::stdin().lock().take(BYTES_MAX).read_to_end(&mut bytes).with_context(said)?;
    } else {
        File::open(path).with_context(said)?.take(BYTES_MAX).read_to_end(&mut bytes).with_context(said)?;
    }
    Ok(bytes)
}

fn kind(text: &str) -> Result<Kind, String> {
    let known = || Kind::READ.map(Kind::code).join(", ");
    Kind::of(text).ok_or_else(|| format!("not a kind of message; known are {}", known()))
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clean => "clean",
        Verdict::Faulty => "findings",
        Verdict::Unreadable => "not readable",
    }
}

fn print_text(path: &Path, checked: &Checked, strange: Option<Kind>) {
    let name = path.display();
    output::line(format_args!("{name}: {} {}", checked.kind.code(), word(checked.verdict)));
    if let Some(kind) = strange {
        output::line(format_args!(
            "{name}: kind-not-expected saw {} expected {}",
            checked.kind.code(),
            kind.code()
        ));
    }
    for finding in &checked.findings {
        output::line(format_args!("{name}:{}", sentence(finding)));
    }
    if checked.findings.dropped > 0 {
        output::line(format_args!("{name}: {} more findings", checked.findings.dropped));
    }
}

/// `12:4 error picture-exceeded /Declaration/ID (42A/D014) saw "…" expected an..22`.
fn sentence(finding: &Finding) -> String {
    let place = &finding.place;
    let mut text =
        format!("{}:{} {:?} {}", place.line, place.column, finding.severity, finding.code).to_lowercase();
    text = format!("{text} {}", place.path);
    if !place.pointer.is_empty() {
        text = format!("{text} ({})", place.pointer);
    }
    if !finding.seen.is_empty() {
        text = format!("{text} saw {:?}", finding.seen);
    }
    if !finding.expected.is_empty() {
        text = format!("{text} expected {}", finding.expected);
    }
    text
}

fn print_json(path: &Path, checked: &Checked, strange: Option<Kind>) {
    output::json(&json!({
        "file": path, "kind": checked.kind.code(), "expected_kind": strange.map(Kind::code),
        "verdict": checked.verdict, "findings": checked.findings.iter().collect::<Vec<_>>(),
        "dropped": checked.findings.dropped, "summary": checked.summary,
    }));
}
