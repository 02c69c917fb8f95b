//! Import declarations read the same from comma-separated values and from JSON.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the file system")]

use std::path::Path;

use customs::declaration::Declaration;
use formats::{Kind, Message, Verdict, check, read};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/import").join(name))
        .expect("it is there")
}

fn declarations(bytes: &[u8]) -> Vec<Declaration> {
    let messages = read(bytes).messages.into_iter();
    messages
        .filter_map(|message| if let Message::Declaration(it) = message { Some(it) } else { None })
        .collect()
}

#[test]
fn both_notations_say_the_same() {
    let (csv, json) =
        (declarations(&fixture("declarations.csv")), declarations(&fixture("declarations.json")));
    assert_eq!(csv, json);
    let first = &csv[0];
    assert_eq!((csv.len(), first.lines.len(), csv[1].lines.len()), (2, 2, 1));
    assert_eq!(first.importer.name, "Siam Nut Trading Co., Ltd.");
    assert_eq!(first.importer.id(), "0105500000001");
    assert_eq!(first.arrives.map(|day| day.to_string()).as_deref(), Some("2026-02-03"));
    assert_eq!(first.lines[0].quoted_export.as_deref(), Some("304567890120"));
    assert_eq!(first.lines[0].gross.as_ref().map(ToString::to_string).as_deref(), Some("18000.5 KGM"));
    assert_eq!(csv[1].importer.name, "บริษัท ถั่วสยาม จำกัด");
}

#[test]
fn separators_order_marks_and_line_ends_do_not_matter() {
    let plain = "declaration_no,item_no,importer_name,hs_code,quantity,unit\nB1,1,A,080132,5,KGM\n";
    let expected = declarations(plain.as_bytes());
    assert_eq!(expected.len(), 1);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(plain.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for other in [
        format!("\u{FEFF}{plain}").into_bytes(),
        plain.replace('\n', "\r\n").into_bytes(),
        plain.replace(',', ";").into_bytes(),
        plain.replace(',', "\t").into_bytes(),
        b"unit,quantity,\"HS_Code\",Importer_Name, item_no ,declaration_no\nKGM,5,080132,A,1,B1".to_vec(),
        plain.replace("\nB1", "\n\n,,,,,\nB1").into_bytes(),
        utf16,
    ] {
        assert_eq!(declarations(&other), expected, "{}", String::from_utf8_lossy(&other));
    }
}

#[test]
fn an_unknown_column_is_noted_and_costs_nothing() {
    let checked = check(&fixture("declarations.csv"));
    assert_eq!((checked.kind, checked.verdict), (Kind::ImportCsv, Verdict::Clean));
    let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code.as_ref()).collect();
    assert_eq!(codes, ["csv-column-unknown"]);
}

#[test]
fn a_missing_column_is_told_once() {
    let checked = check(b"declaration_no,item_no,hs_code,quantity,unit\nB1,1,080132,5,KGM\n");
    assert_eq!(checked.verdict, Verdict::Faulty);
    assert!(checked.findings.iter().any(|finding| finding.code == "csv-column-missing"));
}

#[test]
fn broken_json_is_told_with_its_place() {
    for (text, code, line) in [
        ("{\n \"a\": }", "json-not-well-formed", 2),
        ("[\n{", "json-truncated", 2),
        ("{} x", "json-not-well-formed", 1),
    ] {
        let checked = check(text.as_bytes());
        let told: Vec<_> =
            checked.findings.iter().map(|f| (f.code.as_ref().to_owned(), f.place.line)).collect();
        assert_eq!((checked.verdict, told), (Verdict::Unreadable, vec![(code.to_owned(), line)]), "{text}");
    }
}

#[test]
fn deep_json_is_refused_and_does_no_harm() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(check(deep.as_bytes()).verdict, Verdict::Unreadable);
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert_ne!(check(deep.as_bytes()).verdict, Verdict::Clean);
}
