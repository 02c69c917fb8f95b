//! A million operators in memory: the status of a code at a moment, in one step.
//!
//! Two flat arrays: slots found by hashing the packed code, with open addressing, and the older statuses of the few
//! operators that changed. A test touches one line of memory for nearly every operator. Never iterated, and the same whatever
//! the order of the entries.

use jiff::Timestamp;

use super::code::pack;
use super::entry::{Entry, OperatorRole, Status};
use super::slots::{Slot, Slots};

/// Operators by code.
#[derive(Clone, Debug)]
pub struct Index {
    slots: Slots,
    older: Vec<Older>,
    mask: usize,
    /// Slots in use.
    used: usize,
}

#[derive(Clone, Copy, Debug)]
struct Older {
    since: i64,
    status: u8,
}

/// What the index says of a code at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nobody has this code.
    Unknown,
    /// The operator had no status yet.
    NotYet,
    /// The operator, its status then, and whether the role is covered.
    Known {
        /// Its status at that moment.
        status: Status,
        /// Whether it is authorised in the role asked for.
        role: Covered,
    },
}

/// A code as it was quoted, packed by [`packed`](super::packed); the role it is quoted in; the moment, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The packed code.
    pub code: u128,
    /// The role.
    pub role: OperatorRole,
    /// Seconds since 1970.
    pub at: i64,
}

/// How many questions are fetched for before the first is answered: more than a core has loads under way, and few
/// enough to stay in its nearest memory.
const TOGETHER: usize = 32;

/// Whether a role is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl Default for Index {
    /// One of nobody, with room for some.
    fn default() -> Self {
        let mut index = Self { slots: Slots::new(0), older: Vec::new(), mask: 0, used: 0 };
        index.resize(0);
        index
    }
}

impl Index {
    /// An index of these entries; of two with one code, the later one counts.
    #[must_use]
    pub fn build<'a>(entries: impl ExactSizeIterator<Item = &'a Entry>) -> Self {
        let mut index = Self::default();
        index.resize(entries.len());
        for entry in entries {
            index.take(entry);
        }
        index
    }

    /// Takes an entry in; it takes the place of an earlier one with the same code.
    pub fn take(&mut self, entry: &Entry) {
        if (self.used + 1) * 2 > self.slots.len() {
            self.resize((self.used + 1) * 2);
        }
        let code = entry.code.packed();
        let mut history: Vec<_> =
            entry.history.iter().map(|change| (change.at.as_second(), change.status)).collect();
        history.sort_by_key(|(since, _)| *since);
        // One that has no status yet never had one at any moment.
        let (since, status) = history.pop().unwrap_or((i64::MAX, Status::Withdrawn));
        let begin = self.older.len();
        self.older
            .extend(history.into_iter().rev().map(|(since, status)| Older { since, status: status as u8 }));
        let count = self.older.len() - begin;
        let slot = Slot {
            code,
            since,
            older: u32::try_from(begin + 1).unwrap_or(0),
            count: u16::try_from(count).unwrap_or(u16::MAX),
            status: status as u8,
            roles: entry.roles.iter().fold(0, |bits, role| bits | role.bit()),
        };
        let at = self.place(code);
        self.used += usize::from(self.slots.view().get(at).code == 0);
        self.slots.set(at, slot);
    }

    /// Makes room for so many entries.
    fn resize(&mut self, entries: usize) {
        let size = (entries.max(8) * 2).next_power_of_two();
        let known = std::mem::replace(&mut self.slots, Slots::new(size));
        self.mask = size - 1;
        for slot in known.view().each().filter(|slot| slot.code != 0) {
            self.slots.set(self.place(slot.code), slot);
        }
    }

    /// The slot of this code, or the empty one where it would stand.
    fn place(&self, code: u128) -> usize {
        let (slots, mut at) = (self.slots.view(), self.start(code));
        while ![0, code].contains(&slots.get(at).code) {
            at = (at + 1) & self.mask;
        }
        at
    }

    fn start(&self, code: u128) -> usize {
        // Both halves mixed by two odd constants; the high bits of the product are the well-mixed ones.
        let low = (code as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let high = ((code >> 64) as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let mixed = (low ^ high).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & self.mask
    }

    /// Whether nobody has this code.
    #[must_use]
    pub fn lacks(&self, code: &str) -> bool {
        let code = pack(code.as_bytes());
        code == 0 || self.slots.view().get(self.place(code)).code == 0
    }

    /// What is to be said of a code as it was quoted, in this role at this moment.
    #[must_use]
    pub fn at(&self, code: &str, role: OperatorRole, at: Timestamp) -> Found {
        self.at_second(pack(code.as_bytes()), role, at.as_second())
    }

    /// The same of a packed code and a moment in seconds.
    #[must_use]
    pub fn at_second(&self, code: u128, role: OperatorRole, at: i64) -> Found {
        let place = self.start(code);
        self.say(place, self.slots.view().get(place), &Question { code, role, at })
    }

    /// What is to be said of each question, in their order. Where many are asked, this is the faster way: the slots of
    /// [`TOGETHER`] questions are fetched before the first is looked at, so that the waits for memory overlap.
    pub fn each(&self, questions: &[Question], mut say: impl FnMut(Found)) {
        let slots = self.slots.view();
        let mut fetched = [(0, Slot::default()); TOGETHER];
        for questions in questions.chunks(TOGETHER) {
            for (fetched, question) in fetched.iter_mut().zip(questions) {
                let place = self.start(question.code);
                *fetched = (place, slots.get(place));
            }
            for ((place, slot), question) in fetched.iter().zip(questions) {
                say(self.say(*place, *slot, question));
            }
        }
    }

    /// The answer, where `slot` is the one at `place`, the first that may be the code's.
    fn say(&self, mut place: usize, mut slot: Slot, question: &Question) -> Found {
        let &Question { code, role, at } = question;
        while slot.code != code || code == 0 {
            if slot.code == 0 {
                return Found::Unknown;
            }
            place = (place + 1) & self.mask;
            slot = self.slots.view().get(place);
        }
        let covered = if slot.roles & role.bit() == 0 { Covered::No } else { Covered::Yes };
        let known = |status: u8| Found::Known { status: status_of(status), role: covered };
        if slot.since <= at {
            return known(slot.status);
        }
        let begin = (slot.older as usize).saturating_sub(1);
        let older = &self.older[begin..begin + usize::from(slot.count)];
        older.iter().find(|one| one.since <= at).map_or(Found::NotYet, |one| known(one.status))
    }

    /// Bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.slots.bytes() + self.older.len() * size_of::<Older>()
    }
}

