//! Words that many names share, by what they mean, over languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::romanize::{apart, is_romanized};
use super::{number, words};

/// What a stretch of a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phrase {
    /// A legal form.
    Form(&'static str),
    /// What a firm does.
    Trade(&'static str),
    /// Where a firm is.
    Place(&'static str),
    /// Nothing that tells one name from another.
    Stop,
}

/// The longest phrase at the start of these folded words, and how many words it takes.
pub(super) fn phrase_at(text: &[String]) -> Option<(Phrase, usize)> {
    LEXICON.of_first(text.first()?)?.iter().find_map(|(rest, phrase)| {
        let follows = text.len() > rest.len() && rest.iter().zip(&text[1..]).all(|(a, b)| a == b);
        follows.then_some((*phrase, rest.len() + 1))
    })
}

/// The longest phrase at the start of this text of a script without spaces, and how many letters it takes. A short one
/// must stand alone.
pub(super) fn native_at(letters: &[char], opens: Opens) -> Option<(Phrase, usize)> {
    let of_first = LEXICON.native.get(letters.first()?)?;
    of_first.iter().find_map(|(phrase_letters, phrase)| {
        let length = phrase_letters.len();
        let alone = opens == Opens::AtBoundary && letters.get(length).is_none_or(|next| !is_romanized(*next));
        let fits = letters.starts_with(phrase_letters) && (length >= NATIVE_MIN || alone);
        fits.then_some((*phrase, length))
    })
}

/// Whether a phrase would begin where a run of letters begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    AtBoundary,
    Inside,
}

/// Phrases of scripts without spaces are found inside a run from this many letters on.
const NATIVE_MIN: usize = 5;

/// Phrases by the words after their first, longest first.
type Phrases = Vec<(Vec<String>, Phrase)>;

struct Lexicon {
    /// By first word, which stands at its [`place`]: the other words and what it means, longest first. Nearly every word of
    /// a name opens no phrase and finds its place empty.
    folded: Vec<BTreeMap<String, Phrases>>,
    /// By first letter, longest first.
    native: BTreeMap<char, Vec<(Vec<char>, Phrase)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("lexicon.txt")));

/// Places for first words.
const PLACES: usize = 1 << 12;

/// Where a word stands by its length, its first two letters and its last.
fn place(word: &str) -> usize {
    let letters = word.as_bytes();
    let letter = |at: Option<&u8>| at.map_or(0, |letter| usize::from(letter % 32));
    let (first, second, last) = (letter(letters.first()), letter(letters.get(1)), letter(letters.last()));
    (word.len() + first * 97 + second * 389 + last * 1_543) % PLACES
}

impl Lexicon {
    /// The phrases that begin with a word.
    fn of_first(&self, word: &str) -> Option<&Phrases> {
        self.folded[place(word)].get(word)
    }

    fn read(text: &'static str) -> Self {
        let mut lexicon = Self { folded: vec![BTreeMap::new(); PLACES], native: BTreeMap::new() };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((head, phrases)) = line.split_once('=') else { continue };
            let (kind, meaning) = head.trim().split_once(' ').unwrap_or((head, ""));
            let phrase = match kind {
                "form" => Phrase::Form(meaning.trim()),
                "trade" => Phrase::Trade(meaning.trim()),
                "place" => Phrase::Place(meaning.trim()),
                _ => Phrase::Stop,
            };
            phrases.split(',').for_each(|text| lexicon.add(text.trim(), phrase));
        }
        lexicon
            .folded
            .iter_mut()
            .flat_map(BTreeMap::values_mut)
            .for_each(|list| list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len())));
        lexicon
            .native
            .values_mut()
            .for_each(|list| list.sort_by_key(|(text, _)| std::cmp::Reverse(text.len())));
        lexicon
    }

    /// Adds a phrase; the first meaning of a phrase stays.
    fn add(&mut self, text: &str, phrase: Phrase) {
        if text.chars().any(is_romanized) {
            let letters: Vec<char> = text.chars().flat_map(apart).collect();
            self.native.entry(letters[0]).or_default().push((letters, phrase));
        } else if let Some((first, rest)) = number::replaced(words(text)).split_first() {
            let list = self.folded[place(first)].entry(first.clone()).or_default();
            if !list.iter().any(|(known, _)| known == rest) {
                list.push((rest.to_vec(), phrase));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Option<(Phrase, usize)> {
        phrase_at(&words(text))
    }

    #[test]
    fn a_legal_form_is_one_over_languages() {
        for text in [
            "Công ty TNHH",
            "Co., Ltd.",
            "有限公司",
            "Sdn. Bhd.",
            "GmbH",
            "L.L.C.",
            "общество с ограниченной ответственностью",
        ] {
            let length = words(text).len();
            assert_eq!(phrase(text), Some((Phrase::Form("limited"), length)), "{text}");
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(phrase("xuất nhập khẩu Minh Phát"), Some((Phrase::Trade("import-export"), 3)));
        assert_eq!(phrase("public company limited"), Some((Phrase::Form("joint-stock"), 3)));
    }

    #[test]
    fn a_short_native_phrase_must_stand_alone() {
        let at = |text: &str, opens| native_at(&text.chars().flat_map(apart).collect::<Vec<_>>(), opens);
        assert_eq!(at("ยา", Opens::AtBoundary), Some((Phrase::Trade("pharmaceutical"), 2)));
        assert_eq!(at("ยาน", Opens::AtBoundary), None);
        assert_eq!(at("บริษัทไทย", Opens::AtBoundary), Some((Phrase::Form("company"), 6)));
    }
}
