//! The digests of the database's pages (`store.pages`), and those a checkpoint will leave behind
//! (`store.pages-next`).
//!
//! `store.pages` is a row of blocks of 4,096 bytes, each ending in a digest of itself: the head, the mark, then 255
//! page digests a block. The mark says how far the log of commits is known to reach; it is written when a commit is
//! on the disk, not before, so it never says too much.
//!
//! The digest of a page is its XXH3 of 128 bits; in stores of before it is the first 16 bytes of its SHA-256, as a block's is
//! still. Digests tell of bytes that rot, not of people: whoever can write one file can write the other. What people change
//! is told by the record and by its witnesses.
//!
//! `store.pages-next` holds the blocks that a checkpoint changes as they will be. It is put in place whole before the
//! checkpoint and taken away after `store.pages` has them; while it is there, a page may have either digest.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use twox_hash::XxHash3_128;

use super::columns::{damaged, unreachable};
use super::wal::Reach;
use crate::Failure;

/// The digest of one page.
pub(super) type Seal = [u8; SEAL];

pub(super) const BLOCK: usize = 4_096;
const SEAL: usize = 16;
const PAYLOAD: usize = BLOCK - SEAL;
/// How many page digests a block holds.
const SLOTS: u32 = (PAYLOAD / SEAL) as u32;
/// Blocks before the first page digests.
const FIRST: u32 = 2;
const NEXT_MAGIC: [u8; 16] = *b"sampan next 1\n\0\0";

/// The files beside a store.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    /// The database.
    pub main: PathBuf,
    /// Its log of commits.
    pub wal: PathBuf,
    /// The digests of its pages.
    pub pages: PathBuf,
    /// Those after the checkpoint that is under way.
    pub next: PathBuf,
    /// Locked by the writer.
    pub lock: PathBuf,
}

impl Paths {
    pub(super) fn of(main: &Path) -> Self {
        let beside = |ending: &str| {
            let mut name = main.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        Self {
            main: main.into(),
            wal: beside("-wal"),
            pages: main.with_extension("pages"),
            next: main.with_extension("pages-next"),
            lock: main.with_extension("lock"),
        }
    }

    /// A file's name alone, for messages.
    pub(super) fn name(path: &Path) -> String {
        path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
    }
}

/// How the digests of pages are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Digests {
    /// As in stores of before.
    Sha256,
    #[default]
    Xxh3,
}

impl Digests {
    const ALL: [Self; 2] = [Self::Sha256, Self::Xxh3];

    /// How the file begins that holds them.
    const fn magic(self) -> [u8; 16] {
        match self {
            Self::Sha256 => *b"sampan pages 1\n\0",
            Self::Xxh3 => *b"sampan pages 2\n\0",
        }
    }

    /// The digest of a page's bytes.
    pub(super) fn seal(self, page: &[u8]) -> Seal {
        match self {
            Self::Sha256 => seal(page),
            Self::Xxh3 => XxHash3_128::oneshot(page).to_be_bytes(),
        }
    }
}

/// What the head says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// How the digests are made.
    pub digests: Digests,
    /// How many bytes a page has.
    pub page_size: u32,
    /// How many pages the database has.
    pub pages: u32,
    /// The salt of the last log whose commits are all in the database.
    pub absorbed: [u8; 8],
}

/// One block of the file, without its digest.
#[derive(Clone, Debug)]
pub(super) struct Block {
    payload: [u8; PAYLOAD],
    /// Its digest at its place, once it was made of what it says now.
    seal: OnceCell<Seal>,
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        self.payload == other.payload
    }
}

impl Eq for Block {}

impl Block {
    pub(super) const fn empty() -> Self {
        Self { payload: [0; PAYLOAD], seal: OnceCell::new() }
    }

    /// The block as it stands in the file.
    fn sealed(&self, place: u32) -> Vec<u8> {
        let seal = self.seal.get_or_init(|| Self::seal_of(place, &self.payload));
        [&self.payload[..], seal].concat()
    }

