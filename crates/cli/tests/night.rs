//! A night of parcels survives kill -9: the real program, killed at random and started again.

use std::process::Command;

use serde_json::Value;

#[test]
fn a_night_killed_again_and_again_ends_as_one_that_was_not() {
    let folder = std::env::temp_dir().join(format!("sampan-night-{}", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    command.args(["bench", "triage", "--lines", "20000", "--kills", "12", "--format", "json", "--folder"]);
    let output = command.arg(&folder).output().expect("sampan starts");
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("sampan bench triage: {}", String::from_utf8_lossy(&output.stderr));
    });
    assert!(output.status.success(), "{seen:#}");
    assert_eq!(seen["seen"]["kills"], 12, "{seen:#}");
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
}
