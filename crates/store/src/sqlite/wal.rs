//! SQLite's log of commits (`-wal`), read on our own: which frames are whole, up to which one everything was
//! committed, and whether what follows is an unfinished commit or damage.
//!
//! Format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>. A frame's checksum continues the one before
//! it, so a frame that changed breaks the chain, and the frames behind it still follow from what is written in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::pages::{Digests, Seal};

/// The most commits that are made while none of them is known to be on the disk, the last among them.
pub(super) const AHEAD_MAX: u32 = 8;
const HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

/// How far a log of commits reaches: which log, how many frames, and the checksum of the last of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Two random numbers that every log has of its own.
    pub salt: [u8; 8],
    /// How many frames.
    pub frames: u64,
    /// The checksum at the end of the last frame.
    pub checksum: [u32; 2],
}

/// One frame: a page as a commit left it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    page: u32,
    /// In the last frame of a commit, how many pages the database then has; otherwise 0.
    pages_after: u32,
    checksum: [u32; 2],
    /// The page's digest, where it was asked for.
    seal: Seal,
}

/// What stands behind the last committed frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing.
    Nothing,
    /// The beginning of a commit that was cut off, or what an earlier log left there.
    Unfinished,
    /// Later commits, which shows that this frame (from 0) was once whole.
    Damaged(u64),
}

/// A log of commits that was read from its beginning to its end.
#[derive(Debug)]
pub(super) struct Wal {
    path: PathBuf,
    page_size: u32,
    salt: [u8; 8],
    /// Whether its checksums are of big-endian numbers.
    big_endian: bool,
    /// Everything up to the end of the last commit that is whole.
    committed: Vec<Frame>,
    /// What is behind.
    pub tail: Tail,
}

