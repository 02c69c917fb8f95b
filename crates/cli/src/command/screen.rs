//! `sampan screen`: parties against watch lists.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use customs::targeting::Listed;
use formats::watchlist::{Ofac, read_csv, read_ofac, read_un};
use serde_json::json;
use target::screen::{Query, Watch, difference};

use crate::exit::Exit;
use crate::output;

/// Screens names against watch lists; one JSON object for every name that may be listed.
///
/// A folder may hold OFAC's files (`sdn.csv`, `alt.csv`, `add.csv`, `cons_prim.csv`, `cons_alt.csv`), the United Nations'
/// XML, and plain tables with a column `name`.
///
/// Example: sampan screen parties.csv --lists watchlists/ --least 900
#[derive(clap::Args)]
pub(crate) struct Screen {
    /// Names: one a line, or a CSV with the columns `name`, `number`, `country`, `born`, `address`.
    names: PathBuf,
    /// A folder with lists, looked through with all folders in it.
    #[arg(long)]
    lists: PathBuf,
    /// The edition before: only what has changed since is asked.
    #[arg(long)]
    since: Option<PathBuf>,
    /// Least likeness in parts per thousand.
    #[arg(long, default_value_t = 900)]
    least: u16,
}

/// All lists of a folder and the folders in it.
pub(crate) fn lists(folder: &Path) -> anyhow::Result<Vec<Listed>> {
    let mut entries = Vec::new();
    gather(folder, 0, &mut entries)?;
    if entries.is_empty() {
        bail!("no list was found under {}", folder.display());
    }
    Ok(entries)
}

fn gather(folder: &Path, depth: usize, entries: &mut Vec<Listed>) -> anyhow::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
    for (main, names, addresses, list) in [
        ("sdn.csv", "alt.csv", "add.csv", "ofac-sdn"),
        ("cons_prim.csv", "cons_alt.csv", "cons_add.csv", "ofac-cons"),
    ] {
        let (main, names, addresses) = (read(main), read(names), read(addresses));
        if !main.is_empty() {
            let (found, findings) =
                read_ofac(list, Ofac { entries: &main, names: &names, addresses: &addresses });
            told(list, found.len(), findings.len());
            entries.extend(found);
        }
    }
    const OFAC: [&str; 7] = [
        "sdn.csv",
        "alt.csv",
        "add.csv",
        "cons_prim.csv",
        "cons_alt.csv",
        "cons_add.csv",
        "sdn_comments.csv",
    ];
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && depth < 5 {
            gather(&path, depth + 1, entries)?;
        } else if name.ends_with(".xml") {
            let (found, findings) = read_un("un", &fs::read(&path)?);
            told(&name, found.len(), findings.len());
            entries.extend(found);
        } else if name.ends_with(".csv") && !OFAC.contains(&name.as_str()) {
            let (found, findings) = read_csv(name.trim_end_matches(".csv"), &fs::read(&path)?);
            told(&name, found.len(), findings.len());
            entries.extend(found);
        }
    }
    Ok(())
}

fn told(list: &str, entries: usize, findings: usize) {
    output::say(format_args!("{list}: {entries} entries, {findings} findings"));
}

impl Screen {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let mut entries = lists(&self.lists)?;
        if let Some(since) = &self.since {
            let change = difference(&lists(since)?, &entries);
            output::say(format_args!(
                "{} entries are new or changed, {} gone, {} the same",
                change.fresh.len(),
                change.gone.len(),
                change.same
            ));
            entries = change.fresh;
        }
        let mut watch = Watch::new(entries);
        let file =
            fs::File::open(&self.names).with_context(|| format!("cannot read {}", self.names.display()))?;
        let mut lines = BufReader::new(file).lines();
        let mut first = lines.next().transpose()?;
        let header: Option<Vec<String>> = first
            .as_ref()
            .filter(|line| line.to_ascii_lowercase().split(',').any(|name| name.trim() == "name"))
            .map(|line| line.to_ascii_lowercase().split(',').map(|name| name.trim().to_owned()).collect());
        if header.is_some() {
            first = None;
        }
        let mut hits = 0_u64;
        for line in first.map(Ok).into_iter().chain(lines) {
            hits += ask(&mut watch, &line?, header.as_deref(), self.least);
        }
        Ok(Exit::sound_if(hits == 0))
    }
}

fn ask(watch: &mut Watch, line: &str, header: Option<&[String]>, least: u16) -> u64 {
    let fields = fields(line);
    let field = |name: &str| {
        let at = header.and_then(|header| header.iter().position(|known| known == name));
        at.and_then(|at| fields.get(at)).map_or("", |field| field.trim())
    };
    let name = if header.is_some() { field("name") } else { line.trim() };
    let numbers: Vec<&str> = field("number").split('|').filter(|number| !number.is_empty()).collect();
    let query = Query {
        name,
        numbers: &numbers,
        country: field("country"),
        born: field("born").parse().unwrap_or(0),
        address: field("address"),
    };
    let found = watch.ask(&query, least);
    if !found.is_empty() {
        output::json(&json!({ "name": name, "found": found }));
    }
    u64::from(!found.is_empty())
}

/// The fields of one line of a table.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            letter => field.push(letter),
        }
    }
    fields.push(field);
    fields
}
