//! Printing: text for people, JSON for programs, one record a line; progress on a terminal, plain lines in a pipe.

use std::io::{IsTerminal as _, Write as _};

use clap::ValueEnum;
use serde::Serialize;

/// In which form results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Prints one line; a closed pipe ends the program quietly.
pub(crate) fn line(text: impl std::fmt::Display) {
    if writeln!(std::io::stdout().lock(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints one JSON object on one line.
pub(crate) fn json(value: &impl Serialize) {
    line(serde_json::to_string(value).expect("what is printed is plain data"));
}

/// Progress of long work, on standard error: one line rewritten on a terminal, plain lines in a pipe.
pub(crate) struct Progress {
    what: &'static str,
    terminal: bool,
    shown: u64,
}

impl Progress {
    /// Progress of this work.
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, terminal: std::io::stderr().is_terminal(), shown: 0 }
    }

    /// So much of so much is done.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        let step = if self.terminal { 1 } else { 25 };
        if percent < self.shown + step && done != total {
            return;
        }
        self.shown = percent;
        let mut out = std::io::stderr().lock();
        let end = if self.terminal && done != total { '\r' } else { '\n' };
        // Nobody listening is no reason to stop the work.
        let _ = write!(out, "{}: {done} of {total} ({percent} %){end}", self.what);
    }
}

/// Says something on standard error.
#[expect(clippy::print_stderr, reason = "the command line speaks here")]
pub(crate) fn say(text: impl std::fmt::Display) {
    eprintln!("{text}");
}
