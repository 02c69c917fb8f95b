//! Taking many documents in at once: what each needs by itself is worked out side by side, and a party is taken apart once
//! however many documents name it.

use std::sync::{Mutex, PoisonError};

use super::batch::{Executor, gathered, in_parts};
use super::distinct::distinct;
use super::keys::{Key, keys_with};
use super::postings::Entry;
use super::shelf::{DocNo, Shelf};
use crate::doc::{Doc, DocId, Side};
use crate::held::{Known, Packed, PartyKeys, PartyNo, Piece, Prepared, Renumbered};

/// Documents or parties worked on at a time.
const PART: usize = 2_048;

impl Shelf {
    /// Takes many documents in, each in the place of an earlier one of the same key.
    pub(super) fn load(&mut self, docs: Vec<Doc>, executor: &dyn Executor) {
        self.load_pieces(pieces(docs, executor), executor);
    }

    /// The same of documents in pieces.
    pub(super) fn load_pieces(&mut self, mut pieces: Vec<Piece>, executor: &dyn Executor) {
        // No number is given out twice while its entries are on their way.
        self.loaded = u32::MAX;
        let places = self.latest(&pieces);
        let named = self.named(&mut pieces, &places, executor);
        let (keys, numbers) = self.adopted(pieces, &places, &named);
        self.ids.append(&mut keys.into_iter().zip(numbers.iter().copied()).collect());
        let filed = self.filed(&numbers, &named, executor);
        drop(named);
        self.file(filed, executor);
        self.free = (0..self.places()).map(DocNo::at).filter(|no| !self.stands(*no)).collect();
        self.loaded = self.places();
    }

    /// Of documents of one key the last, in the order of their goods: what is compared then stands together. Those at hand
    /// in whose place one comes are let go.
    fn latest(&mut self, pieces: &[Piece]) -> Vec<Place> {
        let mut keyed: Vec<(u64, Place)> =
            places(pieces).map(|place| (place.of(pieces).key, place)).collect();
        keyed.sort_unstable();
        let mut latest: Vec<((Side, u64), Place)> = Vec::with_capacity(keyed.len());
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (at, (_, earlier)) in same.iter().enumerate() {
                let is_one = |later: &(u64, Place)| later.1.id(pieces) == earlier.id(pieces);
                if !same[at + 1..].iter().any(is_one) {
                    latest.push((earlier.of(pieces).goods(), *earlier));
                }
            }
        }
        drop(keyed);
        latest.sort_unstable();
        if self.len() > 0 {
            for (_, place) in &latest {
                self.find(&place.id(pieces)).into_iter().for_each(|old| self.take(old));
            }
        }
        latest.into_iter().map(|(_, place)| place).collect()
    }

    /// The numbers of all parties of the documents at these places, new ones taken apart. Their texts are taken out of the
    /// pieces.
    fn named(&mut self, pieces: &mut [Piece], places: &[Place], executor: &dyn Executor) -> Named {
        let slots: Vec<&(u64, Packed)> = places.iter().flat_map(|place| &place.of(pieces).parties).collect();
        let (at, firsts) = distinct(&slots);
        drop(slots);
        let mut first = |slot: &u32| {
            let (place, of) = (places[*slot as usize / 2], *slot as usize % 2);
            std::mem::take(&mut pieces[place.piece as usize].docs[place.at as usize].parties[of])
        };
        let mut parties: Vec<Mutex<Vec<(u64, Packed)>>> = Vec::with_capacity(firsts.len() / PART + 1);
        for part in firsts.chunks(PART) {
            parties.push(Mutex::new(part.iter().map(&mut first).collect()));
        }
        pieces.iter_mut().flat_map(|piece| &mut piece.docs).for_each(|doc| doc.parties = Default::default());
        let known = &self.terms.parties;
        let met = |(hash, packed): (u64, Packed)| match known.find(hash, &packed) {
            Some(no) => Met::AtHand(no, known.known(no).keys()),
            None => Met::New(hash, Box::new(Known::new(packed))),
        };
        let met = gathered(executor, parties.len(), |part| {
            let mut part = parties[part].lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *part).into_iter().map(met).collect::<Vec<_>>()
        });
        let (numbers, keys) = self.met(met.into_iter().flatten());
        let named = Named { at, numbers, keys };
        (0..named.at.len()).for_each(|slot| self.terms.parties.name(named.number(slot)));
        named
    }

    /// Gives the documents at these places numbers, in their order; says their keys and numbers.
    fn adopted(&mut self, pieces: Vec<Piece>, places: &[Place], named: &Named) -> (Vec<u64>, Vec<DocNo>) {
        let codes: Vec<Renumbered> = pieces.iter().map(|piece| self.terms.learn(piece)).collect();
        let docs = |piece: Piece| piece.docs.into_iter().map(Some).collect::<Vec<_>>();
        let mut pieces: Vec<Vec<Option<Prepared>>> = pieces.into_iter().map(docs).collect();
        let (mut keys, mut numbers) = (Vec::with_capacity(places.len()), Vec::with_capacity(places.len()));
        self.docs.reserve_exact(places.len());
        for (at, place) in places.iter().enumerate() {
            let prepared = pieces[place.piece as usize][place.at as usize].take();
            let prepared = prepared.expect("each document has one place");
            keys.push(prepared.key);
            numbers.push(self.place(codes[place.piece as usize].adopt(prepared, named.of(at))));
        }
        (keys, numbers)
    }

    /// The numbers of parties that were met, and what they are found by.
    fn met(&mut self, met: impl Iterator<Item = Met>) -> (Vec<PartyNo>, Vec<PartyKeys>) {
        let (mut numbers, mut keys, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for met in met {
            let (number, found_by) = match met {
                Met::AtHand(no, keys) => (Some(no), keys),
                Met::New(hash, party) => {
                    let (known, keys) = *party;
                    new.push((hash, known));
                    (None, keys)
                }
            };
            numbers.push(number);
            keys.push(found_by);
        }
        let mut given = self.terms.parties.put_all(new).into_iter();
        let number =
            |known: Option<PartyNo>| known.or_else(|| given.next()).expect("every new party gets one");
        (numbers.into_iter().map(number).collect(), keys)
    }

    /// Under what these documents are filed.
    fn filed(&self, places: &[DocNo], named: &Named, executor: &dyn Executor) -> Vec<Filed> {
        let parts = places.len().div_ceil(PART);
        gathered(executor, parts, |part| {
            let mut filed = Filed::default();
            for (at, no) in places.iter().enumerate().skip(part * PART).take(PART) {
                let doc = self.doc(*no);
                let (side, week) = (doc.side as usize, doc.day.week());
                let keys = keys_with(&self.terms, doc, named.keys_of(at));
                filed.entries[side].extend(keys.into_iter().map(|key| Entry::new(key, week, *no)));
                filed.numbers[side].extend(self.number_keys(*no).into_iter().map(|key| (key, *no)));
            }
            filed.entries.iter_mut().for_each(Vec::shrink_to_fit);
            filed
        })
    }

    /// Files documents, and forgets the entries of those that are gone.
    fn file(&mut self, filed: Vec<Filed>, executor: &dyn Executor) {
        let mut entries = [Vec::new(), Vec::new()];
        let mut numbers = [Vec::new(), Vec::new()];
        for part in filed {
            for (all, own) in entries.iter_mut().zip(part.entries) {
                all.push(own);
            }
            for (all, own) in numbers.iter_mut().zip(part.numbers) {
                all.extend(own);
            }
        }
        let [exports, imports] = numbers;
        self.numbered.append(&mut exports.into_iter().collect());
        self.quoting.append(&mut imports.into_iter().collect());
        let docs = &self.docs;
        let sides: Vec<Mutex<_>> = self.keyed.iter_mut().zip(entries).map(Mutex::new).collect();
        executor.each(sides.len(), &|side| {
            let mut side = sides[side].lock().unwrap_or_else(PoisonError::into_inner);
            let pieces = std::mem::take(&mut side.1);
            side.0.load(pieces, |no: DocNo| docs[no.number() as usize].is_some(), executor);
        });
    }
}

