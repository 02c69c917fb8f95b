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

/// Bytes as base64, for JSON.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = group >> (18 - 6 * place) & 63;
            let digit = ALPHABET[usize::try_from(index).unwrap_or_default()];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_as_the_standard_has_it() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(super::base64(bytes.as_bytes()), text);
        }
    }
}
