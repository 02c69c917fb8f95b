//! A selection laid against a batch: for every distinct value of every column its bitmap, equal ones kept once.

use customs::terms::{Lists, Test};

use super::compile::{Band, Index, Key, Selection};
use crate::batch::{Bags, Lines};

/// A selection ready for one batch.
#[derive(Debug)]
pub struct Bound<'a, L> {
    pub(super) selection: &'a Selection<L>,
    pub(super) lines: &'a Lines,
    /// Words of a bitmap.
    pub(super) words: usize,
    /// All bitmaps, one after another.
    pub(super) pool: Vec<u64>,
    /// For every active column or bag: where the bitmap of each row's value stands.
    pub(super) columns: Vec<Laid<'a>>,
    /// The bands of each slot as places of gauges in `gauges`.
    pub(super) bands: Vec<Residual>,
    pub(super) first: Vec<u32>,
    pub(super) gauges: Vec<&'a [i64]>,
}

/// Where the bitmaps of a column stand.
#[derive(Debug)]
pub(super) enum Laid<'a> {
    /// By the code of the row's value.
    Codes { codes: &'a [u32], at: Vec<u32> },
    /// By row.
    Rows(Vec<u32>),
}

impl Laid<'_> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> usize {
        match self {
            Self::Codes { codes, at } => at[codes[row] as usize] as usize,
            Self::Rows(at) => at[row] as usize,
        }
    }
}

/// A band over a gauge the batch has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Residual {
    pub(super) gauge: u32,
    pub(super) least: i64,
    pub(super) most: i64,
}

impl<'a, L: Lists> Bound<'a, L> {
    /// Lays the selection against the batch. A number the batch has not is absent in every line.
    #[must_use]
    pub fn new(selection: &'a Selection<L>, lines: &'a Lines) -> Self {
        let mut bound = Self {
            selection,
            lines,
            words: selection.words(),
            pool: Vec::new(),
            columns: Vec::new(),
            bands: Vec::new(),
            first: vec![0],
            gauges: Vec::new(),
        };
        let mut pool = Pool::new(bound.words);
        let occupied = pool.occupied(selection);
        let mut laid: Vec<(usize, Laid<'a>)> = Vec::new();
        for (key, index) in &selection.keys {
            if !index.tested.is_empty() {
                laid.push((index.tested.len(), bound.lay(*key, index, &occupied, &mut pool)));
            }
        }
        laid.sort_by_key(|(tested, _)| std::cmp::Reverse(*tested));
        bound.columns = laid.into_iter().map(|(_, laid)| laid).collect();
        if bound.columns.is_empty() {
            let at = pool.keep(&occupied);
            bound.columns.push(Laid::Rows(vec![at; lines.len()]));
        }
        bound.pool = pool.bits;
        bound.lay_bands();
        bound
    }

    fn lay(&self, key: Key, index: &Index, occupied: &[u64], pool: &mut Pool) -> Laid<'a> {
        let mut open = occupied.to_vec();
        index.tested.iter().for_each(|slot| open[slot / 64] &= !(1 << (slot % 64)));
        match key {
            Key::Column(column) => {
                let texts = self.lines.column(column);
                let bits = |value: &String| self.of_value(key, index, value, &open);
                let at = texts.names().iter().map(|value| pool.keep(&bits(value))).collect();
                Laid::Codes { codes: texts.codes(), at }
            }
            Key::Bag(bag) => Laid::Rows(self.lay_bags(index, self.lines.bags(bag), &open, pool, key)),
        }
    }

    /// The slots a value lets through.
    fn of_value(&self, key: Key, index: &Index, value: &str, open: &[u64]) -> Vec<u64> {
        let mut bits = open.to_vec();
        for slot in index.asked(value) {
            let tests = self.selection.profile(slot).tests.iter();
            let mut of_column = tests.filter(|test| test.column().map(Key::Column) == Some(key));
            if of_column.all(|test| test.holds_for(value, self.selection.lists())) {
                bits[slot / 64] |= 1 << (slot % 64);
            }
        }
        bits
    }

    /// Bags that hold nothing a profile names share one bitmap.
    fn lay_bags(&self, index: &Index, bags: &Bags, open: &[u64], pool: &mut Pool, key: Key) -> Vec<u32> {
        let named: Vec<bool> = bags.names().iter().map(|name| index.by_value.contains_key(name)).collect();
        let plain = pool.keep(&self.of_bag(index, &[], open, key));
        let rows = 0..self.lines.len();
        rows.map(|row| {
            let codes = bags.codes(row);
            let telling = codes.iter().filter(|code| named[**code as usize]);
            let values: Vec<&str> = telling.map(|code| bags.names()[*code as usize].as_str()).collect();
            if values.is_empty() { plain } else { pool.keep(&self.of_bag(index, &values, open, key)) }
        })
        .collect()
    }

    fn of_bag(&self, index: &Index, values: &[&str], open: &[u64], key: Key) -> Vec<u64> {
        let mut bits = open.to_vec();
        let mut asked = index.excluding.clone();
        asked.extend(values.iter().filter_map(|value| index.by_value.get(*value)).flatten());
        for slot in asked {
            let holds = self.selection.profile(slot).tests.iter().all(|test| match test {
                Test::Has { bag, sense, values: wanted } if Key::Bag(*bag) == key => {
                    let found = values.iter().any(|value| wanted.contains(*value));
                    sense.of(found.into())
                }
                _ => true,
            });
            if holds {
                bits[slot / 64] |= 1 << (slot % 64);
            }
        }
        bits
    }

    fn lay_bands(&mut self) {
        let gauges: Vec<_> = self.selection.gauges().into_iter().collect();
        self.gauges = gauges.iter().map(|gauge| self.lines.gauge(gauge).unwrap_or(&[])).collect();
        for bands in &self.selection.bands {
            self.bands.extend(bands.iter().map(|Band { gauge, least, most }| Residual {
                gauge: gauges.binary_search(gauge).map_or(u32::MAX, |at| at as u32),
                least: *least,
                most: *most,
            }));
            self.first.push(self.bands.len() as u32);
        }
    }
}

/// Bitmaps, equal ones once.
struct Pool {
    words: usize,
    bits: Vec<u64>,
    #[expect(clippy::disallowed_types, reason = "looked up, never iterated")]
    known: std::collections::HashMap<Vec<u64>, u32>,
}

impl Pool {
    #[expect(clippy::disallowed_types, reason = "looked up, never iterated")]
    fn new(words: usize) -> Self {
        Self { words, bits: Vec::new(), known: std::collections::HashMap::new() }
    }

    fn occupied<L>(&self, selection: &Selection<L>) -> Vec<u64> {
        let mut bits = vec![0; self.words];
        for (slot, profile) in selection.slots.iter().enumerate() {
            bits[slot / 64] |= u64::from(profile.is_some()) << (slot % 64);
        }
        bits
    }

    fn keep(&mut self, bits: &[u64]) -> u32 {
        if let Some(at) = self.known.get(bits) {
            return *at;
        }
        let at = u32::try_from(self.bits.len()).expect("the bitmaps of a batch fit in 32 GB");
        self.bits.extend_from_slice(bits);
        self.known.insert(bits.to_vec(), at);
        at
    }
}
