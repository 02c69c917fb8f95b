//! The store's own verifier: reads the files of a store at rest or after a crash, changes none of them, and names
//! everything that is not what was written.
//!
//! First the bytes: every page of the database against its digest, the log of commits against its checksums and the
//! mark, the digests against their own. Then what they say: entries against their canonical form, blobs against
//! their digests, and everything derived against the record it was derived from.

mod meaning;
mod pages;

use std::fmt;
use std::path::Path;

use kernel::{AnyEvent, Summary};
use serde::Serialize;
use serde_json::Value;

use super::lock;
use super::pages::Paths;
use crate::{Failure, Look};

/// One thing that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Where: `page 93 of store.sqlite`, `entry 17`, `blob ba7816bf8f01…`, `case finding/…`.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What is wrong, bytes before meaning; at most [`Report::FAULTS_MAX`] are listed.
    pub faults: Vec<Fault>,
    /// How many faults there were past those listed.
    pub dropped: u64,
    /// How many pages of the database were compared with their digests.
    pub pages: u64,
    /// How many committed frames stand in the log of commits.
    pub frames: u64,
    /// How many entries were read.
    pub entries: u64,
    /// How many blobs were recomputed.
    pub blobs: u64,
    /// How many blobs were destroyed, as an entry says of each.
    pub destroyed: u64,
    /// How many cases were replayed.
    pub cases: u64,
}

impl Report {
    /// The most faults that are listed.
    pub const FAULTS_MAX: usize = 10_000;

    /// Whether everything is what was written.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(crate) fn fault(&mut self, place: impl Into<String>, what: impl fmt::Display) {
        if self.faults.len() < Self::FAULTS_MAX {
            self.faults.push(Fault { place: place.into(), what: what.to_string() });
        } else {
            self.dropped += 1;
        }
    }
}

/// How far a verification has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being looked at: `pages`, `entries`, `blobs`, `cases`.
    pub what: &'static str,
    /// How many of them were.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}

/// What a store is verified against.
pub struct Against<'a> {
    /// The log that has the same entries.
    pub log: &'a dyn Logged,
    /// Folds the events of cases.
    pub replay: &'a dyn Replay,
}

/// The entries as the log has them.
pub trait Logged {
    /// How many there are; the store must have as many or more.
    fn size(&self) -> u64;
    /// The bytes of one; `None` where the log cannot give it, which is the log's own fault.
    fn entry(&self, number: u64) -> Option<Vec<u8>>;
}

/// No log to compare with.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLog;

impl Logged for NoLog {
    fn size(&self) -> u64 {
        0
    }

    fn entry(&self, _number: u64) -> Option<Vec<u8>> {
        None
    }
}

/// Folds the events of a case of a desk, as `kernel::Desk::replay` does; `None` where it cannot. Any closure
/// `Fn(&str, &[AnyEvent]) -> Option<(Value, Summary)>` is one.
pub trait Replay {
    /// The case's state and summary after these events.
    fn replay(&self, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)>;

    /// The same, where events name blobs that have to be read: `store` is the very store that is being verified, as
    /// its last commit left it. Only asked for blobs; nothing else in it is verified yet.
    fn replay_in(&self, store: &dyn Look, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
        let _ = store;
        self.replay(desk, events)
    }
}

impl<F: Fn(&str, &[AnyEvent]) -> Option<(Value, Summary)>> Replay for F {
    fn replay(&self, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
        self(desk, events)
    }
}

impl fmt::Debug for Against<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Against").field("logged", &self.log.size()).finish_non_exhaustive()
    }
}

/// Verifies the store at this path (such as `store.sqlite`). Changes no file; where commits stand outside the
/// database, a copy in the system's temporary folder is read.
///
/// # Errors
/// [`Failure::Engine`] where the files cannot be read or a program has the store open. Damage is never an error here:
/// it is in the report.
pub fn verify(
    path: impl AsRef<Path>,
    against: &Against<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Failure> {
    let paths = Paths::of(path.as_ref());
    let _lock = lock::against_writing(&paths.lock)?;
    let mut report = Report::default();
    if let Some(image) = pages::check(&paths, &mut report, progress)? {
        meaning::check(&image, against, &mut report, progress);
        image.name_tables(&mut report);
    }
    if report.entries < against.log.size() {
        let (logged, there) = (against.log.size(), report.entries);
        report.fault(Paths::name(&paths.main), format!("{logged} entries were logged, {there} can be read"));
    }
    Ok(report)
}
