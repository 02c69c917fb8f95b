//! The hypotheses of a component: pairs, splits, merges, each with its weight.

use crate::held::Amount;
use crate::score::{Field, Level, Millibits, Model, quantity_level};

/// One export line that could belong to one import line. Lines are numbered within their component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) export: usize,
    pub(crate) import: usize,
    /// The evidence without the quantity and without the quoted number.
    pub(crate) weight: Millibits,
    /// The import quotes the export.
    pub(crate) quoted: bool,
}

/// A component to be solved. The order of lines decides ties.
#[derive(Debug)]
pub(crate) struct Problem<'a> {
    pub(crate) exports: Vec<Option<Amount>>,
    pub(crate) imports: Vec<Option<Amount>>,
    /// By export, then by import.
    pub(crate) edges: Vec<Edge>,
    /// The edges of each import, by export.
    of_import: Vec<Vec<Edge>>,
    pub(crate) model: &'a Model,
}

impl<'a> Problem<'a> {
    /// A component of these lines. On input an edge is quoted where the import quotes the export's document.
    pub(crate) fn new(
        exports: Vec<Option<Amount>>,
        imports: Vec<Option<Amount>>,
        mut edges: Vec<Edge>,
        model: &'a Model,
    ) -> Self {
        edges.sort_by_key(|edge| (edge.export, edge.import));
        super::quotes::settle(&mut edges, &exports, &imports, model);
        let mut of_import = vec![Vec::new(); imports.len()];
        edges.iter().for_each(|edge| of_import[edge.import].push(*edge));
        Self { exports, imports, edges, of_import, model }
    }

    /// The edges of an export, by import.
    fn of_export(&self, export: usize) -> &[Edge] {
        let from = self.edges.partition_point(|edge| edge.export < export);
        let own = self.edges[from..].partition_point(|edge| edge.export == export);
        &self.edges[from..from + own]
    }

    fn edge(&self, export: usize, import: usize) -> Option<Edge> {
        let own = self.of_export(export);
        own.binary_search_by_key(&import, |edge| edge.import).ok().map(|at| own[at])
    }

    /// The edges of a line.
    fn of(&self, whole: Whole, line: usize) -> &[Edge] {
        match whole {
            Whole::Export => self.of_export(line),
            Whole::Import => &self.of_import[line],
        }
    }
}

/// Some lines of both sides that may be one consignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hypothesis {
    pub(crate) exports: Vec<usize>,
    pub(crate) imports: Vec<usize>,
    pub(crate) weight: Millibits,
}

impl Hypothesis {
    /// Its lines in one numbering, imports after so many exports.
    pub(super) fn lines(&self, exports: usize) -> Vec<usize> {
        let imports = self.imports.iter().map(|import| import + exports);
        self.exports.iter().copied().chain(imports).collect()
    }
}

/// Lines looked at as parts of one group, at most.
const PARTS_MAX: usize = 14;
/// Lines in a group besides the quoted ones, at most.
const LOTS_MAX: usize = 6;
/// Sums tried for one whole, at most.
const SUMS_MAX: usize = 4_000;

/// Which side stands alone in a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Export,
    Import,
}

