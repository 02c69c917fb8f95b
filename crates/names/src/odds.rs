//! Odds in thousandths of a bit, the same number on every machine.

/// A weight in thousandths of a bit: 1000 doubles the odds, -1000 halves them.
pub type Millibits = i32;

/// Parts per thousand of probability at these odds.
#[must_use]
pub fn per_mille(odds: Millibits) -> u16 {
    let odds = pow2(odds);
    (1_000.0 * odds / (1.0 + odds)).round() as u16
}

/// Two to the power of so many bits, by multiplication alone, so that every machine gives the same number.
#[must_use]
pub fn pow2(weight: Millibits) -> f64 {
    let clamped = weight.clamp(-200_000, 200_000);
    let whole = clamped.div_euclid(1_000);
    let mut part = clamped.rem_euclid(1_000);
    let mut result = if whole >= 0 { double(whole) } else { 1.0 / double(-whole) };
    let mut root = ROOT;
    while part > 0 {
        if part & 1 == 1 {
            result *= root;
        }
        root *= root;
        part >>= 1;
    }
    result
}

fn double(times: i32) -> f64 {
    (0..times).fold(1.0, |product, _| product * 2.0)
}

/// The thousandth root of two.
const ROOT: f64 = 1.000_693_387_462_580_6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_become_probabilities() {
        for (odds, expected) in
            [(0, 500), (1_000, 667), (-1_000, 333), (10_000, 999), (-10_000, 1), (40_000, 1_000)]
        {
            assert_eq!(per_mille(odds), expected, "{odds}");
        }
    }

    #[test]
    fn powers_of_two_by_multiplication_agree_with_the_library() {
        for weight in (-60_000..60_000).step_by(37) {
            let exact = (f64::from(weight) / 1_000.0).exp2();
            assert!((pow2(weight) / exact - 1.0).abs() < 1e-9, "{weight}");
        }
    }
}
