//! A ring of administrations that recognise each other's trusted traders, in one thread from one seed: how soon a
//! suspension is effective everywhere, and whether the list of benefits given in between is exactly the truth.
//!
//! The desks, terms, release and books are the real ones. Simulated are the clock, the wire (delays, losses, doubles,
//! partitions, messages that never arrive), and the trade. What is true is written down by the simulation itself, from
//! the moments it drew, and never read from the desks it is held against.

mod party;
mod play;
mod wire;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use self::play::run;

/// What is to be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// The seed.
    pub seed: u64,
    /// For how long trade and changes go on, in minutes.
    pub minutes: u32,
    /// How many changes of status there are in that time.
    pub changes: u32,
    /// How many declarations.
    pub declarations: u32,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Suspensions and reinstatements, times partners.
    pub deliveries: usize,
    /// Seconds from publication until a partner held it: median, 99 of 100, longest.
    pub median_seconds: i64,
    /// 99 of 100.
    pub p99_seconds: i64,
    /// The longest.
    pub longest_seconds: i64,
    /// Deliveries that took longer than a minute.
    pub over_a_minute: usize,
    /// Partitions there were.
    pub partitions: usize,
    /// Messages put on the wire, tries included.
    pub posted: usize,
    /// Lost on the way.
    pub lost: usize,
    /// That came twice.
    pub doubled: usize,
    /// Given up after all tries, to be repaired by sequence number.
    pub given_up: usize,
    /// Repairs asked for.
    pub repairs: usize,
    /// Benefits given.
    pub benefits: usize,
    /// Benefits that truly rested on a stale status.
    pub in_gap: usize,
    /// Of those, not listed.
    pub missed: usize,
    /// Listed and not among those.
    pub invented: usize,
    /// Lists whose fingerprint is not their giver's at the end.
    pub fingerprints_differ: usize,
}

/// The ring's members.
pub(crate) const MEMBERS: [&str; 5] = ["VN", "TH", "SG", "MY", "CN"];

/// Seconds between two moments.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs()
}

/// A moment so many milliseconds later.
pub(crate) fn later(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(milliseconds)).unwrap_or(at)
}
