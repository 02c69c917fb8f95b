//! The corpus of foreign samples, as far as it is there.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus and say where it is not there"
)]

use std::path::{Path, PathBuf};

/// The folder an environment variable names, with this below it. `None`, said on the output, where it is not set.
///
/// # Panics
/// Where it is set and the folder is not there: then a sample would go unopened.
pub(crate) fn folder(variable: &str, below: &str) -> Option<PathBuf> {
    let Ok(root) = std::env::var(variable) else {
        println!("skipped: {variable} is not set");
        return None;
    };
    let folder = Path::new(&root).join(below);
    let folder = if folder.is_absolute() { folder } else { workspace().join(folder) };
    assert!(folder.is_dir(), "{} is set but {} is missing", variable, folder.display());
    Some(folder.canonicalize().expect("it is there"))
}

/// The root of the workspace: relative settings are meant from there.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
