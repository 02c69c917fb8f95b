//! Which planted frauds are found, and which alarms are false.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use link::lane::{Coverage, Undeclared};
use link::{Detail, Doc, Index, Match, Threads, Tolerance};

use super::judge::Truth;
use crate::audit::audit;
use crate::linking::{Files, settings};

/// What was found of what was planted.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By kind: found, planted, as far as it can be known on the last day.
    pub(super) kinds: BTreeMap<String, (usize, usize)>,
    /// By kind: planted in a load whose rest, or all of it, may still come by the lane's terms.
    pub(super) not_due: BTreeMap<String, usize>,
    /// Alarms on import declarations in which nothing was planted, each code once a declaration.
    pub(super) false_alarms: usize,
    /// The same by code.
    pub(super) alarms: BTreeMap<&'static str, usize>,
    /// Of these, on lines with an innocent difference, by its kind.
    pub(super) innocents: BTreeMap<String, usize>,
    /// How much of the trade is estimated to be shared.
    pub(super) coverage: Option<Coverage>,
    /// How much is estimated to be never declared.
    pub(super) undeclared: Option<Undeclared>,
}

/// Links the files once more and holds what is told against what was planted.
pub(super) fn judge(truth: &Truth, exports: &Path, imports: &Path) -> anyhow::Result<Found> {
    let files = Files::read(exports, imports)?;
    let matches = matches(&files);
    let audit = audit(&files, &matches);
    let key = |line: &link::LineRef| (line.doc.number.clone(), line.item);
    let told: BTreeSet<(&str, (String, u32))> =
        audit.told.iter().filter_map(|told| Some((told.code, key(told.import.as_ref()?)))).collect();
    let told_on: BTreeSet<(&str, String)> = told.iter().map(|(code, line)| (*code, line.0.clone())).collect();
    let overdue: BTreeSet<(String, u32)> = audit.overdue.iter().map(key).collect();
    let mut found = Found { coverage: audit.coverage, undeclared: audit.undeclared, ..Found::default() };
    let waiting: BTreeSet<(String, u32)> =
        matches.iter().filter(|open| open.due.is_some()).flat_map(|open| &open.exports).map(key).collect();
    for plant in &truth.plants {
        if ["never-declared", "quantity-short"].contains(&plant.kind.as_str())
            && waiting.contains(&plant.export)
        {
            *found.not_due.entry(plant.kind.clone()).or_default() += 1;
            continue;
        }
        let counted = found.kinds.entry(plant.kind.clone()).or_default();
        counted.1 += 1;
        let is = match plant.kind.as_str() {
            "never-declared" => overdue.contains(&plant.export),
            "phantom-exporter" => told_on.contains(&("unexported", plant.import.0.clone())),
            "consignee-switched" => told_on.contains(&("consignee-switched", plant.import.0.clone())),
            kind => told.contains(&(kind, plant.import.clone())),
        };
        counted.0 += usize::from(is);
    }
    let planted: BTreeSet<&String> = truth.plants.iter().map(|plant| &plant.import.0).collect();
    for (code, declaration) in told_on.iter().filter(|(_, declaration)| !planted.contains(declaration)) {
        found.false_alarms += 1;
        *found.alarms.entry(code_of(code)).or_default() += 1;
        let innocent = truth.innocents.iter().filter(|known| known.import.0 == *declaration);
        innocent.for_each(|known| *found.innocents.entry(format!("{code} {}", known.kind)).or_default() += 1);
    }
    Ok(found)
}

/// The code as one that lives as long as the program.
fn code_of(code: &str) -> &'static str {
    let all = link::DifferenceCode::ALL
        .into_iter()
        .map(link::DifferenceCode::code)
        .chain(["impossible-weight", "unexported"]);
    all.into_iter().find(|known| *known == code).unwrap_or("other")
}

/// The lane's terms: how many days goods take, as the generator has them.
fn lane() -> Tolerance {
    let mut lane = Tolerance::default();
    for (mode, days) in &mut lane.transit_days {
        *days = i32::from(sim::trade::window(mode.as_str()));
    }
    lane
}

fn matches(files: &Files) -> Vec<Match> {
    let threads = Threads::all();
    let mut settings = settings(lane());
    let mut index = Index::new(settings.clone());
    let docs: Vec<Doc> =
        files.exports.iter().chain(&files.imports).map(|lodged| lodged.doc.clone()).collect();
    index.load_with(docs, &threads);
    settings.model = index.learnt(&[], &threads);
    index.work_by(settings);
    let mut matches = Vec::new();
    let Some(today) = files.last_day() else { return matches };
    index.each_match(today, Detail::Reasons, &threads, |found| matches.push(found));
    matches
}
