//! The pairs that are kept, line by line, as documents come and go: every line keeps what it chose and what chose it, so that
//! nobody has to be asked again.

use std::collections::{BTreeMap, BTreeSet};

use super::court::Pair;
use super::edges::Edges;
use super::graph::{BEHIND_MAX, DEGREE_MAX, Kept, Link, binds};
use super::shelf::{DocNo, LineNo, Shelf};
use crate::score::{Millibits, Weighed};

/// All kept pairs, seen from both their lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Web {
    /// By document; the lines of each in order, what a line keeps by rank.
    docs: Vec<Box<[Strand]>>,
    /// What documents kept before the change that goes on.
    before: BTreeMap<DocNo, Box<[Strand]>>,
}

/// A kept pair seen from one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Strand {
    at: u16,
    to_at: u16,
    to: DocNo,
    weight: Millibits,
    alone: Millibits,
    quoted: bool,
    /// Whether this line chose the other.
    mine: bool,
    /// Whether the other chose this one.
    theirs: bool,
}

impl Strand {
    fn new(at: u16, to: LineNo, weighed: Weighed) -> Self {
        let Weighed { weight, quoted, alone } = weighed;
        Self { at, to_at: to.at, to: to.doc, weight, alone, quoted, mine: false, theirs: false }
    }

    const fn far(&self) -> LineNo {
        LineNo { doc: self.to, at: self.to_at }
    }

    const fn weighed(&self) -> Weighed {
        Weighed { weight: self.weight, quoted: self.quoted, alone: self.alone }
    }

    const fn link(&self) -> Link {
        Link { to: self.far(), weighed: self.weighed() }
    }

    const fn stays(&self) -> bool {
        self.mine || self.theirs || self.quoted
    }
}

impl Web {
    /// What is kept of all these edges.
    pub(super) fn of(shelf: &Shelf, edges: &Edges) -> Self {
        let mut docs: Vec<Vec<Strand>> = vec![Vec::new(); shelf.places() as usize];
        for (pair, chosen) in edges.chosen() {
            let ends =
                [(pair.export, pair.import, chosen), (pair.import, pair.export, [chosen[1], chosen[0]])];
            for (line, to, [mine, theirs]) in ends {
                let strand = Strand { mine, theirs, ..Strand::new(line.at, to, pair.weighed) };
                docs[line.doc.number() as usize].push(strand);
            }
        }
        let ranked = |mut own: Vec<Strand>| {
            own.sort_by(|a, b| rank(shelf, a, b));
            own.into_boxed_slice()
        };
        Self { docs: docs.into_iter().map(ranked).collect(), before: BTreeMap::new() }
    }

    /// What the best pair of a line weighs; `None` where it has none.
    pub(super) fn best(&self, line: LineNo) -> Option<Millibits> {
        Strands::best(self, line)
    }

    /// The lines a document's lines are kept with, each pair as (own, other).
    pub(super) fn pairs_of(&self, doc: DocNo) -> Vec<(LineNo, LineNo)> {
        self.of_doc(doc).iter().map(|strand| (LineNo { doc, at: strand.at }, strand.far())).collect()
    }

    /// Takes pairs in, and lets these lines choose among all they have.
    pub(super) fn take_in(&mut self, shelf: &Shelf, pairs: &[Pair], choosing: &BTreeSet<LineNo>) {
        for Pair { export, import, weighed } in pairs {
            if !self.strands(*export).iter().any(|strand| strand.far() == *import) {
                self.add(shelf, *export, Strand::new(export.at, *import, *weighed));
                self.add(shelf, *import, Strand::new(import.at, *export, *weighed));
            }
        }
        choosing.iter().for_each(|line| self.choose(*line));
        let ends = pairs.iter().flat_map(|pair| [pair.export, pair.import]);
        ends.chain(choosing.iter().copied()).for_each(|line| self.sweep(line));
    }

    /// Lets a pair go. Says which of its lines had chosen the other, and may choose anew.
    pub(super) fn drop_pair(&mut self, [one, other]: [LineNo; 2]) -> Vec<LineNo> {
        let gone = self.strands(one).iter().find(|strand| strand.far() == other).copied();
        self.cut(one, other);
        self.cut(other, one);
        let chose = gone.into_iter().flat_map(|gone| [(one, gone.mine), (other, gone.theirs)]);
        chose.filter(|(_, chose)| *chose).map(|(line, _)| line).collect()
    }

    /// Ends a change: the lines that are bound otherwise than before it, and what was kept before. A line may be bound otherwise
    /// because the other has a better one now.
    pub(super) fn changed(&mut self) -> (BTreeSet<LineNo>, Before<'_>) {
        let before = Before { before: std::mem::take(&mut self.before), web: self };
        let mut lines = BTreeSet::new();
        for doc in before.before.keys() {
            let (old, new) = (bound(&before, *doc), bound(before.web, *doc));
            let apart = old.symmetric_difference(&new);
            lines.extend(apart.flat_map(|(at, far, _)| [LineNo { doc: *doc, at: *at }, *far]));
        }
        (lines, before)
    }

