//! Words written wrongly: the known words that share most letter triples with them and are few slips away.

use std::collections::BTreeMap;

/// Known words by the triples of letters in them.
pub(super) struct Spelling {
    words: Vec<(Box<str>, u32)>,
    triples: BTreeMap<[u8; 3], Vec<u32>>,
}

impl Spelling {
    /// The single words among these terms, long enough that a slip can be told from another word.
    pub(super) fn of<'a>(terms: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut words: Vec<(Box<str>, u32)> =
            terms.filter(|(term, _)| plain(term)).map(|(term, number)| (term.into(), number)).collect();
        words.sort_unstable();
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
        if !plain(word) {
            return Vec::new();
        }
        let slips_max = if word.len() < 8 { 1 } else { 2 };
        let mut near: Vec<(usize, &str, u32)> = Vec::new();
        for place in self.alike(word, slips_max) {
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

    /// The known words of about the same length that share enough triples.
    fn alike(&self, word: &str, slips_max: usize) -> Vec<u32> {
        let triples = triples_of(word);
        // A slip touches three triples at most.
        let enough = triples.len().saturating_sub(3 * slips_max).max(2);
        let mut shared = vec![0_usize; self.words.len()];
        let mut alike = Vec::new();
        for place in triples.iter().filter_map(|triple| self.triples.get(triple)).flatten() {
            shared[*place as usize] += 1;
            let length = self.words[*place as usize].0.len();
            if shared[*place as usize] == enough && length.abs_diff(word.len()) <= slips_max {
                alike.push(*place);
            }
        }
        alike
    }
}

/// Long enough that a slip can be told from another word, and of plain letters.
fn plain(word: &str) -> bool {
    (LENGTH_MIN..=LENGTH_MAX).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
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
/// No word is longer than [`LENGTH_MAX`].
fn slips(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    let mut rows = [[0_usize; LENGTH_MAX + 1]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let [above, before] = [rows[(i + 2) % 3], rows[(i + 1) % 3]];
        let row = &mut rows[i % 3];
        row[0] = i;
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row[..=b.len()].iter().all(|slips| *slips > most) {
            return None;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|slips| *slips <= most)
}

/// Shorter words are a slip away from too many others.
const LENGTH_MIN: usize = 5;
/// Longer ones are no words.
const LENGTH_MAX: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, expected) in [
            ("laptop", "laptop", Some(0)),
            ("latpop", "laptop", Some(1)),
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
        let spelling = Spelling::of(terms.into_iter());
        assert_eq!(spelling.near("transfomer"), [("transformer", 0)]);
        assert_eq!(spelling.near("refridgerator"), [("refrigerator", 2)]);
        assert_eq!(spelling.near("zebra"), []);
        assert_eq!(spelling.near("tr"), []);
        assert_eq!(spelling.near("điện"), []);
    }
}