impl Wal {
    /// Reads a log; `None` where there is none or it holds nothing.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = BufReader::with_capacity(1 << 18, file);
        let mut header = [0; HEADER as usize];
        let length = read_full(&mut bytes, &mut header)?;
        if length == 0 {
            return Ok(None);
        }
        let Some((chain, page_size, salt)) = Chain::start(&header[..length]) else {
            return Ok(Some(Self::unfinished(path)));
        };
        let mut wal = Self::begun(path, page_size, salt, chain.big_endian);
        wal.take(bytes, chain, u64::MAX, |_| Seal::default())?;
        Ok(Some(wal))
    }

    /// Reads a log up to this many frames, all of them committed; goes on from what was read of it before. `None` where there is none.
    /// What is behind is none of it: frames another connection is writing, or a commit whose writer was killed before it could say
    /// so to the others who have the store open. They never see that one, and nobody was told of it. Of every page the digest is made as
    /// it is read.
    pub(super) fn read_on(
        path: &Path,
        known: Option<Self>,
        frames: u64,
        digests: Digests,
    ) -> io::Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut header = [0; HEADER as usize];
        let length = read_full(&mut file, &mut header)?;
        let Some((start, page_size, salt)) = Chain::start(&header[..length]) else { return Ok(None) };
        let known = known.filter(|known| known.salt == salt && known.page_size == page_size);
        let mut wal = known.unwrap_or_else(|| Self::begun(path, page_size, salt, start.big_endian));
        let sums = wal.committed.last().map_or(start.sums, |frame| frame.checksum);
        let behind = HEADER + wal.committed.len() as u64 * wal.frame_length() as u64;
        file.seek(SeekFrom::Start(behind))?;
        let bytes = BufReader::with_capacity(1 << 18, file);
        wal.take(bytes, Chain { sums, big_endian: wal.big_endian }, frames, |page| digests.seal(page))?;
        Ok(Some(wal))
    }

    /// Takes in what stands behind what was read, up to so many frames in all.
    fn take(
        &mut self,
        mut bytes: impl Read,
        mut chain: Chain,
        most: u64,
        seal: impl Fn(&[u8]) -> Seal,
    ) -> io::Result<()> {
        let whole = std::mem::take(&mut self.committed);
        let mut frames = Frames { committed: whole.len(), whole, broken: None, commits_behind: 0 };
        let mut frame = vec![0; self.frame_length()];
        let mut length = frame.len();
        while length == frame.len() && (frames.whole.len() as u64) < most {
            length = read_full(&mut bytes, &mut frame)?;
            if length == frame.len() {
                frames.take(&frame, &mut chain, self.salt, &seal);
            }
        }
        self.tail = frames.tail(length > 0 && length < frame.len());
        frames.whole.truncate(frames.committed);
        self.committed = frames.whole;
        Ok(())
    }

    const fn frame_length(&self) -> usize {
        FRAME_HEADER as usize + self.page_size as usize
    }

    /// A log of which not even the header is whole.
    fn unfinished(path: &Path) -> Self {
        Self { tail: Tail::Unfinished, ..Self::begun(path, 0, [0; 8], false) }
    }

    /// A log of which the header was read.
    fn begun(path: &Path, page_size: u32, salt: [u8; 8], big_endian: bool) -> Self {
        Self {
            path: path.to_owned(),
            page_size,
            salt,
            big_endian,
            committed: Vec::new(),
            tail: Tail::Nothing,
        }
    }

    /// How many bytes a page has; 0 where the header cannot be read.
    pub(super) const fn page_size(&self) -> u32 {
        self.page_size
    }

    /// How far its commits reach.
    pub(super) fn reach(&self) -> Reach {
        let frames = self.committed.len() as u64;
        Reach {
            salt: self.salt,
            frames,
            checksum: self.committed.last().map_or([0; 2], |frame| frame.checksum),
        }
    }

    /// Whether its commits reach at least as far.
    pub(super) fn reaches(&self, reach: &Reach) -> bool {
        let last = reach.frames.checked_sub(1).map(|last| self.committed.get(last as usize));
        self.salt == reach.salt
            && last.is_none_or(|frame| frame.is_some_and(|frame| frame.checksum == reach.checksum))
    }

    /// How many pages the database has after its last commit; `None` before the first.
    pub(super) fn pages(&self) -> Option<u32> {
        self.committed.last().map(|frame| frame.pages_after)
    }

    /// For every page in it behind so many frames, the frame (from 0) that holds it as the last commit left it.
    pub(super) fn latest(&self, behind: u64) -> BTreeMap<u32, u64> {
        let frames = (0..).zip(&self.committed).skip(usize::try_from(behind).unwrap_or(usize::MAX));
        frames.map(|(place, frame)| (frame.page, place)).collect()
    }

    /// What stands behind the frames that were read, up to so many in all, as their headers say; `None` where one is not of this log.
    pub(super) fn behind(&self, frames: u64) -> io::Result<Option<Behind>> {
        let (file, known) = (self.file()?, self.committed.len() as u64);
        let mut behind = Behind { pages: BTreeSet::new(), pages_after: self.pages().unwrap_or_default() };
        let mut header = [0; FRAME_HEADER as usize];
        for place in known..frames {
            file.read_exact_at(&mut header, HEADER + place * self.frame_length() as u64)?;
            if header[8..16] != self.salt {
                return Ok(None);
            }
            behind.pages.insert(word(&header, 0));
            let pages_after = word(&header, 4);
            behind.pages_after = if pages_after > 0 { pages_after } else { behind.pages_after };
        }
        Ok(Some(behind))
    }

    /// The digest of the page in a frame, as [`Wal::read_on`] made it.
    pub(super) fn seal(&self, frame: u64) -> Seal {
        self.committed[frame as usize].seal
    }

    /// Reads the page in a frame.
    pub(super) fn page(&self, file: &File, frame: u64, page: &mut Vec<u8>) -> io::Result<()> {
        page.resize(self.page_size as usize, 0);
        let size = u64::from(self.page_size);
        file.read_exact_at(page, HEADER + frame * (FRAME_HEADER + size) + FRAME_HEADER)
    }

    /// The file, open for [`Wal::page`].
    pub(super) fn file(&self) -> io::Result<File> {
        File::open(&self.path)
    }
}

