//! Which crate may know which: the direction of `ARCHITECTURE.md`, checked against the manifests.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Context as _;

use crate::source::root;

/// A crate and the crates of ours it may name in `[dependencies]`.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("print", &[]),
    ("ledger", &[]),
    ("customs", &["kernel"]),
    ("formats", &["customs", "kernel"]),
    ("names", &["customs"]),
    ("link", &["customs", "kernel", "names"]),
    ("target", &["customs", "kernel", "names"]),
    ("exchange", &["kernel", "ledger"]),
    ("hsm", &["exchange"]),
    ("blind", &[]),
    ("store", &["kernel", "ledger"]),
    (
        "node",
        &[
            "blind", "customs", "exchange", "formats", "hsm", "kernel", "ledger", "link", "names", "store",
            "target",
        ],
    ),
    ("web", &["customs", "formats", "kernel", "ledger", "link", "node", "print", "store", "target"]),
    ("sim", &["customs", "exchange", "formats", "kernel", "ledger", "link", "node", "store"]),
    (
        "cli",
        &[
            "blind", "customs", "exchange", "formats", "kernel", "ledger", "link", "names", "node", "sim",
            "store", "target", "web",
        ],
    ),
];

/// The edges that are there and may not be.
pub(crate) fn forbidden() -> anyhow::Result<Vec<String>> {
    let ours: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    let mut found = Vec::new();
    for (name, allowed) in MAY_KNOW {
        let path = root().join("crates").join(name).join("Cargo.toml");
        let manifest: toml::Table =
            fs::read_to_string(&path)?.parse().with_context(|| path.display().to_string())?;
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let known = dependencies.into_iter().flat_map(|table| table.keys()).map(String::as_str);
        let wrong = known.filter(|other| ours.contains(other) && !allowed.contains(other));
        found.extend(wrong.map(|other| format!("crates/{name}/Cargo.toml: {name} may not know {other}")));
    }
    Ok(found)
}
