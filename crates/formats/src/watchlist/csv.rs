//! A list as a plain table: `id,kind,name,other names,numbers,addresses,countries,births,programme`, several values in one
//! field parted by `|`. Columns may stand in any order; only `name` must be there.

use customs::targeting::{Listed, ListedKind};
use kernel::{Finding, Findings, Place};

use super::ENTRIES_MAX;

const COLUMNS: [&str; 9] =
    ["id", "kind", "name", "other_names", "numbers", "addresses", "countries", "births", "programme"];

/// Reads a table with a header line.
#[must_use]
pub fn read_csv(list: &str, bytes: &[u8]) -> (Vec<Listed>, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut findings = Findings::new();
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase().replace(' ', "_"))
            .collect(),
        Err(_) => Vec::new(),
    };
    let places = COLUMNS.map(|column| header.iter().position(|name| name == column));
    if places[2].is_none() {
        findings.push(Finding::error("watchlist-no-table", Place::at("name")));
        return (Vec::new(), findings);
    }
    let mut entries = Vec::new();
    for record in reader.byte_records() {
        let Ok(record) = record else {
            findings.push(Finding::error("watchlist-no-table", Place::at("list")));
            break;
        };
        let line = record.position().map_or(0, ::csv::Position::line);
        let text = |column: usize| {
            places[column]
                .and_then(|at| record.get(at))
                .map_or_else(String::new, |field| String::from_utf8_lossy(field).trim().to_owned())
        };
        match entry(list, line, text) {
            Some(listed) if entries.len() < ENTRIES_MAX => entries.push(listed),
            _ => {
                let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), ..Place::at("list") };
                findings.push(Finding::warning("watchlist-entry", place));
            }
        }
    }
    (entries, findings)
}

fn entry(list: &str, line: u64, text: impl Fn(usize) -> String) -> Option<Listed> {
    let several = |column: usize| -> Vec<String> {
        text(column).split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let name = text(2);
    if name.is_empty() {
        return None;
    }
    let id = text(0);
    let kind = match text(1).to_ascii_lowercase().as_str() {
        "person" | "individual" => ListedKind::Person,
        "vessel" | "ship" => ListedKind::Vessel,
        "aircraft" => ListedKind::Aircraft,
        "container" | "vehicle" | "plate" | "thing" => ListedKind::Thing,
        _ => ListedKind::Entity,
    };
    Some(Listed {
        list: list.to_owned(),
        id: if id.is_empty() { format!("line-{line}") } else { id },
        kind,
        names: [vec![name], several(3)].concat(),
        numbers: several(4),
        addresses: several(5),
        countries: several(6),
        births: several(7).iter().filter_map(|year| year.parse().ok()).collect(),
        programme: text(8),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_any_order() {
        let (entries, findings) =
            read_csv("la", "Name,Numbers,id\nSao Vàng|x,TCLU1234567|51C-12345,7\n,,8\n".as_bytes());
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].id.as_str(), entries[0].numbers.len()), ("7", 2));
        assert_eq!(findings.len(), 1);
        assert_eq!(read_csv("la", b"a,b\n1,2\n").1.len(), 1);
    }
}
