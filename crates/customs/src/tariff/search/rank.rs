//! Ranking: every line is weighed by its own words and by those of its subheading and heading.

use std::cmp::Reverse;
use std::sync::LazyLock;

use serde::Serialize;

use super::evidence::{self, Evidence, Place};
use super::index::{Index, Level};
use super::query::{How, Query};
use crate::tariff::{Line, Nomenclature, Path, ahtn};

/// A line that may be meant, with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The eight digits.
    pub code: &'static str,
    /// How much speaks for it: comparable within one search only.
    pub score: u64,
    /// What it is called.
    pub path: Path,
    /// Which words were found where.
    pub evidence: Vec<Evidence>,
}

/// The lines that may be meant by a code, words or a description, best first, at most `limit`. Digits ask for the
/// lines under a code; anything else for words in English, Indonesian or Vietnamese.
#[must_use]
pub fn search(text: &str, limit: usize) -> Vec<Candidate> {
    if let Some(code) = as_code(text) {
        return ahtn::under(&code).iter().take(limit).filter_map(|line| by_code(line, &code)).collect();
    }
    let query = Query::read(text, &INDEX);
    let found = best(&query, &INDEX, limit);
    found.into_iter().filter_map(|(score, line)| by_words(line, score, &query)).collect()
}

/// Two to eight digits, dots and spaces between them.
fn as_code(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let is_code = (2..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(digits)
}

fn by_code(line: &'static Line, code: &str) -> Option<Candidate> {
    let path = Nomenclature::Ahtn2022.path(line.code)?;
    let evidence =
        Evidence { said: code.to_owned(), found: line.code.to_owned(), how: How::Code, place: Place::Code };
    Some(Candidate { code: line.code, score: 0, path, evidence: vec![evidence] })
}

fn by_words(line: &'static Line, score: u64, query: &Query) -> Option<Candidate> {
    let path = Nomenclature::Ahtn2022.path(line.code)?;
    let evidence = evidence::gather(&path, &query.asked);
    Some(Candidate { code: line.code, score, path, evidence })
}

fn best(query: &Query, index: &Index, limit: usize) -> Vec<(u64, &'static Line)> {
    let [lines, subheadings, headings] = [0, 1, 2].map(|level: usize| scores(query, &index.levels[level]));
    let mut ranked: Vec<(Reverse<u64>, usize)> = Vec::with_capacity(index.lines.len());
    for (place, (subheading, heading)) in index.above.iter().enumerate() {
        let parts = [lines[place], subheadings[*subheading as usize], headings[*heading as usize]];
        let score: u64 = parts.iter().zip(WEIGHTS).map(|(part, weight)| part * weight).sum();
        if score > 0 {
            ranked.push((Reverse(score), place));
        }
    }
    if ranked.len() > limit {
        ranked.select_nth_unstable(limit);
        ranked.truncate(limit);
    }
    ranked.sort_unstable();
    ranked.into_iter().map(|(Reverse(score), place)| (score, index.lines[place])).collect()
}

/// What speaks for each text of a level.
fn scores(query: &Query, level: &Level) -> Vec<u64> {
    let mut scores = vec![0_u64; level.size];
    for (term, weight) in &query.weights {
        for (place, says) in level.postings(*term) {
            scores[*place as usize] += u64::from(*says) * u64::from(*weight);
        }
    }
    scores
}

/// How much a line's own words, its subheading's and its heading's weigh.
const WEIGHTS: [u64; 3] = [2, 3, 5];

/// Built when first searched; kept for the life of the program.
static INDEX: LazyLock<Index> = LazyLock::new(Index::build);

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Vec<&'static str> {
        search(text, 5).into_iter().map(|candidate| candidate.code).collect()
    }

    #[test]
    fn a_code_is_found_by_its_digits() {
        assert_eq!(first("8471.80"), ["84718010", "84718070", "84718090"]);
        assert_eq!(first("8471 80 90"), ["84718090"]);
        assert!(first("77").is_empty(), "there is no such chapter");
        assert!(first("").is_empty());
    }

    #[test]
    fn words_are_found_in_three_languages_and_with_slips() {
        for (text, heading) in [
            ("lip make-up preparations", "3304"),
            ("lip makeup preperations", "3304"),
            ("dầu thô đã tách nước", "2709"),
            ("chế phẩm trang điểm môi", "3304"),
            ("che pham trang diem moi", "3304"),
            ("preparat rias bibir", "3304"),
            ("laptop", "8471"),
            ("refridgerator", "8418"),
        ] {
            let found = first(text);
            assert!(found.iter().any(|code| code.starts_with(heading)), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_candidate_says_what_speaks_for_it() {
        let found = search("preperations for lips", 1);
        let evidence = &found[0].evidence;
        assert!(
            evidence.iter().any(|one| one.how == How::Spelling && one.found == "preparation"),
            "{evidence:?}"
        );
        assert!(evidence.iter().any(|one| one.how == How::Word && one.found == "lip"), "{evidence:?}");
    }
}
