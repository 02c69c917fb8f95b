//! Checkpoints: commits move from the log into the database, and the page digests follow, so that at every moment,
//! also after a crash between any two writes, each page of the database matches a digest.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use rusqlite::Connection;

use super::columns::{damaged, failed, number, unreachable};
use super::pages::{Block, Digests, Head, Marker, Next, Pages, Paths, Seal, Writing, block_of, pages_of};
use super::wal::{Reach, Tail, Wal};
use crate::Failure;

/// The files of an open store, as its one writer keeps them.
#[derive(Debug)]
pub(super) struct Files {
    pub paths: Paths,
    /// The database, open as long as any connection is: where a program closes a file, the system drops all locks it
    /// has on it, those of SQLite too.
    pub main: Arc<File>,
    pages: Pages,
    /// The log of commits as far as it was read.
    log: Option<Wal>,
    /// How many of its frames are in the database, their digests with them.
    moved: u64,
}

/// What came of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// Everything is in the database, nothing in the log of commits is needed any more.
    Complete,
    /// Somebody was reading for too long; the log of commits stays.
    Held,
}

/// What becomes of a log of commits that is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is cut off: its bytes are in no file any more.
    CutOff,
    /// The next one is written over it: nothing has to be set aside on the disk again.
    WrittenOver,
}

impl Done {
    const fn mode(self) -> &'static str {
        match self {
            Self::CutOff => "TRUNCATE",
            Self::WrittenOver => "RESTART",
        }
    }
}

impl Files {
    /// Takes the files in hand before the database is opened: refuses them where they are not what was left.
    pub(super) fn open(paths: Paths) -> Result<Self, Failure> {
        let pages = Pages::open(&paths.pages, Writing::Yes)?;
        let next = Next::read(&paths.next)?;
        let wal = Wal::read(&paths.wal).map_err(unreachable("read the log of commits"))?;
        let mark = pages.mark()?;
        let mark = mark.ok_or_else(|| {
            damaged(format!("{}, the mark", Paths::name(&paths.pages)), "does not match its digest")
        })?;
        match missing(wal.as_ref(), &mark, &pages.head, next.as_ref()) {
            Some(what) => Err(damaged(Paths::name(&paths.wal), what)),
            None => Ok(Self {
                main: Arc::new(File::open(&paths.main).map_err(unreachable("read the database"))?),
                paths,
                pages,
                log: None,
                moved: 0,
            }),
        }
    }

    /// Brings the database to rest after opening it, and ends a checkpoint that was under way.
    pub(super) fn recover(&mut self, connection: &Connection) -> Result<(), Failure> {
        let wal = Wal::read(&self.paths.wal).map_err(unreachable("read the log of commits"))?;
        if let (Some(next), Some(wal)) =
            (Next::read(&self.paths.next)?, wal.filter(|wal| wal.pages().is_some()))
        {
            // More may have been committed since it was foreseen. Whatever stands in these pages, the log has them anew.
            let mut asked: BTreeSet<u32> = wal.latest(0).into_keys().collect();
            asked.extend(self.pages.head.pages + 1..=next.head.pages);
            let stands = self.as_it_stands(asked, &next, false)?;
            self.settle(&stands)?;
        }
        match (self.checkpoint(connection, Done::CutOff)?, Next::read(&self.paths.next)?) {
            (Checkpoint::Complete, Some(next)) => self.end(&next),
            _ => Ok(()),
        }
    }

    /// What marks how far the log of commits reaches.
    pub(super) fn marker(&self) -> Marker {
        self.pages.marker()
    }

    /// Moves all commits into the database and is done with the log. Nobody else may be moving any.
    pub(super) fn checkpoint(&mut self, connection: &Connection, done: Done) -> Result<Checkpoint, Failure> {
        let seen = checkpoint(connection, "NOOP")?.frames;
        let Some(pages) = self.read_log(seen)? else {
            // Nothing was committed; what may stand there was never finished.
            checkpoint(connection, done.mode())?;
            self.be_done();
            return Ok(Checkpoint::Complete);
        };
        // A crash may have kept the last commit from being marked; once it is moved, the mark must be of this log.
        let marker = self.marker();
        marker.set(marker.foresee(), &self.log()?.reach())?;
        let next = self.foresee(pages, self.log()?.reach().salt)?;
        next.write(&self.paths.next)?;
        pass("digests foreseen");
        let moved = checkpoint(connection, done.mode())?;
        pass("pages moved");
        if moved.held {
            self.take_stock(&next, &moved)?;
            return Ok(Checkpoint::Held);
        }
        self.end(&next)?;
        self.be_done();
        Ok(Checkpoint::Complete)
    }

