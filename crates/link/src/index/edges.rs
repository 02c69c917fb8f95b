//! All edges between lines at once: what linking whole files begins with.

use super::batch::Executor;
use super::court::Pair;
use super::graph::{BEHIND_MAX, DEGREE_MAX, Link};
use super::numbering::Numbering;
use super::pairing::pairs;
use super::settings::Settings;
use super::shelf::{LineNo, Shelf};

/// All edges, by line.
#[derive(Debug)]
pub(super) struct Edges {
    numbering: Numbering,
    all: Vec<Pair>,
    /// For each line, where its edges begin in `order`, and the edges by line.
    begin: Vec<u32>,
    order: Vec<u32>,
}

impl Edges {
    /// Works out all edges. Nothing may have come one by one since the last load.
    pub(super) fn of(shelf: &Shelf, settings: &Settings, executor: &dyn Executor) -> Self {
        let found = pairs(shelf, settings, executor);
        let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
        found.into_iter().for_each(|mut pairs| all.append(&mut pairs));
        let mut edges = Self { numbering: Numbering::of(shelf), all, begin: Vec::new(), order: Vec::new() };
        edges.order_by_line();
        edges
    }

    fn order_by_line(&mut self) {
        let lines = self.lines();
        let mut begin = vec![0_u32; lines + 1];
        let ends = |edges: &Self, pair: &Pair| [edges.number(pair.export), edges.number(pair.import)];
        for pair in &self.all {
            for line in ends(self, pair) {
                begin[line + 1] += 1;
            }
        }
        for line in 0..lines {
            begin[line + 1] += begin[line];
        }
        let mut order = vec![0_u32; self.all.len() * 2];
        let mut next = begin.clone();
        for (at, pair) in self.all.iter().enumerate() {
            for line in ends(self, pair) {
                order[next[line] as usize] = at as u32;
                next[line] += 1;
            }
        }
        (self.begin, self.order) = (begin, order);
    }

    /// The number of a line among all lines.
    pub(super) fn number(&self, line: LineNo) -> usize {
        self.numbering.number(line)
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.numbering.lines()
    }

    /// The edges of a line, in no order.
    pub(super) fn links(&self, line: LineNo) -> Vec<Link> {
        let number = self.number(line);
        let own = &self.order[self.begin[number] as usize..self.begin[number + 1] as usize];
        let far = |pair: &Pair| if pair.export == line { pair.import } else { pair.export };
        own.iter()
            .map(|at| &self.all[*at as usize])
            .map(|pair| Link { to: far(pair), weighed: pair.weighed })
            .collect()
    }

    /// For every edge that is kept at either end, its two lines: the same edges as [`Graph`] keeps.
    pub(super) fn kept(&self, shelf: &Shelf) -> Vec<(u32, u32)> {
        let mut kept = vec![false; self.all.len()];
        for number in 0..self.lines() {
            let own = &self.order[self.begin[number] as usize..self.begin[number + 1] as usize];
            let best = own.iter().map(|at| self.all[*at as usize].weighed.alone).max();
            let mut close: Vec<u32> = own.to_vec();
            close.retain(|at| {
                best.is_some_and(|best| self.all[*at as usize].weighed.alone + BEHIND_MAX >= best)
            });
            if close.len() > DEGREE_MAX {
                close.sort_by(|a, b| self.before(shelf, number, *a, *b));
                close.truncate(DEGREE_MAX);
            }
            close.into_iter().for_each(|at| kept[at as usize] = true);
        }
        let ends = |pair: &Pair| (self.number(pair.export) as u32, self.number(pair.import) as u32);
        let chosen = self.all.iter().zip(kept).filter(|(pair, kept)| *kept || pair.weighed.quoted);
        chosen.map(|(pair, _)| ends(pair)).collect()
    }

    fn before(&self, shelf: &Shelf, number: usize, a: u32, b: u32) -> std::cmp::Ordering {
        let (a, b) = (&self.all[a as usize], &self.all[b as usize]);
        let far = |pair: &Pair| if self.number(pair.export) == number { pair.import } else { pair.export };
        b.weighed.alone.cmp(&a.weighed.alone).then_with(|| shelf.order(far(a), far(b)))
    }
}
