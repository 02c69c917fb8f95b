//! Judges the lines of one import after the other beside those of the exports it may belong to, always the likeliest next, and
//! goes on only where a pair is not far behind a better one.

use std::collections::{BTreeMap, BinaryHeap};

use super::bests::Bests;
use super::rows::Rows;
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
    /// The likeliest on top.
    prospects: BinaryHeap<Prospect>,
    /// Where the import stands beside each export, by whether it quotes it; nowhere where no two lines are a pair.
    places: BTreeMap<(DocNo, bool), Option<usize>>,
    besides: Vec<Beside<'a>>,
    promises: Vec<(Promise<'a>, usize)>,
    /// How that of its lines stands to any export that quotes best and quotes none at hand.
    stands: Option<Level>,
}

/// Two lines and the most they may weigh, as far as is known; then the place of their promise on the docket, once all but
/// their names is compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Prospect {
    most: Millibits,
    export: LineNo,
    import: LineNo,
    quoted: Level,
    promise: Option<usize>,
}

/// Exports looked over before they are looked at.
const AHEAD: usize = 64;

/// An import line, and how it stands by what it quotes to the exports it is compared with.
type Stands = (LineNo, Level);

/// Judges import after import.
pub(super) struct Court<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    bests: &'a Bests,
    rows: &'a Rows,
    judge: Judge<'a>,
    docket: Docket<'a>,
    found: Found,
}

impl<'a> Court<'a> {
    pub(super) fn new(shelf: &'a Shelf, settings: &'a Settings, bests: &'a Bests, rows: &'a Rows) -> Self {
        let (docket, found) = (Docket::default(), Found::default());
        Self { shelf, settings, bests, rows, judge: Judge::new(settings), docket, found }
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
            named.iter().for_each(|export| self.quoted(*export, line));
            open.extend(named.is_empty().then(|| (line, self.shelf.quoted_elsewhere(line))));
        }
        let weight = |quoted: Level| self.settings.model.weight(Field::Quoted, quoted);
        self.docket.stands = open.iter().map(|(_, quoted)| *quoted).max_by_key(|quoted| weight(*quoted));
        if let Some(best) = self.docket.stands {
            for exports in counter.enough(import).chunks(AHEAD) {
                self.rows.look_over(exports);
                exports.iter().for_each(|export| self.candidate(*export, &open, best));
            }
        }
        while let Some(next) = self.docket.prospects.pop() {
            self.judge(next);
        }
        self.docket.clear();
    }

    /// Takes in a line with all lines of an export it quotes.
    fn quoted(&mut self, export: DocNo, import: LineNo) {
        let prospect =
            |export| Prospect { most: Millibits::MAX, export, import, quoted: Level::Same, promise: None };
        self.docket.prospects.extend(self.shelf.lines_of(export).map(prospect));
    }

    /// Takes in the pairs of these lines with those of an export, as far as their rows leave it open that they are any.
    fn candidate(&mut self, export: DocNo, lines: &[Stands], best: Level) {
        let (rows, shelf) = (self.rows, self.shelf);
        let Some((first, _)) = lines.first() else { return };
        let facing = rows.facing(export, first.doc);
        let Some(outlook) = self.judge.outlook(&shelf.terms, &facing, rows.limits(export), best) else {
            return;
        };
        let few = rows.are_few(export, first.doc);
        for export in rows.lines_of(export) {
            for (import, quoted) in lines {
                let pair = (rows.line(export), rows.line(*import));
                let most = self.judge.prospect(&outlook, pair, *quoted);
                let most = most.filter(|_| few || shelf.is_compared(*import, export));
                let prospect =
                    |most| Prospect { most, export, import: *import, quoted: *quoted, promise: None };
                self.docket.prospects.extend(most.map(prospect));
            }
        }
    }

    /// Goes on with a pair, unless it is far behind a better one.
    fn judge(&mut self, next: Prospect) {
        let Prospect { most, export, import, quoted, promise } = next;
        if quoted != Level::Same && self.bests.is_behind(import, most) {
            if !self.bests.is_behind(export, most) {
                self.found.put_off.push(PutOff { export, import, most });
            }
            return;
        }
        match promise {
            None => self.promise(next),
            Some(at) => {
                let (promise, beside) = self.docket.promises[at];
                let docs = self.shelf.docs_beside(export.doc, import.doc);
                let weighed = self.judge.kept(&promise, &mut self.docket.besides[beside], &docs);
                self.find(export, import, weighed);
            }
        }
    }

    /// Compares a pair but for the names of its parties.
    fn promise(&mut self, prospect: Prospect) {
        let Prospect { export, import, quoted, .. } = prospect;
        let Some(place) = self.beside(prospect) else { return };
        let pair = self.shelf.pair(export, import);
        let Some(promise) = self.judge.promise(&self.docket.besides[place], &pair, quoted) else { return };
        let at = self.docket.promises.len();
        self.docket.promises.push((promise, place));
        self.docket.prospects.push(Prospect { most: promise.most, promise: Some(at), ..prospect });
    }

    /// The place of two documents beside each other; each two are laid so once.
    fn beside(&mut self, prospect: Prospect) -> Option<usize> {
        let Prospect { export, import, quoted, .. } = prospect;
        let Docket { places, besides, stands, .. } = &mut self.docket;
        let quotes = quoted == Level::Same;
        let best = if quotes { quoted } else { stands.unwrap_or(quoted) };
        *places.entry((export.doc, quotes)).or_insert_with(|| {
            let docs = self.shelf.docs_beside(export.doc, import.doc);
            let beside = self.judge.beside(&docs, best)?;
            besides.push(beside);
            Some(besides.len() - 1)
        })
    }

    /// Judges a pair that was put off, now that every line has met its best.
    pub(super) fn again(&mut self, PutOff { export, import, most }: PutOff) {
        if self.bests.is_behind_both([export, import], most) {
            return;
        }
        let pair = self.shelf.pair(export, import);
        let quoted = self.shelf.quoted_elsewhere(import);
        let Some(mut beside) = self.judge.beside(&pair.docs, quoted) else { return };
        let promise = self.judge.promise(&beside, &pair, quoted);
        let near = promise.filter(|promise| !self.bests.is_behind_both([export, import], promise.most));
        let weighed = near.and_then(|promise| self.judge.kept(&promise, &mut beside, &pair.docs));
        self.find(export, import, weighed);
    }

    fn find(&mut self, export: LineNo, import: LineNo, weighed: Option<Weighed>) {
        let Some(weighed) = weighed else { return };
        self.bests.note(export, weighed.alone);
        self.bests.note(import, weighed.alone);
        self.found.pairs.push(Pair { export, import, weighed });
    }
}

impl Docket<'_> {
    fn clear(&mut self) {
        self.prospects.clear();
        self.places.clear();
        self.besides.clear();
        self.promises.clear();
    }
}
