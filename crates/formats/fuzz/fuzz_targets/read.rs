//! Any bytes: reading them never panics, and every finding has a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for finding in &formats::check(bytes).findings {
        assert!(finding.place.line > 0 && finding.place.column > 0);
    }
});