/// The documents in pieces.
fn pieces(docs: Vec<Doc>, executor: &dyn Executor) -> Vec<Piece> {
    let parts: Vec<Mutex<Vec<Doc>>> = in_parts(docs, PART).into_iter().map(Mutex::new).collect();
    gathered(executor, parts.len(), |part| {
        Piece::of(std::mem::take(&mut *parts[part].lock().unwrap_or_else(PoisonError::into_inner)))
    })
}

/// Where a document stands in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) piece: u32,
    pub(super) at: u32,
}

impl Place {
    fn of(self, pieces: &[Piece]) -> &Prepared {
        &pieces[self.piece as usize].docs[self.at as usize]
    }

    pub(super) fn id(self, pieces: &[Piece]) -> DocId {
        pieces[self.piece as usize].id(self.at as usize)
    }
}

/// The places of all documents of these pieces.
pub(super) fn places(pieces: &[Piece]) -> impl Iterator<Item = Place> + '_ {
    (0..).zip(pieces).flat_map(|(piece, own)| (0..own.docs.len() as u32).map(move |at| Place { piece, at }))
}

/// A party documents name.
enum Met {
    /// One at hand.
    AtHand(PartyNo, PartyKeys),
    /// One that was not, behind its hash.
    New(u64, Box<(Known, PartyKeys)>),
}

/// The parties of documents, by the places they are named at: sender and receiver of one document after the other.
struct Named {
    at: Vec<u32>,
    numbers: Vec<PartyNo>,
    keys: Vec<PartyKeys>,
}

impl Named {
    fn number(&self, slot: usize) -> PartyNo {
        self.numbers[self.at[slot] as usize]
    }

    fn of(&self, doc: usize) -> [PartyNo; 2] {
        [self.number(2 * doc), self.number(2 * doc + 1)]
    }

    fn keys_of(&self, doc: usize) -> [&PartyKeys; 2] {
        [2 * doc, 2 * doc + 1].map(|slot| &self.keys[self.at[slot] as usize])
    }
}

/// Under what some documents are filed: keys by side, and the numbers they bear and quote.
#[derive(Default)]
struct Filed {
    entries: [Vec<Entry>; 2],
    numbers: [Vec<(Key, DocNo)>; 2],
}
