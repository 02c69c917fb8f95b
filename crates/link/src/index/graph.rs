//! The graph of lines that could belong together, a component at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::edges::Edges;
use super::settings::Settings;
use super::shelf::{BUCKET_MAX, DocNo, LineNo, Shelf};
use crate::assign::{Chosen, Edge, Problem, lone, solve};
use crate::doc::Side;
use crate::held::Held;
use crate::score::{Evidence, Judge, Millibits, Weighed};

/// The graph as it is while one document is hidden, or none.
pub(super) struct Graph<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) settings: &'a Settings,
    pub(super) hidden: Option<DocNo>,
    edges: BTreeMap<LineNo, Rc<[Link]>>,
    neighbours: BTreeMap<DocNo, Rc<[DocNo]>>,
    judge: Judge<'a>,
    /// All edges, where they are worked out already.
    known: Option<&'a Edges>,
}

/// An edge seen from one of its lines.
#[derive(Clone, Copy, Debug)]
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
/// Edges a line keeps by its own choice, at most.
pub(super) const DEGREE_MAX: usize = 16;

impl<'a> Graph<'a> {
    pub(super) fn new(shelf: &'a Shelf, settings: &'a Settings, hidden: Option<DocNo>) -> Self {
        Self {
            shelf,
            settings,
            hidden,
            edges: BTreeMap::new(),
            neighbours: BTreeMap::new(),
            judge: Judge::new(settings),
            known: None,
        }
    }

    /// The graph with all its edges worked out.
    pub(super) fn with_edges(shelf: &'a Shelf, settings: &'a Settings, known: &'a Edges) -> Self {
        Self { known: Some(known), ..Self::new(shelf, settings, None) }
    }

    /// All edges of a line, heaviest first.
    fn edges(&mut self, line: LineNo) -> Rc<[Link]> {
        if let Some(known) = self.edges.get(&line) {
            return Rc::clone(known);
        }
        let mut links = match self.known {
            Some(known) => known.links(line),
            None => self.weighed(line),
        };
        links
            .sort_by(|a, b| b.weighed.alone.cmp(&a.weighed.alone).then_with(|| self.shelf.order(a.to, b.to)));
        let links: Rc<[Link]> = links.into();
        self.edges.insert(line, Rc::clone(&links));
        links
    }

    fn weighed(&mut self, line: LineNo) -> Vec<Link> {
        let side = self.side(line);
        let candidates = self.candidates(line, side);
        candidates.into_iter().filter_map(|to| self.link(line, to, side)).collect()
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
        docs.iter().flat_map(|doc| self.shelf.lines_beside(line, *doc)).collect()
    }

    /// The documents of the other side that share a key with any line of this one, or are quoted or quoting.
    fn neighbours(&mut self, doc: DocNo, side: Side) -> Rc<[DocNo]> {
        if let Some(known) = self.neighbours.get(&doc) {
            return Rc::clone(known);
        }
        let mut found = self.shelf.sharing(doc, self.hidden);
        if side == Side::Export {
            found.extend(self.shelf.quoters(doc, self.hidden));
            found.sort_unstable();
            found.dedup();
        }
        let found: Rc<[DocNo]> = found.into();
        self.neighbours.insert(doc, Rc::clone(&found));
        found
    }

    fn link(&mut self, line: LineNo, to: LineNo, side: Side) -> Option<Link> {
        let (export, import) = if side == Side::Export { (line, to) } else { (to, line) };
        let quoted = self.shelf.quoted(export.doc, import, self.hidden)?;
        let pair = self.shelf.pair(export, import);
        let mut beside = self.judge.beside(&pair.docs, quoted)?;
        let weighed = self.judge.weigh(&mut beside, &pair, quoted)?;
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

    /// All evidence of a pair as if the two stood alone; `None` where the import quotes another export.
    pub(super) fn evidence(&mut self, export: LineNo, import: LineNo) -> Option<Evidence> {
        let quoted = self.shelf.quoted(export.doc, import, self.hidden)?;
        Some(self.judge.alone(&self.shelf.pair(export, import), quoted))
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

    /// The chosen groups of lines that all hang together.
    pub(super) fn solve(&mut self, component: &BTreeSet<LineNo>) -> Vec<Group> {
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
        edges
    }

    fn side(&self, line: LineNo) -> Side {
        self.doc(line).side
    }

    fn doc(&self, line: LineNo) -> &'a Held {
        self.shelf.doc(line.doc)
    }

    /// The other lines of the buckets that a line's document is one too many in: without it they would find others by that key.
    pub(super) fn at_the_brim(&self, line: Option<LineNo>) -> Vec<LineNo> {
        let Some(line) = line else { return Vec::new() };
        let side = self.side(line);
        let mut brimming = self.shelf.open_buckets(line.doc, None);
        brimming.retain(|bucket| self.shelf.standing_in(side, *bucket, None) == BUCKET_MAX + 1);
        let docs = brimming.into_iter().flat_map(|bucket| self.shelf.bucket(side, bucket));
        docs.filter(|doc| *doc != line.doc).flat_map(|doc| self.shelf.lines_of(doc)).collect()
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
