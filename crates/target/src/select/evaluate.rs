//! Lines laid against bitmaps: the hot path.

use customs::terms::Lists;

use super::bind::Bound;
use crate::batch::ABSENT;

/// A profile that holds for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The line, by its place in the batch.
    pub row: usize,
    /// The profile, by its slot.
    pub slot: usize,
}

impl<L: Lists> Bound<'_, L> {
    /// Calls `told` for every profile that holds for a line of `rows`, by line, then by slot.
    pub fn evaluate(&self, rows: std::ops::Range<usize>, mut told: impl FnMut(Hit)) {
        match self.words {
            0 => {}
            1..=32 => self.small(rows, &mut told),
            _ => self.large(rows, &mut told),
        }
    }

    /// All hits of the batch.
    #[must_use]
    pub fn hits(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.evaluate(0..self.lines.len(), |hit| hits.push(hit));
        hits
    }

    fn small(&self, rows: std::ops::Range<usize>, told: &mut impl FnMut(Hit)) {
        let mut over = [0_u64; 32];
        for row in rows {
            self.overlay(row, &mut over[..self.words]);
            self.tell(row, 0, &over[..self.words], told);
        }
    }

    /// Many profiles: laid over in blocks that stay in the nearest cache; a block that is empty after the first column
    /// is left at once.
    fn large(&self, rows: std::ops::Range<usize>, told: &mut impl FnMut(Hit)) {
        let mut over = [0_u64; BLOCK];
        let mut at = vec![0_usize; self.columns.len()];
        for row in rows {
            for (at, column) in at.iter_mut().zip(&self.columns) {
                *at = column.at(row);
            }
            for start in (0..self.words).step_by(BLOCK) {
                let length = BLOCK.min(self.words - start);
                let over = &mut over[..length];
                if self.overlay_block(&at, start, over) {
                    self.tell(row, start, over, told);
                }
            }
        }
    }

    #[inline]
    fn overlay(&self, row: usize, over: &mut [u64]) {
        let words = over.len();
        let Some((first, others)) = self.columns.split_first() else { return };
        let at = first.at(row);
        over.copy_from_slice(&self.pool[at..at + words]);
        for column in others {
            let at = column.at(row);
            for (over, bits) in over.iter_mut().zip(&self.pool[at..at + words]) {
                *over &= bits;
            }
        }
    }

    #[inline]
    fn overlay_block(&self, at: &[usize], start: usize, over: &mut [u64]) -> bool {
        let length = over.len();
        let Some((first, others)) = at.split_first() else { return false };
        over.copy_from_slice(&self.pool[first + start..first + start + length]);
        let mut any = over.iter().fold(0, |any, bits| any | bits);
        for at in others {
            if any == 0 {
                return false;
            }
            any = 0;
            for (over, bits) in over.iter_mut().zip(&self.pool[at + start..at + start + length]) {
                *over &= bits;
                any |= *over;
            }
        }
        any != 0
    }

    #[inline]
    fn tell(&self, row: usize, start: usize, over: &[u64], told: &mut impl FnMut(Hit)) {
        for (word, bits) in over.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let slot = (start + word) * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                if self.lies_within(row, slot) {
                    told(Hit { row, slot });
                }
            }
        }
    }

    #[inline]
    fn lies_within(&self, row: usize, slot: usize) -> bool {
        let bands = &self.residuals[self.first[slot] as usize..self.first[slot + 1] as usize];
        bands.iter().all(|band| {
            let value = self.gauges[band.gauge as usize].get(row).copied().unwrap_or(ABSENT);
            band.least <= value && value <= band.most
        })
    }
}

const BLOCK: usize = 16;
