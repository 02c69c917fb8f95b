//! Takes Vietnamese marks off letters.

/// The text without Vietnamese marks; letters of other scripts stay.
pub(crate) fn unmarked(text: &str) -> String {
    text.chars().map(plain).collect()
}

/// The letter without its marks.
fn plain(letter: char) -> char {
    if letter.is_ascii() || letter >= '\u{1f00}' {
        return letter;
    }
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let found = MARKED.iter().find(|(_, marked)| marked.contains(lower)).map_or(lower, |(plain, _)| *plain);
    if lower == letter { found } else { found.to_ascii_uppercase() }
}

/// Each plain letter with those that stand on it.
const MARKED: [(char, &str); 7] = [
    ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
    ('d', "đ"),
    ('e', "èéẻẽẹêềếểễệ"),
    ('i', "ìíỉĩị"),
    ('o', "òóỏõọôồốổỗộơờớởỡợ"),
    ('u', "ùúủũụưừứửữự"),
    ('y', "ỳýỷỹỵ"),
];

#[cfg(test)]
mod tests {
    use super::unmarked;

    #[test]
    fn marks_go_and_letters_stay() {
        assert_eq!(unmarked("Đường Bến Nứa, HẢI PHÒNG 7"), "Duong Ben Nua, HAI PHONG 7");
        assert_eq!(unmarked("กวาง 鹭"), "กวาง 鹭");
    }
}
