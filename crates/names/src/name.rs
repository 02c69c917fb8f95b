//! A name taken apart: its own words, what it says the firm does and where, its legal form.

use std::borrow::Cow;

use super::fold::is_syllabic;
use super::lexicon::{Opens, Phrase, native_at, phrase_at};
use super::pairs::LetterPairs;
use super::romanize::{apart, is_romanized};
use super::similar::distance_within;
use super::sketch::Sketch;
use super::{number, sound, words};

/// A name taken apart, in little room: millions of them are held at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// All letters the words consist of.
    text: Box<str>,
    words: Box<[Held]>,
    forms: Box<[&'static str]>,
    /// All its words written together, legal forms included; and the same without legal forms.
    folded: Span,
    body: Span,
    /// The pairs of neighbouring letters in its own words, and those of their sounds.
    pairs: (LetterPairs, LetterPairs),
    /// The pairs of neighbouring sounds in its own words alone.
    sounds: LetterPairs,
    /// Whether a part of it was written in another script than Latin.
    pub foreign: bool,
}

/// A word of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word in plain letters; for a word with a meaning, the meaning.
    pub word: &'a str,
    /// The word as it was spelled, in plain letters; empty where that is the word.
    pub spelled: &'a str,
    /// The consonants it was spelled with, as classes.
    pub sound: &'a str,
    /// What it is.
    pub kind: TokenKind,
}

/// A stretch of a name's letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Span {
    from: u16,
    to: u16,
}

/// A word by where its letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    word: Span,
    spelled: Span,
    sound: Span,
    kind: TokenKind,
}

/// What a word of a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// A word of its own.
    Own,
    /// A number.
    Number,
    /// What a firm does.
    Trade,
    /// Where a firm is.
    Place,
}

/// Legal forms of two letters that stand before a name.
const OPENING: [&str; 4] = ["pt", "cv", "ud", "ms"];

impl<'a> Token<'a> {
    /// The letters it was written with, in plain ones.
    #[must_use]
    pub const fn letters(&self) -> &'a str {
        if self.spelled.is_empty() { self.word } else { self.spelled }
    }

    /// How much the word tells one name from another.
    #[must_use]
    pub fn weight(&self) -> u32 {
        match self.kind {
            TokenKind::Own => 4 + 2 * u32::try_from(self.word.len().min(8)).unwrap_or(8),
            TokenKind::Number => 10,
            TokenKind::Trade => 9,
            TokenKind::Place => 7,
        }
    }
}

/// A word while its name is taken apart.
struct Word {
    word: Cow<'static, str>,
    spelled: String,
    sound: String,
    kind: TokenKind,
}

impl Word {
    fn own(word: String) -> Self {
        let kind =
            if word.bytes().all(|byte| byte.is_ascii_digit()) { TokenKind::Number } else { TokenKind::Own };
        Self { sound: sound(&word), word: word.into(), spelled: String::new(), kind }
    }

    fn meaning(kind: TokenKind, meaning: &'static str, spelled: &str) -> Self {
        Self { word: meaning.into(), spelled: spelled.to_owned(), sound: sound(spelled), kind }
    }

    fn letters(&self) -> &str {
        if self.spelled.is_empty() { &self.word } else { &self.spelled }
    }
}

/// A name while it is taken apart.
#[derive(Default)]
struct Parts {
    words: Vec<Word>,
    forms: Vec<&'static str>,
    body: String,
}

/// A stretch of a name before its words are looked up.
enum Piece {
    Text(String),
    Known(Phrase, String),
}

