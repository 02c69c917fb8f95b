//! Judges the lines of one import after the other beside those of the exports it may belong to, the likeliest first, and goes
//! on only where a pair is not far behind a better one.

use super::bests::Bests;
use super::settings::Settings;
use super::shared::Counter;
use super::shelf::{DocNo, LineNo, Shelf};
use crate::score::{Beside, Field, Judge, Level, Millibits, Promise, Weighed};

/// Two lines that may belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) export: LineNo,
    pub(super) import: LineNo,
    pub(super) weighed: Weighed,
}

/// What parts of the work find.
#[derive(Default)]
pub(super) struct Found {
    pub(super) pairs: Vec<Pair>,
    pub(super) put_off: Vec<PutOff>,
}

/// A pair far behind the best of its import line, and not yet known to be far behind the best of its export line.
#[derive(Clone, Copy)]
pub(super) struct PutOff {
    export: LineNo,
    import: LineNo,
    /// The most it may weigh.
    most: Millibits,
}

/// What one import may come to with its candidates.
#[derive(Default)]
struct Docket<'a> {
    besides: Vec<Beside<'a>>,
    promised: Vec<Promised<'a>>,
}

/// Two lines and what they may come to; their documents stand beside each other at this place on the docket.
struct Promised<'a> {
    export: LineNo,
    import: LineNo,
    promise: Promise<'a>,
    beside: usize,
}

/// An import line, and how it stands by what it quotes to the exports it is compared with.
type Stands = (LineNo, Level);

/// Judges import after import.
pub(super) struct Court<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    bests: &'a Bests,
    judge: Judge<'a>,
    docket: Docket<'a>,
    found: Found,
}

impl<'a> Court<'a> {
    pub(super) fn new(shelf: &'a Shelf, settings: &'a Settings, bests: &'a Bests) -> Self {
        let (docket, found) = (Docket::default(), Found::default());
        Self { shelf, settings, bests, judge: Judge::new(settings), docket, found }
    }

    /// What was found until now; nothing of it is found again.
    pub(super) fn end(&mut self) -> Found {
        std::mem::take(&mut self.found)
    }

    /// Judges an import's lines: with the exports a line quotes where they are at hand, or with all candidates.
    pub(super) fn import(&mut self, import: DocNo, counter: &mut Counter<'_>) {
        let mut open: Vec<Stands> = Vec::new();
        for line in self.shelf.lines_of(import) {
            let named = self.shelf.quoted_by(line, None);
            named.iter().for_each(|export| self.docs(*export, &[(line, Level::Same)]));
            open.extend(named.is_empty().then(|| (line, self.quoted_elsewhere(line))));
        }
        if !open.is_empty() {
            counter.enough(import).iter().for_each(|export| self.docs(*export, &open));
        }
        let Docket { mut besides, mut promised } = std::mem::take(&mut self.docket);
        promised.sort_unstable_by_key(|pair| std::cmp::Reverse(pair.promise.most));
        promised.iter().for_each(|pair| self.judge(pair, &mut besides[pair.beside]));
    }

    /// How a line that quotes no export at hand stands to any.
    fn quoted_elsewhere(&self, line: LineNo) -> Level {
        if self.shelf.line(line).quoted.is_some() { Level::Different } else { Level::Absent }
    }

    /// Lays an export beside some lines of one import.
    fn docs(&mut self, export: DocNo, lines: &[Stands]) {
        let weight = |quoted: Level| self.settings.model.weight(Field::Quoted, quoted);
        let best = lines.iter().max_by_key(|(_, quoted)| weight(*quoted));
        let Some((first, best)) = best else { return };
        let docs = self.shelf.docs_beside(export, first.doc);
        let Some(beside) = self.judge.beside(&docs, *best) else { return };
        for stands in lines {
            self.line(*stands, export, &beside);
        }
        self.docket.besides.push(beside);
    }

    /// Compares an import line with the lines of an export: with all of one it quotes.
    fn line(&mut self, (import, quoted): Stands, export: DocNo, beside: &Beside<'a>) {
        let (shelf, place) = (self.shelf, self.docket.besides.len());
        let compared = |export: &LineNo| quoted == Level::Same || shelf.is_compared(import, *export);
        for export in shelf.lines_of(export).filter(compared) {
            let promise = self.judge.promise(beside, &shelf.pair(export, import), quoted);
            let promised = promise.map(|promise| Promised { export, import, promise, beside: place });
            self.docket.promised.extend(promised);
        }
    }

    /// Lays the names of a pair beside each other, unless it is far behind a better one.
    fn judge(&mut self, pair: &Promised<'a>, beside: &mut Beside<'a>) {
        let Promised { export, import, ref promise, .. } = *pair;
        if !promise.quotes() && self.bests.is_behind(import, promise.most) {
            if !self.bests.is_behind(export, promise.most) {
                self.found.put_off.push(PutOff { export, import, most: promise.most });
            }
            return;
        }
        let weighed = self.judge.kept(promise, beside, &self.shelf.docs_beside(export.doc, import.doc));
        self.find(export, import, weighed);
    }

    /// Judges a pair that was put off, now that every line has met its best.
    pub(super) fn again(&mut self, PutOff { export, import, most }: PutOff) {
        if self.bests.is_behind_both([export, import], most) {
            return;
        }
        let pair = self.shelf.pair(export, import);
        let quoted = self.quoted_elsewhere(import);
        let beside = self.judge.beside(&pair.docs, quoted);
        let weighed = beside.and_then(|mut beside| self.judge.weigh(&mut beside, &pair, quoted));
        self.find(export, import, weighed);
    }

    fn find(&mut self, export: LineNo, import: LineNo, weighed: Option<Weighed>) {
        let Some(weighed) = weighed else { return };
        self.bests.note(export, weighed.alone);
        self.bests.note(import, weighed.alone);
        self.found.pairs.push(Pair { export, import, weighed });
    }
}
