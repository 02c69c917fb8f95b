//! Whatever bytes come: nothing panics, every finding has a place inside the text, the verdict follows the findings.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the file system")]

#[path = "corpus/files.rs"]
mod files;
#[path = "corpus/mutate.rs"]
mod mutate;

use std::path::Path;
use std::sync::LazyLock;

use formats::{Verdict, check};
use kernel::Severity;
use mutate::{Seed, mutate};
use proptest::prelude::*;

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let files = files::files(&folder, &["xml", "csv", "json"]);
    files.iter().map(|file| std::fs::read(file).expect("a fixture can be read")).collect()
});

fn holds(bytes: &[u8]) {
    let checked = check(bytes);
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    for finding in &checked.findings {
        assert!((1..=lines).contains(&(finding.place.line as usize)), "{finding} is not in the text");
        assert!(finding.place.column > 0, "{finding} has no column");
        let known = formats::faults::CODES.iter().any(|code| code.code == finding.code);
        assert!(known, "{} has no page", finding.code);
    }
    let worst = checked.findings.worst();
    match checked.verdict {
        Verdict::Clean => assert!(worst < Some(Severity::Error)),
        Verdict::Faulty => assert!(worst >= Some(Severity::Error)),
        Verdict::Unreadable => assert!(checked.summary.messages == 0 && worst >= Some(Severity::Error)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mutated_documents_never_break_the_reader(fixture in any::<prop::sample::Index>(), seed: u64, times in 1..6usize) {
        let mut text = String::from_utf8_lossy(fixture.get::<Vec<u8>>(&FIXTURES)).into_owned();
        let mut seed = Seed(seed);
        for _ in 0..times {
            text = mutate(&text, &mut seed);
        }
        holds(text.as_bytes());
    }

    #[test]
    fn mutated_bytes_never_break_the_reader(
        fixture in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture.get::<Vec<u8>>(&FIXTURES).clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        holds(&bytes);
        holds(&bytes[cut.index(bytes.len())..]);
    }

    #[test]
    fn noise_never_breaks_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0..8usize) {
        let starts: [&[u8]; 8] = [b"", b"<", b"<a ", b"{\"a\":", b"[", b"declaration_no,hs_code\n", b"\xFF\xFE", b"<?xml "];
        holds(&[starts[start], &bytes].concat());
    }
}
