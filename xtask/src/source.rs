//! The workspace's source files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// A source file with its path from the workspace's root.
pub(crate) struct Source {
    /// Path from the root.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// All Rust files of the workspace's crates, sorted by path.
pub(crate) fn all() -> anyhow::Result<Vec<Source>> {
    let root = root();
    let mut sources = Vec::new();
    for folder in ["crates", "xtask"] {
        gather(&root, &root.join(folder), &mut sources)?;
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn gather(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            gather(root, &path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            sources.push(Source { path: path.strip_prefix(root)?.to_owned(), text });
        }
    }
    Ok(())
}
