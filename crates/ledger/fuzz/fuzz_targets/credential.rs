//! Any text as a statement and as a status list: nothing panics, and nothing is believed whose issuer nobody trusts.
#![no_main]

use ledger::credential::{Lists, Trusted, verify};
use libfuzzer_sys::fuzz_target;

const NOW: &str = "2026-11-28T01:00:00Z";

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let trusted = Trusted::default().with("did:web:customs.example", [3; 32]);
    assert!(verify(&text, &trusted, NOW).is_err());
    assert!(Lists::default().with(&text, &trusted, NOW).is_err());
    let _ = serde_json::from_slice(bytes).map(|document| Trusted::default().with_document(&document));
});
