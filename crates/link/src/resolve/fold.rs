//! Folding: a name of any script brought to plain lower-case Latin words.

use any_ascii::any_ascii_char;

/// The words of a text in plain lower-case Latin letters and digits, in their order.
///
/// Apostrophes and dots inside a word are dropped (`S.A.` is `sa`), everything else that is no letter or digit parts
/// words; a script written without spaces gives one word a run, Chinese one a syllable.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if matches!(letter, '\'' | '’' | '`' | '.') {
            continue;
        }
        let folded = any_ascii_char(letter);
        let apart = is_syllabic(letter);
        if apart {
            close(&mut word, &mut words);
        }
        for plain in folded.chars() {
            if plain.is_ascii_alphanumeric() {
                word.push(plain.to_ascii_lowercase());
            } else if plain != '\'' {
                close(&mut word, &mut words);
            }
        }
        if apart {
            close(&mut word, &mut words);
        }
    }
    close(&mut word, &mut words);
    words
}

/// Whether the letter is a whole syllable by itself: Han, Hangul.
const fn is_syllabic(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn close(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}
