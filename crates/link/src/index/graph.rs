//! The graph of lines that could belong together, a component at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::settings::Settings;
use super::shelf::{DocNo, LineNo, Shelf};
use crate::assign::{Chosen, Edge, Problem, solve};
use crate::doc::Side;
use crate::held::Held;
use crate::score::{Judge, Level, Millibits, Pair, Tally, Weighed};

/// The graph as it is while one document is hidden, or none.
pub(super) struct Graph<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) settings: &'a Settings,
    pub(super) hidden: Option<DocNo>,
    edges: BTreeMap<LineNo, Rc<[Link]>>,
    neighbours: BTreeMap<DocNo, Rc<[DocNo]>>,
    judge: Judge<'a>,
}

/// An edge seen from one of its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    to: LineNo,
    weighed: Weighed,
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
const BEHIND_MAX: Millibits = 10_000;
/// Two documents with more pairs of lines than this are compared only where heading or amount agree.
const PAIRS_MAX: usize = 400;
/// Edges a line keeps by its own choice, at most.
const DEGREE_MAX: usize = 16;

impl<'a> Graph<'a> {
    pub(super) fn new(shelf: &'a Shelf, settings: &'a Settings, hidden: Option<DocNo>) -> Self {
        Self {
            shelf,
            settings,
            hidden,
            edges: BTreeMap::new(),
            neighbours: BTreeMap::new(),
            judge: Judge::new(settings),
        }
    }

