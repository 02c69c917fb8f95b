//! Moments as credentials write them (RFC 3339 in UTC) and as tokens count them (seconds since 1970), one into the other.

/// Seconds since 1970 of a moment such as `2026-11-28T01:02:03Z`; fractions are cut. `None` for anything else.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let text = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    let (day, time) = text.split_once('T')?;
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<i64>().ok())?
    };
    let mut day = day.splitn(3, '-');
    let (year, month, date) = (number(day.next()?, 4)?, number(day.next()?, 2)?, number(day.next()?, 2)?);
    let mut time = time.splitn(3, ':');
    let (hour, minute, second) =
        (number(time.next()?, 2)?, number(time.next()?, 2)?, number(time.next()?, 2)?);
    let fits =
        (1..=12).contains(&month) && (1..=31).contains(&date) && hour < 24 && minute < 60 && second <= 60;
    fits.then(|| days(year, month, date) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// A moment as text.
pub(super) fn text(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted from 1 March of the year 0, so that the leap day stands at a year's end.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

/// Days since 1970 of a day of the Gregorian calendar.
fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted_month + 2) / 5 + date - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_counted_as_everybody_counts_them() {
        for (written, count) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-28T01:02:03Z", 1_795_827_723),
            ("1969-12-31T23:59:59Z", -1),
            ("2400-12-31T23:59:59Z", 13_601_087_999),
        ] {
            assert_eq!((seconds(written), text(count)), (Some(count), written.to_owned()));
        }
        assert_eq!(seconds("2026-11-28T01:02:03.999Z"), seconds("2026-11-28T01:02:03Z"));
        for wrong in [
            "",
            "2026-11-28",
            "2026-11-28T01:02:03",
            "2026-13-01T00:00:00Z",
            "2026-11-28T24:00:00Z",
            "2026-1-28T01:02:03Z",
            "2026-11-28T01:02:03.Z",
            "2026-11-28T01:02:03+07:00",
            "২026-11-28T01:02:03Z",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
