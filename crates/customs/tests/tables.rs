//! Prints the policy: every procedure's executed table and every field that can leave, into `docs/tables`.
//!
//! The test fails where the printed file differs from the program; `SAMPAN_BLESS=1` writes it anew, and the change is
//! a diff that a lawyer can read.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads and writes the printed tables"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use customs::agreement::fields_of;
use customs::desks::DESKS;

fn compare(file: &str, printed: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/tables").join(file);
    if std::env::var("SAMPAN_BLESS").is_ok() {
        std::fs::write(&path, printed).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, printed, "{file} is not what the program does; SAMPAN_BLESS=1 writes it anew");
}

#[test]
fn the_printed_procedures_are_the_executed_ones() {
    let mut out = String::from("# Who may do what, when. Written by crates/customs/tests/tables.rs.\n");
    for desk in DESKS {
        writeln!(out, "\n## {}\n", desk.name()).unwrap();
        for line in desk.table() {
            writeln!(out, "{:12} {:14} {:17} {}", line.stage, line.act, line.role, line.basis).unwrap();
        }
    }
    compare("procedures.out", &out);
}

#[test]
fn the_printed_disclosure_is_what_can_leave() {
    let mut out = String::from(
        "# Every field that can leave, with its class. Written by crates/customs/tests/tables.rs.\n",
    );
    for kind in customs::catalogue::names() {
        writeln!(out, "\n## {kind}\n").unwrap();
        for field in fields_of(kind).unwrap() {
            let class = format!("{:?}", field.class).to_lowercase();
            writeln!(out, "{:12} {:11} {}", field.field, class, field.source).unwrap();
        }
    }
    compare("disclosure.out", &out);
}
