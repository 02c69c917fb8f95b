//! Lines of imports paired with the lines of the exports that share keys with them, all at once: import after import first,
//! then what only the best of every line can tell.

use super::batch::{Executor, gathered};
use super::bests::Bests;
use super::court::{Court, Found, Pair};
use super::desks::Desks;
use super::rows::Rows;
use super::settings::Settings;
use super::shared::{Counter, Shared};
use super::shelf::{DocNo, Shelf};
use crate::doc::Side;

/// Import documents worked on at a time.
const PART: usize = 1_024;

/// All pairs of lines that may belong together, but for some that are far behind a better one at both their ends.
pub(super) fn pairs(shelf: &Shelf, settings: &Settings, executor: &dyn Executor) -> Vec<Vec<Pair>> {
    let bests = Bests::new(shelf);
    let rows = Rows::of(shelf, settings, bests.numbering());
    let pairing = Pairing { shelf, settings, bests: &bests, rows: &rows };
    let first = pairing.first(executor);
    let second = pairing.second(&first, executor);
    let found = first.into_iter().map(|found| found.pairs).chain(second);
    found.map(|pairs| pairs.into_iter().filter(|pair| pairing.is_near(pair)).collect()).collect()
}

/// What all parts of the work look at.
#[derive(Clone, Copy)]
struct Pairing<'a> {
    shelf: &'a Shelf,
    settings: &'a Settings,
    bests: &'a Bests,
    rows: &'a Rows,
}

impl<'a> Pairing<'a> {
    fn court(self) -> Court<'a> {
        Court::new(self.shelf, self.settings, self.bests, self.rows)
    }

    /// What each import finds by itself.
    fn first(self, executor: &dyn Executor) -> Vec<Found> {
        let imports = self.imports();
        let parts: Vec<&[DocNo]> = imports.chunks(PART).collect();
        let shared = Shared::of(self.shelf, |_| true, executor);
        let desks = Desks::new();
        gathered(executor, parts.len(), |part| {
            let new = || (Counter::new(self.shelf, &shared), self.court());
            desks.at(new, |(counter, court)| {
                parts[part].iter().for_each(|import| court.import(*import, counter));
                court.end()
            })
        })
    }

    /// What comes of the pairs that were put off.
    fn second(self, first: &[Found], executor: &dyn Executor) -> Vec<Vec<Pair>> {
        let desks = Desks::new();
        gathered(executor, first.len(), |part| {
            desks.at(
                || self.court(),
                |court| {
                    first[part].put_off.iter().for_each(|put_off| court.again(*put_off));
                    court.end().pairs
                },
            )
        })
    }

    /// The imports. Those of one kind of goods by one trader are worked on one after the other: they meet the same exports.
    fn imports(self) -> Vec<DocNo> {
        let is_import = |doc: &DocNo| self.shelf.doc(*doc).side == Side::Import;
        let mut imports: Vec<DocNo> = self.shelf.standing().filter(is_import).collect();
        imports.sort_by_cached_key(|import| {
            let doc = self.shelf.doc(*import);
            let trader = self.shelf.terms.parties.known(doc.receiver).telling.first().copied();
            (doc.lines.first().map(|line| line.hs.prefix(4)), trader)
        });
        imports
    }

    /// Whether a pair is an edge at either of its ends.
    fn is_near(self, pair: &Pair) -> bool {
        pair.weighed.quoted || !self.bests.is_behind_both([pair.export, pair.import], pair.weighed.alone)
    }
}
