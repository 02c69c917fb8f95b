//! Asking without showing, calculated: sets gathered and tagged, questions blinded, evaluated, opened. It takes long, so it is work
//! of the rim's, and what came of it comes back to the heart as an act of the node's, with the bytes that belong to it.
//!
//! ```text
//! set.rs        a set gathered or read, its tags or points
//! question.rs   a question of ours: its file read, its values blinded, the answer opened
//! asked.rs      a partner's question evaluated
//! own.rs        own values, typed and from a file
//! bytes.rs      what came beside a partner's document
//! cores.rs      on which processors, and that the heart goes first
//! ```
//!
//! Every secret is derived from one the node holds under its passphrase and from what it is for: an edition of a set has a
//! key of its own, and a question is blinded alike when the node starts again in the middle of it.

mod asked;
mod bytes;
mod cores;
mod list;
mod own;
mod question;
mod set;

use std::sync::Arc;

use aws_lc_rs::hmac;
use blind::{Fault, Key, Secret};
use customs::assistance::unseen::{Beside, MatchAsked, MatchQuestion, MatchSet};
use kernel::{CaseId, Digest, Procedure, Refusal, State};
use serde_json::Value;
use store::{CaseRow, Failure, Look, Work};

use crate::act::Turn;

pub(crate) use cores::yielding;

/// The sort of work that calculates.
pub(crate) const UNSEEN: &str = "unseen";

/// What came of a calculation: the act the node takes then, and the bytes it names by their digests.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    /// The act as its desk's JSON.
    pub act: Value,
    /// The bytes that are kept with it.
    pub files: Vec<Vec<u8>>,
}

impl Calculation {
    /// An act to which no bytes belong.
    fn plain(act: &impl serde::Serialize) -> Self {
        Self { act: crate::act::plain(act), files: Vec::new() }
    }
}

/// Why nothing could be calculated.
#[derive(Debug)]
enum Stop {
    /// It is not possible as things are; the case is told.
    Refused(Refusal),
    /// The store failed; it is tried again.
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Refused(refusal(fault))
    }
}

/// What every secret of asking without showing is derived from.
#[derive(Clone)]
pub struct Hidden(hmac::Key);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(..)")
    }
}

impl Hidden {
    /// Derives it from a secret of the node's.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let root = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"sampan/ask-without-showing/1");
        Self(hmac::Key::new(hmac::HMAC_SHA256, root.as_ref()))
    }

    /// The secret for one use.
    fn secret(&self, of: &str) -> Secret {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&self.0, of.as_bytes()).as_ref());
        Secret::new(bytes)
    }

    /// The key of an edition.
    fn key(&self, edition: &str) -> Result<Key, Fault> {
        Key::derive(&self.secret("editions"), &format!("edition {}", Digest::of(edition.as_bytes())))
    }

    /// The secret of an edition of which only how many can be asked.
    fn count_key(&self, edition: &str) -> Secret {
        self.secret(&format!("count edition {}", Digest::of(edition.as_bytes())))
    }
}

impl Turn<'_> {
    /// Puts the calculation a case waits for in as work, and takes it out once the case has moved on.
    pub(crate) fn unseen_after(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        if ![MatchSet::NAME, MatchQuestion::NAME, MatchAsked::NAME].contains(&case.desk()) {
            return Ok(());
        }
        let key = key_of(case);
        if !WAITING.contains(&state.json()["stage"].as_str().unwrap_or_default()) {
            return self.change.drop_work(&key);
        }
        let body = serde_json::json!({ "case": case });
        self.put_work(Work { key, sort: UNSEEN.into(), at: self.now, attempts: 0, body })
    }
}

/// The stages in which a case waits for its calculation.
const WAITING: [&str; 5] = ["gathering", "reading", "blinding", "opening", "answering"];

fn key_of(case: &CaseId) -> String {
    format!("{UNSEEN}/{case}")
}

/// Calculates what a case waits for: the act the node takes on it then; nothing where it waits for nothing any more.
///
/// # Errors
/// What the store says.
pub fn calculate(look: &dyn Look, hidden: &Hidden, case: &CaseId) -> Result<Option<Calculation>, Failure> {
    let Some(row) = look.case(case)? else { return Ok(None) };
    match case.desk() {
        MatchSet::NAME => set::calculate(look, hidden, &row),
        MatchQuestion::NAME => question::calculate(look, hidden, &row),
        MatchAsked::NAME => asked::calculate(look, hidden, &row),
        _ => Ok(None),
    }
}

fn read<P: Procedure>(row: &CaseRow) -> Option<Arc<P>> {
    row.state.read().ok()
}

/// What was calculated, or that it could not be, as this makes an act of a refusal.
fn told<A: serde::Serialize>(
    calculated: Result<Calculation, Stop>,
    hold_back: impl FnOnce(Refusal) -> A,
) -> Result<Option<Calculation>, Failure> {
    match calculated {
        Ok(calculation) => Ok(Some(calculation)),
        Err(Stop::Refused(refusal)) => Ok(Some(Calculation::plain(&hold_back(refusal)))),
        Err(Stop::Failed(failure)) => Err(failure),
    }
}

fn refusal(fault: Fault) -> Refusal {
    let code = match fault {
        Fault::Proof => "match-proof",
        Fault::Length => "match-bytes-length",
        Fault::Value | Fault::Point => "match-unreadable",
        Fault::Key => "match-key",
    };
    Refusal::new(code, fault.to_string())
}

/// Puts bytes beside a paper under a name.
fn laid(files: &mut Vec<Vec<u8>>, name: &str, bytes: Vec<u8>) -> Beside {
    let beside = Beside::of(name, &bytes);
    files.push(bytes);
    beside
}
