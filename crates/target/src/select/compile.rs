//! Profiles taken into the index, one by one.

use std::collections::{BTreeMap, BTreeSet};

use customs::terms::{Bag, Column, Gauge, Lists, Profile, Sense, Test};

use crate::batch::{ABSENT, thousandths};

/// Compiled profiles. Each has a slot: a bit of every bitmap. Putting one in or taking one out touches its slot alone.
#[derive(Clone, Debug, Default)]
pub struct Selection<L> {
    lists: L,
    pub(super) slots: Vec<Option<Profile>>,
    slot_of: BTreeMap<String, usize>,
    free: BTreeSet<usize>,
    pub(super) keys: BTreeMap<Key, Index>,
    pub(super) bands: Vec<Vec<Band>>,
}

/// What a bitmap is kept for: a column or a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Column(Column),
    Bag(Bag),
}

/// Which slots must be looked at for a value; all others are let through by every value.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Slots with a test on it.
    pub(super) tested: BTreeSet<usize>,
    /// Slots that name the value.
    pub(super) by_value: BTreeMap<String, Vec<usize>>,
    /// Slots that name the beginning of the value.
    pub(super) by_prefix: BTreeMap<String, Vec<usize>>,
    /// Slots that let through what they do not name.
    pub(super) excluding: BTreeSet<usize>,
    /// Slots with more than one test on it, which only the tests themselves can answer.
    pub(super) several: BTreeSet<usize>,
}

/// A band a number must lie in, in thousandths, both bounds included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) gauge: Gauge,
    pub(super) least: i64,
    pub(super) most: i64,
}

impl<L: Lists> Selection<L> {
    /// No profiles yet; lists are looked up here.
    #[must_use]
    pub fn new(lists: L) -> Self {
        Self {
            lists,
            slots: Vec::new(),
            slot_of: BTreeMap::new(),
            free: BTreeSet::new(),
            keys: BTreeMap::new(),
            bands: Vec::new(),
        }
    }

    /// All these profiles.
    #[must_use]
    pub fn of(profiles: impl IntoIterator<Item = Profile>, lists: L) -> Self {
        let mut selection = Self::new(lists);
        for profile in profiles {
            selection.put(profile);
        }
        selection
    }

    /// Puts a profile in, in the place of the one of the same name.
    pub fn put(&mut self, profile: Profile) {
        self.take_out(&profile.id);
        let slot = self.free.pop_first().unwrap_or(self.slots.len());
        if slot == self.slots.len() {
            self.slots.push(None);
            self.bands.push(Vec::new());
        }
        for test in &profile.tests {
            self.index(slot, test);
        }
        self.slot_of.insert(profile.id.clone(), slot);
        self.slots[slot] = Some(profile);
    }

    /// Takes the profile of this name out.
    pub fn take_out(&mut self, id: &str) {
        let Some(slot) = self.slot_of.remove(id) else { return };
        for index in self.keys.values_mut().filter(|index| index.tested.contains(&slot)) {
            index.forget(slot);
        }
        self.bands[slot].clear();
        self.slots[slot] = None;
        self.free.insert(slot);
    }

    /// The profile in a slot.
    ///
    /// # Panics
    /// Where the slot is of another selection.
    #[must_use]
    pub fn profile(&self, slot: usize) -> &Profile {
        self.slots[slot].as_ref().expect("hits are of profiles that are in")
    }

    /// All profiles, by slot.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.slots.iter().flatten()
    }

    /// How many profiles are in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slot_of.len()
    }

    /// Whether none is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slot_of.is_empty()
    }

    /// The lists parties are looked up in.
    pub const fn lists(&self) -> &L {
        &self.lists
    }

    /// The gauges the profiles look at.
    #[must_use]
    pub fn gauges(&self) -> BTreeSet<Gauge> {
        self.bands.iter().flatten().map(|band| band.gauge.clone()).collect()
    }

    /// How many words of 64 bits a bitmap has.
    pub(super) const fn words(&self) -> usize {
        self.slots.len().div_ceil(64)
    }

    fn index(&mut self, slot: usize, test: &Test) {
        match test {
            Test::Within { gauge, least, most } => self.bands[slot].push(Band {
                gauge: gauge.clone(),
                least: least.map_or(ABSENT + 1, ceiling),
                most: most.map_or(i64::MAX, thousandths),
            }),
            Test::Is { column, sense, values } => {
                self.key(Key::Column(*column)).take(slot, *sense, values.iter().cloned());
            }
            Test::Has { bag, sense, values } => {
                self.key(Key::Bag(*bag)).take(slot, *sense, values.iter().cloned());
            }
            Test::Listed { column, sense, list } => {
                let members = self.lists.members(list);
                self.key(Key::Column(*column)).take(slot, *sense, members);
            }
            Test::Code { sense, prefixes, .. } => {
                let index = self.key(Key::Column(Column::Code));
                index.take(slot, *sense, []);
                for prefix in prefixes {
                    index.by_prefix.entry(prefix.clone()).or_default().push(slot);
                }
            }
        }
    }

    fn key(&mut self, key: Key) -> &mut Index {
        self.keys.entry(key).or_default()
    }
}

/// A bound in thousandths that no smaller number meets.
fn ceiling(bound: rust_decimal::Decimal) -> i64 {
    let cut = thousandths(bound);
    let exact = rust_decimal::Decimal::new(cut, 3) >= bound;
    if exact { cut } else { cut.saturating_add(1) }
}

impl Index {
    fn take(&mut self, slot: usize, sense: Sense, values: impl IntoIterator<Item = String>) {
        if !self.tested.insert(slot) {
            self.several.insert(slot);
        }
        if sense == Sense::None {
            self.excluding.insert(slot);
        }
        for value in values {
            self.by_value.entry(value).or_default().push(slot);
        }
    }

    fn forget(&mut self, slot: usize) {
        self.tested.remove(&slot);
        self.excluding.remove(&slot);
        self.several.remove(&slot);
        for named in [&mut self.by_value, &mut self.by_prefix] {
            named.retain(|_, slots| {
                slots.retain(|known| *known != slot);
                !slots.is_empty()
            });
        }
    }

    /// The slots that name a value, or the beginning of it; a slot may come more than once.
    pub(super) fn naming(&self, value: &str) -> impl Iterator<Item = usize> {
        let whole = self.by_value.get(value).into_iter().flatten();
        let length_max = if self.by_prefix.is_empty() { 0 } else { value.len() };
        let prefixes = (1..=length_max).filter_map(move |length| value.get(..length));
        let begun = prefixes.filter_map(|prefix| self.by_prefix.get(prefix)).flatten();
        whole.chain(begun).copied()
    }
}
