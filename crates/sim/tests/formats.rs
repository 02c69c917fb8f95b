//! Claims about the generated documents as messages: what is generated can be written, and is read back as it was.

#![expect(clippy::unwrap_used, reason = "a test that unwraps in vain fails, as it should")]

use customs::declaration::{Acdd, Declaration};
use customs::terms::Address;
use formats::Message;
use jiff::civil::{Date, date};
use sim::trade::csv::Files;
use sim::trade::{Damage, Dirt, Lane, Plan, Trade};

const DAY: Date = date(2026, 3, 2);

fn trade(dirt: Dirt, consignments: u64) -> Trade {
    let lanes = Lane::between(&["VN", "TH", "LA", "CN"], 800);
    Trade::new(Plan { lanes, dirt, consignments, ..Plan::morning(41, DAY) }).unwrap()
}

#[test]
fn every_export_makes_an_acdd_that_is_read_back_without_a_finding() {
    for dirt in [Dirt::LIGHT, Dirt::HEAVY] {
        for export in trade(dirt, 400).consignments().flat_map(|one| one.exports) {
            let acdd = Acdd::extract(&export, 1).unwrap();
            let read = formats::read(&formats::write_acdd(&acdd));
            assert!(read.findings.is_empty(), "{:?}\n{acdd:#?}", read.findings);
            let [Message::Acdd(back)] = read.messages.as_slice() else { panic!("{:?}", read.messages) };
            assert_eq!((&back.number, &back.exporter.name), (&acdd.number, &acdd.exporter.name));
            assert_eq!((&back.consignee, &back.lines), (&acdd.consignee, &acdd.lines));
        }
    }
}

#[test]
fn the_file_of_imports_is_read_back_as_the_declarations_it_was_written_from() {
    let consignments: Vec<_> = trade(Dirt::HEAVY, 300).consignments().collect();
    let empty = || Vec::new();
    let files = Files { exports: empty(), imports: empty(), links: empty(), cases: empty() };
    let mut files = files.begin().unwrap();
    consignments.iter().for_each(|one| files.put(one).unwrap());
    let read = formats::read(&files.end().unwrap().imports);
    assert!(read.findings.is_acceptable(), "{:?}", read.findings);
    let written: Vec<&Declaration> = consignments.iter().flat_map(|one| &one.imports).collect();
    let back: Vec<Declaration> = read.messages.into_iter().map(declaration).collect();
    assert_eq!(back.len(), written.len());
    for (back, written) in back.iter().zip(written) {
        assert_eq!(back.number, written.number);
        assert_eq!(back.importer.name, written.importer.name);
        assert_ne!(back.importer.address, Address::default());
        assert_eq!((&back.exporter.name, back.arrives), (&written.exporter.name, written.arrives));
        assert_eq!((&back.place, &back.mode), (&written.place, &written.mode));
        for (line, known) in back.lines.iter().zip(&written.lines) {
            assert_eq!((&line.hs, &line.quantity, &line.origin), (&known.hs, &known.quantity, &known.origin));
            assert_eq!((&line.gross, &line.quoted_export), (&known.gross, &known.quoted_export));
        }
    }
}

fn declaration(message: Message) -> Declaration {
    match message {
        Message::Declaration(declaration) => declaration,
        Message::Acdd(_) | Message::Response(_) | Message::Paper(..) | Message::Transit(_) => {
            panic!("a declaration was written")
        }
    }
}

#[test]
fn a_damaged_message_is_found_to_be_damaged() {
    let trade = trade(Dirt::LIGHT, 60);
    for (export, permille) in trade.consignments().flat_map(|one| one.exports).zip((100..950).step_by(13)) {
        let whole = formats::write_acdd(&Acdd::extract(&export, 1).unwrap());
        let cut = formats::read(&Damage::Truncated(permille).done_to(&whole));
        assert!(!cut.findings.is_acceptable(), "cut after {permille} permille");
        let flipped = Damage::Flipped(permille).done_to(&whole);
        assert_eq!(flipped.iter().zip(&whole).filter(|(one, other)| one != other).count(), 1);
    }
}
