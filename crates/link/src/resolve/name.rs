//! A name taken apart: its own words, its words of trade, its legal form.

use super::legal::{Phrase, phrase_at};
use super::{jaro_winkler, words};

/// A name taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The words that tell it from others, folded, in their order.
    pub own: Vec<String>,
    /// What its words of trade mean, sorted.
    pub trade: Vec<&'static str>,
    /// Its legal form, where it names one.
    pub form: Option<&'static str>,
}

impl Name {
    /// Takes a name apart.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words = words(text);
        let mut name = Self::default();
        let mut at = 0;
        while at < words.len() {
            match phrase_at(&words[at..]) {
                Some((Phrase::Form(form), length)) => {
                    name.form = Some(form);
                    at += length;
                }
                Some((Phrase::Trade(meaning), length)) => {
                    name.trade.extend((!meaning.is_empty()).then_some(meaning));
                    at += length;
                }
                None => {
                    name.own.push(words[at].clone());
                    at += 1;
                }
            }
        }
        name.trade.sort_unstable();
        if name.own.is_empty() {
            name.own = words;
        }
        name
    }

    /// Whether nothing is left to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// Likeness in parts per thousand: each own word with its best counterpart, by length, both ways.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> u16 {
        let both = one_way(&self.own, &other.own) + one_way(&other.own, &self.own);
        u16::try_from(both / 2).unwrap_or(1_000)
    }
}

fn one_way(left: &[String], right: &[String]) -> u32 {
    let mut used = vec![false; right.len()];
    let (mut sum, mut weight) = (0, 0);
    for word in left {
        let best = right
            .iter()
            .enumerate()
            .filter(|(at, _)| !used[*at])
            .map(|(at, other)| (u32::from(jaro_winkler(word, other)), std::cmp::Reverse(at)))
            .max();
        let length = word.len() as u32;
        weight += length;
        if let Some((likeness, std::cmp::Reverse(at))) = best {
            used[at] = true;
            sum += length * if likeness < 800 { likeness / 2 } else { likeness };
        }
    }
    sum.checked_div(weight).unwrap_or(0)
}
