//! Which editions are shipped: name, source, licence, status, digest.

use kernel::{Digest, EditionHead};
use serde::{Deserialize, Serialize};

use super::blocks::Blocks;

/// What is known about a shipped edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionNote {
    /// Its name, such as `rates-vn`.
    pub name: String,
    /// What it holds.
    pub title: String,
    /// Rows of the source it was built from.
    pub rows: usize,
    /// SHA-256 of the shipped bytes, in hexadecimal.
    pub sha256: String,
    /// Acts and compilations it comes from.
    pub source: String,
    /// Under which terms the sources stand.
    pub licence: String,
    /// `official`, `derived` or `demonstration`.
    pub status: String,
}

impl EditionNote {
    /// The head under which the record keeps this edition.
    #[must_use]
    pub fn head(&self) -> Option<EditionHead> {
        let digest = Digest::parse(&self.sha256)?;
        let (book, name, source) = ("tariff".to_owned(), self.name.clone(), self.source.clone());
        Some(EditionHead { book, name, source, digest })
    }
}

/// The shipped editions.
#[must_use]
pub fn editions() -> Vec<EditionNote> {
    serde_json::from_slice(MANIFEST).expect("the shipped manifest is written by the converter")
}

/// The names of shipped editions whose bytes are not those of the manifest: none, where the binary is whole.
#[must_use]
pub fn sound() -> Vec<String> {
    let whole = |note: &EditionNote| {
        let bytes = FILES.iter().find(|(name, _)| *name == note.name).map(|(_, bytes)| *bytes);
        bytes.is_some_and(|bytes| Digest::parse(&note.sha256) == Some(Digest::of(bytes)))
    };
    editions().into_iter().filter(|note| !whole(note)).map(|note| note.name).collect()
}

/// Opens a shipped edition.
pub(super) fn open(name: &str) -> Blocks {
    let bytes = FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
    bytes
        .and_then(Blocks::open)
        .expect("the shipped editions are written by the converter, and a test opens all")
}

const MANIFEST: &[u8] = include_bytes!("../../editions/manifest.json");

const FILES: [(&str, &[u8]); 5] = [
    ("ahtn-2022", include_bytes!("../../editions/ahtn-2022.blocks")),
    ("hs", include_bytes!("../../editions/hs.blocks")),
    ("correlations", include_bytes!("../../editions/correlations.blocks")),
    ("rates-vn", include_bytes!("../../editions/rates-vn.blocks")),
    ("rates-id", include_bytes!("../../editions/rates-id.blocks")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_bytes_are_those_of_the_manifest() {
        assert_eq!(sound(), Vec::<String>::new());
        assert_eq!(editions().len(), FILES.len());
        for note in editions() {
            open(&note.name);
            assert!(note.head().is_some(), "{}", note.name);
        }
    }
}