const fn status_of(status: u8) -> Status {
    match status {
        0 => Status::Active,
        1 => Status::Suspended,
        _ => Status::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::code::OperatorCode;
    use super::super::entry::StatusChange;
    use super::*;
    use crate::terms::Party;

    fn entry(number: u32, history: &[(i64, u8)]) -> Entry {
        let changes = history.iter().map(|(at, status)| StatusChange {
            status: status_of(*status),
            at: Timestamp::from_second(*at).expect("in range"),
            reason: String::new(),
        });
        Entry {
            code: OperatorCode::new(&format!("AEOVN{number:010}")).expect("a code"),
            party: Party::default(),
            local_name: String::new(),
            roles: vec![OperatorRole::Exporter],
            sites: Vec::new(),
            contact: String::new(),
            from: jiff::civil::date(2020, 1, 1),
            until: None,
            history: changes.collect(),
        }
    }

    proptest! {
        /// The index says what the entry itself says, for every code, moment and role.
        #[test]
        fn the_index_agrees_with_the_entries(
            histories in prop::collection::btree_map(0_u32..500, prop::collection::btree_map(0_i64..1_000, 0_u8..3, 0..5), 1..80),
            asked in prop::collection::vec((0_u32..600, 0_i64..1_100), 1..200),
        ) {
            let entries: Vec<Entry> = histories
                .iter()
                .map(|(number, history)| entry(*number, &history.iter().map(|(at, status)| (*at, *status)).collect::<Vec<_>>()))
                .collect();
            let index = Index::build(entries.iter());
            let questions: Vec<_> = asked
                .iter()
                .map(|(number, at)| Question { code: pack(format!("AEOVN{number:010}").as_bytes()), role: OperatorRole::Exporter, at: *at })
                .collect();
            let (mut together, mut one_by_one) = (Vec::new(), Vec::new());
            index.each(&questions, |found| together.push(found));
            let mut grown = Index::default();
            entries.iter().for_each(|entry| grown.take(entry));
            for (number, at) in asked {
                let code = format!("AEOVN{number:010}");
                let moment = Timestamp::from_second(at).expect("in range");
                let known = entries.iter().find(|entry| entry.code.as_str() == code);
                let expected = known.map_or(Found::Unknown, |entry| {
                    entry.status_at(moment).map_or(Found::NotYet, |status| Found::Known { status, role: Covered::Yes })
                });
                prop_assert_eq!(index.at(&code, OperatorRole::Exporter, moment), expected);
                one_by_one.push(expected);
                prop_assert_eq!(grown.at(&code, OperatorRole::Exporter, moment), expected);
                prop_assert_eq!(grown.lacks(&code), known.is_none());
                if let Found::Known { role, .. } = index.at(&code, OperatorRole::Broker, moment) {
                    prop_assert_eq!(role, Covered::No);
                }
            }
            prop_assert_eq!(together, one_by_one);
        }
    }
}
