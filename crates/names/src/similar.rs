//! Likeness of two words: slips of the pen between them, and Jaro-Winkler.

/// Slips of the pen that make one word of the other: letters put in, left out, changed, or turned with the next.
#[must_use]
pub fn distance(left: &str, right: &str) -> u32 {
    distance_within(left, right, u32::MAX).unwrap_or(u32::MAX)
}

/// The same where it is no more than `limit`; `None` where it is more.
#[must_use]
pub(super) fn distance_within(left: &str, right: &str, limit: u32) -> Option<u32> {
    let (left, right) = unlike(cut(left), cut(right));
    if left.len().abs_diff(right.len()).max(foreign_letters(left, right)) as u32 > limit {
        return None;
    }
    let mut rows = [[0_u8; LETTERS_MAX + 1]; 3];
    (0..=right.len()).for_each(|at| rows[2][at] = at as u8);
    for (i, letter) in left.iter().enumerate() {
        // Row i % 3 is written from the one before and the one before that.
        let least = write_row(&mut rows, i, *letter, left, right);
        if u32::from(least) > limit {
            return None;
        }
    }
    let slips = u32::from(rows[(left.len() + 2) % 3][right.len()]);
    (slips <= limit).then_some(slips)
}

/// The two without what they begin and end with alike, which no slip lies in.
fn unlike<'a>(left: &'a [u8], right: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let alike = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[alike..], &right[alike..]);
    let alike = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    (&left[..left.len() - alike], &right[..right.len() - alike])
}

/// How many letters one of the two has that the other has nowhere, at least: every one of them is a slip.
fn foreign_letters(left: &[u8], right: &[u8]) -> usize {
    let letters = |word: &[u8]| word.iter().fold(0_u64, |letters, letter| letters | 1 << (letter % 64));
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones().max((right & !left).count_ones()) as usize
}

/// Writes a row of the table of distances and says its least value.
fn write_row(rows: &mut [[u8; LETTERS_MAX + 1]; 3], i: usize, letter: u8, left: &[u8], right: &[u8]) -> u8 {
    let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
    rows[now][0] = i as u8 + 1;
    let mut row_least = rows[now][0];
    for (j, other) in right.iter().enumerate() {
        let changed = rows[before][j] + u8::from(letter != *other);
        let mut least = changed.min(rows[before][j + 1] + 1).min(rows[now][j] + 1);
        if i > 0 && j > 0 && letter == right[j - 1] && left[i - 1] == *other {
            least = least.min(rows[earlier][j - 1] + 1);
        }
        rows[now][j + 1] = least;
        row_least = row_least.min(least);
    }
    row_least
}

/// Slips a word of this length may have and still be the same word.
#[must_use]
pub(super) const fn slips_allowed(length: u32) -> u32 {
    match length {
        0..=3 => 0,
        4..=7 => 1,
        8..=11 => 2,
        _ => 3,
    }
}

/// Likeness of two plain words from 0 (nothing shared) to 1000 (equal).
#[must_use]
pub fn jaro_winkler(left: &str, right: &str) -> u16 {
    let (left, right) = (cut(left), cut(right));
    if left == right {
        return 1_000;
    }
    let jaro = jaro(left, right);
    let prefix = left.iter().zip(right).take(4).take_while(|(a, b)| a == b).count();
    let boosted = if jaro > 0.7 { jaro + 0.1 * prefix as f64 * (1.0 - jaro) } else { jaro };
    (boosted * 1_000.0) as u16
}

/// Longer words are compared by their first 64 letters.
const LETTERS_MAX: usize = 64;

fn cut(word: &str) -> &[u8] {
    &word.as_bytes()[..word.len().min(LETTERS_MAX)]
}

fn jaro(left: &[u8], right: &[u8]) -> f64 {
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let (mut taken_left, mut taken_right) = (0_u64, 0_u64);
    for (at, letter) in left.iter().enumerate() {
        let mut reach = at.saturating_sub(window)..right.len().min(at + window + 1);
        if let Some(other) = reach.find(|other| taken_right & (1 << other) == 0 && right[*other] == *letter) {
            taken_left |= 1 << at;
            taken_right |= 1 << other;
        }
    }
    let shared = taken_left.count_ones();
    if shared == 0 {
        return 0.0;
    }
    let swapped = swaps(left, taken_left, right, taken_right);
    let shared = f64::from(shared);
    (shared / left.len() as f64 + shared / right.len() as f64 + (shared - swapped) / shared) / 3.0
}

fn swaps(left: &[u8], mut taken_left: u64, right: &[u8], mut taken_right: u64) -> f64 {
    let mut out_of_place = 0_u32;
    while taken_left != 0 {
        let (a, b) = (taken_left.trailing_zeros() as usize, taken_right.trailing_zeros() as usize);
        out_of_place += u32::from(left[a] != right[b]);
        taken_left &= taken_left - 1;
        taken_right &= taken_right - 1;
    }
    f64::from(out_of_place / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_slips() {
        for (left, right, slips) in [
            ("", "", 0),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("minh", "ming", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
            ("phat", "hpat", 1),
        ] {
            assert_eq!(distance(left, right), slips, "{left} {right}");
            assert_eq!(distance(right, left), slips, "{right} {left}");
        }
    }

    #[test]
    fn distance_is_that_of_the_whole_table() {
        let words: Vec<String> = (0..3_000_u32)
            .map(|seed| {
                let letter = |at: u32| {
                    char::from(b'a' + (seed.wrapping_mul(2_654_435_761).rotate_left(at * 5) % 4) as u8)
                };
                (0..seed % 7).map(letter).collect()
            })
            .collect();
        for (left, right) in
            words.iter().zip(words.iter().skip(1)).chain(words.iter().zip(words.iter().skip(7)))
        {
            let slips = slow_distance(left.as_bytes(), right.as_bytes());
            assert_eq!(distance(left, right), slips, "{left} {right}");
            for limit in 0..6 {
                assert_eq!(
                    distance_within(left, right, limit),
                    (slips <= limit).then_some(slips),
                    "{left} {right}"
                );
            }
        }
    }

    /// The same by the definition alone.
    fn slow_distance(left: &[u8], right: &[u8]) -> u32 {
        let ([rest @ .., last], [other_rest @ .., other]) = (left, right) else {
            return left.len().max(right.len()) as u32;
        };
        let changed = slow_distance(rest, other_rest) + u32::from(last != other);
        let least = changed.min(slow_distance(rest, right) + 1).min(slow_distance(left, other_rest) + 1);
        match (rest, other_rest) {
            ([before @ .., x], [other_before @ .., y]) if x == other && y == last => {
                least.min(slow_distance(before, other_before) + 1)
            }
            _ => least,
        }
    }

    #[test]
    fn jaro_winkler_is_the_known_one() {
        for (left, right, likeness) in
            [("martha", "marhta", 961), ("dwayne", "duane", 840), ("dixon", "dicksonx", 813), ("a", "b", 0)]
        {
            assert_eq!(jaro_winkler(left, right), likeness, "{left} {right}");
        }
    }

    #[test]
    fn words_of_any_length_are_compared() {
        let long = "x".repeat(500);
        assert_eq!(distance(&long, &long), 0);
        assert_eq!(jaro_winkler(&long, "y"), 0);
    }
}
