//! Parties, each kept once however many documents name it, with its name taken apart.

use std::collections::BTreeMap;

use customs::terms::{Identifier, Party};

use super::hash;
use crate::resolve::{Name, TokenKind, address_words, plain};

/// A party by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartyNo(u32);

/// A party with what comparing needs.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) party: Party,
    pub(crate) name: Name,
    /// Words of the whole address, sorted, each once.
    pub(crate) address: Box<[String]>,
    /// Its most telling words as keys, the most telling first.
    pub(crate) words: Box<[u64]>,
    /// The most telling words of its address as keys.
    pub(crate) places: Box<[u64]>,
    /// Its identifiers as keys.
    pub(crate) identifiers: Box<[u64]>,
    named: u32,
}

/// Words of a name used as keys, at most.
const WORDS_MAX: usize = 4;

impl Known {
    fn new(party: &Party) -> Self {
        let name = Name::new(&party.name);
        let telling = name.telling().into_iter().take(WORDS_MAX);
        let words = telling.map(|token| if token.sound.len() < 2 { &token.word } else { &token.sound });
        let words: Vec<u64> = words.map(|word| hash(&[word])).chain(opening(&name)).collect();
        let address = address_words(&party.address);
        let identifier = |identifier: &Identifier| hash(&[&identifier.scheme, &plain(&identifier.value)]);
        Self {
            words: words.into(),
            places: telling_words(&address),
            identifiers: party.identifiers.iter().map(identifier).collect(),
            address: address.into(),
            party: party.clone(),
            name,
            named: 1,
        }
    }
}

/// All parties that documents at hand name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parties {
    by_text: BTreeMap<Box<str>, PartyNo>,
    known: Vec<Option<Known>>,
    free: Vec<PartyNo>,
}

impl Parties {
    /// The number of this party, counting one more document that names it.
    pub(crate) fn take(&mut self, party: &Party) -> PartyNo {
        let key = key(party);
        if let Some(no) = self.by_text.get(key.as_str()).copied() {
            self.slot(no).named += 1;
            return no;
        }
        let known = Known::new(party);
        let no = self.free.pop().unwrap_or_else(|| {
            self.known.push(None);
            PartyNo(u32::try_from(self.known.len() - 1).expect("there are fewer parties than numbers"))
        });
        self.known[no.0 as usize] = Some(known);
        self.by_text.insert(key.into(), no);
        no
    }

    /// One document fewer names this party; the last one takes it along.
    pub(crate) fn give_back(&mut self, no: PartyNo) {
        let known = self.slot(no);
        known.named -= 1;
        if known.named == 0 {
            let key = key(&known.party);
            self.known[no.0 as usize] = None;
            self.by_text.remove(key.as_str());
            self.free.push(no);
        }
    }

    pub(crate) fn known(&self, no: PartyNo) -> &Known {
        self.known[no.0 as usize].as_ref().expect("a document that names a party keeps it")
    }

    fn slot(&mut self, no: PartyNo) -> &mut Known {
        self.known[no.0 as usize].as_mut().expect("a document that names a party keeps it")
    }
}

/// Everything a party consists of as one text, so that equal texts are equal parties.
fn key(party: &Party) -> String {
    let mut key = party.name.clone();
    for identifier in &party.identifiers {
        key.extend(["\u{1e}", identifier.scheme.as_str(), "\u{1f}", identifier.value.as_str()]);
    }
    let address = &party.address;
    key.push('\u{1d}');
    for part in [&address.line, &address.city, &address.subdivision, &address.postcode] {
        key.extend([part.as_str(), "\u{1f}"]);
    }
    key.extend(address.country.as_ref().map(|country| country.as_str()));
    key
}

/// How the own words of a name begin when read aloud without a pause: found however the words are parted.
fn opening(name: &Name) -> Option<u64> {
    let own = name.tokens.iter().filter(|token| token.kind == TokenKind::Own);
    let sound: String = own.map(|token| token.sound.as_str()).collect();
    sound.get(..OPENING).map(|opening| hash(&["", opening]))
}

/// Letters of the opening.
const OPENING: usize = 4;

/// The numbers and the longest words of an address.
fn telling_words(words: &[String]) -> Box<[u64]> {
    let weight = |word: &String| {
        let number = word.bytes().all(|byte| byte.is_ascii_digit());
        word.len() + if number && word.len() > 1 { 5 } else { 0 }
    };
    let mut words: Vec<&String> = words.iter().filter(|word| weight(word) >= 4).collect();
    words.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.cmp(b)));
    words.into_iter().take(WORDS_MAX).map(|word| hash(&[word])).collect()
}
