//! Any text as XML: the reader's offsets stay inside the text and at characters, and it comes to an end.
#![no_main]

use formats::text::{Limits, decode};
use formats::xml::{Reader, Token};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::MESSAGE;
    let text = decode(bytes, &limits).text;
    let mut reader = Reader::new(&text, 0, &[], limits);
    let mut depth = 0i64;
    loop {
        match reader.step() {
            Token::Open(_) => depth += 1,
            Token::Close => depth -= 1,
            Token::Text(_) | Token::Char(_) => {}
            Token::End => break,
        }
        assert!(depth >= 0 && text.is_char_boundary(reader.at()));
    }
});
