//! The wire between members: delays, losses, doubles and partitions, all drawn from the seed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::NodeId;

use super::party::Letter;
use super::{later, seconds};
use crate::dice::{Dice, Room};

/// The wire.
pub(crate) struct Wire {
    dice: Dice,
    /// When a pair is apart: from, until.
    apart: BTreeMap<(NodeId, NodeId), Vec<(Timestamp, Timestamp)>>,
    pub(crate) posted: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) given_up: usize,
}

/// What comes of posting a letter once.
pub(crate) enum Posted {
    /// It arrives then, perhaps twice.
    Arrives(Vec<Timestamp>),
    /// It does not; it is tried again then.
    Again(Timestamp),
    /// It does not, and no try is left.
    Never,
}

impl Wire {
    /// A wire whose pairs are apart now and then, between these moments: mostly for seconds, seldom for minutes.
    pub(crate) fn new(seed: u64, members: &[NodeId], start: Timestamp, end: Timestamp) -> Self {
        let mut dice = Dice::of(seed, Room::Wire, 0);
        let mut apart = BTreeMap::new();
        let span = seconds(start, end);
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                let mut gaps = Vec::new();
                let mut moment = dice.between(60, 1_800);
                while moment < span {
                    let long = dice.chance(LONG_PERMILLE);
                    let length = if long { dice.between(120, 900) } else { dice.between(3, 25) };
                    let from = later(start, moment * 1_000);
                    gaps.push((from, later(from, length * 1_000)));
                    moment += length + dice.between(300, 3_600);
                }
                apart.insert((one.clone(), other.clone()), gaps);
            }
        }
        Self { dice, apart, posted: 0, lost: 0, doubled: 0, given_up: 0 }
    }

    /// How many partitions there are.
    pub(crate) fn partitions(&self) -> usize {
        self.apart.values().map(Vec::len).sum()
    }

    /// Posts a letter for the nth time, from 0.
    pub(crate) fn post(&mut self, letter: &Letter, attempt: usize, now: Timestamp) -> Posted {
        self.posted += 1;
        let cut = self.is_apart(&letter.from, &letter.to, now);
        if cut || self.dice.chance(LOST_PERMILLE) {
            self.lost += 1;
            return match letter.waits.get(attempt) {
                Some(wait) => Posted::Again(later(now, i64::from(*wait) * 1_000)),
                None => {
                    self.given_up += 1;
                    Posted::Never
                }
            };
        }
        let mut arrivals = vec![later(now, self.dice.between(40, 2_500))];
        if self.dice.chance(DOUBLED_PERMILLE) {
            self.doubled += 1;
            arrivals.push(later(now, self.dice.between(40, 90_000)));
        }
        Posted::Arrives(arrivals)
    }

    fn is_apart(&self, one: &NodeId, other: &NodeId, now: Timestamp) -> bool {
        let pair = if self.apart.contains_key(&(one.clone(), other.clone())) {
            (one.clone(), other.clone())
        } else {
            (other.clone(), one.clone())
        };
        self.apart
            .get(&pair)
            .is_some_and(|gaps| gaps.iter().any(|(from, until)| *from <= now && now < *until))
    }
}

/// Of a thousand partitions, how many last for minutes.
const LONG_PERMILLE: u16 = 20;
/// Of a thousand messages, how many are lost without a partition.
const LOST_PERMILLE: u16 = 30;
/// Of a thousand messages, how many come twice.
const DOUBLED_PERMILLE: u16 = 40;
