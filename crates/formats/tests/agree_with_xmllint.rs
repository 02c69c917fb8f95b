//! Our verdict on every declaration sample of the corpus beside that of libxml2's schema validation.

#![expect(clippy::disallowed_methods, reason = "tests read the corpus from the file system")]

mod corpus;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use formats::{Verdict, check};

/// The schemas a sample is valid by if it is valid by any: the wrapper with declarations, the wrapper with responses.
const SCHEMAS: [&str; 2] = ["xsd/wco/declaration/_driver.xsd", "xsd/wco/notification/_driver.xsd"];

/// At least this share of verdicts must agree, in thousandths.
const AGREE_MIN: usize = 990;

/// The files valid by one of the schemas; `None` where xmllint is not installed.
fn valid_by_xmllint(folder: &Path, files: &[PathBuf]) -> Option<BTreeSet<PathBuf>> {
    let mut valid = BTreeSet::new();
    for schema in SCHEMAS {
        let schema = folder.join(schema);
        for some in files.chunks(200) {
            let mut command = Command::new("xmllint");
            let output = command.args(["--noout", "--nonet", "--schema"]).arg(&schema).args(some).output().ok()?;
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            valid.extend(told.lines().filter_map(|line| line.strip_suffix(" validates")).map(PathBuf::from));
        }
    }
    Some(valid)
}

fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false")
}

#[test]
fn our_verdict_on_every_sample_is_that_of_xmllint() {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration") else { return };
    let files = corpus::files(&folder.join("samples"), &["xml"]);
    assert!(files.len() > 600, "only {} samples found", files.len());
    let Some(valid) = valid_by_xmllint(&folder, &files) else {
        assert!(!in_ci(), "xmllint is not installed");
        println!("skipped: xmllint is not installed");
        return;
    };
    let mut differing = Vec::new();
    for file in &files {
        let checked = check(&std::fs::read(file).expect("a sample can be read"));
        let clean = checked.verdict == Verdict::Clean;
        if clean != valid.contains(file) {
            let first = checked.findings.iter().next().map(ToString::to_string);
            differing.push(format!("{}: ours {:?} {}", file.display(), checked.verdict, first.unwrap_or_default()));
        }
        for finding in &checked.findings {
            assert!(finding.place.line > 0, "{} has no place: {finding}", file.display());
        }
        assert!(clean || !checked.findings.is_empty(), "{} is not clean for no reason", file.display());
    }
    let agree = files.len() - differing.len();
    println!("{agree} of {} verdicts agree; xmllint calls {} valid", files.len(), valid.len());
    assert!(agree * 1000 >= files.len() * AGREE_MIN, "{}", differing.join("\n"));
}
