//! Names against watch lists, beside rapidfuzz's brute force and tantivy's fuzzy terms over the same lists and queries.

use std::collections::BTreeMap;
use std::path::Path;

use names::words;
use serde_json::{Value, json};
use target::bench::Dice;
use target::screen::{Query, Watch};

use super::clock::computed;
use super::{Measured, peers};
use crate::command::screen::lists;

/// What is asked: the entry that is meant, or none.
struct Asked {
    entry: Option<usize>,
    name: String,
}

/// Asks so many names, one in twenty a listed one written another way.
pub(super) fn run(folder: &Path, queries: usize, peer: &[String], seconds: f64) -> anyhow::Result<Measured> {
    let entries = lists(folder)?;
    let asked = queries_of(&entries.iter().map(|entry| entry.names.clone()).collect::<Vec<_>>(), queries);
    let beside = if peer.is_empty() { Value::Null } else { beside(&entries, &asked, seconds)? };
    let mut watch = Watch::new(entries);
    let start = computed();
    let (mut candidates, mut scores) = (0_u64, Vec::with_capacity(asked.len()));
    for query in &asked {
        let found = watch.ask(&Query { name: &query.name, ..Query::default() }, LEAST);
        candidates += found.len() as u64;
        let right = query
            .entry
            .and_then(|entry| found.iter().find(|found| found.entry == entry))
            .map_or(0, |found| found.likeness);
        scores.push((query.entry.is_some(), found.first().map_or(0, |found| found.likeness), right));
    }
    let rate = asked.len() as f64 / (computed() - start).as_secs_f64();
    let table = [800, 840, 880, 900, 920, 950].map(|cutoff| at(&scores, cutoff));
    let peer_false = beside["rapidfuzz"]["jaro_winkler"]["at"]
        .as_array()
        .and_then(|at| at.iter().find(|at| at["cutoff"] == 0.9))
        .and_then(|at| at["false_hits"].as_f64());
    let allowed = peer_false.unwrap_or(0.01).max(0.002);
    let best = table
        .iter()
        .filter(|row| row["false_hits"].as_f64().is_some_and(|share| share <= allowed))
        .filter_map(|row| row["recall"].as_f64())
        .fold(0.0, f64::max);
    let brute = beside["rapidfuzz"]["jaro_winkler"]["per_second"].as_f64();
    Ok(Measured {
        name: "screen",
        ours: rate,
        unit: "names/s",
        peer: brute.map(|rate| ("rapidfuzz brute force, Jaro-Winkler on sorted words", rate)),
        aims: vec![(
            format!("recall at least 0.98 at a false-hit rate of at most {allowed:.4}"),
            best >= 0.98,
        )],
        seen: json!({
            "entries": watch.entries().len(), "names": watch.names(), "asked": asked.len(), "found": candidates,
            "recall": best, "false_hits_allowed": allowed, "at": table, "peers": beside,
        }),
    })
}

const LEAST: u16 = 800;

fn at(scores: &[(bool, u16, u16)], cutoff: u16) -> Value {
    let share = |listed: bool| {
        let of: Vec<_> = scores.iter().filter(|(is_listed, _, _)| *is_listed == listed).collect();
        let over = of
            .iter()
            .filter(|(_, top, right)| if listed { *right >= cutoff } else { *top >= cutoff })
            .count();
        over as f64 / of.len().max(1) as f64
    };
    json!({ "cutoff": cutoff, "recall": share(true), "false_hits": share(false) })
}