/// Frames of which only the headers were read.
pub(super) struct Behind {
    /// The pages in them.
    pub pages: BTreeSet<u32>,
    /// How many pages the database has after them.
    pub pages_after: u32,
}

/// Frames as they are read.
struct Frames {
    whole: Vec<Frame>,
    /// How many of them are committed.
    committed: usize,
    /// The first frame that is not whole.
    broken: Option<u64>,
    /// How many commits follow from it, its own counted where it ends one.
    commits_behind: u32,
}

impl Frames {
    fn take(&mut self, bytes: &[u8], chain: &mut Chain, salt: [u8; 8], seal: &impl Fn(&[u8]) -> Seal) {
        let page = &bytes[FRAME_HEADER as usize..];
        let frame = Frame {
            page: word(bytes, 0),
            pages_after: word(bytes, 4),
            checksum: [word(bytes, 16), word(bytes, 20)],
            seal: seal(page),
        };
        let computed = chain.after(&bytes[..8], page);
        let whole = bytes[8..16] == salt && computed == frame.checksum && frame.page > 0;
        chain.sums = frame.checksum;
        match (whole, self.broken) {
            (true, None) => {
                self.whole.push(frame);
                if frame.pages_after > 0 {
                    self.committed = self.whole.len();
                }
            }
            (false, None) => {
                self.broken = Some(self.whole.len() as u64);
                self.commits_behind = u32::from(frame.pages_after > 0);
            }
            (true, Some(_)) => self.commits_behind += u32::from(frame.pages_after > 0),
            (false, Some(_)) => {}
        }
    }

    /// Only so many commits are made before the first of them is on the disk. So where more follow from a broken frame, it was
    /// whole once; where there are fewer, it may be of those the disk did not have yet.
    fn tail(&self, more: bool) -> Tail {
        match self.broken {
            Some(frame) if self.commits_behind > AHEAD_MAX => Tail::Damaged(frame),
            None if !more && self.committed == self.whole.len() => Tail::Nothing,
            _ => Tail::Unfinished,
        }
    }
}

/// The running checksum.
struct Chain {
    sums: [u32; 2],
    big_endian: bool,
}

impl Chain {
    /// The chain after a header, the page size and the salt; `None` where the header is not whole.
    fn start(header: &[u8]) -> Option<(Self, u32, [u8; 8])> {
        if header.len() as u64 != HEADER {
            return None;
        }
        let big_endian = match word(header, 0) {
            0x377f_0682 => false,
            0x377f_0683 => true,
            _ => return None,
        };
        let mut chain = Self { sums: [0; 2], big_endian };
        chain.sums = chain.after(&header[..24], &[]);
        let page_size = word(header, 8);
        let whole = chain.sums == [word(header, 24), word(header, 28)]
            && word(header, 4) == 3_007_000
            && (512..=65_536).contains(&page_size)
            && page_size.is_power_of_two();
        whole.then(|| (chain, page_size, header[16..24].try_into().expect("eight bytes")))
    }

    fn after(&self, first: &[u8], second: &[u8]) -> [u32; 2] {
        let parts = [first, second];
        if self.big_endian {
            summed(self.sums, parts, u32::from_be_bytes)
        } else {
            summed(self.sums, parts, u32::from_le_bytes)
        }
    }
}

/// Generic over the order of the bytes, so that reading a number is no call: every byte of the log goes through here.
fn summed([mut a, mut b]: [u32; 2], parts: [&[u8]; 2], read: impl Fn([u8; 4]) -> u32) -> [u32; 2] {
    for part in parts {
        for [x, y] in part.as_chunks::<4>().0.as_chunks::<2>().0 {
            a = a.wrapping_add(read(*x)).wrapping_add(b);
            b = b.wrapping_add(read(*y)).wrapping_add(a);
        }
    }
    [a, b]
}

/// The big-endian number of four bytes at a place that is known to be there.
fn word(bytes: &[u8], place: usize) -> u32 {
    u32::from_be_bytes(bytes[place..place + 4].try_into().expect("four bytes"))
}

/// Fills as much of the buffer as there is; how much.
pub(super) fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match from.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
