//! Checking: what `sampan check` prints of a file, without the messages themselves.

use kernel::{Findings, Severity};
use serde::Serialize;

use crate::catalogue::Kind;
use crate::read::{Received, Summary, read, read_strictly};

/// What is to be said of some bytes.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// What kind of message it is.
    pub kind: Kind,
    /// Clean, faulty or unreadable.
    pub verdict: Verdict,
    /// Everything wrong, in the order of the bytes.
    pub findings: Findings,
    /// How much there was.
    pub summary: Summary,
}

/// The verdict on some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Read to the end with nothing heavier than a warning.
    Clean,
    /// Read, with errors.
    Faulty,
    /// No message could be read out of it.
    Unreadable,
}

impl Verdict {
    /// The exit code of `sampan check`: 0 clean, 1 findings, 2 not readable.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Faulty => 1,
            Self::Unreadable => 2,
        }
    }
}

/// Checks whatever these bytes are.
#[must_use]
pub fn check(bytes: &[u8]) -> Checked {
    read(bytes).into()
}

/// Checks these bytes as the office that receives them would: a broken condition or rule of the standard is an error.
#[must_use]
pub fn judge(bytes: &[u8]) -> Checked {
    read_strictly(bytes).into()
}

impl From<Received> for Checked {
    fn from(received: Received) -> Self {
        let Received { kind, messages, findings, summary } = received;
        let verdict = match findings.worst() {
            Some(Severity::Fatal) if messages.is_empty() => Verdict::Unreadable,
            Some(Severity::Error | Severity::Fatal) => Verdict::Faulty,
            Some(Severity::Note | Severity::Warning) | None => Verdict::Clean,
        };
        Self { kind, verdict, findings, summary }
    }
}
