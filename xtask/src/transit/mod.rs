//! `cargo xtask transit`: turns the published structure of the transit messages into the compact table that is shipped.
//!
//! The structure of every message comes from the derived list; the exact pictures of the values come from the schemas
//! where there are any. Neither is part of this project: both are read under `SAMPAN_CORPUS`.

mod lists;
mod picture;
mod schema;
mod structure;

use std::fs;
use std::path::PathBuf;

use anyhow::bail;

use crate::source::root;

/// The folder the tables are written to, from the workspace's root.
const FOLDER: &str = "crates/formats/src/transit";

/// Reads the corpus and writes `messages.table` and `lists.table`.
pub(crate) fn run() -> anyhow::Result<()> {
    let Some(corpus) = std::env::var_os("SAMPAN_CORPUS").map(PathBuf::from) else {
        bail!("SAMPAN_CORPUS must name the folder of the published structures");
    };
    let source = corpus.join("transit");
    let folder = root().join(FOLDER);
    fs::write(folder.join("messages.table"), structure::table(&source)?)?;
    fs::write(folder.join("lists.table"), lists::table(&source)?)?;
    Ok(())
}
