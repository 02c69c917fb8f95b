//! Writes what papers say of a firm, with the dirt of the lane, and notes what that did.

use super::firm::{Firm, Nation};
use super::marks::{Mark, Marks};
use super::plan::Dirt;
use super::spoil::{cut, mistyped};
use super::words::{Tongue, Word};
use crate::dice::Dice;

/// Somebody who fills in a form about a firm.
pub(crate) struct Scribe<'a> {
    pub(crate) firm: &'a Firm,
    pub(crate) nation: &'a Nation,
    pub(crate) dirt: Dirt,
    pub(crate) dice: &'a mut Dice,
    pub(crate) marks: Marks,
}

impl<'a> Scribe<'a> {
    pub(crate) fn new(firm: &'a Firm, nation: &'a Nation, dirt: Dirt, dice: &'a mut Dice) -> Self {
        Self { firm, nation, dirt, dice, marks: Marks::default() }
    }

    pub(crate) const fn tongue(&self) -> &'a Tongue {
        &self.nation.tongue
    }

    /// The word of a list at a firm's place.
    pub(crate) fn word(words: &'a [Word], place: u16) -> &'a Word {
        &words[usize::from(place) % words.len()]
    }

    /// The usual Latin way of a word, or another, with its mark, as often as `permille` says.
    pub(crate) fn way(&mut self, word: &Word, permille: u16, mark: Mark) -> String {
        if word.latin.len() > 1 && self.dice.chance(permille) {
            self.marks.put(mark);
            return self.dice.pick(&word.latin[1..]).clone();
        }
        word.latin[0].clone()
    }

    /// The text after what any text may suffer: typing, capitals, cutting.
    pub(crate) fn spoilt(&mut self, mut text: String) -> String {
        if self.dice.chance(self.dirt.typo) {
            text = mistyped(&text, self.dice);
            self.marks.put(Mark::Typo);
        }
        if self.dice.chance(self.dirt.capitals) && text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            text = text.to_uppercase();
            self.marks.put(Mark::Capitals);
        }
        let limit = if self.dice.chance(500) { 35 } else { 70 };
        if self.dice.chance(self.dirt.cut) && text.chars().nth(limit).is_some() {
            text = cut(&text, limit);
            self.marks.put(Mark::Cut);
        }
        text
    }
}
