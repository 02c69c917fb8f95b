//! The delegates of a meeting as a table: `badge,name,party,office`, one a row, the columns in any order.
//!
//! A row that cannot be used is told with its place and left out; what is right in the file is not lost with it.

use std::collections::BTreeSet;

use csv::{ByteRecord, ReaderBuilder};
use customs::programme::{Delegate, Standing};
use kernel::{Finding, Findings, NodeId, Place};

/// The columns and whether a row needs them; a name and how it is also written.
const COLUMNS: [(&str, &str, bool); 4] = [
    ("badge", "number", true),
    ("name", "delegate", true),
    ("party", "administration", true),
    ("office", "function", false),
];
/// Separators that spreadsheets write.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// The most delegates one file names.
const DELEGATES_MAX: usize = 5_000;
/// The longest value of a cell, in characters, by column.
const LENGTHS: [usize; 4] = [40, 120, 40, 120];

/// Reads delegates, with everything wrong in the file.
#[must_use]
pub fn read_delegates(bytes: &[u8]) -> (Vec<Delegate>, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut findings = Findings::new();
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(separator(bytes)).from_reader(bytes);
    let header = reader.byte_headers().cloned().unwrap_or_default();
    let Some(columns) = places(&header, &mut findings) else { return (Vec::new(), findings) };
    let (mut delegates, mut badges) = (Vec::new(), BTreeSet::new());
    for record in reader.byte_records().map_while(Result::ok) {
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
        if delegates.len() == DELEGATES_MAX {
            let most = DELEGATES_MAX.to_string();
            findings.push(Finding::error("csv-rows-too-many", at(line, "")).expected(most));
            break;
        }
        let Some(delegate) = delegate(&record, &columns, line, &mut findings) else { continue };
        if badges.insert(delegate.badge.clone()) {
            delegates.push(delegate);
        } else {
            findings.push(Finding::error("badge-twice", at(line, "badge")).seen(&delegate.badge));
        }
    }
    (delegates, findings)
}

/// The separator with which the first line falls into the most parts.
fn separator(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let parts = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    SEPARATORS.into_iter().rev().max_by_key(|separator| parts(*separator)).unwrap_or(SEPARATORS[0])
}

/// Where each column stands; nothing where one that is needed is missing.
fn places(header: &ByteRecord, findings: &mut Findings) -> Option<[Option<usize>; 4]> {
    let names: Vec<_> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
    let places = COLUMNS.map(|(name, alias, _)| names.iter().position(|seen| seen == name || seen == alias));
    for ((name, _, needed), place) in COLUMNS.iter().zip(places) {
        if *needed && place.is_none() {
            findings.push(Finding::error("csv-column-missing", at(1, name)).expected(*name));
        }
    }
    findings.is_acceptable().then_some(places)
}

fn delegate(
    record: &ByteRecord,
    columns: &[Option<usize>; 4],
    line: u32,
    findings: &mut Findings,
) -> Option<Delegate> {
    let mut cells = [const { String::new() }; 4];
    let mut sound = true;
    for (number, (name, _, needed)) in COLUMNS.iter().enumerate() {
        let field = columns[number].and_then(|place| record.get(place)).unwrap_or_default();
        let text = String::from_utf8_lossy(field).trim().to_owned();
        if (text.is_empty() && *needed) || text.chars().count() > LENGTHS[number] || is_unfit(&text) {
            let code = if text.is_empty() { "value-missing" } else { "csv-value" };
            let most = format!("1…{}", LENGTHS[number]);
            findings.push(Finding::error(code, at(line, name)).seen(&text).expected(most));
            sound = false;
        }
        cells[number] = text;
    }
    let [badge, name, party, office] = cells;
    sound.then(|| Delegate { badge, name, party: NodeId::new(party), office, standing: Standing::Nominated })
}

/// Text with signs that no name has.
fn is_unfit(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn at(line: u32, column: &str) -> Place {
    Place { line, ..Place::at(format!("/row/{column}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(findings: &Findings) -> Vec<(&str, u32)> {
        findings.iter().map(|finding| (&*finding.code, finding.place.line)).collect()
    }

    #[test]
    fn columns_stand_in_any_order_and_under_any_separator() {
        let text =
            "\u{feff}Party;Name;Badge\r\nTH;Head of delegation;TH-01\r\n\r\nLA;Phó Trưởng đoàn;LA-02\r\n";
        let (delegates, findings) = read_delegates(text.as_bytes());
        assert!(findings.is_empty(), "{findings:?}");
        let read: Vec<_> = delegates.iter().map(|one| (one.badge.as_str(), one.party.as_str())).collect();
        assert_eq!(read, [("TH-01", "TH"), ("LA-02", "LA")]);
        assert_eq!(delegates[1].name, "Phó Trưởng đoàn");
    }

    #[test]
    fn a_row_that_cannot_be_used_is_told_and_the_others_stand() {
        let text = "badge,name,party,office\n1,Head,TH,\n,Deputy,TH,\n1,Deputy,LA,\n3,a\u{7}b,LA,\n4,Adviser,LA,Legal\n";
        let (delegates, findings) = read_delegates(text.as_bytes());
        assert_eq!(delegates.len(), 2);
        assert_eq!(codes(&findings), [("value-missing", 3), ("badge-twice", 4), ("csv-value", 5)]);
    }

    #[test]
    fn a_file_without_its_columns_is_told_once_a_column() {
        let (delegates, findings) = read_delegates(b"who,where\nHead,TH\n");
        assert!(delegates.is_empty());
        assert_eq!(codes(&findings), [("csv-column-missing", 1); 3]);
        assert_eq!(read_delegates(b"").1.len(), 3);
    }
}
