//! What is told of every faulty fixture, line by line, beside it in a file of the same name.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the file system")]

#[path = "corpus/files.rs"]
mod files;

use std::fmt::Write;
use std::path::Path;

use formats::{Kind, Verdict, check};

/// The findings as a person sees them, one a line, after a line with kind and verdict.
fn transcript(bytes: &[u8]) -> String {
    let checked = check(bytes);
    let mut out = format!("{} {:?}\n", checked.kind.code(), checked.verdict);
    for finding in &checked.findings {
        let pointer = &finding.place.pointer;
        let pointer = if pointer.is_empty() { String::new() } else { format!(" ({pointer})") };
        writeln!(out, "{:?} {finding}{pointer}", finding.severity).expect("a string takes all");
    }
    out
}

fn compare(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let told = transcript(&std::fs::read(&file).expect("the fixture is there"));
    let beside =
        file.with_extension(format!("{}.findings", file.extension().unwrap_or_default().to_string_lossy()));
    if std::env::var_os("SAMPAN_BLESS").is_some() {
        std::fs::write(&beside, &told).expect("the transcript can be written");
    }
    let expected =
        std::fs::read_to_string(&beside).expect("the transcript is there; SAMPAN_BLESS=1 writes it");
    assert_eq!(told, expected, "{name}");
}

#[test]
fn a_declaration_with_everything_wrong_tells_everything() {
    compare("wco/bad/everything.xml");
}

#[test]
fn responses_without_namespace_are_read_and_told_of_once() {
    compare("wco/bad/no-namespace.xml");
}

#[test]
fn several_documents_in_one_file_are_each_read() {
    compare("wco/bad/several.xml");
}

#[test]
fn a_wrapper_nobody_knows_does_not_hide_the_message() {
    compare("wco/bad/wrapped.xml");
}

#[test]
fn a_faulty_acdd_is_told_by_parameter() {
    compare("acdd/bad/faulty.xml");
}

#[test]
fn faulty_import_files_are_told_by_row_and_column() {
    compare("import/faulty.csv");
    compare("import/faulty.json");
}

#[test]
fn every_code_told_of_the_fixtures_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for file in files::files(&folder, &["xml", "csv", "json"]) {
        for finding in &check(&std::fs::read(&file).expect("the fixture is there")).findings {
            let known = formats::faults::CODES.iter().any(|code| code.code == finding.code);
            assert!(known, "{} of {} has no page", finding.code, file.display());
        }
    }
}

/// Tables of the manual that are printed from the code, as they must stand in docs/formats.
#[test]
fn the_printed_pages_are_those_in_the_manual() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats");
    let mut pages =
        vec![("findings.md".to_owned(), format!("# Findings\n\n{}", formats::faults::codes_page()))];
    for kind in [Kind::Acdd, Kind::CustomsResponse, Kind::ImportCsv, Kind::EPhyto] {
        let page = formats::catalogue::page(kind).expect("the kind has a page");
        pages.push((format!("{}.table.md", kind.code()), format!("# Elements of {}\n\n{page}", kind.code())));
    }
    pages.push(("transit-rules.md".to_owned(), formats::transit::rules_page()));
    for (name, page) in pages {
        if std::env::var_os("SAMPAN_BLESS").is_some() {
            std::fs::write(docs.join(&name), &page).expect("the page can be written");
        }
        let written =
            std::fs::read_to_string(docs.join(&name)).expect("the page is there; SAMPAN_BLESS=1 writes it");
        assert_eq!(written, page, "{name}");
    }
}

#[test]
fn good_fixtures_are_clean() {
    for name in
        ["wco/good/export.xml", "wco/good/import.xml", "wco/good/response.xml", "import/declarations.json"]
    {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
        let checked = check(&std::fs::read(file).expect("the fixture is there"));
        assert_eq!(
            (checked.verdict, checked.findings.len()),
            (Verdict::Clean, 0),
            "{name}: {:?}",
            checked.findings
        );
    }
}
