//! Values as people write them in files: dates, numbers, units, countries, modes. `None` where a text can be no such
//! value; where it could be two, the one that is usual in the files of customs administrations.

use customs::terms::HsCode;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A date, with or without a time behind it: `2026-05-03`, `20260503`, `3/5/2026` (day first), `3.5.2026`.
pub(super) fn date(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ', 't']).next().unwrap_or(text);
    if let Ok(date) = day.parse() {
        return Some(date);
    }
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?).ok();
    }
    let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
    let [first, second, third] = parts[..] else { return None };
    let number = |text: &str| text.parse::<i16>().ok();
    let (first, second, third) = (number(first)?, number(second)?, number(third)?);
    let of = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    match (first, third) {
        (1_000.., _) => of(first, second, third),
        (_, 1_000..) => of(third, second, first).or_else(|| of(third, first, second)),
        _ => None,
    }
}

/// A decimal number: `1234.5`, `1,234.5`, `1.234,5`, `1 234,5`, `1234,5`. One separator before exactly three digits is
/// a thousand's where it is a comma, a decimal's where it is a point.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digits: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let (comma, point) = (digits.rfind(','), digits.rfind('.'));
    let plain = match (comma, point) {
        (Some(comma), Some(point)) if comma > point => digits.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => digits.replace(',', ""),
        (Some(_), None) if is_grouped(&digits, ',') => digits.replace(',', ""),
        (Some(_), None) => digits.replacen(',', ".", 1),
        (None, Some(_)) if digits.matches('.').count() > 1 && is_grouped(&digits, '.') => {
            digits.replace('.', "")
        }
        _ => digits,
    };
    plain.parse().ok().or_else(|| Decimal::from_scientific(&plain).ok())
}

fn is_grouped(digits: &str, separator: char) -> bool {
    let mut groups = digits.split(separator);
    let first = groups.next().unwrap_or("").trim_start_matches('-');
    (1..=3).contains(&first.len()) && first != "0" && groups.all(|group| group.len() == 3)
}

/// A commodity code; one that lost its leading nought to a spreadsheet gets it back.
pub(super) fn hs(text: &str) -> Option<HsCode> {
    let digits: String = text.chars().filter(|letter| !matches!(letter, '.' | ' ' | '-' | '\'')).collect();
    let odd = digits.len() % 2 == 1 && digits.len() > 2;
    HsCode::new(&if odd { format!("0{digits}") } else { digits }).ok()
}

/// A unit by its code; names that are in use for one unit alone become its code.
pub(super) fn unit(text: &str) -> String {
    let code = text.to_ascii_uppercase();
    let known = UNITS.binary_search_by(|(name, _)| (*name).cmp(code.as_str()));
    known.map_or(code, |at| UNITS[at].1.to_owned())
}

/// A country by its two letters.
pub(super) fn country(text: &str) -> String {
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return text.to_owned();
    }
    let code = text.to_uppercase();
    let known = COUNTRIES.binary_search_by(|(name, _)| (*name).cmp(code.as_str()));
    known.map_or(code, |at| COUNTRIES[at].1.to_owned())
}

/// A mode of transport by its digit (Recommendation 19).
pub(super) fn mode(text: &str) -> String {
    let digit = text.bytes().find(u8::is_ascii_digit);
    if let Some(digit) = digit {
        return (digit as char).to_string();
    }
    let word = text.to_lowercase();
    let of = [
        (&["sea", "maritime", "vessel", "ocean", "ship", "biển"][..], "1"),
        (&["rail", "train", "sắt"], "2"),
        (&["road", "truck", "land", "bộ"], "3"),
        (&["air", "plane", "không"], "4"),
        (&["post", "mail", "bưu"], "5"),
        (&["multi"], "6"),
        (&["pipe", "fixed"], "7"),
        (&["inland", "river", "water"], "8"),
    ];
    let found = of.iter().find(|(words, _)| words.iter().any(|known| word.contains(known)));
    found.map_or(word, |(_, digit)| (*digit).to_owned())
}

/// A place by its code, or its name as it stood.
pub(super) fn place(text: &str) -> String {
    let joined: String = text.chars().filter(|letter| *letter != ' ').collect();
    let code = joined.len() == 5 && joined.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if code { joined.to_ascii_uppercase() } else { text.to_owned() }
}

