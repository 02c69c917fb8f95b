//! What the lines of one document could belong to, weighed the likeliest first and only as far as that changes what is kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::court::Pair;
use super::graph::BEHIND_MAX;
use super::settings::Settings;
use super::shelf::{Bucket, DocNo, LineNo, Shelf};
use super::web::Web;
use crate::doc::Side;
use crate::score::{Beside, Field, Judge, Level, Millibits, Promise};

/// Finds and weighs suitors while one document is hidden, or none.
pub(super) struct Suitors<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    hidden: Option<DocNo>,
    judge: Judge<'a>,
    /// A document whose open buckets are known, and those.
    open: Option<(DocNo, &'a [Bucket])>,
}

/// Whose best decides which pairs are too far behind to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// That of the lines asked for.
    Own,
    /// That of both lines of a pair.
    Both,
}

/// Two lines, and how the import stands by what it quotes to the export.
type Candidate = (LineNo, LineNo, Level);

/// A pair weighed but for the names of its parties, and where its documents lie beside each other.
struct Prospect<'a> {
    export: LineNo,
    import: LineNo,
    promise: Promise<'a>,
    beside: usize,
}

impl<'a> Suitors<'a> {
    pub(super) fn new(shelf: &'a Shelf, settings: &'a Settings, hidden: Option<DocNo>) -> Self {
        Self { shelf, settings, hidden, judge: Judge::new(settings), open: None }
    }

    /// The same, knowing in which buckets a document can meet anybody.
    pub(super) fn knowing(self, doc: DocNo, open: &'a [Bucket]) -> Self {
        Self { open: Some((doc, open)), ..self }
    }

    /// The documents that share enough with one.
    fn sharing(&self, doc: DocNo) -> Vec<DocNo> {
        match self.open {
            Some((known, open)) if known == doc => {
                self.shelf.sharing_in(self.shelf.doc(doc).side, open, self.hidden)
            }
            _ => self.shelf.sharing(doc, self.hidden),
        }
    }

    /// The pairs these lines of one document may keep.
    pub(super) fn of(&mut self, lines: &[LineNo], web: &Web, behind: Behind) -> Vec<Pair> {
        let Some(side) = lines.first().map(|line| self.shelf.doc(line.doc).side) else { return Vec::new() };
        let candidates = match side {
            Side::Export => self.of_export(lines),
            Side::Import => self.of_import(lines),
        };
        let (mut besides, mut prospects) = (Vec::new(), Vec::new());
        for candidates in candidates {
            self.promise(&candidates, &mut besides, &mut prospects);
        }
        prospects.sort_by_key(|prospect| (Reverse(prospect.promise.most), prospect.export, prospect.import));
        let bests = Bests { web, own: (behind == Behind::Own).then_some(side), found: BTreeMap::new() };
        self.weigh(&prospects, &mut besides, bests)
    }

    /// What lines of an import could belong to, by export: what a line quotes where that is at hand, or all that share keys.
    fn of_import(&self, lines: &[LineNo]) -> Vec<Vec<Candidate>> {
        let shelf = self.shelf;
        let mut found: Vec<Vec<Candidate>> = Vec::new();
        let mut open: Vec<(LineNo, Level)> = Vec::new();
        for line in lines {
            let named = shelf.quoted_by(*line, self.hidden);
            let all = |doc: &DocNo| shelf.lines_of(*doc).map(|export| (export, *line, Level::Same)).collect();
            open.extend(named.is_empty().then(|| (*line, self.shelf.quoted_elsewhere(*line))));
            found.extend(named.iter().map(all));
        }
        let Some((first, _)) = open.first() else { return found };
        let sharing = self.sharing(first.doc);
        found.extend(sharing.into_iter().map(|doc| {
            let of_line = |(line, level): &(LineNo, Level)| {
                let (line, level) = (*line, *level);
                shelf.lines_beside(line, doc).map(move |export| (export, line, level))
            };
            open.iter().flat_map(of_line).collect()
        }));
        found
    }

