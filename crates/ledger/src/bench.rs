//! How fast a log grows, beside the hashing that cannot be avoided.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::log::Log;

/// Entries per second of one run, with the physical limit measured in the same run.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct AppendBench {
    /// Entries appended.
    pub entries: u64,
    /// Bytes in each.
    pub length: usize,
    /// Entries per second appended: leaf hash, tree, tiles and bundles in memory, one batch of 256 after the other.
    pub appended: f64,
    /// Entries per second of bare SHA-256 over the same leaves and as many two-hash nodes.
    pub hashed: f64,
}

/// Appends `entries` entries of `length` bytes and times it by `now`, a clock that never goes back.
///
/// # Errors
/// [`Error::EntryTooLong`] where `length` is over the limit.
pub fn bench_append(entries: u64, length: usize, now: impl Fn() -> Duration) -> Result<AppendBench, Error> {
    let batches = entries.div_ceil(BATCH as u64);
    let batch = |number: u64| -> Vec<Vec<u8>> {
        (0..BATCH).map(|place| entry(number * BATCH as u64 + place as u64, length)).collect()
    };
    let (mut appending, mut hashing) = (Duration::ZERO, Duration::ZERO);
    let mut log = Log::create("bench");
    let mut written = 0;
    for number in 0..batches {
        let batch = batch(number);
        let start = now();
        written += log.append(&batch)?.iter().map(|file| file.bytes.len()).sum::<usize>();
        let middle = now();
        let hash = batch.iter().fold(0, |sum, entry| sum ^ hash_leaf_and_node(entry));
        appending += middle - start;
        hashing += now() - middle;
        // Keeps both results in use, so that neither is optimised away.
        written ^= usize::from(hash);
    }
    std::hint::black_box(written);
    let count = batches * BATCH as u64;
    let rate = |time: Duration| count as f64 / time.as_secs_f64();
    Ok(AppendBench { entries: count, length, appended: rate(appending), hashed: rate(hashing) })
}

fn entry(number: u64, length: usize) -> Vec<u8> {
    number.to_be_bytes().into_iter().chain(std::iter::repeat(b'.')).take(length).collect()
}

fn hash_leaf_and_node(entry: &[u8]) -> u8 {
    let leaf = Sha256::new().chain_update([0]).chain_update(entry).finalize();
    let node = Sha256::new().chain_update([1]).chain_update(leaf).chain_update(leaf).finalize();
    node[0]
}

const BATCH: usize = 256;