const FAMILY: [&str; 24] = [
    "Nguyen", "Tran", "Le", "Somchai", "Wang", "Li", "Tan", "Lim", "Kim", "Park", "Santos", "Reyes",
    "Suharto", "Wijaya", "Smith", "Miller", "Garcia", "Ivanova", "Petrov", "Hassan", "Okafor", "Kone",
    "Silva", "Rossi",
];
const GIVEN: [&str; 28] = [
    "Van Duc", "Thi Lan", "Minh", "Anan", "Siriporn", "Wei", "Xiaoming", "Hui", "Joon", "Maria", "Jose",
    "Budi", "Dewi", "John", "Emma", "Carlos", "Anna", "Sergei", "Fatima", "Chidi", "Awa", "Bruno", "Paolo",
    "Linh", "Quoc", "Thanh", "Hoa", "Long",
];
const TRADE: [&str; 10] = [
    "Trading",
    "Logistics",
    "Import Export",
    "Electronics",
    "Textile",
    "Seafood",
    "Furniture",
    "Plastic",
    "Steel",
    "Coffee",
];

fn queries_of(names: &[Vec<String>], queries: usize) -> Vec<Asked> {
    let mut dice = Dice::new(11);
    (0..queries)
        .map(|_| {
            if dice.below(20) == 0 {
                let entry = dice.below(names.len() as u64) as usize;
                let name = &names[entry][dice.below(names[entry].len() as u64) as usize];
                return Asked { entry: Some(entry), name: altered(name, &mut dice) };
            }
            let family = FAMILY[dice.below(24) as usize];
            let given = GIVEN[dice.below(28) as usize];
            let name = match dice.below(3) {
                0 => format!("{family} {given} {} Co Ltd", TRADE[dice.below(10) as usize]),
                1 => format!("{given} {family}"),
                _ => format!("{family} {given}"),
            };
            Asked { entry: None, name }
        })
        .collect()
}

/// A listed name as somebody else would write it: capitals, order, a slip, a word left out of a long one.
fn altered(name: &str, dice: &mut Dice) -> String {
    let mut parts = words(name);
    match dice.below(5) {
        0 => parts.reverse(),
        1 if parts.len() > 3 => drop(parts.remove(dice.below(parts.len() as u64) as usize)),
        2 | 3 => {
            let long = (0..parts.len()).max_by_key(|at| parts[*at].len()).unwrap_or(0);
            if let Some(word) = parts.get_mut(long).filter(|word| word.len() > 4 && word.is_ascii()) {
                let at = 1 + dice.below(word.len() as u64 - 2) as usize;
                match dice.below(3) {
                    0 => drop(word.remove(at)),
                    1 => word.insert(at, char::from(b'a' + dice.below(26) as u8)),
                    _ => word.replace_range(at..=at, ["a", "e", "i", "o"][dice.below(4) as usize]),
                }
            }
        }
        _ => {}
    }
    parts.join(" ").to_uppercase()
}

fn beside(entries: &[customs::targeting::Listed], asked: &[Asked], seconds: f64) -> anyhow::Result<Value> {
    let folder = std::env::temp_dir().join(format!("sampan-screen-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (list, queries) = (folder.join("list.tsv"), folder.join("queries.tsv"));
    let folded = |name: &str| words(name).join(" ");
    let lines: String = entries
        .iter()
        .enumerate()
        .flat_map(|(at, entry)| entry.names.iter().map(move |name| (at, name)))
        .map(|(at, name)| format!("{at}\t{}\n", folded(name)))
        .collect();
    std::fs::write(&list, lines)?;
    let lines: String = asked
        .iter()
        .map(|asked| {
            format!(
                "{}\t{}\n",
                asked.entry.map_or_else(|| "-".to_owned(), |at| at.to_string()),
                folded(&asked.name)
            )
        })
        .collect();
    std::fs::write(&queries, lines)?;
    let mut said = BTreeMap::new();
    said.insert("rapidfuzz", peers::python("screen_peer.py", &[&list, &queries], &[&seconds.to_string()])?);
    let tantivy = if peers::is_built("screen_peer") {
        peers::built("screen_peer", &[&list, &queries], &seconds.to_string())?
    } else {
        peers::python("tantivy_peer.py", &[&list, &queries], &[&seconds.to_string()])?
    };
    said.insert("tantivy", tantivy);
    std::fs::remove_dir_all(&folder)?;
    Ok(serde_json::to_value(said)?)
}
