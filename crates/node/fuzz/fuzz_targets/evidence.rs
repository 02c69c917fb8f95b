//! A bundle of evidence: what can be read is written again byte for byte, and its check never panics.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(bundle) = node::evidence::Bundle::from_bytes(bytes) {
        assert_eq!(bundle.to_bytes(), bytes);
        let _ = node::evidence::check(bytes, None);
    }
});
