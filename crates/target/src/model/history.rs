//! What was known on a day: for every value, how many different goods lines there were earlier and how wrong they were.
//!
//! Lines that are the same to the last digit repeat one another's verdict. They count as one line, with the mean of their
//! verdicts, so that a line that came a hundred times says no more of its code than any other.
//!
//! Verdicts may have grades. A rare grade is counted beside being wrong at all, which is commoner and therefore known better:
//! the chance of the one is the chance of the other times the share that goes so far.

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
    /// Different lines up to and including that day.
    seen: Vec<u32>,
    /// Of these, wrong in any grade: the sum of their means.
    wrong_at_all: Vec<f32>,
    /// Of these, wrong in the grade asked for.
    wrong: Vec<f32>,
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Known {
    /// Lines.
    pub seen: u32,
    /// Of these, wrong in any grade.
    pub wrong_at_all: f32,
    /// Of these, wrong in the grade asked for.
    pub wrong: f32,
}

/// How likely a line is wrong: in any grade, and if so, in the grade asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// That it is wrong at all.
    pub at_all: f32,
    /// That a wrong one is so in the grade asked for; 1 where there is but one grade.
    pub so_far: f32,
}

/// A line that is learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The value of the key.
    pub value: u64,
    /// What makes lines the same.
    pub same: u64,
    /// Its day.
    pub day: i32,
    /// 1 where it was wrong in any grade.
    pub wrong_at_all: u8,
    /// 1 where it was wrong in the grade asked for.
    pub wrong: u8,
}

/// What a day changes: a line more, a mean that moved.
struct Change {
    value: u64,
    day: i32,
    seen: u32,
    wrong_at_all: f32,
    wrong: f32,
}

impl History {
    /// The history of these lines; lines that are the same count as one.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut history = Self::default();
        let changes = changes(rows.into_iter().collect());
        for of_value in changes.chunk_by(|a, b| a.value == b.value) {
            history.values.push(of_value[0].value);
            history.starts.push(history.days.len() as u32);
            let mut known = Known::default();
            for of_day in of_value.chunk_by(|a, b| a.day == b.day) {
                known.seen += of_day.iter().map(|change| change.seen).sum::<u32>();
                known.wrong_at_all += of_day.iter().map(|change| change.wrong_at_all).sum::<f32>();
                known.wrong += of_day.iter().map(|change| change.wrong).sum::<f32>();
                history.days.push(of_day[0].day);
                history.seen.push(known.seen);
                history.wrong_at_all.push(known.wrong_at_all.max(0.0));
                history.wrong.push(known.wrong.max(0.0));
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
            let last_day = self.days[last];
            self.slots[slot] = Slot { value: *value, at: at as u32, last_day, known: self.known(last) };
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
        if last == start { Known::default() } else { self.known(last - 1) }
    }

    fn known(&self, day: usize) -> Known {
        Known { seen: self.seen[day], wrong_at_all: self.wrong_at_all[day], wrong: self.wrong[day] }
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
        let counts = [self.seen.len(), self.wrong_at_all.len(), self.wrong.len()] == [self.days.len(); 3];
        let starts = self.starts.len() == self.values.len() + 1
            && self.starts.windows(2).all(|pair| pair[0] < pair[1])
            && self.starts.last().is_some_and(|last| *last as usize == self.days.len());
        counts && starts && self.values.windows(2).all(|pair| pair[0] < pair[1])
    }
}

/// The changes lines make, by value and day.
fn changes(mut rows: Vec<Row>) -> Vec<Change> {
    rows.sort_unstable();
    let mut changes = Vec::with_capacity(rows.len());
    for same in rows.chunk_by(|a, b| (a.value, a.same) == (b.value, b.same)) {
        let (mut lines, mut at_all, mut wrong) = (0.0_f32, Mean::default(), Mean::default());
        for of_day in same.chunk_by(|a, b| a.day == b.day) {
            let seen = u32::from(lines == 0.0);
            lines += of_day.len() as f32;
            changes.push(Change {
                value: of_day[0].value,
                day: of_day[0].day,
                seen,
                wrong_at_all: at_all.moved_by(of_day.iter().map(|row| row.wrong_at_all), lines),
                wrong: wrong.moved_by(of_day.iter().map(|row| row.wrong), lines),
            });
        }
    }
    changes.sort_by_key(|change| (change.value, change.day));
    changes
}

/// The mean verdict of a line that comes again.
#[derive(Default)]
struct Mean {
    sum: f32,
    mean: f32,
}

impl Mean {
    /// How far further verdicts move it, of so many lines by now.
    fn moved_by(&mut self, verdicts: impl Iterator<Item = u8>, lines: f32) -> f32 {
        self.sum += verdicts.map(f32::from).sum::<f32>();
        let before = std::mem::replace(&mut self.mean, self.sum / lines);
        self.mean - before
    }
}

impl Known {
    /// What is left without a line, given all that was seen of it.
    #[must_use]
    pub fn without(self, same: Self) -> Self {
        if same.seen == 0 {
            return self;
        }
        let without = |all: f32, of_same: f32| (all - of_same / same.seen as f32).max(0.0);
        Self {
            seen: self.seen.saturating_sub(1),
            wrong_at_all: without(self.wrong_at_all, same.wrong_at_all),
            wrong: without(self.wrong, same.wrong),
        }
    }