    /// The pair of a line and one of the other side.
    pub(super) fn pair(&self, export: LineNo, import: LineNo) -> Pair<'a> {
        Pair {
            terms: &self.shelf.terms,
            export: self.shelf.doc(export.doc),
            export_line: self.shelf.line(export),
            import: self.shelf.doc(import.doc),
            import_line: self.shelf.line(import),
        }
    }

    /// How an import line's quoted number stands to an export: `None` where it names another export at hand.
    pub(super) fn quoted(&self, export: LineNo, import: LineNo) -> Option<Level> {
        if self.shelf.line(import).quoted.is_none() {
            return Some(Level::Absent);
        }
        let named = self.shelf.quoted_by(import, self.hidden);
        match named.as_slice() {
            [] => Some(Level::Different),
            named => named.contains(&export.doc).then_some(Level::Same),
        }
    }

    /// All edges of a line, heaviest first.
    fn edges(&mut self, line: LineNo) -> Rc<[Link]> {
        if let Some(known) = self.edges.get(&line) {
            return Rc::clone(known);
        }
        let side = self.shelf.doc(line.doc).id.side;
        let candidates = self.candidates(line, side);
        let mut links: Vec<Link> =
            candidates.into_iter().filter_map(|to| self.link(line, to, side)).collect();
        links
            .sort_by(|a, b| b.weighed.alone.cmp(&a.weighed.alone).then_with(|| self.shelf.order(a.to, b.to)));
        let links: Rc<[Link]> = links.into();
        self.edges.insert(line, Rc::clone(&links));
        links
    }

    /// Lines of the other side to compare a line with: all lines of the documents that share a key with any line of
    /// its own, because lines of two documents belong together or do not.
    fn candidates(&mut self, line: LineNo, side: Side) -> Vec<LineNo> {
        if side == Side::Import {
            let named = self.shelf.quoted_by(line, self.hidden);
            if !named.is_empty() {
                return named.into_iter().flat_map(|doc| self.shelf.lines_of(doc)).collect();
            }
        }
        let docs = self.neighbours(line.doc, side);
        let own = self.shelf.doc(line.doc).lines.len();
        let here = self.shelf.line(line);
        let mut found = Vec::new();
        for doc in docs.iter().copied() {
            let large = own * self.shelf.doc(doc).lines.len() > PAIRS_MAX;
            let fits = |other: &LineNo| {
                let there = self.shelf.line(*other);
                !large || here.hs.prefix(4) == there.hs.prefix(4) || here.amount == there.amount
            };
            found.extend(self.shelf.lines_of(doc).filter(fits));
        }
        found
    }

    /// The documents of the other side that share a key with any line of this one, or are quoted or quoting.
    fn neighbours(&mut self, doc: DocNo, side: Side) -> Rc<[DocNo]> {
        if let Some(known) = self.neighbours.get(&doc) {
            return Rc::clone(known);
        }
        let mut found = BTreeSet::new();
        for line in self.shelf.lines_of(doc) {
            self.shelf.sharing(line, self.hidden, &mut found);
        }
        if side == Side::Export {
            let quoters = self.shelf.lines_of(doc).next().map(|line| self.shelf.quoters(line, self.hidden));
            found.extend(quoters.into_iter().flatten().map(|line| line.doc));
        }
        let found: Rc<[DocNo]> = found.into_iter().collect();
        self.neighbours.insert(doc, Rc::clone(&found));
        found
    }

    fn link(&mut self, line: LineNo, to: LineNo, side: Side) -> Option<Link> {
        let (export, import) = if side == Side::Export { (line, to) } else { (to, line) };
        let quoted = self.quoted(export, import)?;
        let weighed = self.judge.weigh(&self.pair(export, import), quoted)?;
        Some(Link { to, weighed })
    }

    /// The edges of a line that are worth following: close to the best at either end, and few.
    fn kept(&mut self, line: LineNo) -> Vec<Link> {
        let links = self.edges(line);
        let best = links.first().map_or(0, |link| link.weighed.alone);
        let kept = links.iter().copied().enumerate().filter(|(at, link)| {
            link.weighed.quoted
                || (*at < DEGREE_MAX && link.weighed.alone + BEHIND_MAX >= best)
                || self.chosen_by(link.to, line, link.weighed.alone)
        });
        kept.map(|(_, link)| link).collect()
    }

    fn chosen_by(&mut self, from: LineNo, to: LineNo, alone: Millibits) -> bool {
        let links = self.edges(from);
        let best = links.first().map_or(0, |link| link.weighed.alone);
        alone + BEHIND_MAX >= best && links.iter().take(DEGREE_MAX).any(|link| link.to == to)
    }

    /// All lines that hang together with these, the ones looked at but not kept beside them.
    pub(super) fn reach(&mut self, from: impl IntoIterator<Item = LineNo>) -> BTreeSet<LineNo> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<LineNo> = from.into_iter().filter(|line| Some(line.doc) != self.hidden).collect();
        while let Some(line) = open.pop() {
            if reached.insert(line) {
                open.extend(self.kept(line).into_iter().map(|link| link.to));
            }
        }
        reached
    }

    /// The lines that were compared with these and could be, though another suited better.
    pub(super) fn beside(&mut self, lines: impl IntoIterator<Item = LineNo>) -> Vec<LineNo> {
        let lines = lines.into_iter().filter(|line| Some(line.doc) != self.hidden).collect::<Vec<_>>();
        lines.into_iter().flat_map(|line| self.edges(line).to_vec()).map(|link| link.to).collect()
    }

    /// Counts the candidates of an import line by whether they are linked to it.
    pub(super) fn tally(&mut self, import: LineNo, linked: &[(LineNo, u16)], tally: &mut Tally) {
        for export in self.candidates(import, Side::Import) {
            let Some(quoted) = self.quoted(export, import) else { continue };
            let evidence = self.judge.alone(&self.pair(export, import), quoted);
            let known = linked.iter().find(|(line, _)| *line == export);
            tally.add(&evidence, known.map_or(0, |(_, probability)| *probability));
        }
    }

    /// The chosen groups among lines that hang together with nothing else.
    pub(super) fn groups(&mut self, lines: &BTreeSet<LineNo>) -> Vec<Group> {
        let mut open = lines.clone();
        let mut groups = Vec::new();
        while let Some(line) = open.first().copied() {
            let component = self.reach([line]);
            open.retain(|line| !component.contains(line));
            groups.extend(self.solve(&component));
        }
        groups
    }

    fn solve(&mut self, component: &BTreeSet<LineNo>) -> Vec<Group> {
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
        let amount = |line: &LineNo| self.shelf.terms.amount(self.shelf.line(*line));
        let problem = Problem::new(
            exports.iter().map(amount).collect(),
            imports.iter().map(amount).collect(),
            edges,
            &self.settings.model,
        );
        let chosen = solve(&problem);
        chosen.into_iter().map(|chosen| Group::of(chosen, &exports, &imports)).collect()
    }

    fn problem_edges(&mut self, exports: &[LineNo], imports: &[LineNo]) -> Vec<Edge> {
        let at: BTreeMap<LineNo, usize> = imports.iter().enumerate().map(|(at, line)| (*line, at)).collect();
        let mut edges = Vec::new();
        for (export, line) in exports.iter().enumerate() {
            let kept = self.kept(*line).into_iter().filter_map(|link| Some((*at.get(&link.to)?, link)));
            edges.extend(kept.map(|(import, link)| Edge {
                export,
                import,
                weight: link.weighed.weight,
                quoted: link.weighed.quoted,
            }));
        }
        edges.sort_by_key(|edge| (edge.export, edge.import));
        edges
    }

    fn side(&self, line: LineNo) -> Side {
        self.doc(line).id.side
    }

    fn doc(&self, line: LineNo) -> &'a Held {
        self.shelf.doc(line.doc)
    }

    /// The lines of the buckets that are just full: with one line more none of them would find another by that key.
    pub(super) fn at_the_brim(&self, lines: impl Iterator<Item = LineNo>) -> Vec<LineNo> {
        let mut found = Vec::new();
        for line in lines {
            let side = self.side(line);
            for bucket in self.shelf.buckets(line) {
                let without = self.shelf.bucket(side, bucket, Some(line.doc));
                let with = self.shelf.bucket(side, bucket, None);
                if let (Some(without), None) = (without, with) {
                    found.extend(without.into_iter().flat_map(|line| self.shelf.lines_of(line.doc)));
                }
            }
        }
        found
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
