//! Which documents stand under which key in which week: a sorted run of what was loaded, and drawers of what came since.
//!
//! The run takes twelve bytes an entry and is searched, never changed; documents that leave it are passed over. So
//! nothing ever stops to rearrange itself while items arrive one by one; a new load rearranges all.

use std::ops::RangeInclusive;

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
    fresh: Drawers,
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

    pub(super) fn insert(&mut self, entry: Entry) {
        self.fresh.insert(entry);
    }

    pub(super) fn remove(&mut self, entry: Entry) {
        self.fresh.remove(entry);
    }

    /// Takes many in at once, in pieces, and forgets what stands for documents that are gone.
    pub(super) fn load(&mut self, pieces: Vec<Vec<Entry>>, stands: impl Fn(DocNo) -> bool) {
        self.run.reserve_exact(self.fresh.count + pieces.iter().map(Vec::len).sum::<usize>());
        self.run.extend(std::mem::take(&mut self.fresh).sorted.into_iter().flatten());
        pieces.into_iter().for_each(|piece| self.run.extend(piece));
        self.run.retain(|entry| stands(entry.doc()));
        self.run.sort_unstable();
        self.run.dedup();
        self.run.shrink_to_fit();
    }

    /// The entries of a key in these weeks, by week.
    pub(super) fn span(&self, key: Key, weeks: RangeInclusive<i16>) -> impl Iterator<Item = Entry> + '_ {
        let first = Entry::new(key, *weeks.start(), DocNo::at(0));
        let last = Entry::new(key, *weeks.end(), DocNo::at(u32::MAX));
        let from = self.run.partition_point(|entry| *entry < first);
        let loaded = self.run[from..].iter().copied().take_while(move |entry| *entry <= last);
        merged(loaded, self.fresh.span(first, last).iter().copied())
    }
}

/// Entries in drawers by how their keys begin, sorted in each. Drawers are many and stay short, so that one more entry moves
/// few others, and no drawer ever takes long to grow.
#[derive(Clone, Debug, Default)]
struct Drawers {
    /// None until the first entry comes.
    sorted: Vec<Vec<Entry>>,
    count: usize,
}

/// Drawers, as a power of two.
const DRAWERS: u32 = 14;

impl Drawers {
    const fn drawer(entry: Entry) -> usize {
        (entry.high() >> (u64::BITS - DRAWERS)) as usize
    }

    fn insert(&mut self, entry: Entry) {
        if self.sorted.is_empty() {
            self.sorted = vec![Vec::new(); 1 << DRAWERS];
        }
        let drawer = &mut self.sorted[Self::drawer(entry)];
        if let Err(place) = drawer.binary_search(&entry) {
            drawer.insert(place, entry);
            self.count += 1;
        }
    }

    fn remove(&mut self, entry: Entry) {
        let Some(drawer) = self.sorted.get_mut(Self::drawer(entry)) else { return };
        if let Ok(place) = drawer.binary_search(&entry) {
            drawer.remove(place);
            self.count -= 1;
        }
    }

    /// The entries between two of one key, both included.
    fn span(&self, first: Entry, last: Entry) -> &[Entry] {
        let drawer = self.sorted.get(Self::drawer(first)).map_or(&[][..], |drawer| drawer);
        let from = drawer.partition_point(|entry| *entry < first);
        let count = drawer[from..].iter().take_while(|entry| **entry <= last).count();
        &drawer[from..from + count]
    }
}

/// Two sorted lists as one.
fn merged(
    left: impl Iterator<Item = Entry>,
    right: impl Iterator<Item = Entry>,
) -> impl Iterator<Item = Entry> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    std::iter::from_fn(move || match (left.peek(), right.peek()) {
        (Some(one), Some(other)) if other < one => right.next(),
        (Some(_), _) => left.next(),
        (None, _) => right.next(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_loaded_and_what_came_since_stand_in_one_order() {
        let entry = |key, week, doc| Entry::new(Key::of(key), week, DocNo::at(doc));
        let mut postings = Postings::default();
        let pieces = vec![vec![entry(7, 3, 1), entry(7, -2, 9)], vec![entry(8, 3, 1), entry(7, i16::MIN, 4)]];
        postings.load(pieces, |_| true);
        postings.insert(entry(7, 3, 0));
        postings.insert(entry(7, 4, 2));
        let span = |weeks| -> Vec<(i16, u32)> {
            postings.span(Key::of(7), weeks).map(|entry| (entry.week(), entry.doc().number())).collect()
        };
        assert_eq!(span(i16::MIN..=i16::MAX), [(i16::MIN, 4), (-2, 9), (3, 0), (3, 1), (4, 2)]);
        assert_eq!(span(-2..=3), [(-2, 9), (3, 0), (3, 1)]);
        postings.load(Vec::new(), |doc| doc.number() != 9);
        assert!(postings.is_settled());
        assert_eq!(postings.run().len(), 5);
    }
}
