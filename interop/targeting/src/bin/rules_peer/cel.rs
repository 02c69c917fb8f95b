//! The cel crate: a compiled program for every rule.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cel::{Context, Env, Program};
use serde_json::Value;

use super::task::{NUMBERS, Rule, TEXTS, Task, quoted};
use super::{BETWEEN_LOOKS, Ran, computed};

pub(crate) fn run(task: &Task, seconds: Duration) -> Result<Value, Box<dyn Error>> {
    let env = Arc::new(Env::stdlib());
    let programs: Result<Vec<Program>, _> =
        task.rules.iter().map(|rule| env.compile(&source(rule))).collect();
    let programs = programs.map_err(|error| format!("{error:?}"))?;
    let (start, mut hits) = (computed(), Vec::new());
    for (row, declaration) in task.declarations.iter().enumerate() {
        if row % BETWEEN_LOOKS == 0 && computed() - start > seconds {
            break;
        }
        hits.push(evaluate(&programs, &scope(&env, declaration)));
    }
    Ok(Ran { taken: computed() - start, hits }.told())
}

fn source(rule: &Rule) -> String {
    let texts = TEXTS.iter().zip(&rule.texts).filter(|(_, texts)| !texts.is_empty());
    let texts = texts.map(|(name, texts)| format!("{name} in [{}]", quoted(texts)));
    let numbers = NUMBERS.iter().zip(&rule.numbers);
    let numbers = numbers.filter_map(|(name, than)| than.as_ref().map(|than| format!("{name} {than}")));
    let parts: Vec<String> = texts.chain(numbers).collect();
    if parts.is_empty() { "true".to_owned() } else { parts.join(" && ") }
}

fn scope(env: &Arc<Env>, declaration: &Value) -> Context<'static, 'static> {
    let mut scope = Context::with_env(Arc::clone(env));
    for name in TEXTS {
        scope.add_variable_from_value(name, declaration[name].as_str().unwrap_or_default().to_owned());
    }
    for name in NUMBERS {
        scope.add_variable_from_value(name, declaration[name].as_i64().unwrap_or(0));
    }
    scope
}

fn evaluate(programs: &[Program], scope: &Context) -> Vec<usize> {
    let is_hit = |program: &Program| matches!(program.execute(scope), Ok(cel::Value::Bool(true)));
    programs.iter().enumerate().filter(|(_, program)| is_hit(program)).map(|(rule, _)| rule).collect()
}
