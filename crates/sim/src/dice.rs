//! The one source of chance: a seeded stream per subject, so that a subject does not change when others are added.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What a stream of chance is about; streams of different rooms never meet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Room {
    /// The consignments, by their number.
    Consignments = 1,
    /// The firms of the n-th country, by their number.
    Firms = 2,
    /// The order of a morning.
    Timetable = 3,
    /// The wires of a world.
    Wire = 4,
    /// The people of the n-th node of a world.
    People = 5,
    /// The machines of a world.
    Machines = 6,
}

/// A stream of chance that follows from a seed, a room and a number alone. ChaCha8 is specified to the bit, so the
/// same seed gives the same morning on every machine and with every release.
#[derive(Clone, Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of the `number`-th subject of a room.
    pub(crate) fn of(seed: u64, room: Room, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = room as u8;
        let mut stream = ChaCha8Rng::from_seed(key);
        stream.set_stream(number);
        Self(stream)
    }

    /// A number from 0 to below `limit`; 0 where `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        usize::try_from((u64::from(self.0.next_u32()) * (limit & 0xffff_ffff)) >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(0);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether something that happens `permille` times in a thousand happens now.
    pub(crate) fn chance(&mut self, permille: u16) -> bool {
        self.below(1000) < usize::from(permille)
    }

    /// One of these.
    ///
    /// # Panics
    /// Where there is none to choose from.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The place of one of these weights, each as likely as it is heavy; 0 where all are 0.
    pub(crate) fn weighed(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut left = (u64::from(self.0.next_u32()) * total) >> 32;
        for (place, weight) in weights.enumerate() {
            if left < u64::from(weight) {
                return place;
            }
            left -= u64::from(weight);
        }
        0
    }

    /// A number below `limit` that is small more often than large: the first of a hundred is met about ten times as
    /// often as the last.
    pub(crate) fn leaning(&mut self, limit: usize) -> usize {
        let (first, second) = (self.below(limit), self.below(limit));
        if self.chance(700) { first.min(second) } else { first }
    }

    /// Puts these in another order.
    pub(crate) fn shuffle<T>(&mut self, these: &mut [T]) {
        for place in (1..these.len()).rev() {
            these.swap(place, self.below(place + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_subject_sees_the_same_chance_and_others_do_not() {
        let roll = |seed, room, number| Dice::of(seed, room, number).below(1 << 31);
        assert_eq!(roll(7, Room::Firms, 3), roll(7, Room::Firms, 3));
        let others = [roll(8, Room::Firms, 3), roll(7, Room::Consignments, 3), roll(7, Room::Firms, 4)];
        assert!(!others.contains(&roll(7, Room::Firms, 3)));
    }

    #[test]
    fn chance_keeps_its_permille() {
        let mut dice = Dice::of(1, Room::Timetable, 0);
        let hits = (0..100_000).filter(|_| dice.chance(250)).count();
        assert!((24_000..26_000).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| !dice.chance(0)) && (0..1000).all(|_| dice.chance(1000)));
    }

    #[test]
    fn weights_are_kept_and_bounds_are_reached() {
        let mut dice = Dice::of(1, Room::Timetable, 1);
        let mut met = [0; 3];
        (0..10_000).for_each(|_| met[dice.weighed([1, 0, 3].into_iter())] += 1);
        assert!(met[1] == 0 && met[2] > 2 * met[0], "{met:?}");
        let rolls: Vec<_> = (0..1000).map(|_| dice.between(-2, 2)).collect();
        assert_eq!((rolls.iter().min(), rolls.iter().max()), (Some(&-2), Some(&2)));
    }
}