    /// Reads a block; `None` where its digest is another.
    fn open(place: u32, bytes: &[u8]) -> Option<Self> {
        let (payload, seal) = bytes.split_first_chunk::<PAYLOAD>()?;
        let made = Self::seal_of(place, payload);
        (made == seal).then(|| Self { payload: *payload, seal: made.into() })
    }

    fn seal_of(place: u32, payload: &[u8]) -> Seal {
        short(Sha256::new().chain_update(place.to_be_bytes()).chain_update(payload))
    }

    fn of_head(head: &Head) -> Self {
        let mut block = Self::empty();
        block.payload[..16].copy_from_slice(&head.digests.magic());
        block.payload[16..20].copy_from_slice(&head.page_size.to_be_bytes());
        block.payload[20..24].copy_from_slice(&head.pages.to_be_bytes());
        block.payload[24..32].copy_from_slice(&head.absorbed);
        block
    }

    fn head(&self) -> Option<Head> {
        let (page_size, pages) = (self.word(16), self.word(20));
        let absorbed = self.payload[24..32].try_into().expect("eight bytes");
        let digests = Digests::ALL.into_iter().find(|digests| self.payload[..16] == digests.magic())?;
        Some(Head { digests, page_size, pages, absorbed })
    }

    fn of_mark(mark: &Reach) -> Self {
        let mut block = Self::empty();
        block.payload[..8].copy_from_slice(&mark.salt);
        block.payload[8..16].copy_from_slice(&mark.frames.to_be_bytes());
        block.payload[16..20].copy_from_slice(&mark.checksum[0].to_be_bytes());
        block.payload[20..24].copy_from_slice(&mark.checksum[1].to_be_bytes());
        block
    }

    fn mark(&self) -> Reach {
        Reach {
            salt: self.payload[..8].try_into().expect("eight bytes"),
            frames: u64::from_be_bytes(self.payload[8..16].try_into().expect("eight bytes")),
            checksum: [self.word(16), self.word(20)],
        }
    }

    fn word(&self, place: usize) -> u32 {
        u32::from_be_bytes(self.payload[place..place + 4].try_into().expect("four bytes"))
    }

    pub(super) fn slot(&self, page: u32) -> Seal {
        let start = (page - 1) as usize % SLOTS as usize * SEAL;
        self.payload[start..start + SEAL].try_into().expect("one slot")
    }

    pub(super) fn set_slot(&mut self, page: u32, seal: Seal) {
        let start = (page - 1) as usize % SLOTS as usize * SEAL;
        self.payload[start..start + SEAL].copy_from_slice(&seal);
        self.seal = OnceCell::new();
    }
}

/// A short SHA-256.
fn seal(bytes: &[u8]) -> Seal {
    short(Sha256::new().chain_update(bytes))
}

fn short(hash: Sha256) -> Seal {
    *hash.finalize().first_chunk().expect("a SHA-256 is longer")
}

/// The block that holds a page's digest; pages count from 1.
pub(super) const fn block_of(page: u32) -> u32 {
    FIRST + (page - 1) / SLOTS
}

/// The pages whose digests a block holds.
pub(super) fn pages_of(block: u32) -> RangeInclusive<u32> {
    let before = (block - FIRST) * SLOTS;
    before + 1..=before + SLOTS
}

/// How many blocks there are for this many pages.
pub(super) const fn blocks_for(pages: u32) -> u32 {
    FIRST + pages.div_ceil(SLOTS)
}

/// The open file of digests.
#[derive(Debug)]
pub(super) struct Pages {
    file: Arc<File>,
    marks: Arc<Marks>,
    name: String,
    pub head: Head,
}

