//! How soon a suspension is effective in a ring of five, with partitions and late delivery, and whether the gap list is the truth.

use serde_json::json;
use sim::ring::{Script, run};

use super::Measured;

/// Plays a ring.
pub(super) fn measure(seed: u64, minutes: u32) -> anyhow::Result<Measured> {
    let report = run(Script { seed, minutes, changes: minutes * 2 / 3, declarations: minutes * 12 });
    Ok(Measured {
        name: "ring",
        ours: report.p99_seconds as f64,
        unit: "simulated seconds until effective, p99",
        peer: None,
        aims: vec![
            ("effective everywhere in under 60 s (p99)".into(), report.p99_seconds < 60),
            ("the gap list is exactly the truth".into(), report.missed == 0 && report.invented == 0),
            ("all lists equal at the end".into(), report.fingerprints_differ == 0),
        ],
        seen: json!(report),
    })
}
