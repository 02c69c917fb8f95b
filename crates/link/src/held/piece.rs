//! Documents on their way in: held by themselves, by codes of their own, so that pieces are made side by side; then taken
//! over with the codes and parties of all.

use customs::terms::Party;

use super::amount::Kind;
use super::{Amount, Code, Held, HeldLine, Packed, PartyNo, Terms, hash, tidied};
use crate::doc::{Doc, DocId, DocLine, Side};

/// Some documents by codes of their own.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    terms: Terms,
    pub(crate) docs: Vec<Prepared>,
}

/// A document by the codes of its piece.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The number its natural key becomes.
    pub(crate) key: u64,
    held: Held,
    /// Who sends and who receives, each behind its hash.
    pub(crate) parties: [(u64, Packed); 2],
}

impl Piece {
    pub(crate) fn of(docs: Vec<Doc>) -> Self {
        let mut piece = Self::default();
        docs.into_iter().for_each(|doc| piece.take(doc));
        piece
    }

    /// Takes one more document in.
    pub(crate) fn take(&mut self, doc: Doc) {
        let prepared = Prepared::of(doc, &mut self.terms);
        self.docs.push(prepared);
    }

    /// The natural key of one of its documents.
    pub(crate) fn id(&self, at: usize) -> DocId {
        self.terms.id(&self.docs[at].held)
    }

    /// The number the declaration of one of its documents becomes: an import's whatever its place.
    pub(crate) fn declaration(&self, at: usize) -> u64 {
        let Prepared { key, held, .. } = &self.docs[at];
        if held.side == Side::Export { *key } else { hash(&[&held.number]) }
    }

    /// The lines of one of its documents, as they came.
    pub(crate) fn lines(&self, at: usize) -> Vec<DocLine> {
        self.docs[at].held.lines.iter().map(|line| self.terms.line(line)).collect()
    }

    /// Adds lines to one of its documents; says whether it had none of their items.
    pub(crate) fn join(&mut self, at: usize, lines: Vec<DocLine>) -> bool {
        let held = &mut self.docs[at].held;
        let mut joined = std::mem::take(&mut held.lines).into_vec();
        let before = joined.len() + lines.len();
        joined.extend(lines.into_iter().map(|line| self.terms.hold_line(line)));
        held.lines = tidied(joined);
        held.lines.len() == before
    }
}

impl Prepared {
    fn of(mut doc: Doc, terms: &mut Terms) -> Self {
        let key = doc.id.key();
        let parties = [pack(&mut doc.sender), pack(&mut doc.receiver)];
        Self { key, held: terms.hold_with(doc, PartyNo::NOBODY, PartyNo::NOBODY), parties }
    }

    /// What documents are put in order by: their side, and the heading of their goods.
    pub(crate) fn goods(&self) -> (Side, u64) {
        (self.held.side, self.held.lines.first().map_or(0, |line| line.hs.prefix(4)))
    }
}

fn pack(party: &mut Party) -> (u64, Packed) {
    let packed = Packed::of(&std::mem::take(party));
    (packed.hash(), packed)
}

/// The codes of a piece by their numbers in it, as they are numbered among all.
#[derive(Debug)]
pub(crate) struct Renumbered(Vec<Code>);

impl Renumbered {
    fn of(&self, code: Code) -> Code {
        self.0[code.at()]
    }

    /// A document taken over from the piece, with the numbers of who sends and who receives.
    pub(crate) fn adopt(&self, prepared: Prepared, [sender, receiver]: [PartyNo; 2]) -> Held {
        let Prepared { mut held, .. } = prepared;
        let Held { country, from, mode, place, .. } = &mut held;
        [country, from, mode, place].into_iter().for_each(|code| *code = self.of(*code));
        held.lines.iter_mut().for_each(|line| self.line(line));
        Held { sender, receiver, ..held }
    }

    fn line(&self, line: &mut HeldLine) {
        (line.unit, line.origin) = (self.of(line.unit), self.of(line.origin));
        if let Some(Amount { kind: Kind::Own(unit), .. }) = &mut line.amount {
            *unit = self.of(*unit);
        }
    }
}

impl Terms {
    /// Learns the codes and units of a piece.
    pub(crate) fn learn(&mut self, piece: &Piece) -> Renumbered {
        let codes: Vec<Code> =
            std::iter::once("").chain(piece.terms.codes.texts()).map(|text| self.codes.take(text)).collect();
        for (code, measure) in piece.terms.units.known() {
            self.units.set(codes[code], measure);
        }
        Renumbered(codes)
    }
}

#[cfg(test)]
mod tests {
    use customs::terms::{Country, Place};
    use kernel::Quantity;

    use super::*;
    use crate::doc::{DocId, DocLine};

    #[test]
    fn documents_taken_over_in_pieces_are_what_they_were() {
        let doc = |number: &str, place: &str, unit: &str| Doc {
            id: DocId::export(Country::new("TH"), number),
            sender: Party::named("Siam Rubber"),
            receiver: Party::named("Minh Phat"),
            from: Some(Country::new("LA")),
            day: None,
            mode: None,
            place: Some(Place::new(place)),
            lines: vec![DocLine {
                item: 1,
                quantity: Some(Quantity::new(7.into(), unit)),
                origin: Some(Country::new("VN")),
                ..DocLine::default()
            }],
        };
        let docs = [doc("1", "VNSGN", "TNE"), doc("2", "VNHPH", "CRATE"), doc("3", "TH", "CRATE")];
        let (mut whole, mut pieced) = (Terms::default(), Terms::default());
        for doc in docs {
            let held = whole.hold(doc.clone());
            let piece = Piece::of(vec![doc.clone()]);
            let numbers = [pieced.parties.take(&doc.sender), pieced.parties.take(&doc.receiver)];
            let codes = pieced.learn(&piece);
            let adopted = piece.docs.into_iter().map(|prepared| codes.adopt(prepared, numbers)).next();
            let adopted = adopted.expect("one document was taken over");
            assert_eq!(pieced.doc(&adopted), whole.doc(&held));
            assert_eq!(
                adopted.lines[0].amount.map(|amount| amount.micro),
                held.lines[0].amount.map(|amount| amount.micro)
            );
            let own =
                adopted.lines[0].amount.map(|amount| amount.kind) == Some(Kind::Own(adopted.lines[0].unit));
            assert_eq!(
                own,
                doc.lines[0].quantity.as_ref().is_some_and(|quantity| quantity.unit.as_str() == "CRATE")
            );
        }
    }
}
