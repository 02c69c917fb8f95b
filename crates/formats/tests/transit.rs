//! The transit messages beside the published schemas and samples of the corpus.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus from the file system and say what they compared"
)]

mod corpus;
#[path = "corpus/files.rs"]
mod files;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use formats::{Checked, Message, Verdict, check, judge, read, transit};
use kernel::Severity;

/// What xmllint says of a file against the schema of its root: the lines with errors; `None` where it is not installed.
fn xmllint(corpus: &Path, file: &Path, code: &str) -> Option<BTreeSet<u32>> {
    let schema = corpus.join("xsd/p5").join(format!("{}.xsd", code.to_lowercase()));
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(file)
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let name = format!("{}:", file.display());
    let lines =
        told.lines().filter_map(|line| line.strip_prefix(&name)).filter(|line| line.contains("error"));
    Some(lines.filter_map(|line| line.split(':').next()?.parse().ok()).collect())
}

fn root(text: &str) -> String {
    let at = text.find("ncts:C").map_or(0, |at| at + 5);
    text[at..].chars().take(6).collect()
}

fn errors(checked: &Checked) -> BTreeSet<u32> {
    let heavy = checked.findings.iter().filter(|finding| finding.severity >= Severity::Error);
    heavy.map(|finding| finding.place.line).collect()
}

fn samples() -> Option<(PathBuf, Vec<PathBuf>)> {
    let corpus = corpus::folder("SAMPAN_CORPUS", "transit")?;
    let files = files::files(&corpus.join("samples"), &["xml"]);
    assert!(files.len() > 150, "only {} samples", files.len());
    Some((corpus, files))
}

fn shown(checked: &Checked) -> String {
    checked.findings.iter().map(|finding| format!("\n    {:?} {finding}", finding.severity)).collect()
}

#[test]
fn whatever_the_schemas_refuse_is_refused_at_the_same_lines() {
    let Some((corpus, files)) = samples() else { return };
    let (mut refused, mut compared) = (0, 0);
    for file in &files {
        let bytes = std::fs::read(file).expect("a sample can be read");
        let code = root(&String::from_utf8_lossy(&bytes));
        let Some(theirs) = xmllint(&corpus, file, &code) else {
            println!("skipped: xmllint is not installed");
            return;
        };
        let ours = errors(&check(&bytes));
        compared += 1;
        if theirs.is_empty() {
            continue;
        }
        refused += 1;
        assert_eq!(ours.first(), theirs.first(), "{}: {}", file.display(), shown(&check(&bytes)));
        assert!(theirs.is_subset(&ours), "{}: xmllint {theirs:?}, ours {ours:?}", file.display());
    }
    println!("{compared} compared, {refused} refused at the same lines");
    assert!(refused >= 10);
}

#[test]
fn the_traders_packs_and_the_answers_are_clean() {
    let Some((_, files)) = samples() else { return };
    let mut told = std::collections::BTreeMap::<String, usize>::new();
    let mut seen = 0;
    for file in files.iter().filter(|file| {
        let name = file.to_string_lossy();
        name.contains("trader-pack") || name.contains("responses")
    }) {
        let bytes = std::fs::read(file).expect("a sample can be read");
        let checked = check(&bytes);
        assert_eq!(checked.verdict, Verdict::Clean, "{}: {}", file.display(), shown(&checked));
        seen += 1;
        for finding in &judge(&bytes).findings {
            let kind = if file.to_string_lossy().contains("responses") { "answer" } else { "pack" };
            *told
                .entry(format!("{kind} {} {} {}", finding.code, finding.expected, finding.place.path))
                .or_default() += 1;
        }
    }
    println!("{seen} clean");
    told.iter().for_each(|(what, times)| println!("{times:4} {what}"));
}

#[test]
fn what_only_the_business_rules_refuse_is_refused() {
    let Some((corpus, files)) = samples() else { return };
    for file in files.iter().filter(|file| file.to_string_lossy().contains("validator")) {
        let bytes = std::fs::read(file).expect("a sample can be read");
        let code = root(&String::from_utf8_lossy(&bytes));
        let Some(theirs) = xmllint(&corpus, file, &code) else { return };
        let bad = file.to_string_lossy().contains("xml-invalid") || !theirs.is_empty();
        let checked = check(&bytes);
        assert_eq!(checked.verdict != Verdict::Clean, bad, "{}: {}", file.display(), shown(&checked));
    }
}

#[test]
fn a_message_that_was_read_is_written_the_same_and_stays_valid() {
    let Some((corpus, files)) = samples() else { return };
    let folder = std::env::temp_dir().join(format!("sampan-transit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut written = 0;
    for file in &files {
        let bytes = std::fs::read(file).expect("a sample can be read");
        let received = read(&bytes);
        if received.findings.iter().any(|finding| finding.severity >= Severity::Error) {
            continue;
        }
        let [Message::Transit(message)] = received.messages.as_slice() else { panic!("{}", file.display()) };
        let again = transit::write_xml(message.code, &message.content).expect("is written");
        let other = read(&again).messages;
        assert_eq!(other, received.messages, "{}", file.display());
        let json = transit::write_json(message.code, &message.content).expect("is written");
        assert_eq!(read(&json).messages, received.messages, "{}", file.display());
        let copy = folder.join("message.xml");
        std::fs::write(&copy, &again).expect("is kept");
        if let Some(lines) = xmllint(&corpus, &copy, message.code) {
            assert!(lines.is_empty(), "{} {lines:?}", file.display());
            written += 1;
        }
    }
    println!("{written} written and valid");
}

#[test]
fn json_samples_are_read() {
    let Some(corpus) = corpus::folder("SAMPAN_CORPUS", "transit/samples/validator") else { return };
    for file in files::files(&corpus, &["json"]) {
        let bytes = std::fs::read(&file).expect("a sample can be read");
        let checked = check(&bytes);
        assert_eq!(checked.kind, formats::Kind::Transit, "{}", file.display());
        let heavy: Vec<_> = checked
            .findings
            .iter()
            .filter(|f| f.severity >= Severity::Error)
            .map(|f| format!("{} {} {}", f.code, f.place.path, f.seen))
            .collect();
        println!(
            "{} {:?}",
            file.file_name().expect("a name").to_string_lossy(),
            heavy.iter().take(4).collect::<Vec<_>>()
        );
        if file.to_string_lossy().contains("json-invalid") {
            assert_ne!(checked.verdict, Verdict::Clean, "{}", file.display());
        }
    }
}
