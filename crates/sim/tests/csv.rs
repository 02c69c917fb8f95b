//! Claims about the files a matcher is fed.
#![expect(clippy::unwrap_used, reason = "a test that unwraps in vain fails, as it should")]

use std::collections::BTreeSet;

use customs::declaration::Declaration;
use jiff::civil::{Date, date};
use sim::trade::csv::{CASE_COLUMNS, EXPORT_COLUMNS, Files, IMPORT_COLUMNS, LINK_COLUMNS, in_force};
use sim::trade::{Consignment, Mix, Plan, Sharing, Trade};

const DAY: Date = date(2026, 3, 2);

/// The consignments of a plan, and the four files as rows of fields, heads off.
fn written(plan: Plan) -> (Vec<Consignment>, [Vec<Vec<String>>; 4]) {
    let trade = Trade::new(plan).unwrap();
    let empty = || Vec::new();
    let files = Files { exports: empty(), imports: empty(), links: empty(), cases: empty() };
    let mut files = files.begin().unwrap();
    let consignments: Vec<Consignment> = trade.consignments().collect();
    consignments.iter().for_each(|one| files.put(one).unwrap());
    let Files { exports, imports, links, cases } = files.end().unwrap();
    let heads: [&[&str]; 4] = [&EXPORT_COLUMNS, &IMPORT_COLUMNS, &LINK_COLUMNS, &CASE_COLUMNS];
    let mut files = [exports, imports, links, cases].map(|bytes| rows(&String::from_utf8(bytes).unwrap()));
    for (rows, head) in files.iter_mut().zip(heads) {
        assert_eq!(rows.remove(0), head);
        assert!(rows.iter().all(|row| row.len() == head.len()));
    }
    (consignments, files)
}

/// Reads rows as RFC 4180 has them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    assert!(field.is_empty() && row.is_empty() && !quoted, "the file ends with a line feed");
    rows
}

#[test]
fn the_files_in_a_folder_are_what_a_matcher_is_fed() {
    let folder = std::env::temp_dir().join(format!("sampan-trade-{}", std::process::id()));
    let trade = Trade::new(Plan::matching(32, DAY, 200)).unwrap();
    let mut files = Files::create(&folder).unwrap();
    trade.consignments().for_each(|one| files.put(&one).unwrap());
    files.end().unwrap();
    let read = |name: &str| rows(&std::fs::read_to_string(folder.join(name)).unwrap());
    let (_, written) = written(Plan::matching(32, DAY, 200));
    for (name, known) in ["exports.csv", "imports.csv", "links.csv", "cases.csv"].into_iter().zip(written) {
        assert_eq!(read(name)[1..], known, "{name}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

fn eventful() -> Plan {
    let mix = Mix { cancelled: 100, replaced: 100, ..Mix::USUAL };
    Plan { mix, ..Plan::matching(31, DAY, 1500) }
}

#[test]
fn every_shared_export_that_stands_is_a_row_and_every_import_is() {
    let (consignments, [exports, imports, _, cases]) = written(eventful());
    let lines = |one: &Declaration| one.lines.len();
    let shared = consignments.iter().filter(|one| one.case.sharing == Sharing::Shared);
    let standing: usize = shared.flat_map(|one| in_force(&one.exports)).map(lines).sum();
    let come: usize = consignments.iter().flat_map(|one| &one.imports).map(lines).sum();
    assert_eq!((exports.len(), imports.len(), cases.len()), (standing, come, consignments.len()));
    assert!(standing < consignments.iter().flat_map(|one| &one.exports).map(lines).sum());
}

#[test]
fn a_replaced_export_is_written_as_replaced_and_a_cancelled_one_is_not() {
    let (consignments, [exports, ..]) = written(eventful());
    let mut met = [0, 0];
    for one in consignments.iter().filter(|one| one.case.sharing == Sharing::Shared && one.exports.len() == 2)
    {
        let [first, second] = one.exports.as_slice() else { continue };
        if first.number != second.number {
            continue;
        }
        let rows: Vec<_> = exports.iter().filter(|row| row[14] == first.number).collect();
        match in_force(&one.exports).next() {
            None => assert_eq!(rows.len(), 0),
            Some(standing) => {
                let amounts: Vec<String> = standing
                    .lines
                    .iter()
                    .map(|line| line.quantity.as_ref().unwrap().amount.normalize().to_string())
                    .collect();
                assert_eq!(rows.iter().map(|row| row[9].clone()).collect::<Vec<_>>(), amounts);
            }
        }
        met[rows.len().min(1)] += 1;
    }
    assert!(met[0] > 50 && met[1] > 50, "{met:?}");
}

#[test]
fn the_links_name_rows_of_the_two_files_and_tell_nothing_of_what_was_withheld() {
    let (consignments, [exports, imports, links, _]) = written(eventful());
    let sent: BTreeSet<_> = exports.iter().map(|row| (&row[14], &row[7])).collect();
    let come: BTreeSet<_> = imports.iter().map(|row| (&row[0], &row[1])).collect();
    assert!(links.iter().all(|row| sent.contains(&(&row[0], &row[1])) && come.contains(&(&row[2], &row[3]))));
    let shared = consignments.iter().filter(|one| one.case.sharing == Sharing::Shared);
    assert_eq!(links.len(), shared.map(|one| one.case.links.len()).sum::<usize>());
}

#[test]
fn names_and_addresses_survive_the_file() {
    let (consignments, [_, imports, ..]) = written(eventful());
    let mut rows = imports.iter();
    for (import, line) in consignments
        .iter()
        .flat_map(|one| &one.imports)
        .flat_map(|one| one.lines.iter().map(move |line| (one, line)))
    {
        let row = rows.next().unwrap();
        assert_eq!(
            (&row[0], &row[3], &row[5]),
            (&import.number, &import.importer.name, &import.exporter.name)
        );
        assert!(row[4].starts_with(&import.importer.address.line) && !row[4].is_empty());
        assert_eq!(row[10], line.origin.as_ref().map_or("", |origin| origin.as_str()));
        assert_eq!(row[17], "", "no number is quoted on this plan");
    }
}
