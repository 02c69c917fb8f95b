//! The keys under which lines find each other. Two lines that share none are never compared.

use crate::held::{Held, HeldLine, PartyNo, Terms};

/// A key as a number. Two keys may by chance be one number; that costs a comparison and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

/// Words of a name used as keys, at most.
const WORDS_MAX: usize = 4;

/// All keys of a line, sorted, each once.
pub(super) fn keys(terms: &Terms, doc: &Held, line: &HeldLine) -> Vec<Key> {
    let mut keys = Vec::new();
    let receiver = name_words(terms, doc.receiver);
    let sender = name_words(terms, doc.sender);
    let heading = line.hs.prefix(4).to_string();
    for word in &receiver {
        keys.push(key(b'r', &[&heading, word]));
    }
    for word in &sender {
        keys.push(key(b's', &[&heading, word]));
    }
    for (left, right) in receiver.iter().take(2).flat_map(|r| sender.iter().take(2).map(move |s| (r, s))) {
        keys.push(key(b'p', &[left, right]));
    }
    for (tag, party) in [(b'R', doc.receiver), (b'S', doc.sender)] {
        for identifier in &terms.parties.known(party).party.identifiers {
            keys.push(key(tag, &[&identifier.scheme, &plain(&identifier.value), &heading]));
        }
    }
    let six = line.hs.prefix(6).to_string();
    if let Some(amount) = terms.amount(line) {
        keys.push(key(b'q', &[&six, &amount.amount.to_string()]));
    }
    if !doc.place.is_none() {
        keys.push(key(b'l', &[&six, terms.codes.text(doc.place), terms.codes.text(line.origin)]));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The sounds of a name's most telling words.
fn name_words(terms: &Terms, party: PartyNo) -> Vec<String> {
    let telling = terms.parties.known(party).name.telling();
    let sounding =
        telling.into_iter().map(|token| if token.sound.len() < 2 { &token.word } else { &token.sound });
    sounding.take(WORDS_MAX).cloned().collect()
}

/// An identifier without what people put between its letters.
pub(super) fn plain(identifier: &str) -> String {
    identifier.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// FNV-1a over the tag and the parts.
fn key(tag: u8, parts: &[&str]) -> Key {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let start = step(0xcbf2_9ce4_8422_2325, tag);
    Key(parts.iter().fold(start, |hash, part| step(part.bytes().fold(hash, step), 0x1f)))
}

/// The key of a declaration number of a country.
pub(super) fn number_key(country: &str, number: &str) -> Key {
    key(b'x', &[country, &plain(number)])
}