    /// Moves commits into the database up to this frame while more are made, as long as somebody's reading keeps those behind it from
    /// being moved, and the log from being begun anew. Gives how many frames are in the database then.
    pub(super) fn move_up_to(&mut self, connection: &Connection, frames: u64) -> Result<u64, Failure> {
        let Some(pages) = self.read_log(frames)? else { return Ok(0) };
        // The log is not done with, so it is not said to be.
        let next = self.foresee(pages, self.pages.head.absorbed)?;
        next.write(&self.paths.next)?;
        pass("digests foreseen");
        let moved = checkpoint(connection, "PASSIVE")?;
        pass("pages moved");
        self.take_stock(&next, &moved)?;
        Ok(self.moved)
    }

    /// Reads the log up to this frame, which the disk has then; how many pages the database has by it, nothing where nothing was
    /// committed.
    fn read_log(&mut self, frames: u64) -> Result<Option<u32>, Failure> {
        let read = Wal::read_on(&self.paths.wal, self.log.take(), frames, self.digests());
        let Some(wal) = read.map_err(unreachable("read the log of commits"))?.filter(|_| frames > 0) else {
            return Ok(None);
        };
        let there = wal.reach().frames;
        if there < frames {
            let what = format!("frame {there} does not match its checksum");
            return Err(damaged(Paths::name(&self.paths.wal), what));
        }
        // Commits may be ahead of the disk; what is foreseen and marked is not.
        let on_disk = wal.file().and_then(|file| file.sync_data());
        on_disk.map_err(unreachable("force the log of commits to the disk"))?;
        let pages = wal.pages();
        self.log = Some(wal);
        Ok(pages)
    }

    fn log(&self) -> Result<&Wal, Failure> {
        self.log.as_ref().ok_or_else(|| damaged(Paths::name(&self.paths.wal), "missing"))
    }

    /// The log is done with; the next one begins with its first frame.
    fn be_done(&mut self) {
        (self.log, self.moved) = (None, 0);
    }

    /// Notes that a log goes on which was said to be done with, where that is so: SQLite does not begin it anew while somebody reads
    /// in it. From now on it is missed again where it is gone.
    pub(super) fn expect(&mut self, reach: &Reach) -> Result<(), Failure> {
        if reach.salt != self.pages.head.absorbed {
            return Ok(());
        }
        let head = Head { absorbed: Head::default().absorbed, ..self.pages.head };
        self.pages.settle(&Next { head, ..Next::default() })
    }

    /// The digests as they will be when all commits that were read are in the database.
    fn foresee(&self, pages: u32, absorbed: [u8; 8]) -> Result<Next, Failure> {
        let (before, wal) = (Next::read(&self.paths.next)?.unwrap_or_default(), self.log()?);
        let mut next = Next { head: Head { pages, absorbed, ..self.pages.head }, ..Next::default() };
        // A page that was set aside and never written is empty.
        let empty = self.digests().seal(&vec![0; wal.page_size() as usize]);
        for page in self.pages.head.pages + 1..=pages {
            self.block_in(&mut next, &before, page)?.set_slot(page, empty);
        }
        for (page, frame) in wal.latest(self.moved).range(..=pages) {
            self.block_in(&mut next, &before, *page)?.set_slot(*page, wal.seal(*frame));
        }
        Ok(next)
    }

