//! Rules and declarations in a neutral form.

use std::error::Error;

use serde_json::{Value, json};

/// What is to be evaluated.
pub(crate) struct Task {
    pub(crate) rules: Vec<Rule>,
    /// By [`TEXTS`] and [`NUMBERS`].
    pub(crate) declarations: Vec<Value>,
}

/// A rule: texts that are allowed, by [`TEXTS`], and thresholds, by [`NUMBERS`].
pub(crate) struct Rule {
    pub(crate) texts: [Vec<String>; TEXTS.len()],
    pub(crate) numbers: [Option<String>; NUMBERS.len()],
}

pub(crate) const TEXTS: [&str; 6] = ["origin", "hs2", "hs4", "hs6", "office", "weekday"];
pub(crate) const NUMBERS: [&str; 2] = ["value", "mass"];

impl Task {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Box<dyn Error>> {
        let task: Value = serde_json::from_slice(bytes)?;
        let list = |name: &str| task[name].as_array().ok_or_else(|| format!("no {name}"));
        Ok(Self {
            rules: list("rules")?.iter().map(Rule::of).collect(),
            declarations: list("declarations")?.iter().map(declaration).collect(),
        })
    }
}

impl Rule {
    fn of(rule: &Value) -> Self {
        let codes = texts(&rule["code"]);
        let length = codes.first().map_or(0, String::len);
        Self {
            texts: TEXTS.map(|name| match name.strip_prefix("hs") {
                Some(digits) if digits == length.to_string() => codes.clone(),
                Some(_) => Vec::new(),
                None => texts(&rule[name]),
            }),
            numbers: NUMBERS.map(|name| threshold(&rule[name])),
        }
    }
}

fn declaration(seen: &Value) -> Value {
    let code = seen["code"].as_str().unwrap_or_default();
    json!({
        "origin": seen["origin"], "hs2": code[..2], "hs4": code[..4], "hs6": code, "office": seen["office"],
        "weekday": seen["weekday"].to_string(), "value": seen["value"], "mass": seen["mass"],
    })
}

fn texts(values: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.as_array().into_iter().flatten().map(text).collect()
}

/// `> 5` or `< 5`.
fn threshold(value: &Value) -> Option<String> {
    let (above, than) = (value.get(0)?.as_bool()?, value.get(1)?.as_i64()?);
    Some(format!("{} {than}", if above { '>' } else { '<' }))
}

/// Texts in quotation marks, with commas between them, as both engines write a list.
pub(crate) fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(",")
}
