//! Likeness of two words: Jaro-Winkler over bytes.

/// Likeness of two plain words from 0 (nothing shared) to 1000 (equal).
#[must_use]
pub fn jaro_winkler(left: &str, right: &str) -> u16 {
    let (left, right) = (left.as_bytes(), right.as_bytes());
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

fn jaro(left: &[u8], right: &[u8]) -> f64 {
    let (left, right) = (&left[..left.len().min(LETTERS_MAX)], &right[..right.len().min(LETTERS_MAX)]);
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let (mut taken_left, mut taken_right) = (0_u64, 0_u64);
    for (at, letter) in left.iter().enumerate() {
        let reach = at.saturating_sub(window)..right.len().min(at + window + 1);
        for other in reach {
            if taken_right & (1 << other) == 0 && right[other] == *letter {
                taken_left |= 1 << at;
                taken_right |= 1 << other;
                break;
            }
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
