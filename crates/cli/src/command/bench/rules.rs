//! Profiles against declarations, beside GoRules zen-engine's compiled decision table and the cel crate.

use serde_json::{Value, json};
use target::bench::{Task, measure};

use super::clock::computed;
use super::{Measured, peers};

/// Measures at this many rules, and at ten times as many.
pub(super) fn run(
    rules: usize,
    declarations: usize,
    peer: &[String],
    seconds: f64,
) -> anyhow::Result<Measured> {
    let task = Task::new(rules, declarations, 7);
    let ours = measure(&task, declarations, computed);
    let many = measure(&Task::new(rules * 10, declarations, 8), 2_000, computed);
    let beside = if peer.is_empty() { Value::Null } else { beside(&task, seconds)? };
    let zen = beside["zen"]["per_second"].as_f64();
    let mut aims = vec![
        ("at least 3,000,000 declarations/s at 1,000 rules".to_owned(), ours.evaluated >= 3e6),
        ("at least 200,000 declarations/s at 10,000 rules".to_owned(), many.evaluated >= 2e5),
        (
            "the naive evaluator says the same on every declaration".to_owned(),
            ours.agreed.0 == declarations.min(ours.agreed.1) && many.agreed.0 == many.agreed.1,
        ),
    ];
    if let Some(zen) = zen {
        aims.push(("at least 100 times zen-engine".into(), ours.evaluated >= 100.0 * zen));
        for engine in ["zen", "cel"] {
            let upto = beside[engine]["declarations"].as_u64().unwrap_or(0) as usize;
            let sum = sum_upto(&task, upto);
            aims.push((
                format!("{engine} finds the same hits"),
                beside[engine]["hits_sum"].as_u64() == Some(sum),
            ));
        }
    }
    Ok(Measured {
        name: "rules",
        ours: ours.evaluated,
        unit: "declarations/s",
        peer: zen.map(|zen| ("zen-engine, compiled decision table", zen)),
        aims,
        seen: json!({ "ours": ours, "ours_ten_times": many, "peers": beside }),
    })
}

fn beside(task: &Task, seconds: f64) -> anyhow::Result<Value> {
    let path = std::env::temp_dir().join(format!("sampan-rules-{}.json", std::process::id()));
    std::fs::write(&path, serde_json::to_vec(task)?)?;
    let said = if peers::is_built("rules_peer") {
        peers::built("rules_peer", &[&path], &seconds.to_string())
    } else {
        peers::python("rules_peer.py", &[&path], &[&seconds.to_string()])
    };
    std::fs::remove_file(&path)?;
    said
}

/// The hits of the first declarations, in the form peers tell them.
fn sum_upto(task: &Task, upto: usize) -> u64 {
    let first = Task {
        declarations: task.declarations[..upto.min(task.declarations.len())].to_vec(),
        rules: task.rules.clone(),
    };
    measure(&first, 0, computed).hits_sum
}
