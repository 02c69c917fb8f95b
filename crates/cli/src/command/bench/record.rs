//! Record appends per second.

use std::time::Instant;

use serde_json::json;

use super::Measured;

/// Bytes in an entry, as they are in a node's record on average.
const ENTRY: usize = 700;

/// Appends so many entries in memory, beside the hashing of the same bytes.
pub(super) fn measure(entries: u64) -> anyhow::Result<Measured> {
    let start = Instant::now();
    let bench = ledger::bench_append(entries, ENTRY, || start.elapsed())?;
    let ratio = bench.appended / bench.hashed;
    Ok(Measured {
        name: "record",
        ours: bench.appended,
        unit: "entries/s",
        peer: Some(("bare SHA-256 of the same leaves and nodes", bench.hashed)),
        aims: vec![("at least 0.5 of bare hashing".into(), ratio >= 0.5)],
        seen: json!({ "entries": bench.entries, "bytes_each": bench.length }),
    })
}
