//! Addresses, as far as they need to be compared: which words they share.

use customs::terms::Address;

use super::words;

/// The words of an address in plain letters, sorted, each once.
#[must_use]
pub fn address_words(address: &Address) -> Vec<String> {
    place_words([&address.line, &address.city, &address.subdivision, &address.postcode].map(String::as_str))
}

/// The same of its texts.
#[must_use]
pub fn place_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut all: Vec<String> = texts.into_iter().flat_map(words).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Share of the words of the shorter address the other has too, in parts per thousand; `None` where one says nothing.
#[must_use]
pub fn address_likeness(left: &Address, right: &Address) -> Option<u16> {
    shared_words(&address_words(left), &address_words(right))
}

/// The same of words that are sorted already.
#[must_use]
pub fn shared_words<W: Ord>(left: &[W], right: &[W]) -> Option<u16> {
    let fewer = left.len().min(right.len());
    if fewer == 0 {
        return None;
    }
    let shared = left.iter().filter(|word| right.binary_search(word).is_ok()).count();
    u16::try_from(1_000 * shared / fewer).ok()
}
