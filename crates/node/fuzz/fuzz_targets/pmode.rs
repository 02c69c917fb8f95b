//! Processing modes: read or refused, never a panic; what phase4's form says survives being written.
#![no_main]

use exchange::pmode::{Form, Side, read, write};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok((_, modes)) = read(text) else { return };
    for (mode, text) in modes.iter().zip(write(Form::Phase4, Side::Initiator, &modes)) {
        assert_eq!(read(&text).map(|(_, modes)| modes), Ok(vec![mode.clone()]));
    }
});
