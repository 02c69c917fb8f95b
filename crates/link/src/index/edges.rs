//! All edges between lines at once: what linking whole files begins with.
//!
//! The sorted runs of both sides are laid beside each other key by key, so that no document has to look anything up. What
//! it finds is the same as looked up one by one.

use super::batch::{Executor, gathered};
use super::graph::{BEHIND_MAX, DEGREE_MAX, Graph, Link};
use super::keys::ENOUGH;
use super::postings::Entry;
use super::settings::Settings;
use super::shelf::{BUCKET_MAX, DocNo, LineNo, Shelf, possible_weeks};
use crate::doc::Side;
use crate::score::{Evidence, Weighed};

/// All edges, by line.
#[derive(Debug)]
pub(super) struct Edges {
    /// Where the lines of each document begin among all lines.
    first: Vec<u32>,
    all: Vec<Pair>,
    /// For each line, where its edges begin in `order`, and the edges by line.
    begin: Vec<u32>,
    order: Vec<u32>,
}

/// Two lines that may belong together.
#[derive(Clone, Copy, Debug)]
struct Pair {
    export: LineNo,
    import: LineNo,
    weighed: Weighed,
}

/// Import documents worked on at a time.
const PART: usize = 1_024;

impl Edges {
    /// Works out all edges. Nothing may have come one by one since the last load.
    pub(super) fn of(shelf: &Shelf, settings: &Settings, executor: &dyn Executor) -> Self {
        let shared = Shared::of(shelf);
        let imports: Vec<DocNo> =
            shelf.standing().filter(|doc| shelf.doc(*doc).side == Side::Import).collect();
        let parts: Vec<&[DocNo]> = imports.chunks(PART).collect();
        let found = gathered(executor, parts.len(), |part| pairs_of(shelf, settings, &shared, parts[part]));
        Self::sorted(shelf, found)
    }

    fn sorted(shelf: &Shelf, found: Vec<Vec<Pair>>) -> Self {
        let mut first = Vec::with_capacity(shelf.places() as usize + 1);
        let mut lines = 0_u32;
        for place in 0..shelf.places() {
            first.push(lines);
            lines += shelf.lines_at(DocNo::at(place));
        }
        first.push(lines);
        let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
        found.into_iter().for_each(|mut pairs| all.append(&mut pairs));
        let mut edges = Self { first, all, begin: Vec::new(), order: Vec::new() };
        edges.order_by_line(lines as usize);
        edges
    }

    fn order_by_line(&mut self, lines: usize) {
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
        self.first[line.doc.number() as usize] as usize + usize::from(line.at)
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.begin.len() - 1
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

/// For each import document, the stretches of the exports' run whose keys it shares.
struct Shared<'a> {
    run: &'a [Entry],
    begin: Vec<u32>,
    stretches: Vec<(u32, u32)>,
}

impl<'a> Shared<'a> {
    fn of(shelf: &'a Shelf) -> Self {
        let (exports, imports) = (shelf.keyed(Side::Export).run(), shelf.keyed(Side::Import).run());
        let mut begin = vec![0_u32; shelf.places() as usize + 1];
        each_shared(shelf, exports, imports, |doc, _| begin[doc.number() as usize + 1] += 1);
        for place in 1..begin.len() {
            begin[place] += begin[place - 1];
        }
        let mut stretches = vec![(0, 0); begin.last().map_or(0, |all| *all as usize)];
        let mut next = begin.clone();
        each_shared(shelf, exports, imports, |doc, stretch| {
            let at = &mut next[doc.number() as usize];
            stretches[*at as usize] = stretch;
            *at += 1;
        });
        Self { run: exports, begin, stretches }
    }

