//! What the best pair of each line weighs, as far as is known: pairs far behind the best at both their ends are no edges,
//! and what bounds a pair from above often shows that before its names are laid beside each other.

use std::sync::atomic::{AtomicI32, Ordering};

use super::graph::BEHIND_MAX;
use super::numbering::Numbering;
use super::shelf::{LineNo, Shelf};
use crate::score::Millibits;

/// The best of each line. It only ever rises, so what is behind once stays behind, whichever part works first.
#[derive(Debug)]
pub(super) struct Bests {
    numbering: Numbering,
    best: Vec<AtomicI32>,
}

impl Bests {
    pub(super) fn new(shelf: &Shelf) -> Self {
        let numbering = Numbering::of(shelf);
        let best = (0..numbering.lines()).map(|_| AtomicI32::new(Millibits::MIN)).collect();
        Self { numbering, best }
    }

    /// How the lines are numbered.
    pub(super) const fn numbering(&self) -> &Numbering {
        &self.numbering
    }

    /// Whether a pair of this line that weighs no more than this is far behind its best.
    pub(super) fn is_behind(&self, line: LineNo, weight: Millibits) -> bool {
        weight + BEHIND_MAX < self.best[self.numbering.number(line)].load(Ordering::Relaxed)
    }

    /// Whether it is so for both its lines.
    pub(super) fn is_behind_both(&self, lines: [LineNo; 2], weight: Millibits) -> bool {
        lines.into_iter().all(|line| self.is_behind(line, weight))
    }

    /// Takes note of a pair of this line.
    pub(super) fn note(&self, line: LineNo, weight: Millibits) {
        self.best[self.numbering.number(line)].fetch_max(weight, Ordering::Relaxed);
    }
}
