//! Learning how many days goods take: linked and unlinked pairs counted by way and day.

use super::evidence::Evidence;
use super::habit::{DAYS, Habits};
use super::model::{Millibits, millibits};
use super::{Field, Level};

/// Pairs by the days they would have taken, in thousandths of a pair.
#[derive(Clone, Debug, Default)]
pub(super) struct Days {
    linked: Vec<u64>,
    unlinked: Vec<u64>,
    /// The level each day's lag is of.
    levels: Vec<Level>,
}

impl Days {
    pub(super) fn new(habits: &Habits) -> Self {
        let places = habits.places();
        Self { linked: vec![0; places], unlinked: vec![0; places], levels: vec![Level::Absent; places] }
    }

    /// Counts a pair that is linked with so many thousandths.
    pub(super) fn add(&mut self, evidence: &Evidence, linked: u64) {
        let Some(place) = evidence.day.place().filter(|place| *place < self.linked.len()) else { return };
        self.linked[place] += linked;
        self.unlinked[place] += 1_000 - linked;
        self.levels[place] = evidence.level(Field::Lag);
    }

    /// What each day adds to what its level of lag weighs: how much oftener linked pairs of that level take just so
    /// many days than unlinked ones do. Days nobody took are assumed to be taken as often as any other of their level.
    pub(super) fn habits(&self, base: &Habits) -> Habits {
        base.learnt(|place| self.adds(place))
    }

    fn adds(&self, place: usize) -> Millibits {
        let level = self.levels[place];
        let way = place / DAYS * DAYS..(place / DAYS + 1) * DAYS;
        let own: Vec<usize> = way.filter(|other| self.levels[*other] == level).collect();
        if level == Level::Absent || own.len() < 2 {
            return 0;
        }
        let rate = |counted: &[u64]| {
            let all: u64 = own.iter().map(|other| counted[*other]).sum();
            (counted[place] as f64 + ASSUMED) / (all as f64 + ASSUMED * own.len() as f64)
        };
        millibits(rate(&self.linked) / rate(&self.unlinked)).clamp(-MOST, MOST)
    }
}

/// What is assumed of every day before anything is counted, in thousandths of a pair.
const ASSUMED: f64 = 5_000.0;
/// The most a day adds or takes.
const MOST: Millibits = 3_000;
