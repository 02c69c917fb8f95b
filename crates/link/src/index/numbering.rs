//! Lines numbered without gaps, as they stand on the shelf.

use super::shelf::{DocNo, LineNo, Shelf};

/// Where the lines of each document begin among all lines.
#[derive(Debug)]
pub(super) struct Numbering(Vec<u32>);

impl Numbering {
    pub(super) fn of(shelf: &Shelf) -> Self {
        let mut first = Vec::with_capacity(shelf.places() as usize + 1);
        let mut lines = 0_u32;
        for place in 0..shelf.places() {
            first.push(lines);
            lines += shelf.lines_at(DocNo::at(place));
        }
        first.push(lines);
        Self(first)
    }

    /// The number of a line.
    pub(super) fn number(&self, line: LineNo) -> usize {
        self.0[line.doc.number() as usize] as usize + usize::from(line.at)
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.0.last().map_or(0, |lines| *lines as usize)
    }
}
