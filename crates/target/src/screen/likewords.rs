//! For a word, the listed words that are like it.

use std::collections::BTreeMap;

use names::{jaro_winkler, sound};

/// The distinct words of all lists.
#[derive(Clone, Debug, Default)]
pub(super) struct LikeWords {
    words: Vec<String>,
    sounds: Vec<String>,
    #[expect(clippy::disallowed_types, reason = "looked up, never iterated")]
    places: std::collections::HashMap<String, u32>,
    by_sound: BTreeMap<String, Vec<u32>>,
    by_pair: BTreeMap<[u8; 2], Vec<u32>>,
}

impl LikeWords {
    /// The word's number; a new one is taken in.
    pub(super) fn take(&mut self, word: &str) -> u32 {
        if let Some(at) = self.places.get(word) {
            return *at;
        }
        let at = self.words.len() as u32;
        self.places.insert(word.to_owned(), at);
        self.words.push(word.to_owned());
        let sound = sound(word);
        self.by_sound.entry(sound.clone()).or_default().push(at);
        self.sounds.push(sound);
        for pair in pairs(word) {
            self.by_pair.entry(pair).or_default().push(at);
        }
        at
    }

    /// The word itself.
    pub(super) fn word(&self, at: u32) -> &str {
        &self.words[at as usize]
    }

    /// How many words there are.
    pub(super) const fn len(&self) -> usize {
        self.words.len()
    }

    /// Listed words like this one, with how alike they are in parts per thousand.
    pub(super) fn like(&self, word: &str) -> Vec<(u32, u16)> {
        let mut found: BTreeMap<u32, u16> = BTreeMap::new();
        if let Some(at) = self.places.get(word) {
            found.insert(*at, 1_000);
        }
        if word.len() < FUZZY_MIN {
            return found.into_iter().collect();
        }
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        let of_word: Vec<[u8; 2]> = pairs(word).collect();
        for pair in &of_word {
            for at in self.by_pair.get(pair).into_iter().flatten() {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let sounding = self.by_sound.get(&sound(word)).into_iter().flatten().copied();
        let near = shared.into_iter().filter(|(_, count)| count * 2 >= of_word.len()).map(|(at, _)| at);
        let own_sound = sound(word);
        for at in near.chain(sounding) {
            let listed = &self.words[at as usize];
            let spelled = jaro_winkler(word, listed);
            let one_start = listed.as_bytes().first() == word.as_bytes().first();
            let sounds = self.sounds[at as usize] == own_sound && own_sound.len() >= 2 && one_start;
            let likeness = if sounds { spelled.max(SOUNDS) } else { spelled };
            if likeness >= LIKE_MIN {
                let best = found.entry(at).or_default();
                *best = likeness.max(*best);
            }
        }
        found.into_iter().collect()
    }
}

/// Pairs of neighbouring letters, the first and last letter with an edge.
fn pairs(word: &str) -> impl Iterator<Item = [u8; 2]> + '_ {
    let letters = word.as_bytes();
    let edges = [[b'^', letters.first().copied().unwrap_or(0)], [letters.last().copied().unwrap_or(0), b'$']];
    letters.windows(2).map(|pair| [pair[0], pair[1]]).chain(edges)
}

/// Shorter words are compared as they are.
const FUZZY_MIN: usize = 3;
/// Words less alike than this are two.
const LIKE_MIN: u16 = 850;
/// Words that sound alike and begin alike are at least this alike.
const SOUNDS: u16 = 900;