impl Problem<'_> {
    /// All hypotheses worth weighing, each once.
    pub(crate) fn hypotheses(&self) -> Vec<Hypothesis> {
        let mut found: Vec<Hypothesis> = self.edges.iter().map(|edge| self.group(&[*edge])).collect();
        for export in 0..self.exports.len() {
            self.groups_of(Whole::Export, export, &mut found);
        }
        for import in 0..self.imports.len() {
            self.groups_of(Whole::Import, import, &mut found);
        }
        found.retain(|hypothesis| hypothesis.weight > 0);
        found
    }

    /// The hypothesis of these edges, which share one end.
    fn group(&self, edges: &[Edge]) -> Hypothesis {
        let mut exports: Vec<usize> = edges.iter().map(|edge| edge.export).collect();
        let mut imports: Vec<usize> = edges.iter().map(|edge| edge.import).collect();
        exports.sort_unstable();
        exports.dedup();
        imports.sort_unstable();
        imports.dedup();
        let level = quantity_level(sum(&self.exports, &exports), sum(&self.imports, &imports));
        let further = i32::try_from(edges.len() - 1).unwrap_or(i32::MAX);
        let quotes: Millibits = edges.iter().map(|edge| self.quote(edge)).sum();
        let evidence = quotes + self.evidence(edges);
        let weight =
            evidence + self.model.weight(Field::Quantity, level) + self.model.lots.saturating_mul(further);
        Hypothesis { exports, imports, weight }
    }

    /// The best pair counts in full, every further one up to a limit.
    fn evidence(&self, edges: &[Edge]) -> Millibits {
        let best = edges.iter().map(|edge| edge.weight).max().unwrap_or(0);
        let all: Millibits = edges.iter().map(|edge| edge.weight.min(self.model.further)).sum();
        best - best.min(self.model.further) + all
    }

    fn quote(&self, edge: &Edge) -> Millibits {
        quote(edge, self.model)
    }

    fn groups_of(&self, whole: Whole, line: usize, found: &mut Vec<Hypothesis>) {
        let mut parts = self.of(whole, line).to_vec();
        if parts.len() < 2 {
            return;
        }
        parts.sort_by_key(|edge| (!edge.quoted, -edge.weight, other_end(edge, whole)));
        let quoted = parts.iter().filter(|edge| edge.quoted).count();
        if quoted > 1 {
            found.push(self.group(&parts[..quoted]));
        }
        let rest = &parts[quoted..parts.len().min(quoted.saturating_add(PARTS_MAX))];
        self.sums_to(whole, line, &parts[..quoted], rest, found);
        if whole == Whole::Export {
            self.open_rest(line, &parts, found);
        }
    }

    /// The groups whose parts sum to the whole, the quoted parts always among them.
    fn sums_to(
        &self,
        whole: Whole,
        line: usize,
        quoted: &[Edge],
        rest: &[Edge],
        found: &mut Vec<Hypothesis>,
    ) {
        let (wholes, parts) = match whole {
            Whole::Export => (&self.exports, &self.imports),
            Whole::Import => (&self.imports, &self.exports),
        };
        let Some(target) = wholes[line] else { return };
        let amount = |edge: &Edge| {
            parts[other_end(edge, whole)].filter(|part| part.kind == target.kind).map(|part| part.micro)
        };
        let start = quoted.iter().try_fold(0_i64, |sum, edge| sum.checked_add(amount(edge)?));
        let Some(start) = start else { return };
        let rest: Vec<(Edge, i64)> = rest
            .iter()
            .filter_map(|edge| Some((*edge, amount(edge)?)))
            .filter(|(_, part)| (1..target.micro).contains(part))
            .collect();
        let slack = target.share(5) as i64;
        let mut search =
            Sums { rest: &rest, target: target.micro, slack, chosen: Vec::new(), tried: 0, hits: Vec::new() };
        search.from(0, start);
        for hit in search.hits {
            let edges: Vec<Edge> = quoted.iter().copied().chain(hit).collect();
            if edges.len() > 1 {
                found.push(self.group(&edges));
            }
        }
    }

    /// The lots that fit this export best of all and leave some of it open.
    fn open_rest(&self, export: usize, parts: &[Edge], found: &mut Vec<Hypothesis>) {
        let best = |edge: &&Edge| {
            let rivals = &self.of_import[edge.import];
            rivals.iter().map(|rival| rival.weight).max() == Some(edge.weight)
        };
        let own: Vec<Edge> = parts.iter().filter(best).take(LOTS_MAX).copied().collect();
        for count in 2..=own.len() {
            let imports: Vec<usize> = own[..count].iter().map(|edge| edge.import).collect();
            found.extend(self.open_group(export, &imports));
        }
    }

    /// The group of an export with these imports, where that leaves some of it open or just fills it.
    pub(super) fn open_group(&self, export: usize, imports: &[usize]) -> Option<Hypothesis> {
        let (whole, parts) = (self.exports[export]?, sum(&self.imports, imports)?);
        let fits =
            parts.kind == whole.kind && parts.micro <= whole.micro.saturating_add(whole.share(5) as i64);
        let edges = || imports.iter().map(|import| self.edge(export, *import)).collect::<Option<Vec<Edge>>>();
        fits.then(edges).flatten().map(|edges| self.group(&edges))
    }
}

fn quote(edge: &Edge, model: &Model) -> Millibits {
    if edge.quoted { model.weight(Field::Quoted, Level::Same) } else { 0 }
}

/// What the hypothesis of one edge weighs.
pub(super) fn pair_weight(
    edge: &Edge,
    (export, import): (Option<Amount>, Option<Amount>),
    model: &Model,
) -> Millibits {
    let level = quantity_level(export, import);
    quote(edge, model) + edge.weight + model.weight(Field::Quantity, level)
}

/// A search for parts that sum to a target.
struct Sums<'a> {
    rest: &'a [(Edge, i64)],
    target: i64,
    slack: i64,
    chosen: Vec<Edge>,
    tried: usize,
    hits: Vec<Vec<Edge>>,
}

impl Sums<'_> {
    fn from(&mut self, at: usize, sum: i64) {
        self.tried += 1;
        if !self.chosen.is_empty() && sum.abs_diff(self.target) <= self.slack.unsigned_abs() {
            self.hits.push(self.chosen.clone());
        }
        if self.chosen.len() == LOTS_MAX {
            return;
        }
        for next in at..self.rest.len() {
            let (edge, part) = self.rest[next];
            let Some(sum) = sum.checked_add(part) else { continue };
            if self.tried > SUMS_MAX || sum > self.target + self.slack {
                continue;
            }
            self.chosen.push(edge);
            self.from(next + 1, sum);
            self.chosen.pop();
        }
    }
}

fn other_end(edge: &Edge, whole: Whole) -> usize {
    if whole == Whole::Export { edge.import } else { edge.export }
}

/// The sum of some lines' amounts; `None` where one is missing or of another kind.
pub(crate) fn sum(amounts: &[Option<Amount>], lines: &[usize]) -> Option<Amount> {
    let (first, rest) = lines.split_first()?;
    rest.iter().try_fold(amounts[*first]?, |sum, line| sum.plus(amounts[*line]?))
}
