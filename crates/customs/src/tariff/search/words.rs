//! From a text to the words that are looked up: small letters, no diacritics, no plurals, no filling words.

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was written, in small letters, with its diacritics.
    pub(super) written: String,
    /// As it is looked up.
    pub(super) term: String,
}

/// The words of a text in order, filling words left out.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for piece in text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)) {
        let written: String = piece.chars().flat_map(char::to_lowercase).collect();
        let folded = fold(&written);
        if folded.is_empty() || FILLING.binary_search(&written.as_str()).is_ok() {
            continue;
        }
        words.push(Word { term: stem(&folded), written });
    }
    words
}

/// The text in small letters without diacritics: `Đường` becomes `duong`.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| !is_mark(*c)).map(base).collect()
}

/// A combining diacritic.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The letter under its diacritics, for the Latin letters of the region and of western Europe.
const fn base(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => {
            'a'
        }
        'ç' | 'ć' | 'č' => 'c',
        'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ę' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ỉ' | 'ị' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö'
        | 'ø'
        | 'ō'
        | 'ơ'
        | 'ọ'
        | 'ỏ'
        | 'ố'
        | 'ồ'
        | 'ổ'
        | 'ỗ'
        | 'ộ'
        | 'ớ'
        | 'ờ'
        | 'ở'
        | 'ỡ'
        | 'ợ' => 'o',
        'ù'..='ü' | 'ũ' | 'ū' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ý' | 'ÿ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        _ => c,
    }
}

/// Takes the English plural off, and `-ing` and `-ed` where enough is left. The same is done to every language and
/// on both sides, so a word that only looks like a plural still meets itself.
fn stem(word: &str) -> String {
    if word.len() < 4 || !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let singular = match word {
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", &word[..word.len() - 3]),
        _ if ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| word.ends_with(end)) => {
            word[..word.len() - 2].to_owned()
        }
        _ if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    };
    let root = ["ing", "ed"].into_iter().find_map(|end| singular.strip_suffix(end));
    match root {
        Some(root) if root.len() >= 4 => undouble(root),
        _ => singular.strip_suffix('e').filter(|root| root.len() >= 4).unwrap_or(&singular).to_owned(),
    }
}

/// `knitt` becomes `knit`, `coat` stays.
fn undouble(root: &str) -> String {
    let bytes = root.as_bytes();
    let doubled =
        bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !matches!(bytes.last(), Some(b'l' | b's'));
    if doubled { root[..root.len() - 1].to_owned() } else { root.to_owned() }
}

/// Words that say nothing about goods, in the three languages, as they are written, sorted.
const FILLING: [&str; 81] = [
    "a", "ada", "adalah", "all", "also", "an", "and", "any", "are", "as", "at", "atau", "bagi", "be", "been",
    "being", "but", "by", "cho", "các", "có", "của", "dalam", "dan", "dari", "de", "dengan", "for", "from",
    "has", "have", "having", "hay", "hoặc", "in", "into", "is", "it", "its", "jenis", "khác", "không",
    "lain", "lainnya", "loại", "là", "một", "nhưng", "những", "nor", "not", "of", "on", "or", "other",
    "others", "pada", "per", "such", "than", "that", "the", "their", "then", "there", "these", "this",
    "those", "thuộc", "to", "trong", "từ", "untuk", "và", "với", "with", "without", "yang", "you", "được",
    "để",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_its_words() {
        let terms = |text: &str| words(text).into_iter().map(|word| word.term).collect::<Vec<_>>();
        for (text, expected) in [
            ("Knitted shirts, of cotton", vec!["knit", "shirt", "cotton"]),
            ("Dầu thô", vec!["dau", "tho"]),
            ("ĐƯỜNG CÁT TRẮNG", vec!["duong", "cat", "trang"]),
            ("ẮẶẢẪ ÀÁÂÃ", vec!["aaaa", "aaaa"]),
            ("boxes glasses batteries", vec!["box", "glass", "battery"]),
            ("e\u{301}te\u{301}", vec!["ete"]),
            ("", vec![]),
            ("--- ,;", vec![]),
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    #[test]
    fn the_filling_words_are_sorted() {
        assert!(FILLING.is_sorted());
    }
}
