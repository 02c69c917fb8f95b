//! Folding: a text of any script brought to plain lower-case Latin words.

use any_ascii::any_ascii_char;

use super::romanize::{is_romanized, romanize};

/// The words of a text in plain lower-case Latin letters and digits, in their order.
///
/// Apostrophes and dots inside a word are dropped (`S.A.` is `sa`), everything else that is no letter or digit parts
/// words. A run of Thai, Lao, Khmer or Burmese is one word; of Chinese and Korean every syllable is one.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut folding = Folding::default();
    for letter in text.chars() {
        folding.take(letter);
    }
    folding.finish()
}

#[derive(Default)]
struct Folding {
    words: Vec<String>,
    word: String,
    /// Letters of a script that is romanized as a whole.
    run: String,
}

impl Folding {
    fn take(&mut self, letter: char) {
        if letter.is_ascii_alphanumeric() {
            self.close_run();
            self.word.push(letter.to_ascii_lowercase());
            return;
        }
        if is_romanized(letter) {
            self.close_word();
            self.run.push(letter);
            return;
        }
        self.close_run();
        if matches!(letter, '\'' | '’' | '‘' | '`' | 'ʼ' | 'ʿ' | 'ʾ' | '.') {
            return;
        }
        let apart = is_syllabic(letter);
        if apart {
            self.close_word();
        }
        for plain in any_ascii_char(letter).chars() {
            if plain.is_ascii_alphanumeric() {
                self.word.push(plain.to_ascii_lowercase());
            } else if !matches!(plain, '\'' | '`') {
                self.close_word();
            }
        }
        if apart {
            self.close_word();
        }
    }

    fn close_word(&mut self) {
        if !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    fn close_run(&mut self) {
        if !self.run.is_empty() {
            let latin = romanize(&std::mem::take(&mut self.run));
            if !latin.is_empty() {
                self.words.push(latin);
            }
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.close_run();
        self.close_word();
        self.words
    }
}

/// Whether the letter is a whole syllable by itself: Han, Hangul.
pub(super) const fn is_syllabic(letter: char) -> bool {
    matches!(
        letter,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '\u{ac00}'..='\u{d7af}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_fold_to_plain_words() {
        for (text, folded) in [
            ("Công ty TNHH Đại Dương", "cong ty tnhh dai duong"),
            ("CONG TY TNHH ĐẠI DƯƠNG", "cong ty tnhh dai duong"),
            ("Müller & Söhne, S.A.", "muller sohne sa"),
            ("深圳市华为", "shen zhen shi hua wei"),
            ("Владимир Путин", "vladimir putin"),
            ("김정은", "gim jeong eun"),
            ("สมชาย ใจดี", "somchai chaidi"),
            ("ＡＢＣ　１２", "abc 12"),
            ("al-Qa'ida", "al qaida"),
            (" ;,- ", ""),
        ] {
            assert_eq!(words(text).join(" "), folded, "{text}");
        }
    }
}
