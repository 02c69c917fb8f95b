//! Linking whole files: everything at hand at once, in parts that may run beside each other.
//!
//! The caller brings an [`Executor`]; which part runs when cannot be seen in the result.

use std::collections::BTreeSet;
use std::sync::Mutex;

use jiff::civil::Date;

use super::Index;
use super::edges::Edges;
use super::graph::Graph;
use super::shelf::{LineNo, Shelf};
use crate::doc::Doc;
use crate::matches::Match;

/// Runs parts of a work, all of them, in any order or at once.
pub trait Executor: Sync {
    /// Calls `work` once for every number below `parts`, and comes back when all are done.
    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync));
}

/// Runs part after part.
#[derive(Clone, Copy, Debug, Default)]
pub struct InTurn;

impl Executor for InTurn {
    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..parts).for_each(work);
    }
}

/// How much is said of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Lines, class and probability.
    Links,
    /// Reasons, differences and rivals too.
    Reasons,
}

/// What the parts give, in their order.
pub(super) fn gathered<T: Send>(
    executor: &dyn Executor,
    parts: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let given: Vec<Mutex<Option<T>>> = (0..parts).map(|_| Mutex::new(None)).collect();
    executor.each(parts, &|part| {
        let done = work(part);
        *given[part].lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(done);
    });
    let taken =
        given.into_iter().map(|slot| slot.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
    taken.map(|done| done.expect("an executor runs every part")).collect()
}

/// Lines in a part of what is told, about.
const TOLD: usize = 4_096;
/// Parts told before they are given.
const ROUND: usize = 16;

impl Index {
    /// Takes many documents in without saying whose matches that changed, preparing them side by side.
    pub fn load_with(&mut self, docs: Vec<Doc>, executor: &dyn Executor) {
        self.shelf.load(docs, executor);
        self.forget();
    }

    /// Gives every match there is on this day: of all export lines, and of the import lines that are linked or quote an
    /// export that is not at hand.
    pub fn each_match(
        &mut self,
        today: Date,
        detail: Detail,
        executor: &dyn Executor,
        mut give: impl FnMut(Match),
    ) {
        self.shelf.settle();
        let edges = Edges::of(&self.shelf, &self.settings, executor);
        let components = Components::of(&self.shelf, &edges);
        let parts = components.parts();
        for round in parts.chunks(ROUND) {
            let told = gathered(executor, round.len(), |part| {
                let lines = &components.lines[round[part].0..round[part].1];
                self.told(&edges, lines, today, detail)
            });
            told.into_iter().flatten().for_each(&mut give);
        }
    }

    fn told(&self, edges: &Edges, lines: &[(u32, LineNo)], today: Date, detail: Detail) -> Vec<Match> {
        let mut told = Vec::new();
        let graph = Graph::new(&self.shelf, &self.settings, edges);
        for component in lines.chunk_by(|a, b| a.0 == b.0) {
            let own: BTreeSet<LineNo> = component.iter().map(|(_, line)| *line).collect();
            let groups = if own.len() == 1 { Vec::new() } else { graph.solve(&own) };
            let mut open = own;
            for group in &groups {
                group.lines().for_each(|line| {
                    open.remove(&line);
                });
                told.push(match detail {
                    Detail::Links => graph.told_briefly(group, today),
                    Detail::Reasons => graph.told(group, today),
                });
            }
            told.extend(open.into_iter().filter_map(|line| self.unlinked(&graph, line, today)));
        }
        told
    }
}

pub(super) fn in_parts(docs: Vec<Doc>, size: usize) -> Vec<Vec<Doc>> {
    let mut parts = Vec::with_capacity(docs.len() / size + 1);
    let mut docs = docs.into_iter();
    loop {
        let part: Vec<Doc> = docs.by_ref().take(size).collect();
        if part.is_empty() {
            return parts;
        }
        parts.push(part);
    }
}

/// The lines by what they hang together with.
struct Components {
    /// Each line behind the number of its component; components and lines in the order of the shelf.
    lines: Vec<(u32, LineNo)>,
}

impl Components {
    fn of(shelf: &Shelf, edges: &Edges) -> Self {
        let mut heads: Vec<u32> = (0..edges.lines() as u32).collect();
        for (a, b) in edges.ends() {
            let (a, b) = (head(&mut heads, a), head(&mut heads, b));
            heads[a.max(b) as usize] = a.min(b);
        }
        let lines = shelf.standing().flat_map(|doc| shelf.lines_of(doc));
        let mut lines: Vec<(u32, LineNo)> =
            lines.map(|line| (head(&mut heads, edges.number(line) as u32), line)).collect();
        lines.sort_unstable();
        Self { lines }
    }

    /// Stretches of lines that hold whole components.
    fn parts(&self) -> Vec<(usize, usize)> {
        let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
        for component in self.lines.chunk_by(|a, b| a.0 == b.0) {
            at += component.len();
            if at - from >= TOLD {
                parts.push((from, at));
                from = at;
            }
        }
        if at > from {
            parts.push((from, at));
        }
        parts
    }
}

/// The head of a line's component; the way there is made shorter.
fn head(heads: &mut [u32], mut line: u32) -> u32 {
    while heads[line as usize] != line {
        let next = heads[heads[line as usize] as usize];
        heads[line as usize] = next;
        line = next;
    }
    line
}
