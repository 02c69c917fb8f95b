//! What clippy cannot see: purposes, lengths, names, edges.

use std::path::Path;

use anyhow::bail;

use crate::edges;
use crate::functions::{self, Function};
use crate::source::{self, Source};

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 800;
const MARKS: &[&str] = &["FIXME", "XXX:", "todo!(", "unimplemented!(", "#[ignore", "dbg!("];
const NAMES: &[&str] = &["Manager", "Helper", "Util", "Common"];

/// Checks everything and prints what is wrong and how long functions are.
pub(crate) fn run() -> anyhow::Result<()> {
    let sources = source::all()?;
    let mut faults = edges::forbidden()?;
    let mut functions = Vec::new();
    for source in &sources {
        faults.extend(text_faults(source));
        let found = functions::of(&source.text, is_test(&source.path))?;
        faults.extend(found.iter().filter(|function| function.lines > FUNCTION_LINES_MAX).map(|function| {
            let place = source.path.display();
            format!("{place}:{}: {} has {} lines", function.line, function.name, function.lines)
        }));
        functions.extend(found);
    }
    print_lengths(&functions, sources.len());
    for fault in &faults {
        say(fault);
    }
    if faults.is_empty() { Ok(()) } else { bail!("{} untidy places", faults.len()) }
}

fn is_test(path: &Path) -> bool {
    path.components()
        .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "examples" | "fuzz" | "benches")))
}

fn text_faults(source: &Source) -> Vec<String> {
    let place = source.path.display();
    let mut faults = Vec::new();
    if !source.text.starts_with("//!") {
        faults.push(format!("{place}:1: opens without its purpose"));
    }
    let lines = source.text.lines().count();
    if lines > FILE_LINES_MAX {
        faults.push(format!("{place}: {lines} lines, is it one concept?"));
    }
    if source.path.starts_with("xtask") {
        return faults;
    }
    for (number, line) in source.text.lines().enumerate() {
        for mark in MARKS.iter().filter(|mark| line.contains(**mark)) {
            faults.push(format!("{place}:{}: {mark}", number + 1));
        }
        faults.extend(banned_name(line).map(|name| format!("{place}:{}: the name {name}", number + 1)));
    }
    faults
}

/// A banned word in the name of a type that is declared on this line.
fn banned_name(line: &str) -> Option<&str> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.find(|word| matches!(*word, "struct" | "enum" | "trait" | "mod"))?;
    let name = words.next()?;
    NAMES.iter().any(|banned| name.ends_with(banned)).then_some(name)
}

fn print_lengths(functions: &[Function], files: usize) {
    let mut lengths: Vec<usize> =
        functions.iter().filter(|function| !function.test).map(|function| function.lines).collect();
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied().unwrap_or_default();
    say(&format!(
        "{files} files, {} functions: median {} lines, 90th percentile {}",
        lengths.len(),
        at(50),
        at(90)
    ));
}

#[expect(clippy::print_stdout, reason = "a chore speaks to the terminal")]
fn say(line: &str) {
    println!("{line}");
}
