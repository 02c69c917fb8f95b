//! Likeness of two words: slips of the pen between them, and Jaro-Winkler.

/// Slips of the pen that make one word of the other: letters put in, left out, changed, or turned with the next.
#[must_use]
pub fn distance(left: &str, right: &str) -> u32 {
    let (left, right) = (cut(left), cut(right));
    let mut rows = [[0_u32; LETTERS_MAX + 1]; 3];
    for (at, cell) in rows[1].iter_mut().enumerate() {
        *cell = at as u32;
    }
    for (i, a) in left.iter().enumerate() {
        rows.rotate_left(1);
        // After turning, row 1 is being written, row 0 is the one before, row 2 the one before that.
        let [before, row, earlier] = &mut rows;
        row[0] = i as u32 + 1;
        for (j, b) in right.iter().enumerate() {
            let changed = before[j] + u32::from(a != b);
            let mut least = changed.min(before[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                least = least.min(earlier[j - 1] + 1);
            }
            row[j + 1] = least;
        }
    }
    rows[1][right.len()]
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
