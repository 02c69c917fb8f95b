//! The tables of WCO messages beside the element dictionary they were drawn from.

#![expect(clippy::disallowed_methods, reason = "tests read the corpus from the file system")]

mod corpus;

use std::collections::BTreeMap;
use std::path::Path;

use formats::Kind;
use formats::catalogue::page;

/// Path, WCO id, cardinality, format: as the dictionary says and as our page prints.
type Rows = BTreeMap<String, (String, String, String)>;

fn dictionary(file: &Path) -> Rows {
    let text = std::fs::read_to_string(file).expect("the dictionary can be read");
    let mut rows = Rows::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let path = cells[0].trim_start_matches('/').to_owned();
        rows.insert(path, (cells[1].to_owned(), cells[4].to_owned(), cells[3].to_owned()));
    }
    rows
}

fn printed(kind: Kind) -> Rows {
    let page = page(kind).expect("the kind has a page");
    let mut rows = Rows::new();
    for line in page.lines().skip(2) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let row = (cells[1].to_owned(), cells[2].to_owned(), cells[3].to_owned());
        // A response may end with a whole declaration, which has the name of the one it speaks of.
        rows.entry(cells[0].to_owned()).or_insert(row);
    }
    rows
}

/// Whether our picture allows what the dictionary's format does; the dictionary is known to be wrong where it says
/// `n` of a code with letters, and the schemas decide.
fn same_picture(format: &str, picture: &str) -> bool {
    let picture = picture.split(" @").next().unwrap_or_default();
    let bare =
        |text: &str| text.trim_start_matches(['a', 'n']).split(' ').next().unwrap_or_default().to_owned();
    match picture {
        "date" => format == "an..35",
        "" => format.is_empty(),
        "n.." => true, // a rate, unbounded in the schema
        _ => bare(format) == bare(picture) || format.starts_with(&format!("{picture},")),
    }
}

fn compare(kind: Kind, file: &str, root: &str) {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration/dictionary") else { return };
    let (dictionary, ours) = (dictionary(&folder.join(file)), printed(kind));
    let mut differing = Vec::new();
    for (path, (id, times, format)) in &dictionary {
        if path == root || path.contains("ref:") {
            continue;
        }
        match ours.get(path) {
            Some((our_id, our_times, picture)) => {
                if id != our_id || times != our_times || !same_picture(format, picture) {
                    differing.push(format!("{path}: {id} {times} {format} / {our_id} {our_times} {picture}"));
                }
            }
            None => differing.push(format!("{path} is missing")),
        }
    }
    assert_eq!(differing, Vec::<String>::new(), "{} rows", dictionary.len());
    assert!(dictionary.len() > 70);
}

#[test]
fn every_row_of_the_declaration_dictionary_is_declared() {
    compare(Kind::WcoDeclaration, "wco_dec_dictionary.tsv", "Declaration");
}

#[test]
fn every_row_of_the_response_dictionary_is_declared() {
    compare(Kind::WcoResponse, "wco_res_dictionary.tsv", "Response");
}

#[test]
fn every_kind_that_is_read_has_a_page() {
    for kind in Kind::READ {
        assert!(page(kind).is_some_and(|page| page.lines().count() > 10), "{}", kind.code());
    }
}
