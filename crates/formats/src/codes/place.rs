//! UN/LOCODE, by its form: a country and three letters or digits 2 to 9.

use super::list::countries;

/// Whether this has the form of a UN/LOCODE: a known country, then three capital letters or digits 2 to 9; what an
/// administration adds after these five signs is its own.
///
/// Whether such a place exists is asked of the book of places, which has editions; this only sees what cannot be one.
#[must_use]
pub fn is_place(code: &str) -> bool {
    let (Some(country), Some(place)) = (code.get(..2), code.get(2..5)) else { return false };
    place.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'9')) && countries().knows(country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_country_and_three_signs() {
        for (code, expected) in [
            ("VNSGN", true),
            ("VNSGN02CI", true),
            ("USNY2", true),
            ("VNSG1", false),
            ("ZZSGN", false),
            ("VN", false),
            ("", false),
            ("ệN", false),
        ] {
            assert_eq!(is_place(code), expected, "{code}");
        }
    }
}
