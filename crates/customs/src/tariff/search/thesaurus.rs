//! Words of the trade for words of the shop: a person says `laptop`, the nomenclature a portable machine.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::{Word, words};

/// What the nomenclature says for words in a row, up to [`SAID_MAX`] of them.
pub(super) fn meanings(row: &[Word]) -> impl Iterator<Item = (String, &'static [Word])> {
    let spans = (1..=SAID_MAX).flat_map(|length| row.windows(length));
    spans.filter_map(|span| {
        let key = span.iter().map(|word| word.term.as_str()).collect::<Vec<_>>().join(" ");
        let found = MEANINGS.get(&key)?;
        Some((key, found.as_slice()))
    })
}

static MEANINGS: LazyLock<BTreeMap<String, Vec<Word>>> = LazyLock::new(|| {
    let mut meanings = BTreeMap::new();
    for line in include_str!("thesaurus.txt").lines() {
        let Some((said, meant)) = line.split_once('=') else { continue };
        for said in said.split(',') {
            let key = words(said).into_iter().map(|word| word.term).collect::<Vec<_>>().join(" ");
            meanings.insert(key, words(meant));
        }
    }
    meanings
});

/// How many words the longest thing said in the thesaurus has.
const SAID_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_thesaurus_is_read() {
        for line in
            include_str!("thesaurus.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            let (said, meant) = line.split_once('=').expect(line);
            assert!(said.split(',').all(|said| (1..=SAID_MAX).contains(&words(said).len())), "{line}");
            assert!(!words(meant).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_word_of_the_shop_has_a_meaning() {
        let found: Vec<String> = meanings(&words("a new laptop")).map(|(said, _)| said).collect();
        assert_eq!(found, ["laptop"]);
    }
}
