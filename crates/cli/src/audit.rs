//! What linked files say that is worth a look: differences of linked groups, masses that cannot be, imports that name an
//! exporter who exported nothing of the kind, and exports nobody declared.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Severity;
use link::csv::{Goods, Lodged};
use link::finding::{Judged, Masses, Naming, unexported};
use link::lane::{Census, Coverage, ExportOutcome, Recall, Undeclared};
use link::resolve::Directory;
use link::{Class, LineRef, Match};

use crate::linking::Files;

/// One thing worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// What it is.
    pub(crate) code: &'static str,
    /// The export line it is about, where there is one.
    pub(crate) export: Option<LineRef>,
    /// The import line it is about, where there is one.
    pub(crate) import: Option<LineRef>,
    /// What was seen, in a few values.
    pub(crate) seen: String,
}

/// All of it.
pub(crate) struct Audit {
    /// What is worth a look by itself.
    pub(crate) told: Vec<Told>,
    /// Exports nobody declared though they are due. Together they are a rate; one by one they prove nothing.
    pub(crate) overdue: Vec<LineRef>,
    /// How much of the trade is shared.
    pub(crate) coverage: Option<Coverage>,
    /// Goods never declared, as a rate.
    pub(crate) undeclared: Option<Undeclared>,
}

/// Looks through files and what was found to belong together in them.
pub(crate) fn audit(files: &Files, matches: &[Match]) -> Audit {
    let mut told: Vec<Told> = matches.iter().flat_map(differences).collect();
    told.extend(masses(files));
    let exporters = Exporters::of(files, matches);
    let (mut census, mut overdue) = (Census::default(), Vec::new());
    exporters.count(files, &mut census);
    for found in matches {
        match found.class {
            Class::Overdue => {
                census.export(ExportOutcome::Silent);
                overdue.extend(found.exports.iter().cloned());
            }
            Class::Awaited => {}
            Class::OneToOne | Class::Split | Class::Merged | Class::Partial | Class::Ambiguous => {
                census.export(ExportOutcome::Declared(found.probability));
            }
        }
    }
    let coverage = census.coverage(Recall::default());
    told.extend(exporters.unexported(files, coverage));
    Audit { told, overdue, undeclared: census.undeclared(Recall::default()), coverage }
}

fn differences(found: &Match) -> Vec<Told> {
    if found.class == Class::Ambiguous {
        return Vec::new();
    }
    let grave = found.differences.iter().filter(|seen| seen.severity >= Severity::Warning);
    let one = |seen: &link::Difference| Told {
        code: seen.code.code(),
        export: found.exports.first().cloned(),
        import: seen.at.clone().or_else(|| found.imports.first().cloned()),
        seen: format!("{} ~ {}", seen.theirs, seen.ours),
    };
    grave.map(one).collect()
}

fn masses(files: &Files) -> Vec<Told> {
    let mut masses = Masses::default();
    each_line(files, |_, line, goods| {
        if let (Some(hs), Some(quantity), Some(gross)) = (&line.hs, &line.quantity, &goods.gross) {
            masses.learn(hs, quantity, gross);
        }
    });
    let mut told = Vec::new();
    each_line(files, |lodged, line, goods| {
        let (Some(hs), Some(quantity), Some(gross)) = (&line.hs, &line.quantity, &goods.gross) else {
            return;
        };
        if masses.check(hs, quantity, gross).is_some() {
            told.push(Told {
                code: "impossible-weight",
                export: None,
                import: Some(lodged.doc.line_ref(line.item)),
                seen: format!("{quantity} {gross}"),
            });
        }
    });
    told
}

fn each_line<'a>(files: &'a Files, mut look: impl FnMut(&'a Lodged, &'a link::DocLine, &'a Goods)) {
    for lodged in &files.imports {
        lodged.doc.lines.iter().zip(&lodged.goods).for_each(|(line, goods)| look(lodged, line, goods));
    }
}

/// The exporters, by the identifiers of their exports, and who names them.
struct Exporters {
    directory: Directory,
    /// For each import declaration that is linked, its exporter; with the share of its lines that are.
    linked: BTreeMap<String, u32>,
    /// For each exporter, the chapters it exports.
    chapters: BTreeMap<u32, BTreeSet<String>>,
}

