//! The graph of lines that could belong together, a component at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::Settings;
use super::shelf::{LineNo, Shelf};
use crate::assign::{Chosen, Edge, Problem, lone, solve};
use crate::doc::Side;
use crate::score::{Millibits, Weighed};

/// The edges that are worth following: close to the best at one end, not far from it at the other, and few.
pub(super) trait Kept {
    /// Those of a line, in any order.
    fn kept(&self, line: LineNo) -> Vec<Link>;
}

/// Whether an edge binds two lines of which these are the best edges. Where goods lie dense, a line whose own counterpart is not at hand
/// is a little like many others that have theirs; such edges would tie all goods of a trader together and decide nothing.
pub(super) fn binds(weighed: Weighed, bests: [Millibits; 2]) -> bool {
    weighed.quoted || bests.iter().all(|best| weighed.alone + FAR_MAX >= *best)
}

/// The graph of what is kept.
pub(super) struct Graph<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) settings: &'a Settings,
    kept: &'a dyn Kept,
}

/// An edge seen from one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) to: LineNo,
    pub(super) weighed: Weighed,
}

/// A chosen group in lines of the shelf, its lines in their order.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) exports: Vec<LineNo>,
    pub(super) imports: Vec<LineNo>,
    pub(super) weight: Millibits,
    pub(super) probability: u16,
    pub(super) rivals: Vec<(Vec<LineNo>, Vec<LineNo>, u16)>,
}

/// An edge this much lighter than the best at both its ends is no edge.
pub(super) const BEHIND_MAX: Millibits = 10_000;
/// An edge this much lighter than the best at either of its ends binds nothing. What an amount that fits says more than one that does
/// not is no more than this, so that the parts of a load are not lost for one stray line of its size.
const FAR_MAX: Millibits = 12_000;
/// Edges a line keeps by its own choice, at most.
pub(super) const DEGREE_MAX: usize = 16;

impl<'a> Graph<'a> {
    pub(super) const fn new(shelf: &'a Shelf, settings: &'a Settings, kept: &'a dyn Kept) -> Self {
        Self { shelf, settings, kept }
    }

    /// All lines that hang together with these.
    pub(super) fn reach(&self, from: impl IntoIterator<Item = LineNo>) -> BTreeSet<LineNo> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<LineNo> = from.into_iter().collect();
        while let Some(line) = open.pop() {
            if reached.insert(line) {
                open.extend(self.kept.kept(line).into_iter().map(|link| link.to));
            }
        }
        reached
    }

    /// All lines that hang together with any of these, by what hangs together.
    pub(super) fn components(&self, lines: &BTreeSet<LineNo>) -> Vec<BTreeSet<LineNo>> {
        let mut open = lines.clone();
        let mut components = Vec::new();
        while let Some(line) = open.first().copied() {
            let component = self.reach([line]);
            open.retain(|line| !component.contains(line));
            components.push(component);
        }
        components
    }

    /// The chosen groups of lines that all hang together.
    pub(super) fn solve(&self, component: &BTreeSet<LineNo>) -> Vec<Group> {
        let of = |side| {
            let mut lines: Vec<LineNo> =
                component.iter().copied().filter(|line| self.side(*line) == side).collect();
            lines.sort_by(|a, b| self.shelf.order(*a, *b));
            lines
        };
        let (exports, imports) = (of(Side::Export), of(Side::Import));
        if exports.is_empty() || imports.is_empty() {
            return Vec::new();
        }
        let edges = self.problem_edges(&exports, &imports);
        let amount = |line: &LineNo| self.shelf.line(*line).amount;
        if let ([export], [import], [edge]) = (&exports[..], &imports[..], &edges[..]) {
            let chosen = lone(edge, (amount(export), amount(import)), &self.settings.model);
            return chosen.into_iter().map(|chosen| Group::of(chosen, &exports, &imports)).collect();
        }
        let problem = Problem::new(
            exports.iter().map(amount).collect(),
            imports.iter().map(amount).collect(),
            edges,
            &self.settings.model,
        );
        let chosen = solve(&problem);
        chosen.into_iter().map(|chosen| Group::of(chosen, &exports, &imports)).collect()
    }

    fn problem_edges(&self, exports: &[LineNo], imports: &[LineNo]) -> Vec<Edge> {
        let at: BTreeMap<LineNo, usize> = imports.iter().enumerate().map(|(at, line)| (*line, at)).collect();
        let mut edges = Vec::new();
        for (export, line) in exports.iter().enumerate() {
            let kept = self.kept.kept(*line).into_iter().filter_map(|link| Some((*at.get(&link.to)?, link)));
            edges.extend(kept.map(|(import, link)| Edge {
                export,
                import,
                weight: link.weighed.weight,
                quoted: link.weighed.quoted,
            }));
        }
        edges
    }

    fn side(&self, line: LineNo) -> Side {
        self.shelf.doc(line.doc).side
    }
}

impl Group {
    /// All its lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = LineNo> + '_ {
        self.exports.iter().chain(&self.imports).copied()
    }

    fn of(chosen: Chosen, exports: &[LineNo], imports: &[LineNo]) -> Self {
        let lines = |at: &[usize], of: &[LineNo]| at.iter().map(|at| of[*at]).collect::<Vec<_>>();
        let rivals = chosen
            .rivals
            .iter()
            .map(|rival| (lines(&rival.exports, exports), lines(&rival.imports, imports), rival.probability))
            .collect();
        Self {
            exports: lines(&chosen.exports, exports),
            imports: lines(&chosen.imports, imports),
            weight: chosen.weight,
            probability: chosen.probability,
            rivals,
        }
    }
}
