//! A morning of trade from the generator: lodged while nodes may be killed, then held against the known truth.

use std::collections::{BTreeMap, BTreeSet};

use customs::declaration::{Declaration, Flow, Function};
use customs::gate::Consignment;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};
use sim::trade::{Class, Dirt, Lane, Mix, Morning, Plan, Sharing, Which};
use store::CaseRow;

use super::chaos::Chaos;
use super::stage::Stage;
use crate::output::Progress;

/// How big the morning is and how rough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    /// What it is generated from.
    pub(crate) seed: u64,
    /// How many consignments.
    pub(crate) consignments: u64,
    /// How many times a node is killed while it goes on.
    pub(crate) kills: u32,
}

/// Plays the morning and says what came of it; fails where something was lost, doubled or tied to the wrong export.
pub(crate) fn play(stage: &Stage<'_>, day: Date, weather: Weather) -> anyhow::Result<Value> {
    let morning = Morning::generate(&plan(day, weather))?;
    let chaos = Chaos::begin(stage.town(), weather.seed, weather.kills);
    lodge(stage, &morning, &chaos)?;
    let killed = chaos.end()?;
    let shared = shared(&morning);
    arrived_once(stage, &shared)?;
    let links = links(stage, &morning)?;
    links.hold()?;
    Ok(json!({
        "seed": weather.seed, "consignments": weather.consignments, "exports": morning.exports.len(),
        "imports": morning.imports.len(), "shared": shared.len(), "killed": killed,
        "lost": 0, "doubled": 0, "links": links.figures(),
    }))
}

fn plan(date: Date, weather: Weather) -> Plan {
    Plan {
        seed: weather.seed,
        date,
        days: 10,
        lanes: lanes(),
        consignments: weather.consignments,
        firms: 0,
        dirt: Dirt::LIGHT,
        mix: Mix::USUAL,
        quoted: 300,
    }
}

/// The lanes with a live term on both sides, and how many exporters consented.
fn lanes() -> Vec<Lane> {
    let pairs =
        [("TH", "VN", 600), ("VN", "TH", 700), ("LA", "TH", 500), ("TH", "LA", 600), ("VN", "LA", 600)];
    pairs.map(|(from, to, coverage)| Lane::new(from, to, coverage, 1)).into()
}

fn lodge(stage: &Stage<'_>, morning: &Morning, chaos: &Chaos<'_>) -> anyhow::Result<()> {
    let mut progress = Progress::of("declarations lodged");
    let total = morning.timetable.len() as u64;
    let mut known = BTreeSet::new();
    for (done, lodging) in morning.timetable.iter().enumerate() {
        let declaration = match lodging.which {
            Which::Export(place) => &morning.exports[place],
            Which::Import(place) => &morning.imports[place],
        };
        let first = known.insert((declaration.country.clone(), declaration.number.clone()));
        stage.lodge_as(declaration, if first { "take" } else { "amend" })?;
        chaos.step(done as u64, total);
        progress.at(done as u64 + 1, total);
    }
    Ok(())
}

/// The exports that partners must have now, by number: whose extract was shared and not cancelled.
fn shared(morning: &Morning) -> BTreeMap<String, &Declaration> {
    let consented = morning.exports.iter().filter(|export| export.consent.is_some());
    consented.map(|export| (format!("{}:{}", export.country, export.number), export)).collect()
}

/// Every shared export is at its partner's, once.
fn arrived_once(stage: &Stage<'_>, shared: &BTreeMap<String, &Declaration>) -> anyhow::Result<()> {
    for (export, declaration) in shared {
        let to = declaration.destination.as_ref().map_or("", |country| country.as_str());
        let rows = stage.until(&format!("{export} at {to}"), |stage| {
            let rows = stage.found(to, "received", ("export", export))?;
            let settled = !rows.is_empty() && rows.iter().all(|row| row.summary.stage != "arrived");
            Ok(settled.then_some(rows))
        })?;
        let standing: Vec<&CaseRow> = rows.iter().filter(|row| row.summary.stage != "void").collect();
        let expected = usize::from(declaration.function != Function::Cancel);
        anyhow::ensure!(standing.len() <= 1, "{export} stands {} times at {to}", standing.len());
        anyhow::ensure!(standing.len() == expected, "{export} is void at {to} and was not cancelled");
    }
    Ok(())
}

/// How the links made compare with the truth: one export line to one import line, and all other groups.
#[derive(Debug, Default)]
struct Links {
    single: Made,
    grouped: Made,
    wrong: Vec<String>,
}

/// Links that were to be made.
#[derive(Debug, Default)]
struct Made {
    right: u64,
    missed: Vec<String>,
}

impl Links {
    fn figures(&self) -> Value {
        json!({
            "one_to_one": self.single.figures(), "grouped": self.grouped.figures(), "wrong": self.wrong,
        })
    }

    /// One wrong link in fifty is too many, and so is one single link missed in ten; groups are counted and shown.
    fn hold(&self) -> anyhow::Result<()> {
        let made = self.single.right + self.grouped.right + self.wrong.len() as u64;
        anyhow::ensure!(self.wrong.len() as u64 * 50 <= made, "wrong links: {:?}", self.wrong);
        let missed = self.single.missed.len() as u64;
        anyhow::ensure!(missed * 10 <= self.single.right + missed, "links missed: {:?}", self.single.missed);
        Ok(())
    }
}

impl Made {
    fn figures(&self) -> Value {
        json!({ "right": self.right, "missed": self.missed })
    }
}

/// For every import of every node, the exports it is truly about, and how they lie to each other.
type Truth = BTreeMap<(String, String), BTreeMap<String, Class>>;

fn truth(morning: &Morning) -> Truth {
    let mut truth = Truth::new();
    for import in morning.imports.iter().filter(|import| import.flow == Flow::Import) {
        truth.entry((import.country.to_string(), import.number.clone())).or_default();
    }
    let visible = |case: &&sim::trade::Case| case.sharing == Sharing::Shared && case.class != Class::Void;
    for case in morning.truth.cases.iter().filter(visible) {
        for link in &case.links {
            let import = (case.to.to_string(), link.import.number.clone());
            let export = format!("{}:{}", case.from, link.export.number);
            truth.entry(import).or_default().insert(export, link.class);
        }
    }
    truth
}

fn links(stage: &Stage<'_>, morning: &Morning) -> anyhow::Result<Links> {
    let mut links = Links::default();
    for ((node, import), exports) in &truth(morning) {
        let tied = tied(stage, node, import)?;
        for (export, class) in exports {
            let made = if *class == Class::OneToOne { &mut links.single } else { &mut links.grouped };
            if tied.contains(export) {
                made.right += 1;
            } else {
                made.missed.push(format!("{import} to {export}"));
            }
        }
        let wrong = tied.iter().filter(|export| !exports.contains_key(*export));
        links.wrong.extend(wrong.map(|export| format!("{import} to {export}")));
    }
    Ok(links)
}

fn tied(stage: &Stage<'_>, node: &str, import: &str) -> anyhow::Result<BTreeSet<String>> {
    let case: CaseId = Consignment::case_of(import);
    let row = stage.case(node, &case)?;
    let row = row.ok_or_else(|| anyhow::anyhow!("{node} lost its import {import}"))?;
    let exports = row.summary.shown["exports"].as_array().cloned().unwrap_or_default();
    Ok(exports.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
