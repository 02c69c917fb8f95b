//! Every declaration sample of the corpus as domain data: read, numbered, with its lines.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus and say what they found"
)]

mod corpus;
#[path = "corpus/files.rs"]
mod files;

use std::collections::BTreeMap;

use customs::declaration::{Acdd, Flow, Function};
use formats::acdd::missing_parameters;
use formats::{Kind, Message, Verdict, check, read, write_acdd};

#[test]
fn every_clean_sample_becomes_numbered_domain_data() {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration/samples") else { return };
    let (mut exports, mut imports, mut responses) = (0, 0, 0);
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files::files(&folder, &["xml"]) {
        let bytes = std::fs::read(&file).expect("a sample can be read");
        let received = read(&bytes);
        let name = file.display();
        let clean = check(&bytes).verdict == Verdict::Clean;
        assert!(!clean || !received.messages.is_empty(), "{name} is clean and empty");
        for message in &received.messages {
            match message {
                Message::Declaration(declaration) => {
                    assert!(!clean || !declaration.number.is_empty(), "{name} has no number");
                    let original = declaration.function == Function::Original;
                    if declaration.flow == Flow::Export && original && received.kind == Kind::WcoDeclaration {
                        exports += 1;
                        let acdd = Acdd::extract(declaration, 1).expect("an export can be extracted");
                        missing_parameters(&acdd)
                            .iter()
                            .for_each(|lacks| *missing.entry(lacks.name).or_default() += 1);
                        let written = write_acdd(&acdd);
                        assert_eq!(read(&written).messages.len(), 1, "{name}");
                    } else {
                        imports += 1;
                    }
                }
                Message::Response(response) => {
                    responses += 1;
                    assert!(
                        !response.number.is_empty() || !response.answers.is_empty(),
                        "{name} answers nothing"
                    );
                }
                Message::Acdd(_) | Message::Paper(..) | Message::Transit(_) => panic!("{name} is no ACDD"),
            }
        }
    }
    println!("{exports} exports, {imports} others, {responses} responses; exports lack {missing:?}");
    assert!(exports > 30 && imports > 100 && responses > 300);
}
