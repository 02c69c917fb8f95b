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
    let whole = two_to(clamped.div_euclid(1_000));
    let part = clamped.rem_euclid(1_000);
    let roots = ROOTS.iter().enumerate().filter(|(bit, _)| part >> bit & 1 == 1);
    roots.fold(whole, |result, (_, root)| result * root)
}

/// Two to the power of a whole number, which a float holds exactly.
const fn two_to(power: i32) -> f64 {
    f64::from_bits(((1_023 + power) as u64) << 52)
}

/// The thousandth root of two.
const ROOT: f64 = 1.000_693_387_462_580_6;

/// The root, its square, the square of that, and so on: one for each bit of a number below a thousand.
const ROOTS: [f64; 10] = {
    let mut roots = [ROOT; 10];
    let mut at = 1;
    while at < roots.len() {
        roots[at] = roots[at - 1] * roots[at - 1];
        at += 1;
    }
    roots
};

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