impl Exporters {
    fn of(files: &Files, matches: &[Match]) -> Self {
        let (mut owners, mut of_export) = (BTreeMap::new(), BTreeMap::new());
        let (mut directory, mut chapters): (Directory, BTreeMap<u32, BTreeSet<String>>) = Default::default();
        for doc in files.exports.iter().map(|lodged| &lodged.doc) {
            let id = if doc.sender.id().is_empty() { doc.sender.name.as_str() } else { doc.sender.id() };
            let next = u32::try_from(owners.len()).unwrap_or(u32::MAX);
            let owner = *owners.entry(id.to_owned()).or_insert(next);
            directory.learn(owner, &doc.sender.name);
            of_export.insert((doc.id.country.to_string(), doc.id.number.clone()), owner);
            let codes = doc.lines.iter().filter_map(|line| line.hs.as_ref());
            chapters.entry(owner).or_default().extend(codes.map(|hs| hs.prefix(2).to_owned()));
        }
        let mut linked = BTreeMap::new();
        for found in matches.iter().filter(|found| found.class != Class::Ambiguous) {
            let owner = found
                .exports
                .first()
                .and_then(|line| of_export.get(&(line.doc.country.to_string(), line.doc.number.clone())));
            for (line, owner) in found.imports.iter().zip(std::iter::repeat(owner)) {
                linked.extend(owner.map(|owner| (line.doc.number.clone(), *owner)));
            }
        }
        // What linked imports call an exporter is a name of it from now on.
        for doc in files.imports.iter().map(|lodged| &lodged.doc) {
            if let Some(owner) = linked.get(&doc.id.number) {
                directory.learn(*owner, &doc.sender.name);
            }
        }
        Self { directory, linked, chapters }
    }

    fn count(&self, files: &Files, census: &mut Census) {
        let mut names: BTreeMap<&str, u64> = BTreeMap::new();
        for doc in files.imports.iter().map(|lodged| &lodged.doc) {
            let stranger = names.len() as u64 + (1 << 32);
            let owner = self.linked.get(&doc.id.number).map(|owner| u64::from(*owner));
            let exporter = owner.unwrap_or_else(|| *names.entry(&doc.sender.name).or_insert(stranger));
            census.import(exporter, if owner.is_some() { 1_000 } else { 0 });
        }
    }

    /// Imports without an export that name an exporter who shares, and exports nothing of the kind.
    fn unexported(&self, files: &Files, coverage: Option<Coverage>) -> Vec<Told> {
        let mut naming: BTreeMap<u32, Naming> = BTreeMap::new();
        for owner in self.linked.values() {
            let known = naming.entry(*owner).or_default();
            (known.others, known.linked) = (known.others + 1, known.linked + 1);
        }
        let mut open = Vec::new();
        for lodged in files.imports.iter().filter(|lodged| !self.linked.contains_key(&lodged.doc.id.number)) {
            let Some(known) = self.directory.find(&lodged.doc.sender.name) else { continue };
            let sure = known.likeness >= SURE && known.rival + APART <= known.likeness;
            naming.entry(known.owner).or_default().others += u64::from(sure);
            if sure {
                open.push((lodged, known));
            }
        }
        let share = coverage.map(|coverage| coverage.share);
        let mut told = Vec::new();
        for (lodged, known) in open {
            let of_kind = |line: &&link::DocLine| {
                let chapters = self.chapters.get(&known.owner);
                line.hs.as_ref().is_some_and(|hs| chapters.is_some_and(|all| all.contains(hs.prefix(2))))
            };
            let counted = naming.get(&known.owner).copied().unwrap_or_default();
            let counted =
                Naming { others: counted.others.saturating_sub(1), likeness: known.likeness, ..counted };
            let weighed = unexported(&counted, share, Recall::default());
            let lines = lodged.doc.lines.iter().filter(|line| !of_kind(line));
            told.extend(lines.filter(|_| weighed.judged == Judged::NotExplained).map(|line| Told {
                code: "unexported",
                export: None,
                import: Some(lodged.doc.line_ref(line.item)),
                seen: lodged.doc.sender.name.clone(),
            }));
        }
        told
    }
}

/// A name this alike is the exporter's.
const SURE: u16 = 800;
/// The nearest other exporter's name is at least so much less alike.
const APART: u16 = 100;
