//! Numbers that name firms and declarations, in the shape each country gives them.
//!
//! Firm identifiers carry the right check character but a region no register gives out (98, 99), so that none is a
//! real firm's. Declaration numbers run through a permutation, so that nothing about a consignment can be read from them.

use jiff::civil::Date;

/// The scheme of a country's firm identifiers.
pub(crate) fn scheme(country: &str) -> String {
    match country {
        "VN" => "VN-MST".to_owned(),
        "TH" => "TH-TIN".to_owned(),
        "LA" => "LA-TIN".to_owned(),
        "CN" => "CN-USCC".to_owned(),
        "MY" => "MY-SSM".to_owned(),
        "SG" => "SG-UEN".to_owned(),
        other => other.to_owned(),
    }
}

/// The identifier of the `number`-th firm of a calling.
pub(crate) fn of_firm(country: &str, calling: usize, number: usize) -> String {
    let serial = calling * 1_000_000 + number;
    match country {
        "VN" => with_vietnamese_check(&format!("99{serial:07}")),
        "TH" => with_thai_check(&format!("09990{serial:07}")),
        "CN" => with_chinese_check(&format!("91990000MA{serial:07}")),
        "LA" => format!("99{serial:010}"),
        "MY" => format!("2099{serial:08}"),
        "SG" => format!("2099{:05}{}", serial % 100_000, char::from(b'A' + (serial / 100_000 % 26) as u8)),
        _ => format!("{country}99{serial:08}"),
    }
}

/// Ten digits: the last is ten less the weighed sum modulo eleven. Where that is ten, there is no such number, and
/// the serial's leading digit moves on.
fn with_vietnamese_check(nine: &str) -> String {
    let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let sum: u32 = digits(nine).zip(weights).map(|(digit, weight)| digit * weight).sum();
    match 10 - sum % 11 {
        10 => with_vietnamese_check(&format!("98{}", &nine[2..])),
        check => format!("{nine}{check}"),
    }
}

/// Thirteen digits: the last is eleven less the weighed sum modulo eleven, modulo ten.
fn with_thai_check(twelve: &str) -> String {
    let sum: u32 = digits(twelve).zip((2..=13).rev()).map(|(digit, weight)| digit * weight).sum();
    format!("{twelve}{}", (11 - sum % 11) % 10)
}

/// Eighteen characters: the last follows from the sum weighed with powers of three modulo thirty-one.
fn with_chinese_check(seventeen: &str) -> String {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |letter| LETTERS.find(letter).unwrap_or(0);
    let weight = |place: usize| (0..place).fold(1, |weight, _| weight * 3 % 31);
    let sum: usize = seventeen.chars().enumerate().map(|(place, letter)| value(letter) * weight(place)).sum();
    let check = LETTERS.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
    format!("{seventeen}{check}")
}

fn digits(text: &str) -> impl Iterator<Item = u32> {
    text.chars().filter_map(|letter| letter.to_digit(10))
}

/// The number of the `part`-th export or import declaration of a consignment, unlike that of any other.
pub(crate) fn of_declaration(
    country: &str,
    kind: Kind,
    (consignment, part): (u64, usize),
    day: Date,
) -> String {
    let serial = scattered(consignment * PARTS_MAX + part as u64, kind);
    let (year, month) = (day.year() % 100, day.month());
    match (country, kind) {
        ("VN", Kind::Export) => format!("30{serial:010}"),
        ("VN", Kind::Import) => format!("10{serial:010}"),
        ("TH", _) => format!("A0{}{:02}{month:02}{serial:010}", kind as u8, year),
        ("CN", _) => format!("7214{}{}{serial:010}", day.year(), kind as u8),
        ("LA", _) => format!("{}{year:02}-{serial:010}", if kind == Kind::Export { 'E' } else { 'C' }),
        _ => format!("{country}{}{serial:010}", if kind == Kind::Export { 'E' } else { 'I' }),
    }
}

/// Whether a number names an export or an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Import = 1,
    Export = 2,
}

/// A consignment has fewer declarations of a kind than this.
const PARTS_MAX: u64 = 8;

/// Ten digits that no other number below the prime shares: multiplication modulo a prime permutes what is below it.
fn scattered(number: u64, kind: Kind) -> u64 {
    const PRIME: u128 = 9_999_999_967;
    let factor: u128 = if kind == Kind::Export { 6_180_339_887 } else { 2_718_281_829 };
    u64::try_from((u128::from(number) + 1) * factor % PRIME).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn check_characters_follow_their_rules() {
        assert_eq!(with_vietnamese_check("030058856"), "0300588569");
        assert_eq!(with_vietnamese_check("010010910"), "0100109106");
        assert_eq!(with_chinese_check("91110000802100433"), "91110000802100433B");
        assert_eq!(with_thai_check("010754200001"), "0107542000011");
    }

    #[test]
    fn no_two_declarations_share_a_number() {
        let day = jiff::civil::date(2026, 3, 2);
        let mut met = BTreeSet::new();
        for consignment in 0..20_000 {
            for part in 0..3 {
                assert!(met.insert(of_declaration("VN", Kind::Export, (consignment, part), day)));
            }
        }
    }

    #[test]
    fn no_two_firms_share_an_identifier() {
        for country in ["VN", "TH", "LA", "CN", "MY", "SG", "KH"] {
            let all: BTreeSet<_> = (0..3)
                .flat_map(|calling| (0..5000).map(move |number| of_firm(country, calling, number)))
                .collect();
            assert_eq!(all.len(), 15_000, "{country}");
        }
    }
}
