//! Our verdict on every declaration sample of the corpus beside that of libxml2's schema validation.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus from the file system and say what they compared"
)]

mod corpus;
#[path = "corpus/files.rs"]
mod files;
#[path = "corpus/mutate.rs"]
mod mutate;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use formats::{Kind, Verdict, check};
use kernel::Severity;
use mutate::{Seed, mutate};

/// The schema of the wrapper with a declaration.
const DECLARATION: &str = "xsd/wco/declaration/_driver.xsd";
/// The schema of the wrapper with responses.
const RESPONSE: &str = "xsd/wco/notification/_driver.xsd";

/// At least this share of verdicts must agree, in thousandths.
const AGREE_MIN: usize = 990;

/// The files valid by the schema of what they hold; `None` where xmllint is not installed.
fn valid_by_xmllint(folder: &Path, files: &[PathBuf]) -> Option<BTreeSet<PathBuf>> {
    let kind = |file: &PathBuf| check(&std::fs::read(file).expect("a sample can be read")).kind;
    let (responses, others): (Vec<_>, Vec<_>) =
        files.iter().cloned().partition(|file| kind(file) == Kind::WcoResponse);
    let mut valid = BTreeSet::new();
    for (schema, files) in [(RESPONSE, responses), (DECLARATION, others)] {
        let schema = folder.join(schema);
        for some in files.chunks(200) {
            let mut command = Command::new("xmllint");
            let output =
                command.args(["--noout", "--nonet", "--schema"]).arg(&schema).args(some).output().ok()?;
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            valid.extend(told.lines().filter_map(|line| line.strip_suffix(" validates")).map(PathBuf::from));
        }
    }
    Some(valid)
}

/// What we ask beyond the schemas: a date must exist, a quantity must not be negative.
const STRICTER: [&str; 2] = ["date-not-existing", "quantity-negative"];

/// How many mutated documents are compared; more where the environment asks for it.
fn mutations() -> usize {
    std::env::var("SAMPAN_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(600)
}

fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false")
}

#[test]
fn our_verdict_on_every_sample_is_that_of_xmllint() {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration") else { return };
    let files = files::files(&folder.join("samples"), &["xml"]);
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
            differing.push(format!(
                "{}: ours {:?} {}",
                file.display(),
                checked.verdict,
                first.unwrap_or_default()
            ));
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

/// The errors that make us call a text faulty, as the schemas would see them.
fn errors_of_the_schema(text: &str) -> usize {
    let checked = check(text.as_bytes());
    let heavy = checked.findings.iter().filter(|finding| finding.severity >= Severity::Error);
    heavy.filter(|finding| !STRICTER.contains(&finding.code.as_ref())).count()
}

#[test]
fn our_verdict_on_mutated_declarations_is_that_of_xmllint() {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration") else { return };
    let mut files = files::files(&folder.join("samples"), &["xml"]);
    files.extend(files::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/wco"), &["xml"]));
    let texts = files.iter().map(|file| std::fs::read(file).expect("a sample can be read"));
    let texts: Vec<String> =
        texts.filter(|text| check(text).verdict == Verdict::Clean).flat_map(String::from_utf8).collect();
    let target = std::env::temp_dir().join(format!("formats-mutations-{}", std::process::id()));
    std::fs::create_dir_all(&target).expect("a folder can be made");
    let mut seed = Seed(20_260_131);
    let mutated: Vec<(PathBuf, String)> = (0..mutations())
        .map(|number| {
            let text = mutate(&texts[number % texts.len()], &mut seed);
            let file = target.join(format!("{number}.xml"));
            std::fs::write(&file, &text).expect("a file can be written");
            (file, text)
        })
        .collect();
    let files: Vec<PathBuf> = mutated.iter().map(|(file, _)| file.clone()).collect();
    let valid = valid_by_xmllint(&folder, &files);
    let Some(valid) = valid else {
        assert!(!in_ci(), "xmllint is not installed");
        println!("skipped: xmllint is not installed");
        return;
    };
    let differs =
        |(file, text): &&(PathBuf, String)| (errors_of_the_schema(text) == 0) != valid.contains(file);
    let differing: Vec<_> =
        mutated.iter().filter(differs).map(|(file, _)| file.display().to_string()).collect();
    println!(
        "{} of {} verdicts agree; xmllint calls {} valid",
        files.len() - differing.len(),
        files.len(),
        valid.len()
    );
    println!("{}", differing.join("\n"));
    assert!((files.len() - differing.len()) * 1000 >= files.len() * AGREE_MIN, "{}", differing.join("\n"));
    if std::env::var_os("SAMPAN_KEEP").is_none() {
        std::fs::remove_dir_all(&target).expect("the folder can be removed");
    }
}
