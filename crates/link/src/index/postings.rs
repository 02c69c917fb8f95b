//! Which documents stand under which key in which week: a sorted run of what was loaded, and drawers of what came since.
//!
//! The run takes twelve bytes an entry and is searched, never changed; documents that leave it are passed over. So
//! nothing ever stops to rearrange itself while items arrive one by one; a new load rearranges all.

use std::ops::{Range, RangeInclusive};
use std::sync::{Mutex, PoisonError};

use super::batch::Executor;
use super::keys::Key;
use super::shelf::DocNo;

/// A key and a week in eight bytes, then the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry([u32; 3]);

impl Entry {
    pub(super) const fn new(key: Key, week: i16, doc: DocNo) -> Self {
        // Weeks are moved up so that their order is the order of the numbers.
        let week = (week as u16) ^ 0x8000;
        let high = (key.number() << 16) | week as u64;
        Self([(high >> 32) as u32, high as u32, doc.number()])
    }

    pub(super) const fn key(self) -> Key {
        Key::of(self.high() >> 16)
    }

    pub(super) const fn week(self) -> i16 {
        ((self.0[1] as u16) ^ 0x8000) as i16
    }

    pub(super) const fn doc(self) -> DocNo {
        DocNo::at(self.0[2])
    }

    const fn high(self) -> u64 {
        (self.0[0] as u64) << 32 | self.0[1] as u64
    }

    /// Key and week alone.
    pub(super) const fn bucket(self) -> u64 {
        self.high()
    }
}

/// The entries of one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    run: Vec<Entry>,
    stretches: Stretches,
    fresh: Drawers,
}

/// Where in the run the entries stand whose keys begin alike. A search through a gigabyte waits for memory at each of its steps; through
/// these few it takes as many steps fewer as there are bits in a beginning.
#[derive(Clone, Debug, Default)]
struct Stretches {
    /// The first entry of each beginning, and behind all the length of the run; nothing where there is none.
    starts: Vec<u32>,
    /// How many bits of an entry are its beginning.
    bits: u32,
}

/// About how many entries begin alike.
const STRETCH: usize = 32;

impl Stretches {
    fn of(run: &[Entry]) -> Self {
        let bits = (run.len() / STRETCH).max(1).ilog2();
        let mut starts = vec![0; (1 << bits) + 1];
        run.iter().for_each(|entry| starts[Self::beginning(bits, *entry) + 1] += 1);
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        Self { starts, bits }
    }

    const fn beginning(bits: u32, entry: Entry) -> usize {
        // A shift by all bits there are is none.
        entry.high().unbounded_shr(u64::BITS - bits) as usize
    }

    /// Where entries stand that begin like this one.
    fn of_entry(&self, entry: Entry) -> Range<usize> {
        let at = Self::beginning(self.bits, entry);
        match self.starts.get(at..at + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }
}

impl Postings {
    /// Everything that was loaded, sorted.
    pub(super) fn run(&self) -> &[Entry] {
        &self.run
    }

    /// Whether anything came one by one.
    pub(super) fn is_settled(&self) -> bool {
        self.fresh.count == 0
    }

    /// Takes in the entries of a document.
    pub(super) fn insert(&mut self, entries: &[Entry]) {
        self.fresh.look_up(entries);
        entries.iter().for_each(|entry| self.fresh.insert(*entry));
    }

    pub(super) fn remove(&mut self, entry: Entry) {
        self.fresh.remove(entry);
    }

    /// Takes many in at once, in pieces, and forgets what stands for documents that are gone.
    pub(super) fn load(
        &mut self,
        pieces: Vec<Vec<Entry>>,
        stands: impl Fn(DocNo) -> bool,
        executor: &dyn Executor,
    ) {
        self.run.reserve_exact(self.fresh.count + pieces.iter().map(Vec::len).sum::<usize>());
        let fresh = std::mem::take(&mut self.fresh).drawers;
        self.run.extend(fresh.into_iter().flat_map(|drawer| drawer.entries));
        pieces.into_iter().for_each(|piece| self.run.extend(piece));
        self.run.retain(|entry| stands(entry.doc()));
        if !self.run.is_sorted() {
            sort_beside(&mut self.run, HALVED, executor);
        }
        self.run.dedup();
        self.run.shrink_to_fit();
        self.stretches = Stretches::of(&self.run);
    }

