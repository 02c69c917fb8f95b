//! The keys under which lines find each other. Two lines that share none are never compared.

use crate::held::{Held, HeldLine, Terms, hash, mix};
use crate::resolve::plain;

/// A key as a number. Two keys may by chance be one number; that costs a comparison and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) u64);

/// What a key is made of.
#[derive(Clone, Copy)]
enum Kind {
    /// A word of the receiver and the heading.
    Receiver = 1,
    /// A word of the sender and the heading.
    Sender,
    /// A word of each.
    Parties,
    /// A word of the receiver's address and the heading.
    Address,
    /// An identifier of the receiver and the heading.
    ReceiverId,
    /// An identifier of the sender and the heading.
    SenderId,
    /// Subheading and amount.
    Amount,
    /// Amount and place.
    AmountPlace,
}

/// Words of each party that are paired with the other's.
const PAIRED_MAX: usize = 2;

/// All keys of a line, sorted, each once.
pub(crate) fn keys(terms: &Terms, doc: &Held, line: &HeldLine) -> Vec<Key> {
    let mut keys = Vec::with_capacity(20);
    let mut add = |kind: Kind, parts: &[u64]| {
        keys.push(Key(parts.iter().fold(kind as u64, |key, part| mix(key, *part))));
    };
    let (receiver, sender) = (terms.parties.known(doc.receiver), terms.parties.known(doc.sender));
    let (heading, six) = (line.hs.prefix(4), line.hs.prefix(6));
    for word in &receiver.words {
        add(Kind::Receiver, &[heading, *word]);
        sender.words.iter().take(PAIRED_MAX).for_each(|other| add(Kind::Parties, &[*word, *other]));
    }
    sender.words.iter().for_each(|word| add(Kind::Sender, &[heading, *word]));
    receiver.places.iter().for_each(|word| add(Kind::Address, &[heading, *word]));
    receiver.identifiers.iter().for_each(|id| add(Kind::ReceiverId, &[heading, *id]));
    sender.identifiers.iter().for_each(|id| add(Kind::SenderId, &[heading, *id]));
    let place = (!doc.place.is_none()).then(|| hash(&[terms.codes.text(doc.place)]));
    if let Some(amount) = terms.amount(line) {
        add(Kind::Amount, &[six, amount.micro as u64]);
        place.into_iter().for_each(|place| add(Kind::AmountPlace, &[place, amount.micro as u64]));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The key of a declaration number of a country.
pub(crate) fn number_key(country: &str, number: &str) -> Key {
    Key(hash(&[country, &plain(number)]))
}
