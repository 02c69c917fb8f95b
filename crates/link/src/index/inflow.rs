//! Documents on their way to an index, in little room from the moment they come: whoever reads a file need not hold what it
//! says in full.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Index;
use super::batch::Executor;
use crate::doc::{Doc, DocId, Side};
use crate::held::Piece;

/// Documents that were taken in and belong to no index yet. Two may be filled side by side and joined.
#[derive(Debug, Default)]
pub struct Inflow {
    pieces: Vec<Piece>,
    last: Option<Date>,
}

/// Documents in a piece, at most.
const PIECE: usize = 4_096;

impl Inflow {
    /// Takes a document in. Of two of one key the later one counts.
    pub fn take(&mut self, doc: Doc) {
        self.last = self.last.max(doc.day);
        match self.pieces.last_mut().filter(|piece| piece.docs.len() < PIECE) {
            Some(piece) => piece.take(doc),
            None => self.pieces.push(Piece::of(vec![doc])),
        }
    }

    /// Takes in what another one took in, after its own.
    pub fn join(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
        self.last = self.last.max(other.last);
    }

    /// Adds the lines of these documents to the first of the same declaration, whatever place an import names; gives the
    /// keys of those of which an item was stated before.
    pub fn add_lines(&mut self, docs: Vec<Doc>) -> Vec<DocId> {
        let mut first: BTreeMap<DocId, (usize, usize)> = BTreeMap::new();
        if !docs.is_empty() {
            for (piece, own) in self.pieces.iter().enumerate() {
                (0..own.docs.len()).for_each(|at| {
                    first.entry(declaration(own.id(at))).or_insert((piece, at));
                });
            }
        }
        let mut twice = Vec::new();
        for doc in docs {
            let id = declaration(doc.id.clone());
            match first.get(&id) {
                Some((piece, at)) => {
                    let clean = self.pieces[*piece].join(*at, doc.lines);
                    twice.extend((!clean).then_some(doc.id));
                }
                None => self.take(doc),
            }
        }
        twice
    }

    /// The last day any of them states.
    #[must_use]
    pub const fn last_day(&self) -> Option<Date> {
        self.last
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.docs.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// The key of a declaration. Imports of a file are of one administration, whatever port each row names.
pub(crate) fn declaration(id: DocId) -> DocId {
    match id.side {
        Side::Export => id,
        Side::Import => DocId { country: customs::terms::Country::new(""), ..id },
    }
}

impl Index {
    /// Takes in what flowed in without saying whose matches that changed, preparing it side by side.
    pub fn load_inflow(&mut self, inflow: Inflow, executor: &dyn Executor) {
        self.shelf.load_pieces(inflow.pieces, executor);
    }
}
