//! Parties, each kept once however many documents name it, with its name taken apart.

use std::collections::BTreeSet;

use customs::terms::Party;

use super::packed::Packed;
use super::{PartyRow, hash, word_hash};
use crate::resolve::{Directory, Name, Token, TokenKind, place_words, plain};

/// A party by its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartyNo(u32);

impl PartyNo {
    /// Nobody yet.
    pub(crate) const NOBODY: Self = Self(u32::MAX);

    pub(crate) const fn number(self) -> u32 {
        self.0
    }
}

/// A party with what comparing needs.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    packed: Packed,
    pub(crate) name: Name,
    /// Words of the whole address as numbers, sorted, each once.
    pub(crate) address: Box<[u32]>,
    /// Schemes and values of its identifiers as numbers.
    identifiers: Box<[(u32, u64)]>,
    /// The most telling words of its name as numbers, the most telling first.
    pub(crate) telling: Box<[u64]>,
    /// Whose name it is among those it is known by.
    pub(crate) owner: Option<u32>,
    named: u32,
}

/// Words of a name used as keys, at most.
const WORDS_MAX: usize = 4;
/// Words of an address used as keys, at most.
const PLACES_MAX: usize = 3;

/// What a party is found by.
#[derive(Debug)]
pub(crate) struct PartyKeys {
    /// Its most telling words, the most telling first, and how it begins when read aloud.
    pub(crate) words: Vec<u64>,
    /// The most telling words of its address.
    pub(crate) places: Vec<u64>,
    /// A number of its address, mostly that of its house; of several the first as texts are ordered.
    pub(crate) house: Option<u64>,
    /// Its identifiers.
    pub(crate) identifiers: Vec<u64>,
}

impl Known {
    /// Takes a party apart, and says what it is found by.
    pub(crate) fn new(packed: Packed) -> (Self, PartyKeys) {
        let name = Name::new(packed.name());
        let places = place_words(packed.places());
        let mut address: Vec<u32> = places.iter().map(|word| word_hash(word)).collect();
        address.sort_unstable();
        let number = |(scheme, value): (&str, &str)| (word_hash(scheme), hash(&[&plain(value)]));
        let known = Self {
            telling: telling(&name).map(|(word, _)| word).collect(),
            identifiers: packed.identifiers().map(number).collect(),
            address: address.into(),
            packed,
            name,
            owner: None,
            named: 0,
        };
        let keys = known.keys_with(&places);
        (known, keys)
    }

    /// The party as it came.
    pub(crate) fn party(&self) -> Party {
        self.packed.party()
    }

    /// The words of its address.
    pub(crate) fn address_text(&self) -> String {
        place_words(self.packed.places()).join(" ")
    }

    /// Its name, or where there is none its first identifier.
    pub(crate) fn shown(&self) -> String {
        let name = self.packed.name();
        let shown = if name.is_empty() {
            self.packed.identifiers().next().map_or("", |(_, value)| value)
        } else {
            name
        };
        shown.to_owned()
    }

    /// How the telling word at this place is written.
    pub(crate) fn spelled(&self, at: usize) -> String {
        telling(&self.name).nth(at).map_or_else(String::new, |(_, token)| token.letters().to_owned())
    }

    /// What it is found by.
    pub(crate) fn keys(&self) -> PartyKeys {
        self.keys_with(&place_words(self.packed.places()))
    }

    fn keys_with(&self, places: &[String]) -> PartyKeys {
        let mut words: Vec<u64> = Vec::with_capacity(WORDS_MAX + 1);
        for word in self.telling.iter().copied().chain(opening(&self.name)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let identifier = |(scheme, value): (&str, &str)| hash(&[scheme, &plain(value)]);
        let identifiers = self.packed.identifiers().map(identifier).collect();
        let house = places.iter().find(|word| is_number(word)).map(|word| hash(&[word]));
        PartyKeys { words, places: telling_words(places), house, identifiers }
    }

    /// Whether more than its name may tell who it is.
    pub(super) const fn is_identified(&self) -> bool {
        !self.identifiers.is_empty() || self.owner.is_some()
    }

    /// Whether the two carry an identifier of one scheme, and if so, whether any is the same.
    pub(crate) fn same_identifier(&self, other: &Self) -> Option<bool> {
        let mut shared = None;
        for (scheme, value) in &self.identifiers {
            for (_, theirs) in other.identifiers.iter().filter(|(theirs, _)| theirs == scheme) {
                shared = Some(shared.unwrap_or(false) || value == theirs);
            }
        }
        shared
    }
}

/// All parties that documents at hand name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parties {
    by_text: BTreeSet<(u64, PartyNo)>,
    known: Vec<Option<Known>>,
    free: Vec<PartyNo>,
    /// Names that are known to be one party's, learnt from confirmed links.
    aliases: Directory,
}

