//! `cargo xtask editions`: turns reference tables into the compact editions that are shipped in the binary.

mod blocks;
mod manifest;
mod nomenclature;
mod rates;
mod series;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::source::root;

/// The folder the editions are written to, from the workspace's root.
const FOLDER: &str = "crates/customs/editions";

/// Reads the tables under `SAMPAN_REFDATA` and writes the editions and their manifest.
pub(crate) fn run() -> anyhow::Result<()> {
    let Some(source) = std::env::var_os("SAMPAN_REFDATA").map(PathBuf::from) else {
        bail!("SAMPAN_REFDATA must name the folder of the reference tables");
    };
    let folder = root().join(FOLDER);
    fs::create_dir_all(&folder)?;
    for (name, bytes) in build(&source)? {
        fs::write(folder.join(&name), &bytes).with_context(|| name.clone())?;
        say(&format!("{name}: {} bytes", bytes.len()));
    }
    Ok(())
}

/// All files of the editions folder, by name. The same tables always give the same bytes.
fn build(source: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let editions = [
        nomenclature::ahtn(source)?,
        nomenclature::harmonized(source)?,
        nomenclature::correlations(source)?,
        rates::vietnam(source)?,
        rates::indonesia(source)?,
    ];
    let mut files = BTreeMap::new();
    files.insert("manifest.json".to_owned(), manifest::write(&editions)?);
    for edition in editions {
        files.insert(format!("{}.blocks", edition.name), edition.bytes);
    }
    Ok(files)
}

/// One edition as it will be shipped.
struct Edition {
    name: &'static str,
    rows: usize,
    bytes: Vec<u8>,
}

#[expect(clippy::print_stdout, reason = "a chore speaks to the terminal")]
fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_editions_are_what_the_converter_builds() {
        let Some(source) = std::env::var_os("SAMPAN_REFDATA").map(PathBuf::from) else {
            say("skipped: SAMPAN_REFDATA is not set");
            return;
        };
        let folder = root().join(FOLDER);
        let built = build(&source).expect("the reference tables are readable");
        let shipped = fs::read_dir(&folder).expect("the editions are shipped").count();
        assert_eq!(shipped, built.len(), "no file is left over");
        for (name, bytes) in built {
            assert!(
                fs::read(folder.join(&name)).expect("shipped") == bytes,
                "{name} differs: build it again"
            );
        }
    }
}
