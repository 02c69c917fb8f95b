//! Documents and lines of the shelf beside each other, as they are compared.

use super::shelf::{DocNo, LineNo, Shelf};
use crate::score::{Docs, Level, Pair};

/// Two documents with more pairs of lines than this are compared only where heading or amount agree.
pub(super) const PAIRS_MAX: usize = 400;

impl Shelf {
    /// An export beside an import.
    pub(super) fn docs_beside(&self, export: DocNo, import: DocNo) -> Docs<'_> {
        Docs { terms: &self.terms, export: self.doc(export), import: self.doc(import) }
    }

    /// A line of an export beside one of an import.
    pub(super) fn pair(&self, export: LineNo, import: LineNo) -> Pair<'_> {
        Pair {
            docs: self.docs_beside(export.doc, import.doc),
            export_line: self.line(export),
            import_line: self.line(import),
        }
    }

    /// The lines of a document of the other side a line is compared with.
    pub(super) fn lines_beside(&self, line: LineNo, doc: DocNo) -> impl Iterator<Item = LineNo> + use<'_> {
        self.lines_of(doc).filter(move |other| self.is_compared(line, *other))
    }

    /// Whether two lines are compared: of large documents only lines that could be the same at a glance.
    pub(super) fn is_compared(&self, line: LineNo, other: LineNo) -> bool {
        let pairs = self.doc(line.doc).lines.len() * self.doc(other.doc).lines.len();
        let (here, there) = (self.line(line), self.line(other));
        pairs <= PAIRS_MAX || here.hs.prefix(4) == there.hs.prefix(4) || here.stated == there.stated
    }

    /// How a line that quotes no export at hand stands to any.
    pub(super) fn quoted_elsewhere(&self, line: LineNo) -> Level {
        if self.line(line).quoted.is_some() { Level::Different } else { Level::Absent }
    }

    /// How an import line's quoted number stands to an export: `None` where it names another export at hand.
    pub(super) fn quoted(&self, export: DocNo, import: LineNo) -> Option<Level> {
        if self.line(import).quoted.is_none() {
            return Some(Level::Absent);
        }
        match self.quoted_by(import, None).as_slice() {
            [] => Some(Level::Different),
            named => named.contains(&export).then_some(Level::Same),
        }
    }
}
