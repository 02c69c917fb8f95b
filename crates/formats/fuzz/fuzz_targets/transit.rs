//! Any bytes: a transit message that is read is written, and read again as the same.
#![no_main]

use formats::{Message, read, read_strictly, transit};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(read_strictly(bytes));
    for message in read(bytes).messages {
        let Message::Transit(message) = message else { continue };
        let Ok(written) = transit::write_xml(message.code, &message.content) else { continue };
        assert!(matches!(read(&written).messages.as_slice(), [Message::Transit(again)] if again.code == message.code));
    }
});
