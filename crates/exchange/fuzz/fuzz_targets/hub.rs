//! Any answer of the hub to any question.
#![no_main]

use exchange::hub::{Call, CodeList, Envelope, answer};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for call in [
        Call::Deliver(Envelope::default()),
        Call::Pull("H1".into()),
        Call::PullAll,
        Call::ImportHeaders { country: None },
        Call::Validate(String::new()),
        Call::ActiveNppos,
        Call::Channels,
        Call::Codes(CodeList::Statements),
    ] {
        let _ = answer(&call, 200, bytes);
    }
});
