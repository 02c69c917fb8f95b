//! What happens to text on its way through forms, keyboards and field lengths.

use crate::dice::Dice;

/// One letter wrong, missing, doubled or exchanged with its neighbour; the first letter stays.
pub(crate) fn mistyped(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let movable: Vec<usize> = (1..letters.len()).filter(|place| letters[*place].is_alphabetic()).collect();
    if movable.is_empty() {
        return text.to_owned();
    }
    let place = *dice.pick(&movable);
    match dice.below(4) {
        0 => letters[place] = beside(letters[place], dice),
        1 => drop(letters.remove(place)),
        2 => letters.insert(place, letters[place]),
        _ => letters.swap(place, place.saturating_sub(1).max(1)),
    }
    letters.into_iter().collect()
}

/// A letter near this one on the keyboard; the letter itself where it is not a plain one.
fn beside(letter: char, dice: &mut Dice) -> char {
    let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let lower = letter.to_ascii_lowercase();
    let Some(row) = rows.iter().find(|row| row.contains(lower)) else { return letter };
    let place = row.find(lower).unwrap_or(0);
    let near = if dice.chance(500) { place + 1 } else { place.wrapping_sub(1) };
    let found = row.chars().nth(near).unwrap_or(if place == 0 { 's' } else { 'e' });
    if letter.is_uppercase() { found.to_ascii_uppercase() } else { found }
}

/// The first `letters` letters, without white space at the end.
pub(crate) fn cut(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect::<String>().trim_end().to_owned()
}

/// The word with a capital first letter.
pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Room;

    #[test]
    fn a_typing_mistake_is_one_letter_and_never_the_first() {
        let mut dice = Dice::of(1, Room::Firms, 0);
        let mut changed = 0;
        for _ in 0..1000 {
            let spoilt = mistyped("Nokkraten Trading", &mut dice);
            assert!(spoilt.starts_with('N') && (16..=18).contains(&spoilt.len()), "{spoilt}");
            changed += usize::from(spoilt != "Nokkraten Trading");
        }
        assert!(changed > 900, "{changed}");
        assert_eq!(mistyped("7 9", &mut dice), "7 9");
    }

    #[test]
    fn cutting_counts_letters_and_not_bytes() {
        assert_eq!(cut("กวาง ไผ่ ม่วง", 5), "กวาง");
        assert_eq!(capitalised("écru"), "Écru");
    }
}
