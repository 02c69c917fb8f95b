//! Exclusive canonical form beside libxml2's.
#![no_main]

use exchange::canonical;
use libxml::parser::Parser;
use libxml::tree::c14n::{CanonicalizationMode, CanonicalizationOptions};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Document types are refused before they come here, and relative namespace names have no canonical form.
    if text.contains("<!DOCTYPE") || text.contains("xmlns") && !text.contains("=\"urn:") {
        return;
    }
    // A name that begins with a colon has no place in a document with namespaces; roxmltree lets it pass as one without a prefix.
    let bytes = text.as_bytes();
    if bytes.windows(2).any(|two| two[1] == b':' && (two[0].is_ascii_whitespace() || b"</".contains(&two[0]))) {
        return;
    }
    let Ok(ours) = roxmltree::Document::parse(text) else { return };
    let Ok(theirs) = Parser::default().parse_string(text) else { return };
    let options = CanonicalizationOptions {
        mode: CanonicalizationMode::ExclusiveCanonical1_0,
        inclusive_ns_prefixes: Vec::new(),
        with_comments: false,
    };
    let Ok(theirs) = theirs.canonicalize(options, None) else { return };
    assert_eq!(String::from_utf8_lossy(&canonical::document(&ours, &[])), theirs);
});