    /// What lines of an export could belong to, by import.
    fn of_export(&self, lines: &[LineNo]) -> Vec<Vec<Candidate>> {
        let Some(own) = lines.first().map(|line| line.doc) else { return Vec::new() };
        let sharing = self.sharing(own);
        let quoters = self.shelf.quoters(own, self.hidden);
        let further = quoters.into_iter().filter(|doc| sharing.binary_search(doc).is_err());
        let quoting = further.map(|doc| self.beside_import(lines, doc, false)).collect::<Vec<_>>();
        let shared = sharing.iter().map(|doc| self.beside_import(lines, *doc, true));
        shared.chain(quoting).collect()
    }

    fn beside_import(&self, lines: &[LineNo], import: DocNo, shares: bool) -> Vec<Candidate> {
        let shelf = self.shelf;
        let mut found = Vec::new();
        for import in shelf.lines_of(import) {
            let named = shelf.quoted_by(import, self.hidden);
            if named.is_empty() && shares {
                let level = self.shelf.quoted_elsewhere(import);
                let compared = lines.iter().filter(|line| shelf.is_compared(import, **line));
                found.extend(compared.map(|export| (*export, import, level)));
            } else {
                let quoted = lines.iter().filter(|line| named.contains(&line.doc));
                found.extend(quoted.map(|export| (*export, import, Level::Same)));
            }
        }
        found
    }

    /// Compares candidates of the same two documents but for the names of their parties.
    fn promise(
        &mut self,
        candidates: &[Candidate],
        besides: &mut Vec<Beside<'a>>,
        prospects: &mut Vec<Prospect<'a>>,
    ) {
        let weight = |level: Level| self.settings.model.weight(Field::Quoted, level);
        let best = candidates.iter().max_by_key(|(.., level)| weight(*level));
        let Some((export, import, level)) = best else { return };
        let docs = self.shelf.docs_beside(export.doc, import.doc);
        let Some(beside) = self.judge.beside(&docs, *level) else { return };
        for (export, import, level) in candidates {
            let pair = self.shelf.pair(*export, *import);
            let promise = self.judge.promise(&beside, &pair, *level);
            let (export, import, beside) = (*export, *import, besides.len());
            prospects.extend(promise.map(|promise| Prospect { export, import, promise, beside }));
        }
        besides.push(beside);
    }

    /// Weighs what is not far behind.
    fn weigh(
        &mut self,
        prospects: &[Prospect<'a>],
        besides: &mut [Beside<'a>],
        mut bests: Bests<'_>,
    ) -> Vec<Pair> {
        let mut found = Vec::new();
        for Prospect { export, import, promise, beside } in prospects {
            if !promise.quotes() && bests.are_far_ahead([*export, *import], promise.most) {
                continue;
            }
            let docs = self.shelf.docs_beside(export.doc, import.doc);
            let Some(weighed) = self.judge.kept(promise, &mut besides[*beside], &docs) else { continue };
            [*export, *import].into_iter().for_each(|line| bests.note(line, weighed.alone));
            found.push(Pair { export: *export, import: *import, weighed });
        }
        found
    }
}

/// What the best pair of each line weighs, as far as is known.
struct Bests<'w> {
    web: &'w Web,
    /// The only side that counts, if one does.
    own: Option<Side>,
    found: BTreeMap<LineNo, Millibits>,
}

impl Bests<'_> {
    fn best(&self, line: LineNo) -> Millibits {
        let kept = self.web.best(line).unwrap_or(Millibits::MIN);
        self.found.get(&line).map_or(kept, |found| kept.max(*found))
    }

    /// Whether a pair of these two, export first, that weighs no more than this is far behind the best of all that count.
    fn are_far_ahead(&self, [export, import]: [LineNo; 2], weight: Millibits) -> bool {
        let is_behind = |line| weight + BEHIND_MAX < self.best(line);
        match self.own {
            Some(Side::Export) => is_behind(export),
            Some(Side::Import) => is_behind(import),
            None => is_behind(export) && is_behind(import),
        }
    }

    fn note(&mut self, line: LineNo, weight: Millibits) {
        let best = self.found.entry(line).or_insert(weight);
        *best = weight.max(*best);
    }
}
