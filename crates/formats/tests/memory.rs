//! One gigabyte in one element: refused by its size, held only as far as the limit.

#![expect(
    clippy::disallowed_methods,
    reason = "the test reads its own process's memory from the file system"
)]

use std::io::{self, Read};

use formats::text::{Limits, read_bounded};
use formats::{Verdict, check};

/// A document whose one value goes on for a gigabyte; nobody holds it.
struct Gigabyte {
    sent: usize,
}

const START: &[u8] =
    b"<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><FunctionCode>9</FunctionCode><ID>";
const SIZE: usize = 1 << 30;

impl Read for Gigabyte {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(SIZE - self.sent);
        for (offset, byte) in buffer[..length].iter_mut().enumerate() {
            *byte = START.get(self.sent + offset).copied().unwrap_or(b'9');
        }
        self.sent += length;
        Ok(length)
    }
}

/// The most memory this process has held, in bytes; `None` where the system does not say.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes << 10)
}

#[test]
fn a_gigabyte_in_one_element_takes_no_more_memory_than_the_limit_allows() {
    let mut source = Gigabyte { sent: 0 };
    let bytes = read_bounded(&mut source, &Limits::MESSAGE).expect("the source does not fail");
    assert_eq!(bytes.len(), Limits::MESSAGE.bytes + 1);
    assert!(source.sent < SIZE / 8, "the rest is never asked for");
    let checked = check(&bytes);
    assert_eq!(checked.verdict, Verdict::Faulty);
    let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code.as_ref()).collect();
    assert!(codes.contains(&"xml-text-too-long"), "{codes:?}");
    if let Some(peak) = peak() {
        assert!(peak < 4 * Limits::MESSAGE.bytes, "{peak} bytes");
    }
}
