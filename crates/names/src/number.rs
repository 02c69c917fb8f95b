//! Numbers written out, as digits.

/// The digits of a number word or ordinal (`first`, `3rd`, `forty`), and whether a unit may follow it as in
/// `forty four`.
pub(super) fn digits(word: &str) -> Option<u32> {
    if !word.starts_with(OPENING) {
        return None;
    }
    if let Ok(at) = WORDS.binary_search_by(|(text, _)| (*text).cmp(word)) {
        return Some(WORDS[at].1);
    }
    let number = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let ordinal = matches!(&word[number.len()..], "st" | "nd" | "rd" | "th");
    if ordinal { number.parse().ok() } else { None }
}

/// Words with written-out numbers replaced: `forty four` is `44`.
pub(super) fn replaced(words: Vec<String>) -> Vec<String> {
    let mut result: Vec<String> = Vec::with_capacity(words.len());
    let mut tens: Option<u32> = None;
    for word in words {
        let number =
            digits(&word).or_else(|| word.parse().ok().filter(|digit: &u32| *digit < 10 && tens.is_some()));
        match (tens, number) {
            (Some(tens), Some(unit @ 1..10)) => {
                result.pop();
                result.push((tens + unit).to_string());
            }
            (_, Some(number)) => result.push(number.to_string()),
            (_, None) => result.push(word),
        }
        tens =
            number.filter(|number| matches!(number, 20..100) && number.is_multiple_of(10) && tens.is_none());
    }
    result
}

/// What a number begins with, written out or not.
const OPENING: fn(char) -> bool = |letter| matches!(letter, 'e' | 'f' | 'n' | 'o' | 's' | 't' | '0'..='9');

const WORDS: &[(&str, u32)] = &[
    ("eight", 8),
    ("eighth", 8),
    ("eighty", 80),
    ("eleven", 11),
    ("fifth", 5),
    ("fifty", 50),
    ("first", 1),
    ("five", 5),
    ("forty", 40),
    ("four", 4),
    ("fourth", 4),
    ("nine", 9),
    ("ninety", 90),
    ("ninth", 9),
    ("one", 1),
    ("second", 2),
    ("seven", 7),
    ("seventh", 7),
    ("seventy", 70),
    ("six", 6),
    ("sixth", 6),
    ("sixty", 60),
    ("tenth", 10),
    ("third", 3),
    ("thirty", 30),
    ("three", 3),
    ("twelve", 12),
    ("twenty", 20),
    ("two", 2),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_words_become_digits() {
        for (text, expected) in [
            ("brigade forty four", "brigade 44"),
            ("brigade forty 4", "brigade 44"),
            ("3rd bank", "3 bank"),
            ("first one", "1 1"),
            ("twenty thirty", "20 30"),
            ("smith", "smith"),
            ("7 8", "7 8"),
        ] {
            let words = text.split(' ').map(str::to_owned).collect();
            assert_eq!(replaced(words).join(" "), expected);
        }
    }

    #[test]
    fn the_words_are_in_order() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(WORDS.iter().all(|(word, _)| word.starts_with(OPENING)));
    }
}
