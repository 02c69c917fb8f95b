//! Chance that can be checked afterwards, and what it tells: rates with their intervals, lift over chance.

pub use customs::targeting::{Lift, Rate, lift};
use sha2::{Digest as _, Sha256};

/// Whether a line is drawn: one in so many as `permyriad` of ten thousand, by a secret of the day nobody knows before
/// and everybody can check after. The same line is drawn or not however often it is asked.
#[must_use]
pub fn drawn(secret: &[u8; 32], stratum: &str, line: &str, permyriad: u16) -> bool {
    let mut hash = Sha256::new();
    hash.update(secret);
    for part in [stratum, line] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u128::from(number) * 10_000 < u128::from(permyriad) << 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_drawn_is_the_share_asked_for() {
        let drawn = (0..20_000).filter(|line| drawn(&[7; 32], "green/VN01", &line.to_string(), 200)).count();
        assert!((330..=470).contains(&drawn), "{drawn} of 20,000 at 2 %");
    }

    #[test]
    fn nothing_and_everything_can_be_asked_for() {
        assert!((0..500).all(|line| !drawn(&[1; 32], "", &line.to_string(), 0)));
        assert!((0..500).all(|line| drawn(&[1; 32], "", &line.to_string(), 10_000)));
    }

    #[test]
    fn another_secret_draws_others() {
        let of = |secret| (0..2_000).filter(move |line| drawn(&[secret; 32], "", &line.to_string(), 500));
        assert_ne!(of(1).collect::<Vec<_>>(), of(2).collect::<Vec<_>>());
    }
}
