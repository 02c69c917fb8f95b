//! Prints the manual of innocent explanations from the rules' own files: what each says, and its examples.
//!
//! The test fails where the printed file differs from the program; `SAMPAN_BLESS=1` writes it anew.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads sources and writes the manual"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use customs::gate::rules::RULES;

#[test]
fn the_printed_manual_is_what_the_rules_say() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut out = String::from(
        "# Innocent explanations, in the order they are tried. Written by crates/customs/tests/manual.rs.\n",
    );
    for (code, _) in RULES {
        let file = root.join("src/gate/rules").join(format!("{}.rs", code.replace('-', "_")));
        let source = std::fs::read_to_string(&file).unwrap();
        let page = source.lines().map_while(|line| line.strip_prefix("//!"));
        writeln!(out, "\n## {code}\n").unwrap();
        for line in page.filter(|line| !line.contains("```")) {
            writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(line)).unwrap();
        }
    }
    let path = root.join("../../docs/tables/explanations.out");
    if std::env::var("SAMPAN_BLESS").is_ok() {
        std::fs::write(&path, &out).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), out, "SAMPAN_BLESS=1 writes it anew");
}
