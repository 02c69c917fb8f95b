//! Whether two spellings name the same firm, as far as a border may take it: words, not a matcher.
//!
//! The full resolver over scripts and addresses is crate `link`; here two names that a code already ties together are
//! compared, and the measure must be cheap, explainable and the same everywhere.

/// How far two names agree, in thousandths. Case, diacritics, order of words and the legal form do not matter.
#[must_use]
pub fn name_agreement(one: &str, other: &str) -> u16 {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    let pair =
        |word: &String, among: &[String]| among.iter().map(|other| likeness(word, other)).max().unwrap_or(0);
    let weight = |word: &String| u32::try_from(word.chars().count()).unwrap_or(1);
    let side = |from: &[String], to: &[String]| {
        let total: u32 = from.iter().map(weight).sum();
        let agreed: u32 = from.iter().map(|word| weight(word) * u32::from(pair(word, to))).sum();
        agreed / total.max(1)
    };
    u16::try_from(u32::midpoint(side(&one, &other), side(&other, &one))).unwrap_or(0)
}

/// The name without case, diacritics, order and legal form: names that are this much the same have one key.
#[must_use]
pub fn name_key(name: &str) -> String {
    let mut words = words(name);
    words.sort();
    words.join(" ")
}

/// How alike two words are, in thousandths: the same, one slip in a long word, or the beginning of one another.
fn likeness(one: &str, other: &str) -> u16 {
    if one == other {
        return 1_000;
    }
    let (short, long) =
        if one.chars().count() <= other.chars().count() { (one, other) } else { (other, one) };
    let length = long.chars().count();
    if length >= 5 && slips(one, other) == 1 {
        return 850;
    }
    if length >= 8 && slips(one, other) == 2 {
        return 700;
    }
    // An abbreviation written out: `intl` is not caught, `manufact` is.
    if short.chars().count() >= 4 && long.starts_with(short) { 700 } else { 0 }
}

/// The edit distance, at most 3.
fn slips(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 2 {
        return 3;
    }
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let step = before[column] + usize::from(a != b);
            now.push(step.min(before[column + 1] + 1).min(now[column] + 1));
        }
        before = now;
    }
    before.last().copied().unwrap_or(3).min(3)
}

/// The words that distinguish a firm; all its words where only legal forms are left.
fn words(name: &str) -> Vec<String> {
    let plain: String = name.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    let all: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let own: Vec<String> = all.iter().filter(|word| !FORMS.contains(&word.as_str())).cloned().collect();
    if own.is_empty() { all } else { own }
}

/// A letter without its marks; combining marks go.
fn plain(letter: char) -> Option<char> {
    if ('\u{300}'..='\u{36f}').contains(&letter) {
        return None;
    }
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => 'a',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
        'ì'..='ï' | 'ĩ' | 'ī' | 'į' | 'ỉ' | 'ị' => 'i',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ù'..='ü' | 'ũ' | 'ū' | 'ů' | 'ű' | 'ư' | 'ụ'..='ự' => 'u',
        'ý' | 'ÿ' | 'ỳ'..='ỹ' => 'y',
        'đ' => 'd',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' | 'ň' => 'n',
        'ś' | 'š' | 'ş' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    })
}

/// Words that say what kind of firm it is, not which.
const FORMS: &[&str] = &[
    "co",
    "company",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "inc",
    "llc",
    "jsc",
    "joint",
    "stock",
    "pte",
    "pvt",
    "plc",
    "bhd",
    "sdn",
    "pt",
    "tbk",
    "cv",
    "public",
    "private",
    "cong",
    "ty",
    "tnhh",
    "cp",
    "co-operative",
    "phan",
    "gmbh",
    "ag",
    "bv",
    "nv",
    "sa",
    "sarl",
    "srl",
    "spa",
    "kk",
    "the",
    "and",
    "of",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_firm_is_written_in_many_ways() {
        for (one, other, least, most) in [
            ("Thai Rubber Co., Ltd.", "THAI RUBBER COMPANY LIMITED", 1_000, 1_000),
            ("Công ty TNHH Hòa Phát", "HOA PHAT CO LTD", 1_000, 1_000),
            ("Siam Electronics", "Siam Electronic Co", 850, 999),
            ("Siam Electronics", "Siam Cement", 0, 599),
            ("", "Siam", 0, 0),
            ("Co Ltd", "Co Ltd", 1_000, 1_000),
        ] {
            let found = name_agreement(one, other);
            assert!((least..=most).contains(&found), "{one} / {other}: {found}");
        }
    }

    #[test]
    fn a_key_forgets_order_and_form() {
        assert_eq!(name_key("Hòa Phát Steel JSC"), name_key("Steel Hoa Phat, Co. Ltd"));
    }
}
