//! WCO declarations and responses become domain data: what stands where, and what stands in for it.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the file system")]

use std::path::Path;

use customs::declaration::{Acdd, Declaration, Flow, Function, Outcome, Response};
use formats::{Message, read};

fn messages(name: &str) -> Vec<Message> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    read(&std::fs::read(file).expect("the fixture is there")).messages
}

fn declaration(name: &str) -> Declaration {
    match messages(name).remove(0) {
        Message::Declaration(declaration) => declaration,
        other => panic!("{other:?} is no declaration"),
    }
}

#[test]
fn an_export_declaration_holds_the_fifteen_parameters_but_the_port() {
    let export = declaration("wco/good/export.xml");
    assert_eq!((export.flow, export.function), (Flow::Export, Function::Original));
    assert_eq!((export.country.as_str(), export.number.as_str()), ("VN", "304567890120"));
    let acdd = Acdd::extract(&export, 1).expect("an export can be extracted");
    let missing: String = formats::acdd::missing_parameters(&acdd).iter().map(|lacks| lacks.letter).collect();
    assert_eq!(missing, "m");
    assert_eq!(export.exporter.name, "Công ty Hạt điều Phước An & Anh em");
    let id = &export.exporter.identifiers[0];
    assert_eq!((id.scheme.as_str(), id.value.as_str()), ("VN-MST", "0300000025"));
    assert_eq!(export.agent.identifiers[0].scheme, "VN", "a scheme nobody names is the country's");
    assert_eq!(export.importer.address.line, "99/1 Rama IV Road");
    assert_eq!(export.departs.map(|day| day.to_string()).as_deref(), Some("2026-01-31"));
    assert_eq!(export.destination.map(|country| country.to_string()).as_deref(), Some("TH"));
}

#[test]
fn a_line_without_a_further_quantity_has_its_net_mass() {
    let lines = declaration("wco/good/export.xml").lines;
    let text = |index: usize| {
        let line = &lines[index];
        let quantity = line.quantity.as_ref().expect("it has one").to_string();
        (line.item_no, line.hs.as_ref().expect("it has one").to_string(), quantity)
    };
    assert_eq!(text(0), (1, "08013200".to_owned(), "18000 KGM".to_owned()));
    assert_eq!(text(1), (2, "08013100".to_owned(), "2000 KGM".to_owned()));
    assert_eq!(lines[0].value.as_ref().map(ToString::to_string).as_deref(), Some("151200.5 USD"));
}

#[test]
fn an_import_declaration_quotes_the_foreign_export() {
    let import = declaration("wco/good/import.xml");
    assert_eq!(import.flow, Flow::Import);
    assert_eq!(import.importer.name, "Siam Nut Trading Co., Ltd.");
    assert_eq!(import.exporter.name, "Cong ty Hat dieu Phuoc An");
    assert_eq!(import.agent.id(), "TH-B-0001");
    let line = &import.lines[0];
    assert_eq!(line.quoted_export.as_deref(), Some("304567890120"));
    assert_eq!(line.hs.as_ref().map(ToString::to_string).as_deref(), Some("08013200"));
    assert_eq!(line.value.as_ref().map(ToString::to_string).as_deref(), Some("147000 USD"));
}

#[test]
fn responses_say_what_happened_and_where() {
    let responses: Vec<Response> = messages("wco/good/response.xml")
        .into_iter()
        .filter_map(|message| if let Message::Response(response) = message { Some(response) } else { None })
        .collect();
    let [registered, refused] = &responses[..] else { panic!("{responses:?}") };
    assert_eq!((registered.outcome, refused.outcome), (Outcome::Accepted, Outcome::Rejected));
    assert_eq!(registered.issued.map(|at| at.to_string()).as_deref(), Some("2026-01-31T07:15:00Z"));
    assert_eq!((registered.number.as_str(), registered.version), ("304567890120", Some(1)));
    assert_eq!(refused.remarks[0].code, "12016");
    assert_eq!(refused.remarks[0].pointer, "42A/67A/68A[2]/92A/063");
}
