//! Reference tables and the corpus, where the environment names them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of the reference tables; `None`, said aloud, where none is named.
pub(crate) fn refdata() -> Option<PathBuf> {
    folder("SAMPAN_REFDATA")
}

/// The folder of the corpus; `None`, said aloud, where none is named.
pub(crate) fn corpus() -> Option<PathBuf> {
    folder("SAMPAN_CORPUS")
}

#[expect(clippy::disallowed_methods, reason = "a test may ask the environment")]
fn folder(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var(name) else {
        say(&format!("skipped: {name} is not set"));
        return None;
    };
    let folder = PathBuf::from(folder);
    assert!(folder.is_dir(), "{name} names no folder");
    Some(folder)
}

/// The rows of a comma-separated table by column.
pub(crate) fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut rows = rows(&read(path)).into_iter();
    let columns = rows.next().expect("a head line");
    rows.map(|row| columns.iter().cloned().zip(row).collect()).collect()
}

/// A text file.
#[expect(clippy::disallowed_methods, reason = "a test may read files")]
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Cells may stand in quotes and then hold commas and line ends; what surrounds a cell's text is dropped.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for sign in text.trim_end().chars() {
        let row = rows.last_mut().expect("one at least");
        match sign {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            _ => row.last_mut().expect("one at least").push(sign),
        }
    }
    for cell in rows.iter_mut().flatten() {
        *cell = cell.trim().to_owned();
    }
    rows
}

/// Prints a figure of a test.
#[expect(clippy::print_stdout, reason = "a test says what it measured")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
