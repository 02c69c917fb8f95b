//! The candidates of some import lines with all their evidence: what weights are learnt from.

use super::batch::{Executor, gathered};
use super::desks::Desks;
use super::settings::Settings;
use super::shared::{Counter, Shared};
use super::shelf::{DocNo, LineNo, Shelf};
use crate::score::{Evidence, Judge};

/// Import lines worked on at a time.
const PART: usize = 256;

/// For each of these import lines, in any order, the evidence of its candidates.
pub(super) fn candidates(
    shelf: &Shelf,
    settings: &Settings,
    mut lines: Vec<LineNo>,
    executor: &dyn Executor,
) -> Vec<Vec<Evidence>> {
    lines.sort_unstable();
    let asked = |doc: DocNo| lines.binary_search_by_key(&doc, |line| line.doc).is_ok();
    let shared = Shared::of(shelf, asked, executor);
    let parts: Vec<&[LineNo]> = lines.chunks(PART).collect();
    let desks = Desks::new();
    let found = gathered(executor, parts.len(), |part| {
        let new = || (Counter::new(shelf, &shared), Judge::new(settings));
        desks.at(new, |(counter, judge)| {
            parts[part]
                .iter()
                .map(|line| of_line(shelf, judge, *line, counter.enough(line.doc)))
                .collect::<Vec<_>>()
        })
    });
    found.into_iter().flatten().collect()
}

/// The evidence of an import line with every line of these exports as if the two stood alone.
fn of_line<'a>(shelf: &'a Shelf, judge: &mut Judge<'a>, import: LineNo, exports: &[DocNo]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for doc in exports {
        let Some(quoted) = shelf.quoted(*doc, import) else { continue };
        let pairs = shelf.lines_beside(import, *doc).map(|export| shelf.pair(export, import));
        found.extend(pairs.map(|pair| judge.alone(&pair, quoted)));
    }
    found
}
