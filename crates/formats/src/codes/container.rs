//! Container numbers, ISO 6346: owner, kind, serial number, check digit.

/// Whether the check digit of a container number is right; `None` where it does not have the form of one.
///
/// Four capital letters, the last `U`, `J` or `Z`, and seven digits; spaces and hyphens between do not count.
#[must_use]
pub fn container_check(number: &str) -> Option<bool> {
    let signs: Vec<u8> = number.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
    let (letters, digits) = signs.split_at_checked(4)?;
    let formed = letters.iter().all(u8::is_ascii_uppercase)
        && matches!(letters[3], b'U' | b'J' | b'Z')
        && digits.len() == 7
        && digits.iter().all(u8::is_ascii_digit);
    formed.then(|| check_digit(&signs[..10]) == u32::from(signs[10] - b'0'))
}

/// Sum of the values of the ten signs, each times two to the power of its place, modulo 11, modulo 10.
fn check_digit(signs: &[u8]) -> u32 {
    let sum: u32 = signs.iter().zip(0..).map(|(sign, place)| value(*sign) << place).sum();
    sum % 11 % 10
}

/// Digits stand for themselves; letters count from 10 and leave out the multiples of 11.
fn value(sign: u8) -> u32 {
    match sign {
        b'0'..=b'9' => u32::from(sign - b'0'),
        b'A' => 10,
        b'B'..=b'K' => u32::from(sign - b'A') + 11,
        b'L'..=b'U' => u32::from(sign - b'A') + 12,
        _ => u32::from(sign - b'A') + 13,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_recomputed() {
        for (number, expected) in [
            ("CSQU3054383", Some(true)),
            ("CSQU3054384", Some(false)),
            ("MSKU 907032 3", Some(true)),
            ("TEXU3070079", Some(true)),
            ("CSQA3054383", None),
            ("12345", None),
            ("", None),
            ("ệCSQU305438", None),
        ] {
            assert_eq!(container_check(number), expected, "{number}");
        }
    }
}
