//! Dates of a `DateTimeString`: their form, whether they exist, whether they are in the format they claim.

/// Format code of a date without time, `CCYYMMDD`.
pub(crate) const DAY: &str = "102";
/// Format code of a date with time and zone, `CCYYMMDDHHMMSSZZZ`.
pub(crate) const MOMENT: &str = "304";

/// Weighs `CCYYMMDD` or `CCYYMMDDHHMMSS` with `Z` or `+hh`.
///
/// # Errors
/// `date-wrong-form` or `date-not-existing`.
pub(super) fn check(value: &str) -> Result<(), &'static str> {
    let bytes = value.as_bytes();
    let formed =
        bytes.len() >= 8 && digits(&bytes[..8]) && bytes.starts_with(b"20") && time_formed(&bytes[8..]);
    if !formed {
        return Err("date-wrong-form");
    }
    if day_exists(bytes) && time_exists(&bytes[8..]) { Ok(()) } else { Err("date-not-existing") }
}

/// Whether a well-formed value is in the format its code claims; unknown codes claim nothing.
pub(super) fn fits_format(value: &str, format: &str) -> bool {
    match format {
        DAY => value.len() == 8,
        MOMENT => value.len() > 8,
        _ => true,
    }
}

fn digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

fn time_formed(time: &[u8]) -> bool {
    match time.len() {
        0 => true,
        7 => digits(&time[..6]) && time[6] == b'Z',
        9 => digits(&time[..6]) && matches!(time[6], b'+' | b'-') && digits(&time[7..]),
        _ => false,
    }
}

fn pair(bytes: &[u8], at: usize) -> u16 {
    u16::from(bytes[at] - b'0') * 10 + u16::from(bytes[at + 1] - b'0')
}

fn day_exists(bytes: &[u8]) -> bool {
    let year = pair(bytes, 0) * 100 + pair(bytes, 2);
    let (month, day) = (pair(bytes, 4), pair(bytes, 6));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=last).contains(&day)
}

fn time_exists(time: &[u8]) -> bool {
    let zone_exists = time.len() < 9 || pair(time, 7) <= 14;
    time.is_empty() || (pair(time, 0) < 24 && pair(time, 2) < 60 && pair(time, 4) < 60 && zone_exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_must_have_the_form_and_exist() {
        for (value, expected) in [
            ("20260131", Ok(())),
            ("20240229", Ok(())),
            ("20260131235959Z", Ok(())),
            ("20260131235959+07", Ok(())),
            ("20250229", Err("date-not-existing")),
            ("20261301", Err("date-not-existing")),
            ("20260100", Err("date-not-existing")),
            ("20260131240000Z", Err("date-not-existing")),
            ("20260131235959+23", Err("date-not-existing")),
            ("19991231", Err("date-wrong-form")),
            ("2026-01-31", Err("date-wrong-form")),
            ("20260131235959", Err("date-wrong-form")),
            ("20260131 ", Err("date-wrong-form")),
            ("２０２６０１３１", Err("date-wrong-form")),
            ("", Err("date-wrong-form")),
        ] {
            assert_eq!(check(value), expected, "{value}");
        }
    }

    #[test]
    fn a_date_is_in_the_format_it_claims() {
        assert!(fits_format("20260131", "102") && fits_format("20260131000000Z", "304"));
        assert!(!fits_format("20260131", "304") && !fits_format("20260131000000Z", "102"));
    }
}