impl Name {
    /// Takes a name apart. Of a very long one the first part is looked at.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.char_indices().nth(NAME_MAX).map_or(text, |(end, _)| &text[..end]);
        let foreign =
            text.chars().any(|letter| is_romanized(letter) || is_syllabic(letter) || is_far(letter));
        let folded = words(text);
        let letters = folded.concat();
        let mut parts = Parts::default();
        if text.chars().any(is_romanized) {
            for piece in pieces(text) {
                match piece {
                    Piece::Known(phrase, spelled) => parts.take(phrase, &words(&spelled).concat()),
                    Piece::Text(text) => parts.read(number::replaced(words(&text))),
                }
            }
        } else {
            parts.read(number::replaced(folded));
        }
        if parts.words.is_empty() {
            parts.words = words(text).into_iter().map(Word::own).collect();
        }
        parts.packed(&letters, foreign)
    }

    /// Its words, in their order.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Token<'_>> + ExactSizeIterator {
        self.words.iter().map(|held| self.of(held))
    }

    /// Its legal forms, each once.
    #[must_use]
    pub fn forms(&self) -> &[&'static str] {
        &self.forms
    }

    /// All its words written together, legal forms included.
    #[must_use]
    pub fn folded(&self) -> &str {
        self.at(self.folded)
    }

    /// All its words written together, without legal forms.
    #[must_use]
    pub fn body(&self) -> &str {
        self.at(self.body)
    }

    fn of(&self, held: &Held) -> Token<'_> {
        let Held { word, spelled, sound, kind } = *held;
        Token { word: self.at(word), spelled: self.at(spelled), sound: self.at(sound), kind }
    }

    fn at(&self, span: Span) -> &str {
        &self.text[usize::from(span.from)..usize::from(span.to)]
    }

    /// Whether the two have so few letters in common that nothing else needs to be looked at.
    pub(super) fn is_far_from(&self, other: &Self) -> bool {
        if self.foreign != other.foreign {
            return false;
        }
        self.pairs.0.is_far_from(other.pairs.0) && self.pairs.1.is_far_from(other.pairs.1)
    }

    /// How much of what makes the two names is alike when read aloud, as [`Sketch::kinship`] has it.
    #[must_use]
    pub fn kinship(&self, other: &Self) -> Option<u16> {
        self.sketch().kinship(&other.sketch())
    }

    /// The name at a glance.
    #[must_use]
    pub const fn sketch(&self) -> Sketch {
        Sketch::new(self.pairs.0, self.sounds, self.foreign, self.is_empty())
    }

    /// Whether nothing is left to compare.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words that tell it from others, the most telling first; all of its words where it has none of its own.
    #[must_use]
    pub fn telling(&self) -> Vec<Token<'_>> {
        let mut own: Vec<Token<'_>> =
            self.tokens().filter(|token| matches!(token.kind, TokenKind::Own | TokenKind::Number)).collect();
        if own.is_empty() {
            own = self.tokens().collect();
        }
        own.sort_by(|a, b| b.word.len().cmp(&a.word.len()).then_with(|| a.word.cmp(b.word)));
        own.dedup_by(|a, b| a.word == b.word);
        own
    }
}

impl Parts {
    fn read(&mut self, mut words: Vec<String>) {
        let mut at = 0;
        while at < words.len() {
            let known =
                phrase_at(&words[at..]).filter(|(phrase, length)| self.stands(*phrase, &words, at, *length));
            match known {
                Some((phrase, length)) => {
                    self.take(phrase, &words[at..at + length].concat());
                    at += length;
                }
                None if is_slipped_form(&words[at]) => at += 1,
                None => {
                    self.body.push_str(&words[at]);
                    self.words.push(Word::own(std::mem::take(&mut words[at])));
                    at += 1;
                }
            }
        }
    }

    /// A legal form of one or two letters is one only where legal forms stand: first, last, beside another.
    fn stands(&self, phrase: Phrase, words: &[String], at: usize, length: usize) -> bool {
        let short = length == 1 && words[at].len() <= 2 && words.len() > 1;
        if !short || !matches!(phrase, Phrase::Form(_) | Phrase::Stop) {
            return true;
        }
        let last = at + 1 == words.len();
        let before_form = phrase_at(&words[(at + 1).min(words.len())..])
            .is_some_and(|(next, _)| matches!(next, Phrase::Form(_)));
        let opens = at == 0 && self.words.is_empty();
        match phrase {
            Phrase::Stop => words[at].len() == 2 || (!last && !opens),
            _ if opens => OPENING.contains(&words[at].as_str()),
            _ => last || before_form,
        }
    }

    fn take(&mut self, phrase: Phrase, spelled: &str) {
        if !matches!(phrase, Phrase::Form(_)) {
            self.body.push_str(spelled);
        }
        match phrase {
            Phrase::Form(form) => {
                if !self.forms.contains(&form) {
                    self.forms.push(form);
                }
            }
            Phrase::Trade(meaning) => self.words.push(Word::meaning(TokenKind::Trade, meaning, spelled)),
            Phrase::Place(meaning) => self.words.push(Word::meaning(TokenKind::Place, meaning, spelled)),
            Phrase::Stop => {}
        }
    }