    /// The line's own choice: the best of all it has, and those not far behind it.
    fn choose(&mut self, line: LineNo) {
        let own: Vec<Strand> = self.strands(line).to_vec();
        let Some(best) = own.first().map(|best| best.alone) else { return };
        for (place, strand) in own.iter().enumerate() {
            let mine = place < DEGREE_MAX && strand.alone + BEHIND_MAX >= best;
            if mine != strand.mine {
                self.mark(line, strand.far(), |strand| strand.mine = mine);
                self.mark(strand.far(), line, |strand| strand.theirs = mine);
            }
        }
    }

    /// Lets go of pairs neither end chose.
    fn sweep(&mut self, line: LineNo) {
        let idle: Vec<LineNo> =
            self.strands(line).iter().filter(|strand| !strand.stays()).map(Strand::far).collect();
        for other in idle {
            self.cut(line, other);
            self.cut(other, line);
        }
    }

    fn add(&mut self, shelf: &Shelf, line: LineNo, strand: Strand) {
        let mut own = self.list(line.doc).to_vec();
        let place = own.partition_point(|other| rank(shelf, other, &strand).is_lt());
        own.insert(place, strand);
        *self.list(line.doc) = own.into_boxed_slice();
    }

    fn cut(&mut self, line: LineNo, other: LineNo) {
        let own = self.list(line.doc);
        let kept = |strand: &&Strand| strand.at != line.at || strand.far() != other;
        *own = own.iter().filter(kept).copied().collect();
    }

    fn mark(&mut self, line: LineNo, other: LineNo, mark: impl Fn(&mut Strand)) {
        let own = self.list(line.doc).iter_mut();
        own.filter(|strand| strand.at == line.at && strand.far() == other).for_each(mark);
    }

    /// What a document keeps, about to change.
    fn list(&mut self, doc: DocNo) -> &mut Box<[Strand]> {
        let at = doc.number() as usize;
        if at >= self.docs.len() {
            self.docs.resize_with(at + 1, Box::default);
        }
        let own = &mut self.docs[at];
        self.before.entry(doc).or_insert_with(|| own.clone());
        own
    }
}

impl Strands for Web {
    fn of_doc(&self, doc: DocNo) -> &[Strand] {
        self.docs.get(doc.number() as usize).map_or(&[][..], |own| own)
    }
}

/// The web as it was before a change.
pub(super) struct Before<'a> {
    web: &'a Web,
    before: BTreeMap<DocNo, Box<[Strand]>>,
}

impl Strands for Before<'_> {
    fn of_doc(&self, doc: DocNo) -> &[Strand] {
        self.before.get(&doc).map_or_else(|| self.web.of_doc(doc), AsRef::as_ref)
    }
}

impl Before<'_> {
    /// The web as it is now.
    pub(super) const fn web(&self) -> &Web {
        self.web
    }
}

/// What documents keep at some moment.
trait Strands {
    /// That of a document; by line, the heaviest first.
    fn of_doc(&self, doc: DocNo) -> &[Strand];

    /// That of a line, the heaviest first.
    fn strands(&self, line: LineNo) -> &[Strand] {
        let own = self.of_doc(line.doc);
        let from = own.partition_point(|strand| strand.at < line.at);
        let count = own[from..].partition_point(|strand| strand.at == line.at);
        &own[from..from + count]
    }

    /// What the best pair of a line weighs; `None` where it has none.
    fn best(&self, line: LineNo) -> Option<Millibits> {
        self.strands(line).first().map(|best| best.alone)
    }

    fn binds(&self, line: LineNo, strand: &Strand) -> bool {
        let best = |line| self.best(line).unwrap_or(Millibits::MIN);
        binds(strand.weighed(), [best(line), best(strand.far())])
    }
}

impl<S: Strands> Kept for S {
    fn kept(&self, line: LineNo) -> Vec<Link> {
        self.strands(line).iter().filter(|strand| self.binds(line, strand)).map(Strand::link).collect()
    }
}

/// The pairs that bind the lines of a document, each with what it weighs.
fn bound(strands: &impl Strands, doc: DocNo) -> BTreeSet<(u16, LineNo, Millibits)> {
    let own = strands.of_doc(doc).iter();
    let binding = own.filter(|strand| strands.binds(LineNo { doc, at: strand.at }, strand));
    binding.map(|strand| (strand.at, strand.far(), strand.alone)).collect()
}

/// The order of what a document keeps: by line, the heaviest first.
fn rank(shelf: &Shelf, a: &Strand, b: &Strand) -> std::cmp::Ordering {
    let heavier = || b.alone.cmp(&a.alone);
    a.at.cmp(&b.at).then_with(heavier).then_with(|| shelf.order(a.far(), b.far()))
}
