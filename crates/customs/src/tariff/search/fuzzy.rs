//! Words written wrongly: the known words that share most letter triples with them and are few slips away.

use std::collections::BTreeMap;

/// Known words by the triples of letters in them.
pub(super) struct Spelling {
    words: Vec<(Box<str>, u32)>,
    triples: BTreeMap<[u8; 3], Vec<u32>>,
}

impl Spelling {
    /// The single words among these terms, long enough that a slip can be told from another word.
    pub(super) fn of(terms: &BTreeMap<Box<str>, u32>) -> Self {
        let plain =
            |term: &str| term.len() >= LENGTH_MIN && term.bytes().all(|byte| byte.is_ascii_lowercase());
        let words: Vec<(Box<str>, u32)> =
            terms.iter().filter(|(term, _)| plain(term)).map(|(term, id)| (term.clone(), *id)).collect();
        let mut triples: BTreeMap<[u8; 3], Vec<u32>> = BTreeMap::new();
        for (place, (word, _)) in (0..).zip(&words) {
            for triple in triples_of(word) {
                triples.entry(triple).or_default().push(place);
            }
        }
        Self { words, triples }
    }

    /// The nearest known words with their terms: at most three, all equally few slips away.
    pub(super) fn near(&self, word: &str) -> Vec<(&str, u32)> {
        if word.len() < LENGTH_MIN || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Vec::new();
        }
        let slips_max = if word.len() < 8 { 1 } else { 2 };
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        let triples = triples_of(word);
        for place in triples.iter().filter_map(|triple| self.triples.get(triple)).flatten() {
            *shared.entry(*place).or_default() += 1;
        }
        // A slip touches three triples at most, a swap of neighbours four.
        let enough = triples.len().saturating_sub(4 * slips_max).max(1);
        let mut near: Vec<(usize, &str, u32)> = Vec::new();
        for (place, _) in shared.into_iter().filter(|(_, count)| *count >= enough) {
            let (known, term) = &self.words[place as usize];
            let slips = slips(word.as_bytes(), known.as_bytes(), slips_max);
            near.extend(slips.map(|slips| (slips, &**known, *term)));
        }
        near.sort_unstable();
        let fewest = near.first().map_or(0, |first| first.0);
        near.into_iter()
            .take_while(|found| found.0 == fewest)
            .take(3)
            .map(|(_, word, term)| (word, term))
            .collect()
    }
}

/// The triples of a word with its ends marked.
fn triples_of(word: &str) -> Vec<[u8; 3]> {
    let marked: Vec<u8> = [b'^'].into_iter().chain(word.bytes()).chain([b'$']).collect();
    let mut triples: Vec<[u8; 3]> = marked.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    triples.sort_unstable();
    triples.dedup();
    triples
}

/// How many slips (a letter more, less, other, or two swapped) lead from one word to the other, if at most `most`.
fn slips(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[b.len()]).filter(|slips| *slips <= most)
}

/// Shorter words are a slip away from too many others.
const LENGTH_MIN: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, expected) in [
            ("laptop", "laptop", Some(0)),
            ("latpop", "laptop", Some(2)),
            ("lpatop", "laptop", Some(1)),
            ("labtop", "laptop", Some(1)),
            ("laptops", "laptop", Some(1)),
            ("", "ab", Some(2)),
            ("printer", "laptop", None),
        ] {
            assert_eq!(slips(a.as_bytes(), b.as_bytes(), 2), expected, "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_known_words_are_found() {
        let terms = [("transformer", 0), ("transformator", 1), ("refrigerator", 2)];
        let terms = terms.into_iter().map(|(word, id)| (word.into(), id)).collect();
        let spelling = Spelling::of(&terms);
        assert_eq!(spelling.near("transfomer"), [("transformer", 0)]);
        assert_eq!(spelling.near("refridgerator"), [("refrigerator", 2)]);
        assert_eq!(spelling.near("zebra"), []);
        assert_eq!(spelling.near("tr"), []);
        assert_eq!(spelling.near("điện"), []);
    }
}