impl Pages {
    /// Opens it and reads its head.
    pub(super) fn open(path: &Path, writing: Writing) -> Result<Self, Failure> {
        let name = Paths::name(path);
        let opened = OpenOptions::new().read(true).write(matches!(writing, Writing::Yes)).open(path);
        let file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damaged(name, "missing")),
            opened => opened.map_err(unreachable("open the page digests"))?,
        };
        let (file, marks) = (Arc::new(file), Arc::default());
        let mut pages = Self { file, marks, name, head: Head::default() };
        let head = pages.block(0)?.and_then(|block| block.head());
        pages.head =
            head.ok_or_else(|| damaged(format!("{}, the head", pages.name), "does not match its digest"))?;
        Ok(pages)
    }

    /// Writes the file anew, with the digests of these pages, and puts it in place.
    pub(super) fn create(path: &Path, head: &Head, seals: &[Seal], mark: &Reach) -> Result<(), Failure> {
        let mut bytes = Block::of_head(head).sealed(0);
        bytes.extend(Block::of_mark(mark).sealed(1));
        for (place, seals) in (FIRST..).zip(seals.chunks(SLOTS as usize)) {
            let mut block = Block::empty();
            (1..).zip(seals).for_each(|(page, seal)| block.set_slot(page, *seal));
            bytes.extend(block.sealed(place));
        }
        put_in_place(path, &bytes)
    }

    /// A block; `None` where it does not match its digest or is not there.
    pub(super) fn block(&self, place: u32) -> Result<Option<Block>, Failure> {
        let mut bytes = [0; BLOCK];
        match self.file.read_exact_at(&mut bytes, u64::from(place) * BLOCK as u64) {
            Ok(()) => Ok(Block::open(place, &bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(unreachable("read the page digests")(error)),
        }
    }

    /// How many bytes the file has.
    pub(super) fn length(&self) -> Result<u64, Failure> {
        self.file.metadata().map(|metadata| metadata.len()).map_err(unreachable("read the page digests"))
    }

    /// How far the log of commits is known to reach; `None` where the mark does not match its digest.
    pub(super) fn mark(&self) -> Result<Option<Reach>, Failure> {
        Ok(self.block(1)?.map(|block| block.mark()))
    }

    /// What says how far the log of commits reaches, also while somebody else has the digests in hand.
    pub(super) fn marker(&self) -> Marker {
        let (file, marks) = (Arc::clone(&self.file), Arc::clone(&self.marks));
        Marker { file, marks, page_size: self.head.page_size }
    }

    /// Writes what a checkpoint has left behind, and forces it to the disk.
    pub(super) fn settle(&mut self, next: &Next) -> Result<(), Failure> {
        let doing = "write the page digests";
        for (place, block) in &next.blocks {
            let start = u64::from(*place) * BLOCK as u64;
            self.file.write_all_at(&block.sealed(*place), start).map_err(unreachable(doing))?;
        }
        self.file.write_all_at(&Block::of_head(&next.head).sealed(0), 0).map_err(unreachable(doing))?;
        self.file
            .set_len(u64::from(blocks_for(next.head.pages)) * BLOCK as u64)
            .map_err(unreachable(doing))?;
        self.file.sync_all().map_err(unreachable(doing))?;
        self.head = next.head;
        Ok(())
    }
}

/// Writes the mark and nothing else.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    file: Arc<File>,
    marks: Arc<Marks>,
    /// How many bytes a page has.
    pub page_size: u32,
}

/// Marks in the order of what they say: one that comes late says nothing new.
#[derive(Debug, Default)]
struct Marks {
    /// How many were foreseen.
    foreseen: AtomicU64,
    /// The one that stands.
    stands: Mutex<u64>,
}

