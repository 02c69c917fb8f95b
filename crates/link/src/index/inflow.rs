//! Documents on their way to an index, in little room from the moment they come: whoever reads a file need not hold what it
//! says in full.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Index;
use super::batch::Executor;
use super::intake::{Place, places};
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

    /// Puts together what was taken in of one declaration in several documents, whatever place an import names: the lines
    /// of the later ones come to the first. Gives the keys of those of which an item was stated before.
    pub(crate) fn put_together(&mut self) -> Vec<DocId> {
        let mut keyed: Vec<(u64, Place)> = places(&self.pieces)
            .map(|place| (self.pieces[place.piece as usize].declaration(place.at as usize), place))
            .collect();
        keyed.sort_unstable();
        let (mut twice, mut gone) = (Vec::new(), BTreeSet::new());
        for same in keyed.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            let mut firsts: Vec<Place> = Vec::with_capacity(1);
            for (_, place) in same {
                let id = declaration(place.id(&self.pieces));
                match firsts.iter().find(|first| declaration(first.id(&self.pieces)) == id) {
                    Some(first) => {
                        twice.extend((!self.move_lines(*place, *first)).then_some(id));
                        gone.insert(*place);
                    }
                    None => firsts.push(*place),
                }
            }
        }
        self.forget(&gone);
        twice
    }

    /// Moves the lines of one document to another; says whether that had none of their items.
    fn move_lines(&mut self, from: Place, to: Place) -> bool {
        let lines = self.pieces[from.piece as usize].lines(from.at as usize);
        self.pieces[to.piece as usize].join(to.at as usize, lines)
    }

    fn forget(&mut self, gone: &BTreeSet<Place>) {
        for (piece, own) in (0..).zip(&mut self.pieces).filter(|_| !gone.is_empty()) {
            let mut at = 0..;
            own.docs.retain(|_| !at.next().is_some_and(|at| gone.contains(&Place { piece, at })));
        }
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
        self.forget();
    }
}
