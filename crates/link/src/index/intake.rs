//! Taking many documents in at once: what each needs by itself is worked out side by side, and a party is taken apart once
//! however many documents name it.

use std::sync::{Mutex, PoisonError};

use super::batch::{Executor, gathered, in_parts};
use super::distinct::distinct;
use super::keys::{Key, keys_with};
use super::postings::Entry;
use super::shelf::{DocNo, Shelf, id_key};
use crate::doc::Doc;
use crate::held::{Hs, Known, Packed, PartyKeys, PartyNo, Piece};

/// Documents or parties worked on at a time.
const PART: usize = 2_048;

impl Shelf {
    /// Takes many documents in, each in the place of an earlier one of the same key.
    pub(super) fn load(&mut self, docs: Vec<Doc>, executor: &dyn Executor) {
        // No number is given out twice while its entries are on their way.
        self.loaded = u32::MAX;
        let docs = self.latest(docs);
        let keys: Vec<u64> = docs.iter().map(|doc| id_key(&doc.id)).collect();
        let pieces = pieces(docs, executor);
        let named = self.named(&pieces, executor);
        let places = self.adopted(pieces, &named);
        self.ids.append(&mut keys.into_iter().zip(places.iter().copied()).collect());
        let filed = self.filed(&places, &named, executor);
        drop(named);
        self.file(filed, executor);
        self.free = (0..self.places()).map(DocNo::at).filter(|no| !self.stands(*no)).collect();
        self.loaded = self.places();
    }

    /// Of documents of one key the last, in the order of their goods: what is compared then stands together. Those at hand
    /// in whose place one comes are let go.
    fn latest(&mut self, docs: Vec<Doc>) -> Vec<Doc> {
        let mut keyed: Vec<(u64, usize)> = docs.iter().map(|doc| id_key(&doc.id)).zip(0..).collect();
        keyed.sort_unstable();
        let mut kept = vec![true; docs.len()];
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (at, (_, earlier)) in same.iter().enumerate() {
                kept[*earlier] =
                    !same[at + 1..].iter().any(|(_, later)| docs[*later].id == docs[*earlier].id);
            }
        }
        let kept = docs.into_iter().zip(kept).filter_map(|(doc, kept)| kept.then_some(doc));
        let mut latest: Vec<Doc> = kept.collect();
        latest.sort_by_cached_key(|doc| (doc.id.side, heading(doc)));
        for doc in &latest {
            if let Some(old) = self.find(&doc.id) {
                self.take(old);
            }
        }
        latest
    }

    /// The numbers of all parties of these documents, new ones taken apart.
    fn named(&mut self, pieces: &[Piece], executor: &dyn Executor) -> Named {
        let docs = pieces.iter().flat_map(|piece| &piece.docs);
        let slots: Vec<&(u64, Packed)> = docs.flat_map(|doc| &doc.parties).collect();
        let (at, firsts) = distinct(&slots);
        let parts: Vec<&[u32]> = firsts.chunks(PART).collect();
        let parties = &self.terms.parties;
        let met = |slot: &u32| {
            let (hash, packed) = slots[*slot as usize];
            match parties.find(*hash, packed) {
                Some(no) => Met::AtHand(no, parties.known(no).keys()),
                None => Met::New(*hash, Box::new(Known::new(packed.clone()))),
            }
        };
        let met = gathered(executor, parts.len(), |part| parts[part].iter().map(met).collect::<Vec<_>>());
        let (numbers, keys) = self.met(met.into_iter().flatten());
        let named = Named { at, numbers, keys };
        (0..slots.len()).for_each(|slot| self.terms.parties.name(named.number(slot)));
        named
    }

    /// Gives the documents of these pieces places, in their order.
    fn adopted(&mut self, pieces: Vec<Piece>, named: &Named) -> Vec<DocNo> {
        let mut places = Vec::new();
        for piece in pieces {
            let codes = self.terms.learn(&piece);
            for prepared in piece.docs {
                let held = codes.adopt(prepared, named.of(places.len()));
                places.push(self.place(held));
            }
        }
        places
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
            side.0.load(pieces, |no: DocNo| docs[no.number() as usize].is_some());
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

fn heading(doc: &Doc) -> u64 {
    Hs::of(doc.lines.first().and_then(|line| line.hs.as_ref())).prefix(4)
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