    fn of_doc(&self, doc: DocNo) -> &[(u32, u32)] {
        let at = doc.number() as usize;
        &self.stretches[self.begin[at] as usize..self.begin[at + 1] as usize]
    }
}

/// Goes through both runs key by key, and gives for every import document the stretches of the exports' run that share
/// a key with it in a possible week and are not full.
fn each_shared(shelf: &Shelf, exports: &[Entry], imports: &[Entry], mut give: impl FnMut(DocNo, (u32, u32))) {
    let (mut at, mut weeks) = (0, Vec::new());
    for group in imports.chunk_by(|a, b| a.key() == b.key()) {
        let key = group[0].key();
        while at < exports.len() && exports[at].key() < key {
            at += 1;
        }
        let end = at + exports[at..].iter().take_while(|entry| entry.key() == key).count();
        if end == at {
            continue;
        }
        runs(shelf, exports, (at, end), &mut weeks);
        for bucket in group.chunk_by(|a, b| a.bucket() == b.bucket()) {
            let standing = bucket.iter().filter(|entry| shelf.stands(entry.doc()));
            if standing.clone().count() > BUCKET_MAX {
                continue;
            }
            for possible in possible_weeks(Side::Import, bucket[0].week()) {
                for (_, stretch) in weeks.iter().filter(|(week, _)| possible.contains(week)) {
                    standing.clone().for_each(|entry| give(entry.doc(), *stretch));
                }
            }
        }
        at = end;
    }
}

/// The weeks of one key in the exports' run that are not full, with where they stand.
fn runs(shelf: &Shelf, exports: &[Entry], (from, to): (usize, usize), weeks: &mut Vec<(i16, (u32, u32))>) {
    weeks.clear();
    let mut at = from;
    for run in exports[from..to].chunk_by(|a, b| a.bucket() == b.bucket()) {
        if run.iter().filter(|entry| shelf.stands(entry.doc())).count() <= BUCKET_MAX {
            weeks.push((run[0].week(), (at as u32, (at + run.len()) as u32)));
        }
        at += run.len();
    }
}

/// Counts how much the exports that share keys with an import say together.
struct Counter<'a> {
    shelf: &'a Shelf,
    shared: &'a Shared<'a>,
    says: Vec<u8>,
    touched: Vec<DocNo>,
}

impl<'a> Counter<'a> {
    fn new(shelf: &'a Shelf, shared: &'a Shared<'a>) -> Self {
        Self { shelf, shared, says: vec![0; shelf.places() as usize], touched: Vec::new() }
    }

    /// The exports that say enough.
    fn enough(&mut self, import: DocNo) -> &[DocNo] {
        let Self { shelf, shared, says, touched } = self;
        touched.clear();
        for (from, to) in shared.of_doc(import) {
            for entry in &shared.run[*from as usize..*to as usize] {
                let said = &mut says[entry.doc().number() as usize];
                if *said == 0 {
                    touched.push(entry.doc());
                }
                *said = said.saturating_add(entry.key().says());
            }
        }
        touched
            .retain(|doc| std::mem::take(&mut says[doc.number() as usize]) >= ENOUGH && shelf.stands(*doc));
        touched
    }
}

fn pairs_of(shelf: &Shelf, settings: &Settings, shared: &Shared<'_>, imports: &[DocNo]) -> Vec<Pair> {
    let mut graph = Graph::new(shelf, settings, None);
    let mut counter = Counter::new(shelf, shared);
    let mut pairs: Vec<Pair> = Vec::new();
    for import in imports {
        let docs = counter.enough(*import);
        shelf.lines_of(*import).for_each(|line| pairs_of_line(&mut graph, line, docs, &mut pairs));
    }
    pairs
}

/// The evidence of all candidates of one import line in so many.
pub(super) fn sampled(
    shelf: &Shelf,
    settings: &Settings,
    every: usize,
    executor: &dyn Executor,
) -> Vec<Vec<Evidence>> {
    let shared = Shared::of(shelf);
    let imports = shelf.docs().into_iter().filter(|doc| shelf.doc(*doc).side == Side::Import);
    let lines: Vec<LineNo> = imports.flat_map(|doc| shelf.lines_of(doc)).step_by(every.max(1)).collect();
    let parts: Vec<&[LineNo]> = lines.chunks(PART).collect();
    let found = gathered(executor, parts.len(), |part| {
        let mut graph = Graph::new(shelf, settings, None);
        let mut counter = Counter::new(shelf, &shared);
        let of = |line: &LineNo| graph.candidates_of(*line, counter.enough(line.doc));
        parts[part].iter().map(of).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}

fn pairs_of_line(graph: &mut Graph<'_>, import: LineNo, docs: &[DocNo], pairs: &mut Vec<Pair>) {
    let named = graph.shelf.quoted_by(import, None);
    let quoting = !named.is_empty();
    for doc in if quoting { &named } else { docs } {
        let lines: Vec<LineNo> = if quoting {
            graph.shelf.lines_of(*doc).collect()
        } else {
            graph.lines_beside(import, *doc).collect()
        };
        for export in lines {
            let link = graph.link(import, export, Side::Import);
            pairs.extend(link.map(|link| Pair { export, import, weighed: link.weighed }));
        }
    }
}
