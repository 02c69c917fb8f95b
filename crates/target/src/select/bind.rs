//! A selection laid against a batch: for every distinct value of every column its bitmap, equal ones kept once.

use customs::terms::{Lists, Test};

use super::bands::{Laying, Residual};
use super::compile::{Index, Key, Selection};
use super::pool::Pool;
use crate::batch::{Bags, Lines, Texts};

/// A selection ready for one batch.
#[derive(Debug)]
pub struct Bound<'a, L> {
    pub(super) selection: &'a Selection<L>,
    pub(super) lines: &'a Lines,
    /// Words of a bitmap.
    pub(super) words: usize,
    /// All bitmaps, one after another.
    pub(super) pool: Vec<u64>,
    /// For every column, bag or number that is asked for: where the bitmap of each row's value stands.
    pub(super) columns: Vec<Laid<'a>>,
    /// Bands no bitmap settles, slot by slot.
    pub(super) residuals: Vec<Residual>,
    /// Where the bands of each slot begin; one more at the end.
    pub(super) first: Vec<u32>,
    /// The numbers these bands are over.
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

impl<'a, L: Lists> Bound<'a, L> {
    /// Lays the selection against the batch. A number the batch has not is absent in every line.
    #[must_use]
    pub fn new(selection: &'a Selection<L>, lines: &'a Lines) -> Self {
        let mut pool = Pool::new(selection.words());
        let occupied = occupied(selection);
        let mut laid: Vec<(usize, Laid<'a>)> = Vec::new();
        for (key, index) in &selection.keys {
            if !index.tested.is_empty() {
                let tested = Tested { selection, key: *key, index, open: open(&occupied, index) };
                laid.push((index.tested.len(), tested.lay(lines, &mut pool)));
            }
        }
        let mut bands = Laying::new(selection, lines);
        laid.extend(bands.columns(&occupied, &mut pool));
        if laid.is_empty() {
            laid.push((0, Laid::Rows(vec![pool.keep(&occupied); lines.len()])));
        }
        laid.sort_by_key(|(tested, _)| std::cmp::Reverse(*tested));
        let (gauges, residuals, first) = bands.residuals();
        Self {
            selection,
            lines,
            words: selection.words(),
            pool: pool.bits(),
            columns: laid.into_iter().map(|(_, laid)| laid).collect(),
            residuals,
            first,
            gauges,
        }
    }
}

/// A bit for every slot that holds a profile.
fn occupied<L>(selection: &Selection<L>) -> Vec<u64> {
    let mut bits = vec![0; selection.slots.len().div_ceil(64)];
    for (slot, profile) in selection.slots.iter().enumerate() {
        bits[slot / 64] |= u64::from(profile.is_some()) << (slot % 64);
    }
    bits
}

/// The slots any value lets through, for they have no test on it; and those that let through what they do not name.
fn open(occupied: &[u64], index: &Index) -> Vec<u64> {
    let mut open = occupied.to_vec();
    index.tested.iter().for_each(|slot| clear(&mut open, *slot));
    index.excluding.iter().for_each(|slot| set(&mut open, *slot));
    open
}

pub(super) fn set(bits: &mut [u64], slot: usize) {
    bits[slot / 64] |= 1 << (slot % 64);
}

pub(super) fn clear(bits: &mut [u64], slot: usize) {
    bits[slot / 64] &= !(1 << (slot % 64));
}

/// A column or bag with the slots that test it.
struct Tested<'a, L> {
    selection: &'a Selection<L>,
    key: Key,
    index: &'a Index,
    open: Vec<u64>,
}

impl<L: Lists> Tested<'_, L> {
    fn lay<'l>(&self, lines: &'l Lines, pool: &mut Pool) -> Laid<'l> {
        match self.key {
            Key::Column(column) => self.lay_texts(lines.column(column), pool),
            Key::Bag(bag) => Laid::Rows(self.lay_bags(lines.bags(bag), lines.len(), pool)),
        }
    }

    fn lay_texts<'l>(&self, texts: &'l Texts, pool: &mut Pool) -> Laid<'l> {
        let mut bits = self.open.clone();
        let mut at = Vec::with_capacity(texts.names().len());
        for value in texts.names() {
            bits.copy_from_slice(&self.open);
            for slot in self.index.naming(value) {
                self.named(&mut bits, slot);
            }
            for slot in &self.index.several {
                let mut tests =
                    self.tests(*slot).filter(|test| test.column().map(Key::Column) == Some(self.key));
                let holds = tests.all(|test| test.holds_for(value, self.selection.lists()));
                if holds { set(&mut bits, *slot) } else { clear(&mut bits, *slot) }
            }
            at.push(pool.keep(&bits));
        }
        Laid::Codes { codes: texts.codes(), at }
    }

    /// What a slot's only test says of a value it names.
    fn named(&self, bits: &mut [u64], slot: usize) {
        if self.index.excluding.contains(&slot) { clear(bits, slot) } else { set(bits, slot) }
    }

    fn tests(&self, slot: usize) -> impl Iterator<Item = &Test> {
        self.selection.profile(slot).tests.iter()
    }

    /// Bags that hold nothing a profile names share one bitmap.
    fn lay_bags(&self, bags: &Bags, lines: usize, pool: &mut Pool) -> Vec<u32> {
        let named: Vec<bool> =
            bags.names().iter().map(|name| self.index.by_value.contains_key(name)).collect();
        let plain = pool.keep(&self.of_bag(&[]));
        let of_row = |row: usize| {
            let codes = bags.codes(row);
            let telling = codes.iter().filter(|code| named[**code as usize]);
            let values: Vec<&str> = telling.map(|code| bags.names()[*code as usize].as_str()).collect();
            if values.is_empty() { plain } else { pool.keep(&self.of_bag(&values)) }
        };
        (0..lines).map(of_row).collect()
    }

    fn of_bag(&self, values: &[&str]) -> Vec<u64> {
        let mut bits = self.open.clone();
        for slot in values.iter().flat_map(|value| self.index.naming(value)) {
            self.named(&mut bits, slot);
        }
        for slot in &self.index.several {
            let holds = self.tests(*slot).all(|test| match test {
                Test::Has { bag, sense, values: wanted } if Key::Bag(*bag) == self.key => {
                    sense.of(values.iter().any(|value| wanted.contains(*value)).into())
                }
                _ => true,
            });
            if holds { set(&mut bits, *slot) } else { clear(&mut bits, *slot) }
        }
        bits
    }
}
