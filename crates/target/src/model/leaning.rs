//! Which way each value of each key leans: a sum over keys, so that what few lines say of a code is helped by what many
//! say of its heading, its chapter, its origin and its rate.

use serde::{Deserialize, Serialize};

use super::keys::KEYS;

/// The leanings of all keys, in log odds, and the level they stand on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Leanings {
    level: f32,
    /// By key.
    of_keys: Vec<Leaning>,
}

/// The leanings of one key's values.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Leaning {
    /// The values, sorted.
    values: Vec<u64>,
    leans: Vec<f32>,
    /// A table of both, made when it is read; a place that is free leans nowhere.
    #[serde(skip)]
    slots: Vec<(u64, f32)>,
}

impl Leanings {
    /// Leanings by key upon a level.
    pub(super) fn new(level: f32, of_keys: Vec<Leaning>) -> Self {
        Self { level, of_keys }
    }

    /// The log odds for these values of all keys.
    #[must_use]
    #[inline]
    pub fn margin(&self, values: &[u64; KEYS.len()]) -> f32 {
        self.level + self.of_keys.iter().zip(values).map(|(leaning, value)| leaning.of(*value)).sum::<f32>()
    }

    /// How each key moves that from its level, key by key.
    pub fn parts(&self, values: &[u64; KEYS.len()]) -> Vec<(&'static str, f32)> {
        let keys = self.of_keys.iter().zip(values).zip(&KEYS);
        keys.map(|((leaning, value), key)| (key.name, leaning.of(*value))).collect()
    }

    /// Makes the tables look-ups need; called once after reading.
    pub fn index(&mut self) {
        self.of_keys.iter_mut().for_each(Leaning::index);
    }

    /// Whether what was read hangs together.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.of_keys.len() == KEYS.len() && self.of_keys.iter().all(Leaning::is_sound)
    }
}

impl Leaning {
    /// Values in ascending order, each with where it leans.
    pub(super) fn new(values: Vec<u64>, leans: Vec<f32>) -> Self {
        let mut leaning = Self { values, leans, slots: Vec::new() };
        leaning.index();
        leaning
    }

    fn index(&mut self) {
        let size = (self.values.len() * 2).next_power_of_two().max(2);
        self.slots = vec![(0, 0.0); size];
        for (value, lean) in self.values.iter().zip(&self.leans) {
            let mut at = *value as usize & (size - 1);
            while self.slots[at].1 != 0.0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = (*value, *lean);
        }
    }

    /// Where a value leans; nowhere if it was never seen.
    #[inline]
    fn of(&self, value: u64) -> f32 {
        let Some(mask) = self.slots.len().checked_sub(1) else { return 0.0 };
        let mut at = value as usize & mask;
        loop {
            let (known, lean) = self.slots[at];
            if known == value || lean == 0.0 {
                return lean;
            }
            at = (at + 1) & mask;
        }
    }

    fn is_sound(&self) -> bool {
        self.values.len() == self.leans.len() && self.values.windows(2).all(|pair| pair[0] < pair[1])
    }
}
