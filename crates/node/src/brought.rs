//! A person's act may name no files but those that come with it and those its case names already: what a case names can be had by all
//! who read it, and a digest alone is no right to the bytes.

use std::collections::BTreeSet;

use kernel::{Digest, Refusal, Role};
use serde_json::Value;
use store::CaseRow;

use crate::act::Wanted;
use crate::content::Content;
use crate::dispatch::files_in;

/// Why an act is refused that names a file nobody brought; `None` where every file was.
pub(crate) fn not_brought(wanted: &Wanted, row: Option<&CaseRow>, files: &[Content]) -> Option<Refusal> {
    if wanted.actor.role == Role::NODE {
        return None;
    }
    let named = named_in(&wanted.act.json());
    let had = row.map(|row| named_in(row.state.json())).unwrap_or_default();
    let brought: BTreeSet<Digest> = files.iter().map(Content::digest).collect();
    let missing = named.into_iter().find(|digest| !had.contains(digest) && !brought.contains(digest))?;
    Some(Refusal::new("file-not-brought", missing.to_string()))
}

fn named_in(value: &Value) -> BTreeSet<Digest> {
    let mut found = Vec::new();
    files_in(value, &mut found);
    found.into_iter().map(|file| file.digest).collect()
}
