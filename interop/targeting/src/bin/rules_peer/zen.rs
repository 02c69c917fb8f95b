//! GoRules zen-engine: one decision table that collects its hits, compiled, which makes the engine index its columns
//! too. Its cells are lists of texts and plain thresholds, the forms the index and the compiler know.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, DecisionEngine, Variable};

use super::task::{NUMBERS, Rule, TEXTS, Task, quoted};
use super::{BETWEEN_LOOKS, Ran, computed};

pub(crate) fn run(task: &Task, seconds: Duration) -> Result<Value, Box<dyn Error>> {
    let content: DecisionContent = serde_json::from_value(document(&task.rules))?;
    let mut decision = DecisionEngine::default().create_decision(Arc::new(content))?;
    decision.compile();
    let contexts: Vec<Variable> = task.declarations.iter().cloned().map(Variable::from).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let start = computed();
    let found = runtime.block_on(evaluate(&decision, contexts, start + seconds))?;
    let taken = computed() - start;
    let hits = found.iter().map(hit).collect::<Option<_>>().ok_or("a hit without its rule")?;
    Ok(Ran { taken, hits }.told())
}

/// The bare results: turning them into numbers is not the engine's time.
async fn evaluate(
    decision: &Decision,
    contexts: Vec<Variable>,
    until: Duration,
) -> Result<Vec<Variable>, Box<dyn Error>> {
    let mut found = Vec::with_capacity(contexts.len());
    for (row, context) in contexts.into_iter().enumerate() {
        if row % BETWEEN_LOOKS == 0 && computed() > until {
            break;
        }
        found.push(decision.evaluate(context).await?.result);
    }
    Ok(found)
}

fn hit(found: &Variable) -> Option<Vec<usize>> {
    let found = found.to_value();
    found.as_array().into_iter().flatten().map(|hit| Some(hit["rule"].as_u64()? as usize)).collect()
}

fn document(rules: &[Rule]) -> Value {
    let rows: Vec<Value> = rules.iter().enumerate().map(|(at, rule)| row(at, rule)).collect();
    let columns = TEXTS.iter().chain(&NUMBERS);
    let inputs: Vec<Value> = columns.map(|name| json!({ "id": name, "name": name, "field": name })).collect();
    let outputs = json!([{ "id": "out", "name": "rule", "field": "rule" }]);
    let table = json!({ "hitPolicy": "collect", "inputs": inputs, "outputs": outputs, "rules": rows });
    json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode" },
            { "id": "dt", "name": "dt", "type": "decisionTableNode", "content": table },
            { "id": "end", "name": "end", "type": "outputNode" },
        ],
        "edges": [
            { "id": "a", "sourceId": "in", "targetId": "dt" },
            { "id": "b", "sourceId": "dt", "targetId": "end" },
        ],
    })
}

fn row(at: usize, rule: &Rule) -> Value {
    let mut row = json!({ "_id": format!("r{at}"), "out": at.to_string() });
    for (name, texts) in TEXTS.iter().zip(&rule.texts) {
        row[name] = json!(quoted(texts));
    }
    for (name, threshold) in NUMBERS.iter().zip(&rule.numbers) {
        row[name] = json!(threshold.as_deref().unwrap_or_default());
    }
    row
}
