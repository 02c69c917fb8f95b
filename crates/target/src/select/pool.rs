//! Bitmaps, equal ones once.

/// Bitmaps of one length, one after another.
pub(super) struct Pool {
    words: usize,
    bits: Vec<u64>,
    /// Open addressing: where a bitmap stands, by its hash; [`NONE`] where nothing does.
    slots: Vec<u32>,
    kept: usize,
}

const NONE: u32 = u32::MAX;

impl Pool {
    pub(super) fn new(words: usize) -> Self {
        Self { words, bits: Vec::new(), slots: vec![NONE; 64], kept: 0 }
    }

    /// Where this bitmap stands; it is put at the end where it was not known.
    pub(super) fn keep(&mut self, bits: &[u64]) -> u32 {
        if self.kept * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot_of(bits);
        if self.slots[slot] == NONE {
            self.slots[slot] = u32::try_from(self.bits.len()).expect("the bitmaps of a batch fit in 32 GB");
            self.bits.extend_from_slice(bits);
            self.kept += 1;
        }
        self.slots[slot]
    }

    /// All of them.
    pub(super) fn bits(self) -> Vec<u64> {
        self.bits
    }

    fn slot_of(&self, bits: &[u64]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(bits) as usize & mask;
        while self.slots[slot] != NONE && self.at(self.slots[slot]) != bits {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn at(&self, at: u32) -> &[u64] {
        &self.bits[at as usize..at as usize + self.words]
    }

    fn grow(&mut self) {
        let known: Vec<u32> = self.slots.iter().copied().filter(|at| *at != NONE).collect();
        self.slots = vec![NONE; self.slots.len() * 2];
        for at in known {
            let slot = self.slot_of(self.at(at));
            self.slots[slot] = at;
        }
    }
}

fn hash(bits: &[u64]) -> u64 {
    bits.iter().fold(0x9e37_79b9_7f4a_7c15, |hash: u64, word| {
        let mixed = (hash ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed ^ (mixed >> 32)
    })
}
