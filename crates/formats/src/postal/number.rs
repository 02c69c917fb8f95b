//! Amounts in thousandths, exact, without floating point.

/// An amount written with a decimal point, in thousandths; further digits are cut. `None` for anything else.
#[must_use]
pub fn thousandths(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mut number, mut decimals, mut seen) = (0_i64, None, 0_u32);
    for byte in digits {
        match (byte, decimals) {
            (b'0'..=b'9', None | Some(0..3)) => {
                number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                decimals = decimals.map(|places| places + 1);
                seen += 1;
            }
            (b'0'..=b'9', Some(_)) => {}
            (b'.', None) => decimals = Some(0),
            _ => return None,
        }
    }
    let scale = 10_i64.pow(3 - decimals.unwrap_or(0));
    let amount = if seen > 0 { number.checked_mul(scale)? } else { return None };
    Some(if negative { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_none() {
        for (text, amount) in [
            ("12", Some(12_000)),
            (" 12.5 ", Some(12_500)),
            ("0.0019", Some(1)),
            ("-3.25", Some(-3_250)),
            ("", None),
            (".", None),
            ("1,5", None),
            ("1e3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(thousandths(text.as_bytes()), amount, "{text}");
        }
    }
}