    /// The chance of another such line, drawn towards `towards` as if `weight` lines of that chance had been seen besides. The
    /// share that goes so far rests on the wrong ones alone and is drawn more strongly.
    #[must_use]
    pub fn chance(self, towards: Chance, weight: f32) -> Chance {
        let at_all = (self.wrong_at_all + weight * towards.at_all) / (self.seen as f32 + weight);
        let weight = weight * SHARES_WEIGH;
        Chance { at_all, so_far: (self.wrong + weight * towards.so_far) / (self.wrong_at_all + weight) }
    }

    /// The share of wrong ones, drawn towards `towards` as if `weight` lines of that share had been seen besides.
    #[must_use]
    pub fn rate(self, towards: f32, weight: f32) -> f32 {
        (self.wrong + weight * towards) / (self.seen as f32 + weight)
    }
}

impl Chance {
    /// That a line is wrong in the grade asked for.
    #[must_use]
    pub fn rate(self) -> f32 {
        self.at_all * self.so_far
    }
}

/// How much more strongly a share of wrong lines is drawn than a share of all.
const SHARES_WEIGH: f32 = 2.0;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows of value, line, day and grade, of which the second is asked for.
    fn of(rows: &[(u64, u64, i32, u8)]) -> History {
        History::new(rows.iter().map(|(value, same, day, grade)| Row {
            value: *value,
            same: *same,
            day: *day,
            wrong_at_all: u8::from(*grade > 0),
            wrong: u8::from(*grade > 1),
        }))
    }

    /// By definition: every different line before the day, with the mean of its verdicts.
    fn counted(rows: &[(u64, u64, i32, u8)], value: u64, day: i32, grade: u8) -> (u32, f32) {
        let past: Vec<_> = rows.iter().filter(|row| row.0 == value && row.2 < day).collect();
        let mut lines: Vec<u64> = past.iter().map(|row| row.1).collect();
        lines.sort_unstable();
        lines.dedup();
        let mean = |line: &u64| {
            let of = past.iter().filter(|row| row.1 == *line);
            let of: Vec<f32> = of.map(|row| f32::from(u8::from(row.3 >= grade))).collect();
            of.iter().sum::<f32>() / of.len() as f32
        };
        (lines.len() as u32, lines.iter().map(mean).sum())
    }

    proptest! {
        #[test]
        fn nothing_is_known_of_the_day_itself_or_later(
            rows in proptest::collection::vec((0_u64..5, 0_u64..4, 0_i32..20, 0_u8..3), 1..80),
            value in 0_u64..6,
            day in -1_i32..22,
        ) {
            let turned: Vec<_> =
                rows.iter().map(|row| if row.2 < day { *row } else { (row.0, row.1, row.2, 2 - row.3) }).collect();
            let known = of(&rows).before(value, day);
            prop_assert_eq!(known, of(&turned).before(value, day), "another future changes nothing");
            for (grade, known_wrong) in [(1, known.wrong_at_all), (2, known.wrong)] {
                let (seen, wrong) = counted(&rows, value, day, grade);
                prop_assert_eq!(known.seen, seen);
                prop_assert!((known_wrong - wrong).abs() < 1e-3, "{} {}", known_wrong, wrong);
            }
            prop_assert!(of(&rows).is_sound());
        }
    }

    #[test]
    fn a_line_that_came_often_counts_once_and_can_be_left_out() {
        let rows = [(1, 7, 0, 2), (1, 7, 1, 2), (1, 7, 2, 0), (1, 8, 0, 0)];
        let known = of(&rows).before(1, 9);
        assert_eq!(known.seen, 2);
        assert!((known.wrong - 2.0 / 3.0).abs() < 1e-6);
        let left = known.without(Known { seen: 3, wrong_at_all: 2.0, wrong: 2.0 });
        assert_eq!(left.seen, 1);
        assert!(left.wrong.abs() < 1e-6);
    }

    #[test]
    fn verdicts_of_one_grade_have_nothing_to_share_out() {
        let usual = Chance { at_all: 0.2, so_far: 1.0 };
        let chance = Known { seen: 7, wrong_at_all: 3.3, wrong: 3.3 }.chance(usual, 10.0);
        assert_eq!(chance.so_far.to_bits(), 1.0_f32.to_bits());
        assert_eq!(
            chance.rate().to_bits(),
            Known { seen: 7, wrong_at_all: 3.3, wrong: 3.3 }.rate(0.2, 10.0).to_bits()
        );
    }

    /// Of two codes of which no rare grade is known, the one that is wrong more often is the likelier for it too.
    #[test]
    fn a_rare_grade_follows_how_often_a_code_is_wrong_at_all() {
        let usual = Chance { at_all: 0.2, so_far: 0.05 };
        let of = |wrong_at_all: f32| Known { seen: 50, wrong_at_all, wrong: 0.0 }.chance(usual, 40.0).rate();
        assert!(of(20.0) > of(5.0), "{} {}", of(20.0), of(5.0));
    }
}
