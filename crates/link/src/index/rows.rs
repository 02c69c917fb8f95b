//! All documents, lines and parties in rows, in the order of the shelf: what a candidate mostly fails by is read from these
//! alone.

use std::collections::BTreeMap;

use super::beside::PAIRS_MAX;
use super::numbering::Numbering;
use super::settings::Settings;
use super::shelf::{DocNo, LineNo, Shelf};
use crate::doc::Side;
use crate::held::{Code, Head, LineRow, PartyNo, PartyRow};
use crate::score::{Facing, Judge, Limits};

/// The rows of all that is at hand.
#[derive(Debug)]
pub(super) struct Rows {
    docs: Vec<DocRow>,
    lines: Vec<LineRow>,
    parties: Vec<PartyRow>,
    limits: Vec<Limits>,
}

/// A document's row; one without lines where none stands.
#[derive(Clone, Copy, Debug, Default)]
struct DocRow {
    head: Head,
    sender: PartyNo,
    receiver: PartyNo,
    /// The number of its first line among all lines, and how many it has.
    first: u32,
    lines: u16,
    /// Which of the limits an export goes by.
    limits: u32,
}

impl Rows {
    pub(super) fn of(shelf: &Shelf, settings: &Settings, numbering: &Numbering) -> Self {
        let mut rows = Self {
            docs: Vec::with_capacity(shelf.places() as usize),
            lines: Vec::with_capacity(numbering.lines()),
            parties: shelf.terms.parties.rows(),
            limits: Vec::new(),
        };
        let (mut judge, mut ways) = (Judge::new(settings), BTreeMap::new());
        for no in (0..shelf.places()).map(DocNo::at) {
            let row = shelf.stands(no).then(|| rows.doc(shelf, no, &mut judge, &mut ways));
            rows.docs.push(row.unwrap_or_default());
        }
        rows
    }

    /// Takes in the lines of a document, and gives its row.
    fn doc(&mut self, shelf: &Shelf, no: DocNo, judge: &mut Judge<'_>, ways: &mut Ways) -> DocRow {
        let held = shelf.doc(no);
        let (head, first) = (held.head(), self.lines.len() as u32);
        self.lines.extend(held.lines.iter().map(crate::held::HeldLine::row));
        let limits = match held.side {
            Side::Export => *ways.entry((head.country, head.mode, head.place)).or_insert_with(|| {
                self.limits.push(judge.limits(&shelf.terms, head));
                self.limits.len() as u32 - 1
            }),
            Side::Import => u32::MAX,
        };
        DocRow {
            head,
            sender: held.sender,
            receiver: held.receiver,
            first,
            lines: held.lines.len() as u16,
            limits,
        }
    }

    fn row(&self, doc: DocNo) -> &DocRow {
        &self.docs[doc.number() as usize]
    }

    /// Looks over these exports before any is looked at closely: many looks at once wait for the memory no longer than one.
    pub(super) fn look_over(&self, exports: &[DocNo]) {
        let lines = exports.iter().fold(0, |sum, export| sum ^ self.row(*export).first);
        let looked = exports.iter().fold(u64::from(lines), |sum, export| {
            let row = self.row(*export);
            let item = self.lines.get(row.first as usize).map_or(0, |line| line.item);
            sum ^ self.party(row.sender).places ^ self.party(row.receiver).places ^ u64::from(item)
        });
        std::hint::black_box(looked);
    }

    fn party(&self, no: PartyNo) -> &PartyRow {
        &self.parties[no.number() as usize]
    }

    /// An export's row beside an import's.
    pub(super) fn facing(&self, export: DocNo, import: DocNo) -> Facing<'_> {
        let (export, import) = (self.row(export), self.row(import));
        Facing {
            heads: (export.head, import.head),
            consignees: (self.party(export.receiver), self.party(import.receiver)),
            exporters: (self.party(export.sender), self.party(import.sender)),
            siblings: export.lines > 1 && import.lines > 1,
        }
    }

    /// Whether two documents have so few pairs of lines that all are compared.
    pub(super) fn are_few(&self, export: DocNo, import: DocNo) -> bool {
        usize::from(self.row(export).lines) * usize::from(self.row(import).lines) <= PAIRS_MAX
    }

    /// The days an export's lane takes.
    pub(super) fn limits(&self, export: DocNo) -> Limits {
        self.limits[self.row(export).limits as usize]
    }

    pub(super) fn line(&self, line: LineNo) -> LineRow {
        self.lines[self.row(line.doc).first as usize + usize::from(line.at)]
    }

    /// The lines of a document.
    pub(super) fn lines_of(&self, doc: DocNo) -> impl Iterator<Item = LineNo> + use<> {
        (0..self.row(doc).lines).map(move |at| LineNo { doc, at })
    }
}

/// The ways met, and where their limits stand.
type Ways = BTreeMap<(Code, Code, Code), u32>;
