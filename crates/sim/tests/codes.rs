//! Claims about codes, held against the published lists. The lists are read from the folder that the environment names
//! in `SAMPAN_REFDATA`; without it these tests say that they are skipped.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails loudly and says when it is skipped"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use customs::declaration::Declaration;
use customs::terms::GoodsLine;
use jiff::civil::date;
use sim::trade::{Lane, Plan, Trade};

/// The folder of the lists; `None`, with a word of it, where the environment names none.
fn lists() -> Option<PathBuf> {
    let folder = std::env::var_os("SAMPAN_REFDATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: SAMPAN_REFDATA is not set");
    }
    folder
}

/// The lines of a list; fails where it is missing.
fn lines(folder: &std::path::Path, list: &str) -> Vec<String> {
    let path = folder.join(list);
    let bytes = std::fs::read(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
}

/// The first column of a list, quotation marks off.
fn first_column(folder: &std::path::Path, list: &str) -> BTreeSet<String> {
    let first = |line: &String| line.split(',').next().unwrap_or("").trim_matches('"').to_owned();
    lines(folder, list).iter().map(first).collect()
}

/// All declarations of much trade between all countries.
fn declarations() -> Vec<Declaration> {
    let lanes = Lane::between(&["VN", "TH", "LA", "CN", "KH", "MY", "SG"], 700);
    let plan = Plan { lanes, consignments: 7000, ..Plan::morning(21, date(2026, 3, 2)) };
    let trade = Trade::new(plan).unwrap();
    trade.consignments().flat_map(|one| one.exports.into_iter().chain(one.imports)).collect()
}

fn goods(declarations: &[Declaration]) -> impl Iterator<Item = (&Declaration, &GoodsLine)> {
    declarations.iter().flat_map(|one| one.lines.iter().map(move |line| (one, line)))
}

#[test]
fn commodity_codes_are_in_the_nomenclature_of_their_edition() {
    let Some(folder) = lists() else { return };
    let eight = first_column(&folder, "ahtn2022/ahtn2022_lines.csv");
    let six = first_column(&folder, "hs/hs2022_en.csv");
    let older = first_column(&folder, "hs/hs2017_en.csv");
    let mut met = BTreeSet::new();
    for (declaration, line) in goods(&declarations()) {
        let code = line.hs.as_ref().unwrap().as_str();
        let found = match (declaration.country.as_str(), code.len()) {
            (_, 6) => older.contains(code),
            ("CN", 10) => six.contains(&code[..6]),
            (_, 8) => eight.contains(code),
            _ => false,
        };
        assert!(found, "{} {code}", declaration.country);
        met.insert(code.to_owned());
    }
    assert!(met.iter().filter(|code| code.len() == 8).count() > 170, "nearly the whole table is used");
}

#[test]
fn older_codes_are_tied_to_current_ones_by_the_correlation() {
    let Some(folder) = lists() else { return };
    let mut pairs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lines(&folder, "hs/hs2022_hs2017_correlation.csv") {
        let columns: Vec<&str> = line.split(',').collect();
        pairs.entry(columns[1].to_owned()).or_default().insert(columns[0].to_owned());
    }
    let plan = Plan { consignments: 5000, ..Plan::morning(22, date(2026, 3, 2)) };
    let mut met = 0;
    for one in Trade::new(plan).unwrap().consignments() {
        let editions = one.case.innocents.iter().filter(|innocent| innocent.kind.code() == "edition");
        for innocent in editions {
            let export = innocent.export.as_ref().unwrap();
            let stated = goods(&one.exports).filter(|(declaration, line)| {
                declaration.number == export.number && line.item_no == export.item_no
            });
            let now = innocent.hs.as_ref().unwrap().prefix(6);
            for (_, line) in stated {
                let then = line.hs.as_ref().unwrap().as_str();
                assert!(pairs[then].contains(now), "{then} {now}");
                met += 1;
            }
        }
    }
    assert!(met > 30, "{met}");
}

#[test]
fn units_are_live_codes_of_recommendation_20() {
    let Some(folder) = lists() else { return };
    let live: BTreeSet<String> = lines(&folder, "units_packages_edifact/rec20_units.csv")
        .iter()
        .filter_map(|line| line.strip_prefix(',')?.split(',').next().map(str::to_owned))
        .collect();
    let met: BTreeSet<String> = goods(&declarations())
        .flat_map(|(_, line)| [&line.quantity, &line.gross])
        .flatten()
        .map(|quantity| quantity.unit.as_str().to_owned())
        .collect();
    assert!(met.len() >= 12, "{met:?}");
    assert!(met.is_subset(&live), "{:?}", met.difference(&live).collect::<Vec<_>>());
}

#[test]
fn places_are_in_the_list_of_the_country_they_name_and_of_a_kind_that_fits_the_mode() {
    let Some(folder) = lists() else { return };
    let mut functions: BTreeMap<String, String> = BTreeMap::new();
    for country in ["VN", "TH", "LA", "CN", "KH", "MY", "SG"] {
        for line in lines(&folder, &format!("locations/unlocode_geoapify_2024/{country}.csv")) {
            let columns: Vec<&str> = line.split(',').collect();
            let function = columns.iter().find(|column| column.len() == 8 && column.contains('-'));
            functions.insert(columns[..2].concat(), function.unwrap_or(&"").to_string());
        }
    }
    for declaration in &declarations() {
        let place = declaration.place.as_ref().unwrap().as_str();
        let mode = declaration.mode.as_ref().unwrap().as_str();
        let function = functions.get(place).unwrap_or_else(|| panic!("{place} is in no list"));
        assert!(mode == "5" || function.contains(mode), "{place} {function}: mode {mode}");
    }
}

#[test]
fn countries_are_letters_of_iso_3166() {
    let Some(folder) = lists() else { return };
    let known: BTreeSet<String> = lines(&folder, "locations/unlocode_country-codes.csv")
        .iter()
        .filter_map(|line| line.split(',').next().map(|code| code.trim_matches('"').to_owned()))
        .collect();
    for (declaration, line) in goods(&declarations()) {
        let named = [&line.origin, &declaration.export_country, &declaration.destination];
        for country in named.into_iter().flatten() {
            assert!(known.contains(country.as_str()), "{country}");
        }
    }
}
