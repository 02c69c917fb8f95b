//! What was known on a day: for every value, how many earlier lines there were and how many of them were wrong.

use serde::{Deserialize, Serialize};

/// Counts of a key's values, by day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct History {
    /// The values, sorted.
    values: Vec<u64>,
    /// Where each value's days begin; one more at the end.
    starts: Vec<u32>,
    /// Days on which a value was seen, each once.
    days: Vec<i32>,
    /// Lines up to and including that day.
    seen: Vec<u32>,
    /// Of these, wrong.
    wrong: Vec<u32>,
    /// A table of the values with what is known of them in the end, made when it is read.
    #[serde(skip)]
    slots: Vec<Slot>,
}

/// A value's place, and what is known of it after its last day: all that most look-ups ask for stands together.
#[derive(Clone, Copy, Debug)]
struct Slot {
    value: u64,
    /// Its place among the values; [`EMPTY`] where the slot is free.
    at: u32,
    last_day: i32,
    known: Known,
}

const EMPTY: u32 = u32::MAX;

/// How many lines there were, and how many of them were wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Lines.
    pub seen: u32,
    /// Of these, wrong.
    pub wrong: u32,
}

impl History {
    /// The history of these lines.
    #[must_use]
    pub fn new(values: &[u64], days: &[i32], wrong: &[u8]) -> Self {
        let mut rows: Vec<(u64, i32, u8)> =
            values.iter().zip(days).zip(wrong).map(|((value, day), wrong)| (*value, *day, *wrong)).collect();
        rows.sort_unstable();
        let mut history = Self::default();
        for of_value in rows.chunk_by(|a, b| a.0 == b.0) {
            history.values.push(of_value[0].0);
            history.starts.push(history.days.len() as u32);
            let mut known = Known::default();
            for of_day in of_value.chunk_by(|a, b| a.1 == b.1) {
                known.seen += of_day.len() as u32;
                known.wrong += of_day.iter().map(|(_, _, wrong)| u32::from(*wrong)).sum::<u32>();
                history.days.push(of_day[0].1);
                history.seen.push(known.seen);
                history.wrong.push(known.wrong);
            }
        }
        history.starts.push(history.days.len() as u32);
        history.index();
        history
    }

    /// Makes the table of values; called once after reading.
    pub fn index(&mut self) {
        let size = (self.values.len() * 2).next_power_of_two().max(2);
        let free = Slot { value: 0, at: EMPTY, last_day: 0, known: Known::default() };
        self.slots = vec![free; size];
        for (at, value) in self.values.iter().enumerate() {
            let mut slot = *value as usize & (size - 1);
            while self.slots[slot].at != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            let last = self.starts[at + 1] as usize - 1;
            let known = Known { seen: self.seen[last], wrong: self.wrong[last] };
            self.slots[slot] = Slot { value: *value, at: at as u32, last_day: self.days[last], known };
        }
    }

    /// What was known of a value before this day. Of the day itself and of all later ones nothing is.
    #[must_use]
    #[inline]
    pub fn before(&self, value: u64, day: i32) -> Known {
        match self.find(value) {
            None => Known::default(),
            Some(slot) if slot.last_day < day => slot.known,
            Some(slot) => self.earlier(slot.at as usize, day),
        }
    }

    fn earlier(&self, at: usize, day: i32) -> Known {
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        let last = start + self.days[start..end].partition_point(|known| *known < day);
        if last == start {
            Known::default()
        } else {
            Known { seen: self.seen[last - 1], wrong: self.wrong[last - 1] }
        }
    }

    #[inline]
    fn find(&self, value: u64) -> Option<&Slot> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = value as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.at == EMPTY {
                return None;
            }
            if slot.value == value {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether what was read hangs together, so that no look-up can leave it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let counts = self.days.len() == self.seen.len() && self.days.len() == self.wrong.len();
        let starts = self.starts.len() == self.values.len() + 1
            && self.starts.windows(2).all(|pair| pair[0] < pair[1])
            && self.starts.last().is_some_and(|last| *last as usize == self.days.len());
        counts && starts && self.values.windows(2).all(|pair| pair[0] < pair[1])
    }
}

impl Known {
    /// What is left without these.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self { seen: self.seen.saturating_sub(other.seen), wrong: self.wrong.saturating_sub(other.wrong) }
    }

    /// The share of wrong ones, drawn towards `towards` as if `weight` lines of that share had been seen besides.
    #[must_use]
    pub fn rate(self, towards: f32, weight: f32) -> f32 {
        (self.wrong as f32 + weight * towards) / (self.seen as f32 + weight)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_known_of_the_day_itself_or_later(
            rows in proptest::collection::vec((0_u64..5, 0_i32..20, 0_u8..2), 1..80),
            value in 0_u64..6,
            day in -1_i32..22,
        ) {
            let of = |rows: &[(u64, i32, u8)]| {
                let values: Vec<u64> = rows.iter().map(|row| row.0).collect();
                let days: Vec<i32> = rows.iter().map(|row| row.1).collect();
                let wrong: Vec<u8> = rows.iter().map(|row| row.2).collect();
                History::new(&values, &days, &wrong)
            };
            let past: Vec<_> = rows.iter().copied().filter(|row| row.1 < day).collect();
            let turned: Vec<_> =
                rows.iter().map(|row| if row.1 < day { *row } else { (row.0, row.1, 1 - row.2) }).collect();
            let known = of(&rows).before(value, day);
            prop_assert_eq!(known, of(&turned).before(value, day), "another future changes nothing");
            let counted = past.iter().filter(|row| row.0 == value);
            prop_assert_eq!(known.seen as usize, counted.clone().count());
            prop_assert_eq!(known.wrong, counted.map(|row| u32::from(row.2)).sum::<u32>());
            prop_assert!(of(&rows).is_sound());
        }
    }
}