    /// The entries of a key in these weeks, by week.
    pub(super) fn span(&self, key: Key, weeks: RangeInclusive<i16>) -> impl Iterator<Item = Entry> + '_ {
        let first = Entry::new(key, *weeks.start(), DocNo::at(0));
        let last = Entry::new(key, *weeks.end(), DocNo::at(u32::MAX));
        let alike = self.stretches.of_entry(first);
        let from = alike.start + self.run[alike].partition_point(|entry| *entry < first);
        let loaded = self.run[from..].iter().copied().take_while(move |entry| *entry <= last);
        merged(loaded, self.fresh.span(first, last))
    }
}

/// Sorts in place and side by side: halved so many times by what stands in the middle, which takes a fraction of sorting.
fn sort_beside(entries: &mut [Entry], halved: u32, executor: &dyn Executor) {
    if halved == 0 || entries.len() < ALONE {
        return entries.sort_unstable();
    }
    let middle = entries.len() / 2;
    entries.select_nth_unstable(middle);
    let (before, behind) = entries.split_at_mut(middle);
    let halves = [Mutex::new(before), Mutex::new(behind)];
    executor.each(halves.len(), &|half| {
        let mut half = halves[half].lock().unwrap_or_else(PoisonError::into_inner);
        sort_beside(&mut half, halved - 1, executor);
    });
}

/// How often what is loaded is halved before it is sorted, which keeps up to eight processors busy.
const HALVED: u32 = 3;
/// Fewer entries than this are sorted where they are.
const ALONE: usize = 1 << 15;

/// Entries in drawers by how their keys begin. Drawers are many and stay short, so that no drawer ever takes long to grow or to be
/// put in order.
#[derive(Clone, Debug, Default)]
struct Drawers {
    /// None until the first entry comes.
    drawers: Vec<Drawer>,
    count: usize,
}

/// Drawers, as a power of two.
const DRAWERS: u32 = 14;

impl Drawers {
    const fn place(entry: Entry) -> usize {
        (entry.high() >> (u64::BITS - DRAWERS)) as usize
    }

    /// Looks at where each of these will stand, and does nothing. Each is somewhere else in memory; asked for one after the other
    /// while they are put in, each would be waited for by itself.
    fn look_up(&self, entries: &[Entry]) {
        let seen = entries.iter().filter_map(|entry| self.drawers.get(Self::place(*entry))?.ends());
        std::hint::black_box(seen.fold(0, u32::wrapping_add));
    }

    fn insert(&mut self, entry: Entry) {
        if self.drawers.is_empty() {
            self.drawers = vec![Drawer::default(); 1 << DRAWERS];
        }
        self.drawers[Self::place(entry)].insert(entry);
        self.count += 1;
    }

    fn remove(&mut self, entry: Entry) {
        if let Some(drawer) = self.drawers.get_mut(Self::place(entry)) {
            self.count -= drawer.remove(entry);
        }
    }

    /// The entries between two of one key, both included, in order.
    fn span(&self, first: Entry, last: Entry) -> impl Iterator<Item = Entry> + '_ {
        let drawer = self.drawers.get(Self::place(first));
        let (settled, late) = drawer.map_or((&[][..], &[][..]), |drawer| drawer.span(first, last));
        merged(settled.iter().copied(), late.iter().copied())
    }
}

/// The entries of one drawer in two parts, each in order: those that are settled, and behind them a few that came last. An entry moves
/// the late ones behind it; only when they are too many are they moved among the settled ones, all at once.
#[derive(Clone, Debug, Default)]
struct Drawer {
    entries: Vec<Entry>,
    settled: usize,
}

/// The fewest late entries that are worth being settled.
const LATE_MIN: usize = 8;

impl Drawer {
    fn insert(&mut self, entry: Entry) {
        let (_, late) = self.entries.split_at(self.settled);
        let place = late.partition_point(|known| *known < entry);
        self.entries.insert(self.settled + place, entry);
        if self.late() > self.late_max() {
            self.settle();
        }
    }

    /// Something of the first late entry and of the last.
    fn ends(&self) -> Option<u32> {
        let [first, .., last] = &self.entries[self.settled..] else { return None };
        Some(first.0[2].wrapping_add(last.0[2]))
    }

    fn late(&self) -> usize {
        self.entries.len() - self.settled
    }

    /// How many late entries there may be: what settling moves, shared among them, and what one of them moves are about as many then.
    const fn late_max(&self) -> usize {
        LATE_MIN + self.settled.isqrt()
    }

    /// Moves the late ones to their places, the last first, and each of the settled ones at most once.
    fn settle(&mut self) {
        let late = self.entries[self.settled..].to_vec();
        let mut end = self.settled;
        for (place, entry) in late.iter().enumerate().rev() {
            let before = self.entries[..end].partition_point(|known| known <= entry);
            self.entries.copy_within(before..end, before + place + 1);
            self.entries[before + place] = *entry;
            end = before;
        }
        self.settled = self.entries.len();
    }

