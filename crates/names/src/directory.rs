//! A directory of parties by every name they were ever called by: those of their own papers, and the ones others call
//! them by, learnt from confirmed links.

use std::collections::BTreeMap;

use super::{Name, TokenKind, name_likeness};

/// Names and whose they are.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    forms: Vec<(Name, u32)>,
    by_text: BTreeMap<(u32, String), ()>,
    by_word: BTreeMap<String, Vec<u32>>,
    /// The owners of each name without its legal forms.
    by_body: BTreeMap<String, Vec<u32>>,
}

/// Who a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Whose it is, by the number it was learnt with.
    pub owner: u32,
    /// How alike the name is to the nearest of its names, in parts per thousand.
    pub likeness: u16,
    /// How alike the nearest name of anybody else is.
    pub rival: u16,
}

impl Directory {
    /// Learns one more name of somebody.
    pub fn learn(&mut self, owner: u32, name: &str) {
        if self.by_text.insert((owner, name.to_owned()), ()).is_some() {
            return;
        }
        let name = Name::new(name);
        let form = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        for word in words(&name) {
            self.by_word.entry(word).or_default().push(form);
        }
        let owners = self.by_body.entry(name.body().to_owned()).or_default();
        if !name.body().is_empty() && !owners.contains(&owner) {
            owners.push(owner);
        }
        self.forms.push((name, owner));
    }

    /// Whose name this is to the letter, legal forms, case and marks aside; nobody's where several are called so.
    #[must_use]
    pub fn owner(&self, name: &Name) -> Option<u32> {
        match self.by_body.get(name.body()).map(Vec::as_slice) {
            Some([owner]) => Some(*owner),
            _ => None,
        }
    }

    /// Who is called so, if anybody; whether that is sure the two likenesses say.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Known> {
        let name = Name::new(name);
        let mut forms: Vec<u32> = words(&name)
            .iter()
            .filter_map(|word| self.by_word.get(word))
            .filter(|forms| forms.len() <= FORMS_MAX)
            .flatten()
            .copied()
            .collect();
        forms.sort_unstable();
        forms.dedup();
        // Names of other scripts may share no key; a small directory is looked through whole.
        if forms.is_empty() && self.forms.len() <= FORMS_MAX {
            forms = (0..self.forms.len()).filter_map(|form| u32::try_from(form).ok()).collect();
        }
        let mut nearest: BTreeMap<u32, u16> = BTreeMap::new();
        for (form, owner) in forms.into_iter().map(|form| &self.forms[form as usize]) {
            let likeness = likeness(&name, form);
            let known = nearest.entry(*owner).or_default();
            *known = likeness.max(*known);
        }
        let mut ranked: Vec<(u32, u16)> = nearest.into_iter().collect();
        ranked.sort_by_key(|(owner, likeness)| (std::cmp::Reverse(*likeness), *owner));
        let (owner, likeness) = *ranked.first().filter(|(_, likeness)| *likeness > 0)?;
        Some(Known { owner, likeness, rival: ranked.get(1).map_or(0, |(_, likeness)| *likeness) })
    }
}

/// A word that more names share than this finds nobody.
const FORMS_MAX: usize = 4_000;

fn likeness(left: &Name, right: &Name) -> u16 {
    let kinship = left.kinship(right).unwrap_or(1_000);
    if kinship < 300 { 0 } else { name_likeness(left, right) }
}

/// The words a name is looked up by: the sounds of its own words, and how all of them begin together.
fn words(name: &Name) -> Vec<String> {
    let own = || name.tokens().filter(|token| token.kind == TokenKind::Own);
    let mut words: Vec<String> =
        own().map(|token| if token.sound.len() < 2 { token.word } else { token.sound }.to_owned()).collect();
    let all: String = own().map(|token| token.sound).collect();
    words.extend(all.get(..3).map(|opening| format!("^{opening}")));
    if words.is_empty() {
        words = name.tokens().map(|token| token.word.to_owned()).collect();
    }
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_found_by_any_of_their_names() {
        let mut directory = Directory::default();
        directory.learn(1, "บริษัท สยามรับเบอร์ จำกัด");
        directory.learn(1, "SRP Holdings");
        directory.learn(2, "Hoang Long Trading");
        let found =
            |name: &str| directory.find(name).filter(|known| known.likeness >= 700).map(|known| known.owner);
        assert_eq!(found("Siam Rubber Co., Ltd."), Some(1));
        assert_eq!(found("SRP HOLDINGS"), Some(1), "an alias");
        assert_eq!(found("HOANG LONG TRDG CO LTD"), Some(2));
        assert_eq!(found("Hoang Phat Trading"), None);
    }

    #[test]
    fn a_name_to_the_letter_has_one_owner_or_none() {
        let mut directory = Directory::default();
        directory.learn(1, "SRP Holdings Co., Ltd.");
        directory.learn(2, "Hoang Long Trading");
        directory.learn(3, "HOANG LONG TRADING JSC");
        let owner = |name: &str| directory.owner(&Name::new(name));
        assert_eq!(owner("srp holdings"), Some(1));
        assert_eq!(owner("SRP Holding"), None, "alike is not the same");
        assert_eq!(owner("Hoang Long Trading"), None, "two are called so");
        assert_eq!(owner(""), None);
    }

    #[test]
    fn two_of_one_name_rival_each_other() {
        let mut directory = Directory::default();
        directory.learn(1, "Hoang Long Trading");
        directory.learn(2, "Hoang Long Trading Co Ltd");
        let known = directory.find("Hoang Long Trading").expect("two are called so");
        assert_eq!((known.likeness, known.rival), (1_000, 1_000));
    }
}
