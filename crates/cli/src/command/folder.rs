//! A node's folder, as commands without a running node read it.

use std::path::Path;

use anyhow::{Context as _, bail};
use store::Look;

/// A view of the store in a node's folder; works beside a running node.
pub(crate) fn look(dir: &Path) -> anyhow::Result<Box<dyn Look + Send>> {
    let path = dir.join("store.sqlite");
    if !path.exists() {
        bail!("{} is no node's folder: there is no store.sqlite in it", dir.display());
    }
    store::sqlite::read(&path).with_context(|| format!("cannot open {}", path.display()))
}
