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

/// Whether two addresses are one house: yes where the first number of both lines is the same, no where they have no number in
/// common; `None` where one has none or the numbers leave it open.
#[must_use]
pub fn same_house(left: &Address, right: &Address) -> Option<bool> {
    let numbers = |address: &Address| -> Vec<String> {
        let is_number = |word: &String| word.bytes().all(|letter| letter.is_ascii_digit());
        words(&address.line).into_iter().filter(is_number).collect()
    };
    let (left, right) = (numbers(left), numbers(right));
    match (left.first()?, right.first()?) {
        (ours, theirs) if ours == theirs => Some(true),
        _ if left.iter().any(|number| right.contains(number)) => None,
        _ => Some(false),
    }
}

/// [`address_likeness`] of words that are sorted already.
#[must_use]
pub fn shared_words<W: Ord>(left: &[W], right: &[W]) -> Option<u16> {
    let fewer = left.len().min(right.len());
    if fewer == 0 {
        return None;
    }
    let shared = left.iter().filter(|word| right.binary_search(word).is_ok()).count();
    u16::try_from(1_000 * shared / fewer).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_houses_apart() {
        let address = |line: &str| Address { line: line.to_owned(), ..Address::default() };
        let same = |left, right| same_house(&address(left), &address(right));
        assert_eq!(same("428 Bình Cầu, xã Gò Nai", "428 Binh Cau, phường 7"), Some(true));
        assert_eq!(same("428 Bình Cầu, xã Gò Nai", "73 Cầu Chi, xã Gò Nai"), Some(false));
        assert_eq!(
            same("Lô 3, 428 Bình Cầu", "428 Bình Cầu"),
            None,
            "a number is the same, in another place"
        );
        assert_eq!(same("Bình Cầu", "73 Cầu Chi"), None, "no number says nothing");
    }
}