    fn pairs_of(&self, foreign: bool, of: impl Fn(&Word) -> &str) -> LetterPairs {
        let own = self.words.iter().filter(|word| foreign || word.kind == TokenKind::Own);
        LetterPairs::of(own.map(of))
    }

    fn packed(self, folded: &str, foreign: bool) -> Name {
        let pairs = (self.pairs_of(foreign, Word::letters), self.pairs_of(foreign, |word| &word.sound));
        let sounds = self.pairs_of(false, |word| &word.sound);
        let mut text = String::with_capacity(folded.len() * 3);
        let folded = put(&mut text, folded);
        let body = put(&mut text, &self.body);
        let words = self.words.iter().map(|word| Held {
            word: put(&mut text, &word.word),
            spelled: put(&mut text, &word.spelled),
            sound: put(&mut text, &word.sound),
            kind: word.kind,
        });
        let words: Box<[Held]> = words.collect();
        Name { words, text: text.into(), forms: self.forms.into(), folded, body, pairs, sounds, foreign }
    }
}

/// Where these letters stand in a text; they are put at its end where it does not hold them yet.
fn put(text: &mut String, letters: &str) -> Span {
    let from = place(text, letters).unwrap_or_else(|| {
        text.push_str(letters);
        text.len() - letters.len()
    });
    let bound = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    Span { from: bound(from), to: bound(from + letters.len()) }
}

/// Where a text holds these letters. Texts are so short that looking for the first letter is quicker than preparing more.
fn place(text: &str, letters: &str) -> Option<usize> {
    let Some(first) = letters.bytes().next() else { return Some(0) };
    let mut begins = text.bytes().enumerate().filter(|(_, letter)| *letter == first).map(|(at, _)| at);
    begins.find(|at| text.as_bytes()[*at..].starts_with(letters.as_bytes()))
}

/// Letters of a name that are looked at: far fewer than a span can tell of, however they are romanized.
const NAME_MAX: usize = 600;

/// Whether the letter is of a script that is spelled rather than read in Latin.
const fn is_far(letter: char) -> bool {
    matches!(letter, '\u{0370}'..='\u{1aff}' | '\u{3040}'..='\u{30ff}')
}

/// Whether the word is one of a legal form with a slip in it, such as `limted`.
fn is_slipped_form(word: &str) -> bool {
    if word.len() < 5 {
        return false;
    }
    let own = letters(word.as_bytes());
    // One slip changes a length by one at most, and brings in no more than one letter.
    let near = |(form, theirs): &(&str, u64)| {
        form.len().abs_diff(word.len()) <= 1
            && is_one_at_most(own & !theirs)
            && is_one_at_most(theirs & !own)
            && distance_within(word, form, 1) == Some(1)
    };
    FORM_WORDS.iter().any(near)
}

/// A bit for every letter of a word.
const fn letters(word: &[u8]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < word.len() {
        bits |= 1 << (word[at] % 64);
        at += 1;
    }
    bits
}

const fn is_one_at_most(bits: u64) -> bool {
    bits & bits.wrapping_sub(1) == 0
}

const fn form(word: &'static str) -> (&'static str, u64) {
    (word, letters(word.as_bytes()))
}

/// Long words of legal forms, with their letters.
const FORM_WORDS: [(&str, u64); 11] = [
    form("company"),
    form("limited"),
    form("joint"),
    form("stock"),
    form("corporation"),
    form("incorporated"),
    form("enterprise"),
    form("private"),
    form("member"),
    form("berhad"),
    form("liability"),
];

/// The text with the phrases of scripts without spaces cut out.
fn pieces(text: &str) -> Vec<Piece> {
    let letters: Vec<char> = text.chars().flat_map(apart).collect();
    let mut pieces = Vec::new();
    let mut run = String::new();
    let mut at = 0;
    while at < letters.len() {
        let opens = if at == 0 || !is_romanized(letters[at - 1]) || run.is_empty() {
            Opens::AtBoundary
        } else {
            Opens::Inside
        };
        let known = is_romanized(letters[at]).then(|| native_at(&letters[at..], opens)).flatten();
        match known {
            Some((phrase, length)) => {
                pieces.push(Piece::Text(std::mem::take(&mut run)));
                pieces.push(Piece::Known(phrase, letters[at..at + length].iter().collect()));
                at += length;
            }
            None => {
                run.push(letters[at]);
                at += 1;
            }
        }
    }
    pieces.push(Piece::Text(run));
    pieces
}