impl Parties {
    /// The number of this party, counting one more document that names it; it is taken apart where it is new.
    pub(crate) fn take(&mut self, party: &Party) -> PartyNo {
        let packed = Packed::of(party);
        let hash = packed.hash();
        let no = self.find(hash, &packed).unwrap_or_else(|| {
            let no = self.put(Known::new(packed).0);
            self.by_text.insert((hash, no));
            no
        });
        self.name(no);
        no
    }

    /// Counts one more document that names this party.
    pub(crate) fn name(&mut self, no: PartyNo) {
        self.slot(no).named += 1;
    }

    /// The number of a party that is at hand, by its hash and its texts.
    pub(crate) fn find(&self, hash: u64, packed: &Packed) -> Option<PartyNo> {
        let same = self.by_text.range((hash, PartyNo(0))..=(hash, PartyNo(u32::MAX)));
        same.map(|(_, no)| *no).find(|no| self.known(*no).packed == *packed)
    }

    /// Takes in many parties of which none is at hand, each behind its hash; no document names them yet.
    pub(crate) fn put_all(&mut self, parties: impl IntoIterator<Item = (u64, Known)>) -> Vec<PartyNo> {
        let numbered: Vec<(u64, PartyNo)> =
            parties.into_iter().map(|(hash, known)| (hash, self.put(known))).collect();
        self.by_text.append(&mut numbered.iter().copied().collect());
        numbered.into_iter().map(|(_, no)| no).collect()
    }

    fn put(&mut self, known: Known) -> PartyNo {
        let no = self.free.pop().unwrap_or_else(|| {
            self.known.push(None);
            PartyNo(u32::try_from(self.known.len() - 1).expect("there are fewer parties than numbers"))
        });
        let owner = self.aliases.owner(&known.name);
        self.known[no.0 as usize] = Some(Known { owner, ..known });
        no
    }

    /// The parties whose owner is another by these names.
    pub(crate) fn changed_by(&self, aliases: &Directory) -> BTreeSet<PartyNo> {
        let changed = |(at, known): (usize, &Option<Known>)| {
            let known = known.as_ref()?;
            (aliases.owner(&known.name) != known.owner).then_some(PartyNo(at as u32))
        };
        self.known.iter().enumerate().filter_map(changed).collect()
    }

    /// Goes by these names from now on. No party whose owner that changes may be at hand.
    pub(crate) fn go_by(&mut self, aliases: Directory) {
        self.aliases = aliases;
    }

    /// One document fewer names this party; the last one takes it along.
    pub(crate) fn give_back(&mut self, no: PartyNo) {
        let known = self.slot(no);
        known.named -= 1;
        if known.named == 0 {
            let hash = known.packed.hash();
            self.known[no.0 as usize] = None;
            self.by_text.remove(&(hash, no));
            self.free.push(no);
        }
    }

    /// What a glance at each party shows, by their numbers.
    pub(crate) fn rows(&self) -> Vec<PartyRow> {
        let row = |known: &Option<Known>| known.as_ref().map_or_else(PartyRow::default, PartyRow::of);
        self.known.iter().map(row).collect()
    }

    pub(crate) fn known(&self, no: PartyNo) -> &Known {
        self.known[no.0 as usize].as_ref().expect("a document that names a party keeps it")
    }

    fn slot(&mut self, no: PartyNo) -> &mut Known {
        self.known[no.0 as usize].as_mut().expect("a document that names a party keeps it")
    }
}

/// The most telling words of a name as numbers, by their sound where they have one.
fn telling(name: &Name) -> impl Iterator<Item = (u64, Token<'_>)> {
    name.telling().into_iter().take(WORDS_MAX).map(|token| {
        let word = if token.sound.len() < 2 { token.word } else { token.sound };
        (hash(&[word]), token)
    })
}

/// How the own words of a name begin when read aloud without a pause: found however the words are parted.
fn opening(name: &Name) -> Option<u64> {
    let own = name.tokens().filter(|token| token.kind == TokenKind::Own);
    let sound: String = own.map(|token| token.sound).collect();
    sound.get(..OPENING).map(|opening| hash(&["", opening]))
}

/// Letters of the opening.
const OPENING: usize = 4;

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers and the longest words of an address.
fn telling_words(words: &[String]) -> Vec<u64> {
    let weight = |word: &String| word.len() + if is_number(word) && word.len() > 1 { 5 } else { 0 };
    let mut words: Vec<&String> = words.iter().filter(|word| weight(word) >= 4).collect();
    words.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.cmp(b)));
    words.into_iter().take(PLACES_MAX).map(|word| hash(&[word])).collect()
}
