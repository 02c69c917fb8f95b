//! Any envelope: nobody's message, and the examiner says what it is.
#![no_main]

use exchange::{Limits, PartyId, Trust, doctor, open, read_signal};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (limits, now) = (Limits::default(), jiff::Timestamp::UNIX_EPOCH);
    let trust = Trust::of(vec![PartyId::unregistered("TH")]);
    if let Ok(received) = open("application/soap+xml", bytes, &limits) {
        let _ = received.claimed();
        assert!(received.verify(&trust, now).is_err());
    }
    if let Ok(exchange::Signal::Receipt(_)) = read_signal("application/soap+xml", bytes, &trust, now, &limits) {
        panic!("a receipt of nobody");
    }
    let _ = doctor::examine(bytes, &limits);
});
