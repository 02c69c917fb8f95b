//! Documents in their own bytes.

use customs::agreement::Document;
use customs::declaration::Declaration;
use kernel::{Finding, Findings, Place};

/// The document's bytes, as its message standard writes them.
pub(crate) fn write(document: &Document) -> Vec<u8> {
    serde_json::to_vec(document).expect("plain")
}

/// Reads a document.
pub(crate) fn read(_kind: &str, bytes: &[u8]) -> (Option<Document>, Findings) {
    match serde_json::from_slice(bytes) {
        Ok(document) => (Some(document), Findings::new()),
        Err(_) => {
            let mut findings = Findings::new();
            findings.push(Finding::error("unreadable", Place::default()));
            (None, findings)
        }
    }
}

/// Reads own declarations.
pub(crate) fn declarations(bytes: &[u8], _media: &str) -> (Vec<Declaration>, Findings) {
    (serde_json::from_slice(bytes).unwrap_or_default(), Findings::new())
}
