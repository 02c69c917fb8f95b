//! The keys under which documents find each other, and how much sharing one says. Two documents are compared where what
//! they share says enough.

use crate::held::{Amount, Held, Hs, PartyKeys, Terms, hash, mix};
use crate::resolve::plain;

/// A key as a number of 48 bits, the highest two of which tell how much it says. Two keys may by chance be one number; that
/// costs a comparison and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u64);

impl Key {
    fn new(kind: Kind, parts: &[u64]) -> Self {
        let mixed = parts.iter().fold(kind as u64, |key, part| mix(key, *part));
        Self((mixed & (SAYS - 1)) | (u64::from(kind.says().trailing_zeros()) * SAYS))
    }

    /// The key of any number.
    pub(super) const fn of(number: u64) -> Self {
        Self(number & (4 * SAYS - 1))
    }

    /// Its number.
    pub(super) const fn number(self) -> u64 {
        self.0
    }

    /// How much it says that two documents share it.
    pub(super) const fn says(self) -> u8 {
        1 << (self.0 / SAYS)
    }
}

/// The lowest of the bits that tell how much a key says.
const SAYS: u64 = 1 << 46;

/// Documents that share keys which together say so much are compared.
pub(super) const ENOUGH: u8 = 4;

/// What a key is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word of the receiver and the heading.
    Receiver = 1,
    /// A word of the sender and the heading.
    Sender,
    /// A word of the receiver's address and the heading.
    Address,
    /// An identifier of either and the heading.
    Identifier,
    /// About how much of the heading.
    Much,
    /// How much, and where it is unloaded.
    Place,
    /// A word of the receiver, and how much of whatever.
    ReceiverMuch,
    /// A word of each party and the chapter.
    Parties,
    /// The party behind one of its names, and the heading.
    Alias,
    /// The receiver's house number, where it is unloaded, and about how much of whatever.
    House,
}

impl Kind {
    /// A power of two, so that a key has room for it.
    const fn says(self) -> u8 {
        match self {
            Self::Identifier | Self::ReceiverMuch | Self::Parties | Self::Alias => ENOUGH,
            Self::Receiver | Self::Sender | Self::Address | Self::Place | Self::House => 2,
            // The same amount shares both of its steps, of this key and of the one with a house.
            Self::Much => 1,
        }
    }
}

/// Words of each party that are paired with the other's.
const PAIRED_MAX: usize = 2;
/// Words of the receiver that are paired with an amount.
const MEASURED_MAX: usize = 2;
/// Lines of a document that give keys of their own, at most.
const LINES_MAX: usize = 64;

/// All keys of a document, sorted, each once.
pub(crate) fn keys(terms: &Terms, doc: &Held) -> Vec<Key> {
    let party = |no| terms.parties.known(no).keys();
    keys_with(terms, doc, [&party(doc.sender), &party(doc.receiver)])
}

/// The same where what its sender and receiver are found by is known already.
pub(crate) fn keys_with(terms: &Terms, doc: &Held, [sender, receiver]: [&PartyKeys; 2]) -> Vec<Key> {
    let mut keys = Vec::with_capacity(32);
    let place = (!doc.place.is_none()).then(|| hash(&[terms.codes.text(doc.place)]));
    let owner = |no| terms.parties.known(no).owner.map(u64::from);
    let owners: Vec<u64> = [doc.sender, doc.receiver].into_iter().filter_map(owner).collect();
    let mut add = |kind: Kind, parts: &[u64]| keys.push(Key::new(kind, parts));
    let mut seen: Vec<u64> = Vec::new();
    for line in doc.lines.iter().take(LINES_MAX) {
        let heading = line.hs.prefix(4);
        if !seen.contains(&heading) {
            seen.push(heading);
            receiver.words.iter().for_each(|word| add(Kind::Receiver, &[heading, *word]));
            sender.words.iter().for_each(|word| add(Kind::Sender, &[heading, *word]));
            receiver.places.iter().for_each(|word| add(Kind::Address, &[heading, *word]));
            let identifiers = receiver.identifiers.iter().chain(&sender.identifiers);
            identifiers.for_each(|id| add(Kind::Identifier, &[heading, *id]));
            owners.iter().for_each(|owner| add(Kind::Alias, &[heading, *owner]));
            parties(&receiver.words, &sender.words, line.hs, &mut add);
        }
        if let Some(amount) = line.amount {
            let micro = amount.micro as u64;
            for step in steps(amount) {
                add(Kind::Much, &[heading, step]);
                let housed = place.zip(receiver.house);
                housed.into_iter().for_each(|(place, house)| add(Kind::House, &[house, place, step]));
            }
            place.into_iter().for_each(|place| add(Kind::Place, &[place, micro]));
            receiver
                .words
                .iter()
                .take(MEASURED_MAX)
                .for_each(|word| add(Kind::ReceiverMuch, &[*word, micro]));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn parties(receiver: &[u64], sender: &[u64], hs: Hs, add: &mut impl FnMut(Kind, &[u64])) {
    for word in receiver.iter().take(PAIRED_MAX) {
        sender.iter().take(PAIRED_MAX).for_each(|other| add(Kind::Parties, &[hs.prefix(2), *word, *other]));
    }
}

/// The two overlapping steps an amount lies in, each about a twentieth wide: amounts that differ by what scales do
/// share at least one.
fn steps(amount: Amount) -> [u64; 2] {
    let micro = u128::from(amount.micro.unsigned_abs().max(1));
    let whole = micro.ilog2();
    let place = u64::from(whole) * 64 + (((micro - (1 << whole)) * 64) >> whole) as u64;
    [place / 4 * 2, (place + 2) / 4 * 2 + 1]
}

/// The key of a declaration number of a country.
pub(crate) fn number_key(country: &str, number: &str) -> Key {
    Key::of(hash(&[country, &plain(number)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Dimension;
    use crate::held::Kind as AmountKind;

    #[test]
    fn amounts_that_differ_by_what_scales_do_share_a_step() {
        let steps = |kilograms: i64| {
            steps(Amount { kind: AmountKind::Known(Dimension::Mass), micro: kilograms * 1_000_000 })
        };
        for kilograms in [1_000, 1_023, 1_024, 16_383, 16_384, 18_000, 24_999] {
            let (here, there) = (steps(kilograms), steps(kilograms + kilograms / 250));
            assert!(here[0] == there[0] || here[1] == there[1], "{kilograms}");
        }
        let (here, there) = (steps(18_000), steps(20_000));
        assert!(here[0] != there[0] && here[1] != there[1]);
    }

    #[test]
    fn keys_that_say_enough_alone_are_told() {
        assert_eq!(Key::new(Kind::Identifier, &[7]).says(), ENOUGH);
        for kind in [Kind::Receiver, Kind::Sender, Kind::Address, Kind::Place, Kind::Much] {
            assert!(Key::new(kind, &[7]).says() * 2 <= ENOUGH);
        }
    }
}
