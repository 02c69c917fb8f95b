//! All edges between lines at once: what linking whole files begins with.

use super::batch::Executor;
use super::court::Pair;
use super::graph::{BEHIND_MAX, DEGREE_MAX, Kept, Link, binds};
use super::numbering::Numbering;
use super::pairing::pairs;
use super::settings::Settings;
use super::shelf::{LineNo, Shelf};
use crate::score::Millibits;

/// All kept edges, by line.
#[derive(Debug)]
pub(super) struct Edges {
    numbering: Numbering,
    all: Vec<Pair>,
    /// For each edge, whether its export line chose it, and whether its import line did.
    chosen: Vec<[bool; 2]>,
    /// For each line, where its edges begin in `order`, and the edges by line.
    begin: Vec<u32>,
    order: Vec<u32>,
    /// What the best edge of each line weighs.
    best: Vec<Millibits>,
}

impl Edges {
    /// Works out all edges, and keeps those one of their lines chose. Nothing may have come one by one since the last load.
    pub(super) fn of(shelf: &Shelf, settings: &Settings, executor: &dyn Executor) -> Self {
        let found = pairs(shelf, settings, executor);
        let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
        found.into_iter().for_each(|mut pairs| all.append(&mut pairs));
        let (numbering, chosen) = (Numbering::of(shelf), Vec::new());
        let mut edges =
            Self { numbering, all, chosen, begin: Vec::new(), order: Vec::new(), best: Vec::new() };
        edges.order_by_line();
        edges.best = (0..edges.lines()).map(|number| edges.best_of(number)).collect();
        edges.choose(shelf);
        edges.order_by_line();
        edges
    }

    fn best_of(&self, number: usize) -> Millibits {
        let own = self.own(number).iter().map(|at| self.all[*at as usize].weighed.alone);
        own.max().unwrap_or(Millibits::MIN)
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

    /// All edges, and whether export and import chose each.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (&Pair, [bool; 2])> {
        self.all.iter().zip(self.chosen.iter().copied())
    }

    /// The lines of all edges that bind, by their numbers.
    pub(super) fn ends(&self) -> impl Iterator<Item = (u32, u32)> {
        let binding = self.all.iter().filter(|pair| self.binds(pair));
        binding.map(|pair| (self.number(pair.export) as u32, self.number(pair.import) as u32))
    }

    fn binds(&self, pair: &Pair) -> bool {
        binds(pair.weighed, [pair.export, pair.import].map(|line| self.best[self.number(line)]))
    }

    fn own(&self, number: usize) -> &[u32] {
        &self.order[self.begin[number] as usize..self.begin[number + 1] as usize]
    }

    /// Lets every line choose the edges close to its best, and few; what nobody chose and no import quotes is forgotten.
    fn choose(&mut self, shelf: &Shelf) {
        let mut chosen = vec![[false; 2]; self.all.len()];
        for number in 0..self.lines() {
            for at in self.choice(shelf, number) {
                let by_export = self.number(self.all[at as usize].export) == number;
                chosen[at as usize][usize::from(!by_export)] = true;
            }
        }
        let kept = |at: usize| chosen[at] != [false; 2] || self.all[at].weighed.quoted;
        let kept: Vec<usize> = (0..self.all.len()).filter(|at| kept(*at)).collect();
        for (place, at) in kept.iter().enumerate() {
            self.all[place] = self.all[*at];
            chosen[place] = chosen[*at];
        }
        self.all.truncate(kept.len());
        chosen.truncate(kept.len());
        self.all.shrink_to_fit();
        chosen.shrink_to_fit();
        self.chosen = chosen;
    }

    fn choice(&self, shelf: &Shelf, number: usize) -> Vec<u32> {
        let best = self.best[number];
        let mut close: Vec<u32> = self.own(number).to_vec();
        close.retain(|at| self.all[*at as usize].weighed.alone + BEHIND_MAX >= best);
        if close.len() > DEGREE_MAX {
            close.sort_by(|a, b| self.before(shelf, number, *a, *b));
            close.truncate(DEGREE_MAX);
        }
        close
    }

    fn before(&self, shelf: &Shelf, number: usize, a: u32, b: u32) -> std::cmp::Ordering {
        let (a, b) = (&self.all[a as usize], &self.all[b as usize]);
        let far = |pair: &Pair| if self.number(pair.export) == number { pair.import } else { pair.export };
        b.weighed.alone.cmp(&a.weighed.alone).then_with(|| shelf.order(far(a), far(b)))
    }
}

impl Kept for Edges {
    fn kept(&self, line: LineNo) -> Vec<Link> {
        let far = |pair: &Pair| if pair.export == line { pair.import } else { pair.export };
        let own = self.own(self.number(line)).iter().map(|at| &self.all[*at as usize]);
        own.filter(|pair| self.binds(pair))
            .map(|pair| Link { to: far(pair), weighed: pair.weighed })
            .collect()
    }
}