/// Names of units that are not their codes, sorted.
const UNITS: &[(&str, &str)] = &[
    ("BAG", "BG"),
    ("BAGS", "BG"),
    ("CARTON", "CT"),
    ("CARTONS", "CT"),
    ("CBM", "MTQ"),
    ("CTN", "CT"),
    ("CTNS", "CT"),
    ("DOZ", "DZN"),
    ("DOZEN", "DZN"),
    ("GR", "GRM"),
    ("GRAM", "GRM"),
    ("GROSS", "GRO"),
    ("KG", "KGM"),
    ("KGS", "KGM"),
    ("KILOGRAM", "KGM"),
    ("KILOGRAMS", "KGM"),
    ("KWHR", "KWH"),
    ("L", "LTR"),
    ("LB", "LBR"),
    ("LBS", "LBR"),
    ("LITER", "LTR"),
    ("LITRE", "LTR"),
    ("LITRES", "LTR"),
    ("LT", "LTR"),
    ("M", "MTR"),
    ("M2", "MTK"),
    ("M3", "MTQ"),
    ("METER", "MTR"),
    ("METRE", "MTR"),
    ("MT", "TNE"),
    ("MTON", "TNE"),
    ("MTS", "TNE"),
    ("NO", "NMB"),
    ("NOS", "NMB"),
    ("PAIR", "NPR"),
    ("PAIRS", "NPR"),
    ("PC", "NMB"),
    ("PCE", "NMB"),
    ("PCS", "NMB"),
    ("PIECE", "NMB"),
    ("PIECES", "NMB"),
    ("PRS", "NPR"),
    ("SETS", "SET"),
    ("SQM", "MTK"),
    ("T", "TNE"),
    ("TN", "TNE"),
    ("TNS", "TNE"),
    ("TON", "TNE"),
    ("TONNE", "TNE"),
    ("TONNES", "TNE"),
    ("TONS", "TNE"),
    ("U", "NMB"),
    ("UNIT", "NMB"),
    ("UNITS", "NMB"),
];

/// Names and three letters of countries around, sorted.
const COUNTRIES: &[(&str, &str)] = &[
    ("AUS", "AU"),
    ("AUSTRALIA", "AU"),
    ("BRN", "BN"),
    ("BRUNEI", "BN"),
    ("BRUNEI DARUSSALAM", "BN"),
    ("CAMBODIA", "KH"),
    ("CHINA", "CN"),
    ("CHN", "CN"),
    ("DEU", "DE"),
    ("GERMANY", "DE"),
    ("HKG", "HK"),
    ("HONG KONG", "HK"),
    ("IDN", "ID"),
    ("IND", "IN"),
    ("INDIA", "IN"),
    ("INDONESIA", "ID"),
    ("JAPAN", "JP"),
    ("JPN", "JP"),
    ("KHM", "KH"),
    ("KOR", "KR"),
    ("KOREA", "KR"),
    ("KOREA, REPUBLIC OF", "KR"),
    ("LAO", "LA"),
    ("LAO PDR", "LA"),
    ("LAOS", "LA"),
    ("MALAYSIA", "MY"),
    ("MMR", "MM"),
    ("MYANMAR", "MM"),
    ("MYS", "MY"),
    ("NETHERLANDS", "NL"),
    ("NLD", "NL"),
    ("PHILIPPINES", "PH"),
    ("PHL", "PH"),
    ("REPUBLIC OF KOREA", "KR"),
    ("SGP", "SG"),
    ("SINGAPORE", "SG"),
    ("SOUTH KOREA", "KR"),
    ("TAIWAN", "TW"),
    ("THA", "TH"),
    ("THAILAND", "TH"),
    ("TIMOR-LESTE", "TL"),
    ("TLS", "TL"),
    ("TWN", "TW"),
    ("UNITED STATES", "US"),
    ("USA", "US"),
    ("VIET NAM", "VN"),
    ("VIETNAM", "VN"),
    ("VNM", "VN"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_it_is_written() {
        let third_of_may = Some(Date::constant(2026, 5, 3));
        for text in [
            "2026-05-03",
            "2026-05-03T10:15:00+07:00",
            "2026-05-03 10:15",
            "20260503",
            "03/05/2026",
            "3.5.2026",
            "2026/5/3",
        ] {
            assert_eq!(date(text), third_of_may, "{text}");
        }
        assert_eq!(date("05/23/2026"), Some(Date::constant(2026, 5, 23)), "no other way to read it");
        for text in ["", "soon", "2026-02-30", "1/2", "5/3/26", "99999999"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_read_with_either_separator() {
        for (text, number) in [
            ("1234.5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1 234,50", "1234.5"),
            ("18,000", "18000"),
            ("18.000", "18"),
            ("1.234.567", "1234567"),
            ("0,125", "0.125"),
            ("-3", "-3"),
            ("1.2e3", "1200"),
        ] {
            assert_eq!(
                decimal(text).map(|number| number.normalize().to_string()).as_deref(),
                Some(number),
                "{text}"
            );
        }
        assert_eq!((decimal("many"), decimal(""), decimal("1,2,3")), (None, None, None));
    }

    #[test]
    fn codes_are_read_as_they_are_spelled() {
        assert_eq!(hs("8471.30-20").map(|code| code.to_string()).as_deref(), Some("84713020"));
        assert_eq!(hs("3061721").map(|code| code.to_string()).as_deref(), Some("03061721"));
        assert_eq!(hs("X"), None);
        assert_eq!((unit("kgs"), unit("KGM"), unit("crate")), ("KGM".into(), "KGM".into(), "CRATE".into()));
        assert_eq!(
            (country("vnm"), country("Thailand"), country("th")),
            ("VN".into(), "TH".into(), "TH".into())
        );
        assert_eq!(
            (mode("3"), mode("Road transport"), mode("1 - sea")),
            ("3".into(), "3".into(), "1".into())
        );
        assert_eq!(
            (place("VN SGN"), place("vnsgn"), place("Cat Lai")),
            ("VNSGN".into(), "VNSGN".into(), "Cat Lai".into())
        );
    }

    #[test]
    fn the_tables_are_in_order() {
        assert!(UNITS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
