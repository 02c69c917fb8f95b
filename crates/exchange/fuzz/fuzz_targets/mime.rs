//! A body at hand and a piece at a time: taken apart alike.
#![no_main]

use exchange::stream::Intake;
use exchange::{Limits, open};

const TYPE: &str = "multipart/related; boundary=b; type=\"application/soap+xml\"; start=\"<r>\"";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, body)) = bytes.split_first() else { return };
    let limits = Limits::default();
    let whole = open(TYPE, body, &limits).map(drop).map_err(|fault| fault.ebms());
    let pieces = Intake::new(TYPE, &limits).and_then(|mut intake| {
        body.chunks(usize::from(*first).max(1)).try_for_each(|piece| intake.push(piece))?;
        intake.finish().map(drop)
    });
    assert_eq!(whole, pieces.map_err(|fault| fault.ebms()));
});
