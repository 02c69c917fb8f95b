//! The consonants of a word as classes: what is left of a name however it was romanized.

/// The word's consonants as classes, the first letter kept as a class even where it is a vowel.
///
/// Voice, breath and length are dropped (`ph`, `b`, `f` are one class), so are vowels and glides inside the word. Two
/// romanizations of one name mostly give one sound; two names sometimes do too.
#[must_use]
pub fn sound(word: &str) -> String {
    let letters = word.as_bytes();
    let mut sound = String::new();
    let mut last = None;
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(0);
        let before = at.checked_sub(1).map_or(0, |before| letters[before]);
        let class = class(*letter, before, next);
        if let Some(class) = class.filter(|class| last != Some(*class)) {
            sound.push(class);
        }
        let parts = class.is_none() && (is_vowel(*letter) || matches!(before, b'm' | b'n' | b'l' | b'r'));
        last = if parts { None } else { class.or(last) };
        if class.is_none() && sound.is_empty() {
            sound.push('a');
        }
    }
    sound
}

fn class(letter: u8, before: u8, next: u8) -> Option<char> {
    Some(match letter {
        b'c' if next == b'h' || matches!(next, b'e' | b'i' | b'y') => 's',
        b'g' if before != b'n' && matches!(next, b'e' | b'i') => 's',
        b'n' if next == b'g' => 'n',
        b'g' if before == b'n' => return None,
        b'k' | b'g' | b'q' | b'c' => 'k',
        b't' | b'd' => 't',
        b'p' | b'b' | b'f' => 'p',
        b's' | b'z' | b'j' | b'x' => 's',
        b'r' | b'l' => 'l',
        b'm' => 'm',
        b'n' => 'n',
        b'v' | b'w' => 'w',
        b'h' if before == 0 => 'a',
        b'y' if before == 0 => 'y',
        b'0'..=b'9' => letter as char,
        _ => return None,
    })
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn romanizations_of_one_name_sound_alike() {
        for (left, right) in [
            ("mohamed", "muhammad"),
            ("mohamed", "mhmd"),
            ("phanich", "panich"),
            ("charoen", "jaroen"),
            ("huawei", "huawei"),
            ("nguyen", "nguyen"),
            ("somphorn", "somporn"),
            ("xi", "shi"),
            ("sergei", "sergey"),
            ("viengchan", "wiangchan"),
        ] {
            assert_eq!(sound(left), sound(right), "{left} {right}");
        }
    }

    #[test]
    fn names_of_other_consonants_do_not() {
        for (left, right) in [("minh", "hai"), ("long", "phat"), ("anan", "manan"), ("siam", "sian")] {
            assert_ne!(sound(left), sound(right), "{left} {right}");
        }
    }
}
