//! The small code lists of the conditions and items: codes only, under the number the structures cite.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use flate2::read::GzDecoder;
use serde_json::Value;

/// Longer lists are books of an administration, not part of the messages.
const LONGEST: usize = 450;

/// What the region's own use adds: its countries are contracting parties of their own transit system, its currencies
/// are used, and a goods vehicle's cross-border permit (AGVCBP) is a supporting document.
const REGION: [(&str, &str); 5] = [
    ("CL239", "9VAL1"),
    ("CL009", "BN ID KH LA MM MY PH SG TH VN"),
    ("CL112", "BN ID KH LA MM MY PH SG TH VN"),
    ("CL048", "BND IDR KHR LAK MMK MYR PHP SGD THB USD VND"),
    ("CL213", "1AGV"),
];

/// One line a list: its number, its name, its codes.
pub(super) fn table(source: &Path) -> anyhow::Result<String> {
    let numbers = numbers(&source.join("codelists/CodeListOverview-P6-20250701.csv"))?;
    let mut text = String::new();
    let packed = fs::File::open(source.join("codelists/RD_NCTS-P5.json.gz")).context("code lists")?;
    GzDecoder::new(packed).read_to_string(&mut text)?;
    let read: Value = serde_json::from_str(&text)?;
    let mut out = String::from("# Written by `cargo xtask transit`; a change here is lost.\n");
    let lists = read["lists"].as_object().context("lists")?;
    let mut found: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for (name, list) in lists {
        let Some(number) = numbers.get(&name.to_lowercase()) else { continue };
        let codes: BTreeSet<&str> = list["listEntries"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row["code"].as_str())
            .collect();
        if (1..=LONGEST).contains(&codes.len()) && codes.iter().all(|code| !code.contains(' ')) {
            found.insert(number, (name, codes));
        }
    }
    for (number, (name, mut codes)) in found {
        codes.extend(
            REGION.iter().filter(|(list, _)| *list == number).flat_map(|(_, codes)| codes.split(' ')),
        );
        writeln!(out, "{number} {name} {}", codes.into_iter().collect::<Vec<_>>().join(" "))?;
    }
    Ok(out)
}

fn numbers(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path)?;
    let mut numbers = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        numbers.insert(row[4].to_lowercase(), row[5].to_owned());
    }
    Ok(numbers)
}
