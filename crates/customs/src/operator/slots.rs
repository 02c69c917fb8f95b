//! The slots of the index in one stretch of memory, on large pages where the system has them.
//!
//! Questions fall anywhere in the stretch. On pages of four kilobytes finding out where a page lies takes longer than
//! answering, once the stretch outgrows what a processor remembers of them.

use memmap2::MmapMut;

/// One operator: its code, when it may be used, its roles, and the status it has now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// 0 where the slot is empty.
    pub(super) code: u128,
    /// When the current status took effect, in seconds.
    pub(super) since: i64,
    /// Where its older statuses begin, one past; 0 where there are none.
    pub(super) older: u32,
    pub(super) count: u16,
    pub(super) status: u8,
    pub(super) roles: u8,
}

/// Bytes of a slot: two of them fill a line of the processor's memory, and none lies in two.
const SLOT: usize = 32;

/// A fixed number of slots, empty at first.
#[derive(Debug)]
pub(super) struct Slots(Memory);

#[derive(Debug)]
enum Memory {
    Mapped(MmapMut),
    Heap(Vec<u8>),
}

/// Below this no large page would be filled.
const MAPPED_MIN: usize = 4 << 20;

impl Slots {
    /// So many empty slots.
    pub(super) fn new(count: usize) -> Self {
        let bytes = count * SLOT;
        let mapped = (bytes >= MAPPED_MIN).then(|| mapped(bytes)).flatten();
        Self(mapped.map_or_else(|| Memory::Heap(vec![0; bytes]), Memory::Mapped))
    }

    pub(super) fn len(&self) -> usize {
        self.view().0.len()
    }

    /// Bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.len() * SLOT
    }

    /// All of them, to read.
    pub(super) fn view(&self) -> View<'_> {
        let bytes: &[u8] = match &self.0 {
            Memory::Mapped(map) => map,
            Memory::Heap(bytes) => bytes,
        };
        View(bytes.as_chunks().0)
    }

    /// Puts a slot in its place.
    pub(super) fn set(&mut self, at: usize, slot: Slot) {
        let bytes: &mut [u8] = match &mut self.0 {
            Memory::Mapped(map) => map,
            Memory::Heap(bytes) => bytes,
        };
        slot.write(&mut bytes.as_chunks_mut().0[at]);
    }
}

impl Clone for Slots {
    fn clone(&self) -> Self {
        let mut copy = Self::new(self.len());
        self.view().each().enumerate().for_each(|(at, slot)| copy.set(at, slot));
        copy
    }
}

/// Slots to read.
#[derive(Clone, Copy)]
pub(super) struct View<'a>(&'a [[u8; SLOT]]);

impl View<'_> {
    pub(super) fn get(self, at: usize) -> Slot {
        Slot::read(&self.0[at])
    }

    pub(super) fn each(self) -> impl Iterator<Item = Slot> {
        self.0.iter().map(Slot::read)
    }
}

impl Slot {
    fn read(bytes: &[u8; SLOT]) -> Self {
        Self {
            code: u128::from_le_bytes(part(bytes, 0)),
            since: i64::from_le_bytes(part(bytes, 16)),
            older: u32::from_le_bytes(part(bytes, 24)),
            count: u16::from_le_bytes(part(bytes, 28)),
            status: bytes[30],
            roles: bytes[31],
        }
    }

    fn write(self, bytes: &mut [u8; SLOT]) {
        bytes[..16].copy_from_slice(&self.code.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.since.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.older.to_le_bytes());
        bytes[28..30].copy_from_slice(&self.count.to_le_bytes());
        (bytes[30], bytes[31]) = (self.status, self.roles);
    }
}

fn part<const N: usize>(bytes: &[u8; SLOT], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}

/// A stretch of nothing, on large pages if the system will; where it has none to give, the heap does as well.
fn mapped(bytes: usize) -> Option<MmapMut> {
    let map = MmapMut::map_anon(bytes).ok()?;
    #[cfg(target_os = "linux")]
    // A system without large pages says so, and its small ones do.
    let _ = map.advise(memmap2::Advice::HugePage);
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_read_as_it_was_written_wherever_it_lies() {
        let slot = |at: usize| Slot {
            code: u128::MAX - at as u128,
            since: i64::MIN + at as i64,
            older: at as u32,
            count: at as u16,
            status: 2,
            roles: 5,
        };
        for count in [1, 8, MAPPED_MIN / SLOT, MAPPED_MIN / SLOT + 1] {
            let mut slots = Slots::new(count);
            assert_eq!((slots.len(), slots.view().get(count - 1)), (count, Slot::default()));
            slots.set(count - 1, slot(count));
            let copy = slots.clone();
            slots.set(count - 1, Slot::default());
            assert_eq!(copy.view().get(count - 1), slot(count), "{count}");
            assert_eq!(copy.view().each().filter(|slot| slot.code != 0).count(), 1);
        }
    }
}
