//! A wire that loses, doubles, delays, reorders and garbles, and goes dead between two nodes for a while.

use std::collections::BTreeMap;

use customs::agreement::Protection;
use jiff::{SignedDuration, Timestamp};
use kernel::{Digest, NodeId};
use node::{Delivery, Packed, Parcel, Record, Seal};
use serde::{Deserialize, Serialize};
use store::Failure;

use super::report::Faults;
use super::vouch::Vouch;
use crate::dice::{Dice, Room};

/// Envelopes of plain JSON with a digest in the place of a signature: cheap, and still nothing garbled passes.
pub(crate) struct Plain {
    us: NodeId,
    vouch: Vouch,
}

impl Plain {
    pub(crate) const fn new(us: NodeId, vouch: Vouch) -> Self {
        Self { us, vouch }
    }
}

#[derive(Serialize, Deserialize)]
struct Letter {
    from: NodeId,
    message_id: String,
    kind: String,
    payload: Vec<u8>,
    witness: Option<Vec<u8>>,
}

impl Seal for Plain {
    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        let letter = Letter {
            from: self.us.clone(),
            message_id: parcel.message_id.to_owned(),
            kind: parcel.kind.to_owned(),
            payload: parcel.payload.to_vec(),
            witness: parcel.witness.map(<[u8]>::to_vec),
        };
        let body = serde_json::to_vec(&letter).expect("a letter is plain data");
        let digest = Digest::of(&body).to_string();
        Ok(Packed { entity: [digest.as_bytes(), &body].concat(), digests: digest.into_bytes() })
    }

    fn record(&self) -> Option<&dyn Record> {
        Some(&self.vouch)
    }
}

/// The delivery these bytes are; `None` where they were garbled on the way.
pub(crate) fn opened(bytes: &[u8]) -> Option<Delivery> {
    let (digest, body) = bytes.split_at_checked(64)?;
    let covered = Digest::parse(std::str::from_utf8(digest).ok()?)?;
    if covered != Digest::of(body) {
        return None;
    }
    let letter: Letter = serde_json::from_slice(body).ok()?;
    Some(Delivery {
        from: letter.from,
        message_id: letter.message_id,
        kind: letter.kind,
        covered,
        wire: bytes.to_vec().into(),
        payload: letter.payload.into(),
        attached: Vec::new(),
        protection: Protection::SignedAndEncrypted,
        witness: letter.witness,
    })
}

/// The same letter under another message id: what no honest wire does.
pub(crate) fn reissued(bytes: &[u8]) -> Vec<u8> {
    let Some(mut letter) = serde_json::from_slice::<Letter>(bytes.get(64..).unwrap_or_default()).ok() else {
        return bytes.to_vec();
    };
    letter.message_id = format!("again-{}", letter.message_id);
    let body = serde_json::to_vec(&letter).expect("a letter is plain data");
    [Digest::of(&body).to_string().as_bytes(), &body].concat()
}

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
