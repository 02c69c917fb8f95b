//! The other side of `sampan bench rules`: the same rules and declarations through GoRules zen-engine's compiled decision
//! table and the cel crate. `rules_peer TASK.json SECONDS` prints one JSON object.

use std::time::Duration;

use serde_json::{Value, json};

/// As `target::bench::sum_of`.
fn sum_of(row: usize, rule: usize) -> u64 {
    let mut x = ((row as u64) << 20 | rule as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) >> 8
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|x| x.as_str().map_or_else(|| x.to_string(), str::to_owned)).collect()
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(",")
}

/// Column name and condition texts for a rule, in a neutral form.
struct Rule {
    origin: Vec<String>,
    code: Vec<String>,
    office: Vec<String>,
    weekday: Vec<String>,
    value: Option<(bool, i64)>,
    mass: Option<(bool, i64)>,
}

fn threshold(value: &Value) -> Option<(bool, i64)> {
    Some((value.get(0)?.as_bool()?, value.get(1)?.as_i64()?))
}

/// Time this thread has computed: a busy machine counts against neither side.
fn computed() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let task: Value = serde_json::from_slice(&std::fs::read(&args[1])?)?;
    let seconds = Duration::from_secs_f64(args.get(2).map_or(Ok(5.0), |s| s.parse())?);
    let rules: Vec<Rule> = task["rules"].as_array().ok_or("no rules")?.iter().map(|r| Rule {
        origin: list(&r["origin"]), code: list(&r["code"]), office: list(&r["office"]), weekday: list(&r["weekday"]),
        value: threshold(&r["value"]), mass: threshold(&r["mass"]),
    }).collect();
    let declarations = task["declarations"].as_array().ok_or("no declarations")?;
    let contexts: Vec<Value> = declarations.iter().map(|d| {
        let code = d["code"].as_str().unwrap_or_default();
        json!({ "origin": d["origin"], "hs2": &code[..2], "hs4": &code[..4], "hs6": code, "office": d["office"],
                "weekday": d["weekday"].to_string(), "value": d["value"], "mass": d["mass"] })
    }).collect();
    let zen = zen(&rules, &contexts, seconds)?;
    let cel = cel(&rules, &contexts, seconds)?;
    println!("{}", json!({ "zen": zen, "cel": cel }));
    Ok(())
}

fn zen(rules: &[Rule], contexts: &[Value], seconds: Duration) -> Result<Value, Box<dyn std::error::Error>> {
    use zen_engine::{DecisionEngine, model::DecisionContent};
    let columns = ["origin", "hs2", "hs4", "hs6", "office", "weekday", "value", "mass"];
    let compare = |t: Option<(bool, i64)>| t.map_or_else(String::new, |(above, than)| format!("{} {than}", if above { ">" } else { "<" }));
    let rows: Vec<Value> = rules.iter().enumerate().map(|(i, r)| {
        let mut row = json!({ "_id": format!("r{i}"), "out": i.to_string() });
        for c in columns { row[c] = json!(""); }
        row["origin"] = json!(quoted(&r.origin));
        row["office"] = json!(quoted(&r.office));
        row["weekday"] = json!(quoted(&r.weekday));
        if let Some(first) = r.code.first() { row[format!("hs{}", first.len())] = json!(quoted(&r.code)); }
        row["value"] = json!(compare(r.value));
        row["mass"] = json!(compare(r.mass));
        row
    }).collect();
    let inputs: Vec<Value> = columns.iter().map(|c| json!({ "id": c, "name": c, "field": c })).collect();
    let document = json!({ "nodes": [
        { "id": "in", "name": "in", "type": "inputNode" },
        { "id": "dt", "name": "dt", "type": "decisionTableNode", "content": { "hitPolicy": "collect", "inputs": inputs,
            "outputs": [{ "id": "out", "name": "rule", "field": "rule" }], "rules": rows } },
        { "id": "end", "name": "end", "type": "outputNode" } ],
        "edges": [{ "id": "a", "sourceId": "in", "targetId": "dt" }, { "id": "b", "sourceId": "dt", "targetId": "end" }] });
    let content: DecisionContent = serde_json::from_value(document)?;
    let mut decision = DecisionEngine::default().create_decision(std::sync::Arc::new(content))?;
    decision.compile();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let start = computed();
    let (mut done, mut hits, mut sum) = (0, 0_usize, 0_u64);
    for (row, context) in contexts.iter().enumerate() {
        let result = runtime.block_on(decision.evaluate(context.clone().into()))?;
        let found: Value = result.result.to_value();
        for hit in found.as_array().into_iter().flatten() {
            hits += 1;
            sum = sum.wrapping_add(sum_of(row, hit["rule"].as_u64().ok_or("no rule")? as usize));
        }
        done += 1;
        if computed() - start > seconds { break; }
    }
    let elapsed = (computed() - start).as_secs_f64();
    Ok(json!({ "declarations": done, "per_second": f64::from(done) / elapsed, "hits": hits, "hits_sum": sum }))
}

fn cel(rules: &[Rule], contexts: &[Value], seconds: Duration) -> Result<Value, Box<dyn std::error::Error>> {
    use cel::{Context, Env, Value as CelValue};
    let env = std::sync::Arc::new(Env::stdlib());
    let programs: Result<Vec<cel::Program>, _> = rules.iter().map(|r| {
        let mut parts = Vec::new();
        let mut within = |name: &str, values: &[String]| if !values.is_empty() { parts.push(format!("{name} in [{}]", quoted(values))); };
        within("origin", &r.origin);
        if let Some(first) = r.code.first() { within(&format!("hs{}", first.len()), &r.code); }
        within("office", &r.office);
        within("weekday", &r.weekday);
        for (name, t) in [("value", r.value), ("mass", r.mass)] {
            if let Some((above, than)) = t { parts.push(format!("{name} {} {than}", if above { ">" } else { "<" })); }
        }
        if parts.is_empty() { parts.push("true".to_owned()); }
        env.compile(&parts.join(" && "))
    }).collect();
    let programs = programs.map_err(|error| format!("{error:?}"))?;
    let start = computed();
    let (mut done, mut hits, mut sum) = (0, 0_usize, 0_u64);
    for (row, context) in contexts.iter().enumerate() {
        let mut scope = Context::with_env(env.clone());
        for name in ["origin", "hs2", "hs4", "hs6", "office", "weekday"] {
            scope.add_variable_from_value(name, context[name].as_str().unwrap_or_default().to_owned());
        }
        for name in ["value", "mass"] { scope.add_variable_from_value(name, context[name].as_i64().unwrap_or(0)); }
        for (rule, program) in programs.iter().enumerate() {
            if matches!(program.execute(&scope), Ok(CelValue::Bool(true))) { hits += 1; sum = sum.wrapping_add(sum_of(row, rule)); }
        }
        done += 1;
        if computed() - start > seconds { break; }
    }
    let elapsed = (computed() - start).as_secs_f64();
    Ok(json!({ "declarations": done, "per_second": f64::from(done) / elapsed, "hits": hits, "hits_sum": sum }))
}
