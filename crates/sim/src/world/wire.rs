//! A wire that loses, doubles, delays, reorders and garbles, and goes dead between two nodes for a while.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::NodeId;

use super::report::Faults;
use crate::dice::{Dice, Room};

/// How bad the wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// As planned: losses, doubles, delays.
    Foul,
    /// Everything comes once and soon.
    Calm,
}

/// The wires between all nodes.
#[derive(Debug)]
pub(crate) struct Wire {
    dice: Dice,
    pub(crate) weather: Weather,
    /// Pairs that hear nothing of each other, and until when.
    dead: BTreeMap<(NodeId, NodeId), Timestamp>,
    /// When the last message between two nodes is to come.
    last: BTreeMap<(NodeId, NodeId), Timestamp>,
}

/// One coming of a message.
#[derive(Clone, Debug)]
pub(crate) struct Coming {
    pub(crate) at: Timestamp,
    pub(crate) bytes: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(seed: u64) -> Self {
        let dice = Dice::of(seed, Room::Wire, 0);
        Self { dice, weather: Weather::Foul, dead: BTreeMap::new(), last: BTreeMap::new() }
    }

    /// Cuts two nodes off from each other until this moment.
    pub(crate) fn cut(&mut self, one: &NodeId, other: &NodeId, until: Timestamp) {
        self.dead.insert((one.clone(), other.clone()), until);
        self.dead.insert((other.clone(), one.clone()), until);
    }

    /// When the bytes come to the other side, and as what: never, once, or twice.
    pub(crate) fn carry(
        &mut self,
        (from, to): (&NodeId, &NodeId),
        bytes: &[u8],
        now: Timestamp,
        faults: &mut Faults,
    ) -> Vec<Coming> {
        let pair = (from.clone(), to.clone());
        if self.weather == Weather::Foul && self.dead.get(&pair).is_some_and(|until| *until > now) {
            faults.cut_off += 1;
            return Vec::new();
        }
        let copies = self.copies(faults);
        (0..copies).map(|_| self.coming(&pair, bytes, now, faults)).collect()
    }

    fn copies(&mut self, faults: &mut Faults) -> usize {
        if self.weather == Weather::Calm {
            return 1;
        }
        if self.dice.chance(LOST) {
            faults.lost += 1;
            return 0;
        }
        if self.dice.chance(DOUBLED) {
            faults.doubled += 1;
            return 2;
        }
        1
    }

    fn coming(
        &mut self,
        pair: &(NodeId, NodeId),
        bytes: &[u8],
        now: Timestamp,
        faults: &mut Faults,
    ) -> Coming {
        let foul = self.weather == Weather::Foul;
        let mut under_way = self.dice.between(30, 900);
        if foul && self.dice.chance(DELAYED) {
            faults.delayed += 1;
            under_way += self.dice.between(20_000, 180_000);
        }
        let at = now + SignedDuration::from_millis(under_way);
        if self.last.get(pair).is_some_and(|last| at < *last) {
            faults.reordered += 1;
        }
        let last = self.last.entry(pair.clone()).or_insert(at);
        *last = at.max(*last);
        let garbled = foul && self.dice.chance(GARBLED);
        let bytes = if garbled { self.garbled(bytes, faults) } else { bytes.to_vec() };
        Coming { at, bytes }
    }

    fn garbled(&mut self, bytes: &[u8], faults: &mut Faults) -> Vec<u8> {
        faults.garbled += 1;
        let mut garbled = bytes.to_vec();
        let place = self.dice.below(garbled.len().max(1));
        if let Some(byte) = garbled.get_mut(place) {
            *byte ^= 0x40;
        }
        garbled
    }
}

/// How many messages of a thousand never come.
const LOST: u16 = 90;
/// How many come twice.
const DOUBLED: u16 = 80;
/// How many come so late that the sender no longer waits.
const DELAYED: u16 = 70;
/// How many come with a byte changed.
const GARBLED: u16 = 30;