    /// The block of a page's digest in `next`, brought there from where it is known.
    fn block_in<'n>(&self, next: &'n mut Next, before: &Next, page: u32) -> Result<&'n mut Block, Failure> {
        let place = block_of(page);
        match next.blocks.entry(place) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(free) => {
                let is_new = self.pages.head.pages == 0 || block_of(self.pages.head.pages) < place;
                let known = if is_new { Some(Block::empty()) } else { self.pages.block(place)? };
                let block = known.or_else(|| before.blocks.get(&place).cloned());
                let name = || format!("{}, block {place}", Paths::name(&self.paths.pages));
                Ok(free.insert(block.ok_or_else(|| damaged(name(), "does not match its digest"))?))
            }
        }
    }

    /// Takes the digests over: as the pages stand where they may not have been moved, each as it was or as foreseen; all others as they
    /// were foreseen.
    fn take_stock(&mut self, next: &Next, moved: &Moved) -> Result<(), Failure> {
        // SQLite forces pages to the disk only where it moves the last one; the digests may not come before them.
        self.main.sync_data().map_err(unreachable("move commits into the database"))?;
        let foreseen = self.log()?.reach().frames;
        let all_absorbed = moved.all_moved() && moved.frames == foreseen;
        let stands = self.as_it_stands(self.not_moved(next, moved)?, next, all_absorbed)?;
        self.compare(&stands, next)?;
        self.settle(&stands)?;
        self.moved = self.moved.max(moved.moved.min(foreseen));
        Ok(())
    }

    /// The pages that may not stand as foreseen. SQLite moves a page only as the last commit left it that it knows of; so where it moved
    /// all that was foreseen, those of them that were written again behind that stand as they were.
    fn not_moved(&self, next: &Next, moved: &Moved) -> Result<BTreeSet<u32>, Failure> {
        let wal = self.log()?;
        let mut moved_or_not: BTreeSet<u32> = wal.latest(self.moved).into_keys().collect();
        let all_there = moved.moved == wal.reach().frames && self.pages_there()? >= next.head.pages;
        let behind = wal.behind(moved.frames).map_err(unreachable("read the log of commits"))?;
        match behind.filter(|behind| all_there && behind.pages_after >= next.head.pages) {
            Some(behind) => moved_or_not.retain(|page| behind.pages.contains(page)),
            None => moved_or_not.extend(self.pages.head.pages + 1..=next.head.pages),
        }
        Ok(moved_or_not)
    }

    /// How many pages the database's file has.
    fn pages_there(&self) -> Result<u32, Failure> {
        let length = self.main.metadata().map_err(unreachable("read the database"))?.len();
        Ok(u32::try_from(length / u64::from(self.pages.head.page_size)).unwrap_or(u32::MAX))
    }

    /// The digests as they were foreseen, but those of these pages as they stand.
    fn as_it_stands(&self, asked: BTreeSet<u32>, next: &Next, all_absorbed: bool) -> Result<Next, Failure> {
        let pages = next.head.pages.min(self.pages_there()?);
        let absorbed = if all_absorbed { next.head.absorbed } else { self.pages.head.absorbed };
        let mut stands = Next { head: Head { pages, absorbed, ..next.head }, blocks: next.blocks.clone() };
        let asked: BTreeSet<u32> =
            asked.into_iter().filter(|page| next.blocks.contains_key(&block_of(*page))).collect();
        let there: Vec<u32> = asked.range(..=pages).copied().collect();
        let gone = asked.range(pages + 1..).map(|page| (*page, Seal::default()));
        for (page, seal) in self.seals(&there)?.into_iter().chain(gone) {
            if let Some(block) = stands.blocks.get_mut(&block_of(page)) {
                block.set_slot(page, seal);
            }
        }
        stands.blocks.retain(|place, _| *place < super::pages::blocks_for(pages));
        Ok(stands)
    }

    /// Makes sure that every page stands as it was before or as it was foreseen.
    fn compare(&self, stands: &Next, next: &Next) -> Result<(), Failure> {
        for (place, block) in &stands.blocks {
            let before = self.pages.block(*place)?.unwrap_or_else(Block::empty);
            let foreseen = &next.blocks[place];
            let known = pages_of(*place).take_while(|page| *page <= stands.head.pages);
            for page in known.filter(|page| *page <= self.pages.head.pages) {
                let is = block.slot(page);
                if is != foreseen.slot(page) && is != before.slot(page) {
                    let place = format!("page {page} of {}", Paths::name(&self.paths.main));
                    return Err(damaged(place, "is not what was written"));
                }
            }
        }
        Ok(())
    }

    /// Compares what the checkpoint wrote with what was foreseen, and takes the digests over.
    fn end(&mut self, next: &Next) -> Result<(), Failure> {
        self.read_back(next)?;
        self.settle(next)
    }

    fn settle(&mut self, next: &Next) -> Result<(), Failure> {
        self.pages.settle(next)?;
        pass("digests settled");
        Next::remove(&self.paths.next)?;
        pass("checkpoint ended");
        Ok(())
    }

    const fn digests(&self) -> Digests {
        self.pages.head.digests
    }

    /// The digests of these pages, in their order, as they stand in the database. Those side by side are read together.
    fn seals(&self, pages: &[u32]) -> Result<Vec<(u32, Seal)>, Failure> {
        let (size, mut bytes) = (self.pages.head.page_size as usize, Vec::new());
        let mut seals = Vec::with_capacity(pages.len());
        let side_by_side = pages.chunk_by(|one, next| *next == one + 1);
        for run in side_by_side.flat_map(|run| run.chunks(READ_TOGETHER)) {
            bytes.resize(run.len() * size, 0);
            let start = u64::from(run[0] - 1) * size as u64;
            self.main.read_exact_at(&mut bytes, start).map_err(unreachable("read the database"))?;
            let read = bytes.chunks(size).map(|page| self.digests().seal(page));
            seals.extend(run.iter().copied().zip(read));
        }
        Ok(seals)
    }

    fn read_back(&self, next: &Next) -> Result<(), Failure> {
        for (place, block) in &next.blocks {
            let known = self.pages.block(*place)?.unwrap_or_else(Block::empty);
            let pages = pages_of(*place).take_while(|page| *page <= next.head.pages);
            let changed: Vec<u32> = pages.filter(|page| block.slot(*page) != known.slot(*page)).collect();
            let stands = self.seals(&changed)?;
            if let Some((page, _)) = stands.iter().find(|(page, seal)| block.slot(*page) != *seal) {
                let place = format!("page {page} of {}", Paths::name(&self.paths.main));
                return Err(damaged(place, "is not what was written"));
            }
        }
        Ok(())
    }
}