    /// How many there were of it.
    fn remove(&mut self, entry: Entry) -> usize {
        let before = self.entries.len();
        while let Ok(place) = self.entries[..self.settled].binary_search(&entry) {
            self.entries.remove(place);
            self.settled -= 1;
        }
        while let Ok(place) = self.entries[self.settled..].binary_search(&entry) {
            self.entries.remove(self.settled + place);
        }
        before - self.entries.len()
    }

    /// The settled ones between two, and the late ones.
    fn span(&self, first: Entry, last: Entry) -> (&[Entry], &[Entry]) {
        let (settled, late) = self.entries.split_at(self.settled);
        (between(settled, first, last), between(late, first, last))
    }
}

/// The entries between two, both included, of those that are in order.
fn between(entries: &[Entry], first: Entry, last: Entry) -> &[Entry] {
    let from = entries.partition_point(|entry| *entry < first);
    let count = entries[from..].iter().take_while(|entry| **entry <= last).count();
    &entries[from..from + count]
}

/// Two sorted lists as one, in which nothing stands twice.
fn merged(
    left: impl Iterator<Item = Entry>,
    right: impl Iterator<Item = Entry>,
) -> impl Iterator<Item = Entry> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    let both = std::iter::from_fn(move || match (left.peek(), right.peek()) {
        (Some(one), Some(other)) if other < one => right.next(),
        (Some(_), _) => left.next(),
        (None, _) => right.next(),
    });
    let mut last = None;
    both.filter(move |entry| last.replace(*entry) != Some(*entry))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::index::{InTurn, Threads};

    #[test]
    fn many_entries_sorted_side_by_side_stand_as_if_sorted_at_once() {
        for (count, keys) in [(ALONE * 5 + 3, 1_000_000), (ALONE * 9, 3), (ALONE - 1, 50)] {
            let entry = |no: usize| {
                let key = no.wrapping_mul(2_654_435_761) % keys;
                Entry::new(Key::of(key as u64), (no % 7) as i16, DocNo::at((count - no) as u32))
            };
            let mut entries: Vec<Entry> = (0..count).map(entry).collect();
            let mut expected = entries.clone();
            expected.sort();
            sort_beside(&mut entries, HALVED, &Threads(4));
            assert!(entries == expected, "{count} entries of {keys} keys");
        }
    }

    /// What a set in order would say, whatever a drawer has in order by then.
    #[test]
    fn entries_are_there_once_and_in_order_while_they_come_twice_and_go() {
        let mut state = 7_u32;
        let mut next = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let (mut postings, mut expected) = (Postings::default(), BTreeSet::new());
        for _ in 0..4_000 {
            let entry = Entry::new(Key::of(next(3).into()), next(4) as i16, DocNo::at(next(60)));
            if next(3) == 0 {
                postings.remove(entry);
                expected.remove(&entry);
            } else {
                postings.insert(&[entry]);
                expected.insert(entry);
            }
            let key = Key::of(next(3).into());
            let weeks = 1..=next(4) as i16;
            let is_asked = |entry: &&Entry| entry.key() == key && weeks.contains(&entry.week());
            let wanted: Vec<Entry> = expected.iter().filter(is_asked).copied().collect();
            assert_eq!(postings.span(key, weeks.clone()).collect::<Vec<_>>(), wanted);
        }
        expected.iter().for_each(|entry| postings.remove(*entry));
        assert!(postings.is_settled());
    }

    #[test]
    fn what_was_loaded_and_what_came_since_stand_in_one_order() {
        let entry = |key, week, doc| Entry::new(Key::of(key), week, DocNo::at(doc));
        let mut postings = Postings::default();
        let pieces = vec![vec![entry(7, 3, 1), entry(7, -2, 9)], vec![entry(8, 3, 1), entry(7, i16::MIN, 4)]];
        postings.load(pieces, |_| true, &InTurn);
        postings.insert(&[entry(7, 3, 0), entry(7, 4, 2)]);
        let span = |weeks| -> Vec<(i16, u32)> {
            postings.span(Key::of(7), weeks).map(|entry| (entry.week(), entry.doc().number())).collect()
        };
        assert_eq!(span(i16::MIN..=i16::MAX), [(i16::MIN, 4), (-2, 9), (3, 0), (3, 1), (4, 2)]);
        assert_eq!(span(-2..=3), [(-2, 9), (3, 0), (3, 1)]);
        postings.load(Vec::new(), |doc| doc.number() != 9, &InTurn);
        assert!(postings.is_settled());
        assert_eq!(postings.run().len(), 5);
    }
}