impl Marker {
    /// The place in the order of a mark that says what is so now.
    pub(super) fn foresee(&self) -> u64 {
        self.marks.foreseen.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// How many marks are foreseen and do not stand, nor one that came after them.
    pub(super) fn ahead(&self) -> u64 {
        let stands = *self.marks.stands.lock().unwrap_or_else(PoisonError::into_inner);
        self.marks.foreseen.load(Ordering::SeqCst) - stands
    }

    /// Says how far the log of commits reaches, which must be on the disk so far; unless a mark of later stands. The mark is not
    /// forced to the disk: after a loss of power it may say less.
    pub(super) fn set(&self, place: u64, mark: &Reach) -> Result<(), Failure> {
        let mut stands = self.marks.stands.lock().unwrap_or_else(PoisonError::into_inner);
        if *stands >= place {
            return Ok(());
        }
        let written = self.file.write_all_at(&Block::of_mark(mark).sealed(1), BLOCK as u64);
        written.map_err(unreachable("mark how far the log of commits reaches"))?;
        *stands = place;
        Ok(())
    }
}

/// Whether a file is opened for writing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Writing {
    Yes,
    No,
}

/// What a checkpoint will leave behind: the head, and the blocks with page digests that change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Next {
    pub head: Head,
    pub blocks: BTreeMap<u32, Block>,
}

impl Next {
    /// Reads it; `None` where no checkpoint is under way.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        match fs::read(path) {
            Ok(bytes) => {
                let next = Self::parse(&bytes);
                next.map(Some).ok_or_else(|| damaged(Paths::name(path), "does not match its digest"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreachable("read the page digests of a checkpoint")(error)),
        }
    }

    /// Puts it in place and forces it to the disk.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut bytes = NEXT_MAGIC.to_vec();
        bytes.extend(Block::of_head(&self.head).sealed(0));
        for (place, block) in &self.blocks {
            bytes.extend(place.to_be_bytes());
            bytes.extend(block.sealed(*place));
        }
        bytes.extend(seal(&bytes));
        put_in_place(path, &bytes)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (bytes, digest) = bytes.split_last_chunk::<SEAL>()?;
        let rest = bytes.strip_prefix(&NEXT_MAGIC).filter(|_| seal(bytes) == *digest)?;
        let (head, mut rest) = rest.split_at_checked(BLOCK)?;
        let head = Block::open(0, head)?.head()?;
        let mut blocks = BTreeMap::new();
        while let Some((place, behind)) = rest.split_first_chunk::<4>() {
            let (block, behind) = behind.split_at_checked(BLOCK)?;
            let place = u32::from_be_bytes(*place);
            blocks.insert(place, Block::open(place, block)?);
            rest = behind;
        }
        rest.is_empty().then_some(Self { head, blocks })
    }

    /// Takes it away for good.
    pub(super) fn remove(path: &Path) -> Result<(), Failure> {
        let doing = "end a checkpoint";
        match fs::remove_file(path) {
            Ok(()) => sync_folder(path).map_err(unreachable(doing)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(unreachable(doing)(error)),
        }
    }
}

/// Writes a file whole or not at all, and forces it to the disk.
pub(super) fn put_in_place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_folder(path)
    };
    write().map_err(unreachable("put a file in place"))
}

/// Forces the names in a file's folder to the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_checkpoint_leaves_behind_is_read_back_and_no_flipped_byte_is() {
        let mut block = Block::empty();
        block.set_slot(1, [7; SEAL]);
        block.set_slot(SLOTS, [9; SEAL]);
        let head = Head { digests: Digests::Xxh3, page_size: 4096, pages: SLOTS, absorbed: [3; 8] };
        let next = Next { head, blocks: BTreeMap::from([(block_of(1), block)]) };
        let path = std::env::temp_dir().join(format!("sampan-next-{}", std::process::id()));
        next.write(&path).expect("writes");
        let bytes = fs::read(&path).expect("is there");
        Next::remove(&path).expect("removes");
        assert_eq!(Next::parse(&bytes), Some(next));
        for place in (0..bytes.len()).step_by(37) {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1;
            assert_eq!(Next::parse(&flipped), None, "byte {place}");
        }
    }
}