/// After a commit: how far the log reaches; nothing where it is empty.
pub(super) fn reach(connection: &Connection, log: &File, page_size: u32) -> Result<Option<Reach>, Failure> {
    let frames = checkpoint(connection, "NOOP")?.frames;
    if frames == 0 {
        return Ok(None);
    }
    let doing = "read the end of the log of commits";
    let (mut salt, mut sums) = ([0; 8], [0; 8]);
    log.read_exact_at(&mut salt, 16).map_err(unreachable(doing))?;
    let last = 32 + (frames - 1) * (24 + u64::from(page_size));
    log.read_exact_at(&mut sums, last + 16).map_err(unreachable(doing))?;
    let [a, b, c, d, e, f, g, h] = sums;
    let checksum = [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])];
    Ok(Some(Reach { salt, frames, checksum }))
}

/// How many pages are read at once at most.
const READ_TOGETHER: usize = 64;

/// Says to a test what was just done, between any two steps of a checkpoint.
#[cfg(test)]
fn pass(done: &'static str) {
    super::crash::pass(done);
}

#[cfg(not(test))]
const fn pass(_done: &'static str) {}

/// What is missing from a log of commits, if anything, for the mark to be true.
pub(super) fn missing(wal: Option<&Wal>, mark: &Reach, head: &Head, next: Option<&Next>) -> Option<String> {
    if let Some(Tail::Damaged(frame)) = wal.map(|wal| wal.tail) {
        return Some(format!("frame {frame} does not match its checksum"));
    }
    let reached = match wal.filter(|wal| wal.reach().salt == mark.salt) {
        Some(wal) => wal.reaches(mark),
        None => {
            let moved =
                mark.salt == head.absorbed || next.is_some_and(|next| next.head.absorbed == mark.salt);
            mark.frames == 0 || moved
        }
    };
    let there = wal.map_or(0, |wal| wal.reach().frames);
    (!reached).then(|| format!("{} committed frames are known, {there} are there", mark.frames))
}

/// The bytes of a page, from 1.
pub(super) fn read_page(main: &File, page: u32, size: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
    main.read_exact_at(&mut bytes, u64::from(page - 1) * size)
        .map_err(unreachable("read a page of the database"))?;
    Ok(bytes)
}

/// What SQLite says of a checkpoint.
struct Moved {
    held: bool,
    frames: u64,
    moved: u64,
}

impl Moved {
    const fn all_moved(&self) -> bool {
        self.frames == self.moved
    }
}

fn checkpoint(connection: &Connection, mode: &'static str) -> Result<Moved, Failure> {
    let doing = "move commits into the database";
    let mut statement =
        connection.prepare_cached(&format!("PRAGMA wal_checkpoint({mode})")).map_err(failed(doing))?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Moved { held: row.get(0)?, frames: number(row.get(1)?), moved: number(row.get(2)?) })
    };
    statement.query_row((), row).map_err(failed(doing))
}
