//! Checkpoints: commits move from the log into the database, and the page digests follow, so that at every moment,
//! also after a crash between any two writes, each page of the database matches a digest.

use std::collections::btree_map::Entry;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use rusqlite::Connection;

use super::columns::{damaged, failed, number, unreachable};
use super::pages::{Block, Head, Next, Pages, Paths, Writing, block_of, pages_of, seal};
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
}

/// What came of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// Everything is in the database, the log of commits is empty.
    Complete,
    /// Somebody was reading for too long; the log of commits stays.
    Held,
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
            }),
        }
    }

    /// Brings the database to rest after opening it, and ends a checkpoint that was under way.
    pub(super) fn recover(&mut self, connection: &Connection) -> Result<(), Failure> {
        match (self.checkpoint(connection)?, Next::read(&self.paths.next)?) {
            (Checkpoint::Complete, Some(next)) => self.end(&next),
            _ => Ok(()),
        }
    }

    /// After a commit: marks how far the log reaches; gives its size in bytes.
    pub(super) fn mark(&self, connection: &Connection) -> Result<u64, Failure> {
        let frames = checkpoint(connection, "NOOP")?.frames;
        let frame_size = 24 + u64::from(self.pages.head.page_size);
        if frames > 0 {
            let doing = "read the end of the log of commits";
            let file = File::open(&self.paths.wal).map_err(unreachable(doing))?;
            let (mut salt, mut sums) = ([0; 8], [0; 8]);
            file.read_exact_at(&mut salt, 16).map_err(unreachable(doing))?;
            file.read_exact_at(&mut sums, 32 + (frames - 1) * frame_size + 16).map_err(unreachable(doing))?;
            let [a, b, c, d, e, f, g, h] = sums;
            let checksum = [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])];
            self.pages.set_mark(&Reach { salt, frames, checksum })?;
        }
        Ok(frames * frame_size)
    }

    /// Moves all commits into the database.
    pub(super) fn checkpoint(&mut self, connection: &Connection) -> Result<Checkpoint, Failure> {
        let seen = checkpoint(connection, "NOOP")?.frames;
        let wal = Wal::read(&self.paths.wal).map_err(unreachable("read the log of commits"))?;
        let wal = wal.map(|wal| wal.up_to(seen));
        let Some((wal, pages)) = wal.and_then(|wal| wal.pages().map(|pages| (wal, pages))) else {
            // Nothing was committed; what may stand there was never finished.
            checkpoint(connection, "TRUNCATE")?;
            return Ok(Checkpoint::Complete);
        };
        if let Tail::Damaged(frame) = wal.tail {
            return Err(damaged(
                Paths::name(&self.paths.wal),
                format!("frame {frame} does not match its checksum"),
            ));
        }
        // A crash may have kept the last commit from being marked; once it is moved, the mark must be of this log.
        self.pages.set_mark(&wal.reach())?;
        let next = self.foresee(&wal, pages)?;
        next.write(&self.paths.next)?;
        pass("digests foreseen");
        let moved = checkpoint(connection, "TRUNCATE")?;
        pass("pages moved");
        if moved.held {
            let partly = self.so_far(&wal, &next, moved.all_moved())?;
            self.end(&partly)?;
            return Ok(Checkpoint::Held);
        }
        self.end(&next)?;
        Ok(Checkpoint::Complete)
    }

    /// The digests as they will be when all commits are in the database.
    fn foresee(&self, wal: &Wal, pages: u32) -> Result<Next, Failure> {
        let before = Next::read(&self.paths.next)?.unwrap_or_default();
        let file = wal.file().map_err(unreachable("read the log of commits"))?;
        let absorbed = wal.reach().salt;
        let mut next = Next { head: Head { pages, absorbed, ..self.pages.head }, ..Next::default() };
        // A page that was set aside and never written is empty.
        let empty = seal(&vec![0; wal.page_size() as usize]);
        for page in self.pages.head.pages + 1..=pages {
            self.block_in(&mut next, &before, page)?.set_slot(page, empty);
        }
        for (page, frame) in wal.latest().range(..=pages) {
            let bytes = wal.page(&file, *frame).map_err(unreachable("read the log of commits"))?;
            self.block_in(&mut next, &before, *page)?.set_slot(*page, seal(&bytes));
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

    /// The digests as they are when a checkpoint was held up half-way.
    fn so_far(&self, wal: &Wal, next: &Next, all_moved: bool) -> Result<Next, Failure> {
        let size = u64::from(self.pages.head.page_size);
        let length = self.main.metadata().map_err(unreachable("read the database"))?.len() / size;
        let pages = next.head.pages.min(u32::try_from(length).unwrap_or(u32::MAX));
        let absorbed = if all_moved { next.head.absorbed } else { self.pages.head.absorbed };
        let mut partly = Next { head: Head { pages, absorbed, ..next.head }, blocks: next.blocks.clone() };
        for page in wal.latest().into_keys().chain(self.pages.head.pages + 1..=next.head.pages) {
            let Some(block) = partly.blocks.get_mut(&block_of(page)) else { continue };
            if page > pages {
                block.set_slot(page, Default::default());
            } else {
                block.set_slot(page, seal(&read_page(&self.main, page, size)?));
            }
        }
        partly.blocks.retain(|place, _| *place < super::pages::blocks_for(pages));
        Ok(partly)
    }

    /// Compares what the checkpoint wrote with what was foreseen, and takes the digests over.
    fn end(&mut self, next: &Next) -> Result<(), Failure> {
        self.read_back(next)?;
        self.pages.settle(next)?;
        pass("digests settled");
        Next::remove(&self.paths.next)?;
        pass("checkpoint ended");
        Ok(())
    }

    fn read_back(&self, next: &Next) -> Result<(), Failure> {
        let size = u64::from(next.head.page_size);
        for (place, block) in &next.blocks {
            let known = self.pages.block(*place)?.unwrap_or_else(Block::empty);
            for page in pages_of(*place).take_while(|page| *page <= next.head.pages) {
                let expected = block.slot(page);
                if expected != known.slot(page) && seal(&read_page(&self.main, page, size)?) != expected {
                    let place = format!("page {page} of {}", Paths::name(&self.paths.main));
                    return Err(damaged(place, "is not what was written"));
                }
            }
        }
        Ok(())
    }
}

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
