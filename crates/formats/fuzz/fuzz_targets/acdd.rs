//! Any ACDD or response that can be read: what is written of it reads back the same.
#![no_main]

use formats::{Message, read, write_acdd, write_response};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let received = read(bytes);
    if !received.findings.is_empty() {
        return;
    }
    for message in received.messages {
        let again = match &message {
            Message::Acdd(acdd) => write_acdd(acdd),
            Message::Response(response) => write_response(response),
            Message::Declaration(_) | Message::Paper(..) | Message::Transit(_) => continue,
        };
        assert_eq!(read(&write_again(&again)).messages, read(&again).messages);
    }
});

/// The canonical bytes of what some canonical bytes say.
fn write_again(bytes: &[u8]) -> Vec<u8> {
    match read(bytes).messages.into_iter().next() {
        Some(Message::Acdd(acdd)) => write_acdd(&acdd),
        Some(Message::Response(response)) => write_response(&response),
        Some(Message::Declaration(_) | Message::Paper(..) | Message::Transit(_)) | None => bytes.to_vec(),
    }
}
