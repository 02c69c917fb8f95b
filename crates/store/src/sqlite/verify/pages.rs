//! The bytes of a store: pages, the log of commits, and their digests.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Progress, Report};
use crate::sqlite::checkpoint::missing;
use crate::sqlite::columns::{failed, unreachable};
use crate::sqlite::open::Scratch;
use crate::sqlite::pages::{BLOCK, Block, Next, Pages, Paths, Writing, block_of, blocks_for};
use crate::sqlite::view::Connected;
use crate::sqlite::wal::{Reach, Tail, Wal};
use crate::{Failure, LongBlobs};

/// The database as its last commit left it, open for reading and not to be changed by it.
pub(super) struct Image {
    pub connection: Connection,
    /// Where its long blobs lie.
    long_blobs: LongBlobs,
    /// The copy, where commits had to be brought in.
    _scratch: Option<Scratch>,
    /// Pages that are not what was written.
    damaged: Vec<u32>,
    name: String,
}

/// Checks all bytes; gives the database to read on, where there is one.
pub(super) fn check(
    paths: &Paths,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<Image>, Failure> {
    let main = match File::open(&paths.main) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.fault(Paths::name(&paths.main), "missing");
            return Ok(None);
        }
        opened => opened.map_err(unreachable("read the database"))?,
    };
    let pages = found(Pages::open(&paths.pages, Writing::No), report)?;
    let next = found(Next::read(&paths.next), report)?.flatten();
    let wal = Wal::read(&paths.wal).map_err(unreachable("read the log of commits"))?;
    report.frames = wal.as_ref().map_or(0, |wal| wal.reach().frames);
    let damaged = match &pages {
        None => {
            check_wal_alone(paths, wal.as_ref(), report);
            Vec::new()
        }
        Some(pages) => {
            check_wal(paths, pages, wal.as_ref(), next.as_ref(), report)?;
            let length = main.metadata().map_err(unreachable("read the database"))?.len();
            check_lengths(paths, pages, next.as_ref(), length, report)?;
            let mut seals = Seals { pages, next: next.as_ref(), block: None, paths };
            seals.check(&main, length, report, progress)?
        }
    };
    image(paths, wal.as_ref(), damaged, report)
}

/// Turns damage into a fault.
fn found<T>(looked: Result<T, Failure>, report: &mut Report) -> Result<Option<T>, Failure> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Damaged { place, what }) => {
            report.fault(place, what);
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn check_wal(
    paths: &Paths,
    pages: &Pages,
    wal: Option<&Wal>,
    next: Option<&Next>,
    report: &mut Report,
) -> Result<(), Failure> {
    match pages.mark()? {
        None => report.fault(format!("{}, the mark", Paths::name(&paths.pages)), "does not match its digest"),
        Some(mark) => {
            if let Some(what) = missing(wal, &mark, &pages.head, next) {
                report.fault(Paths::name(&paths.wal), what);
            }
            return Ok(());
        }
    }
    check_wal_alone(paths, wal, report);
    Ok(())
}

/// Checks the log of commits where nothing says how far it should reach.
fn check_wal_alone(paths: &Paths, wal: Option<&Wal>, report: &mut Report) {
    if let Some(Tail::Damaged(frame)) = wal.map(|wal| wal.tail) {
        report.fault(Paths::name(&paths.wal), format!("frame {frame} does not match its checksum"));
    }
}

/// While a checkpoint is under way, files may have any length between that before and that after it.
fn check_lengths(
    paths: &Paths,
    pages: &Pages,
    next: Option<&Next>,
    length: u64,
    report: &mut Report,
) -> Result<(), Failure> {
    let (before, after) = (pages.head.pages, next.map_or(pages.head.pages, |next| next.head.pages));
    let (least, most) = (u64::from(before.min(after)), u64::from(before.max(after)));
    let size = u64::from(pages.head.page_size);
    if !(least * size..=most * size).contains(&length) {
        let what = format!("has {length} bytes, {} belong to it", most * size);
        report.fault(Paths::name(&paths.main), what);
    }
    let (least, most) = (u64::from(blocks_for(before.min(after))), u64::from(blocks_for(before.max(after))));
    let (length, block) = (pages.length()?, BLOCK as u64);
    if !(least * block..=most * block).contains(&length) {
        report.fault(Paths::name(&paths.pages), format!("has {length} bytes, {} belong to it", most * block));
    }
    Ok(())
}

/// Page digests as they are walked through.
struct Seals<'a> {
    pages: &'a Pages,
    next: Option<&'a Next>,
    /// The block last read and its place; `None` in it where it does not match its digest.
    block: Option<(u32, Option<Block>)>,
    paths: &'a Paths,
}

impl Seals<'_> {
    /// Compares every page with its digest; gives those that are not what was written.
    fn check(
        &mut self,
        main: &File,
        length: u64,
        report: &mut Report,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<u32>, Failure> {
        let size = self.pages.head.page_size;
        let known = self.pages.head.pages.max(self.next.map_or(0, |next| next.head.pages));
        let count = known.min(u32::try_from(length / u64::from(size.max(1))).unwrap_or(u32::MAX));
        let mut damaged = Vec::new();
        let mut bytes = vec![0; size as usize];
        for page in 1..=count {
            let read = main.read_exact_at(&mut bytes, u64::from(page - 1) * u64::from(size));
            read.map_err(unreachable("read a page of the database"))?;
            if self.is_damaged(page, &bytes, report)? {
                report.fault(page_name(&self.paths.main, page), "does not match its digest");
                damaged.push(page);
            }
            report.pages += 1;
            if page % 1024 == 0 || page == count {
                progress(Progress { what: "pages", done: page.into(), of: count.into() });
            }
        }
        Ok(damaged)
    }

    /// Whether a page has neither the digest it had nor the one it is to have.
    fn is_damaged(&mut self, page: u32, bytes: &[u8], report: &mut Report) -> Result<bool, Failure> {
        let is = self.pages.head.digests.seal(bytes);
        let place = block_of(page);
        let after = self.next.and_then(|next| next.blocks.get(&place)).map(|block| block.slot(page));
        if after == Some(is) {
            return Ok(false);
        }
        if page > self.pages.head.pages {
            return Ok(true);
        }
        if self.block.as_ref().is_none_or(|(known, _)| *known != place) {
            let block = self.pages.block(place)?;
            if block.is_none() {
                let name = format!("{}, block {place}", Paths::name(&self.paths.pages));
                report.fault(name, "does not match its digest");
            }
            self.block = Some((place, block));
        }
        let block = self.block.as_ref().and_then(|(_, block)| block.as_ref());
        Ok(block.is_some_and(|block| block.slot(page) != is))
    }
}

fn page_name(main: &Path, page: u32) -> String {
    format!("page {page} of {}", Paths::name(main))
}

/// Opens the database as the last commit left it.
fn image(
    paths: &Paths,
    wal: Option<&Wal>,
    damaged: Vec<u32>,
    report: &mut Report,
) -> Result<Option<Image>, Failure> {
    let name = Paths::name(&paths.main);
    let wal = wal.filter(|wal| wal.reach() != Reach { frames: 0, ..wal.reach() });
    let (path, scratch) = match wal {
        None => (paths.main.clone(), None),
        Some(wal) => {
            let scratch = Scratch::new().map_err(unreachable("make a copy of the store"))?;
            let path = scratch.0.join("image.sqlite");
            bring_in(&paths.main, wal, &path).map_err(unreachable("make a copy of the store"))?;
            (path, Some(scratch))
        }
    };
    match open_unchanging(&path) {
        Ok(connection) => Ok(Some(Image {
            connection,
            long_blobs: LongBlobs::beside(&paths.main),
            _scratch: scratch,
            damaged,
            name,
        })),
        Err(error) => {
            report.fault(name, error);
            Ok(None)
        }
    }
}

/// Copies the database and brings all commits of the log into the copy.
fn bring_in(main: &Path, wal: &Wal, copy: &Path) -> io::Result<()> {
    fs::copy(main, copy)?;
    let mut permissions = fs::metadata(copy)?.permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "the copy is ours, in a folder of our own")]
    permissions.set_readonly(false);
    fs::set_permissions(copy, permissions)?;
    let (file, target) = (wal.file()?, OpenOptions::new().write(true).open(copy)?);
    let (size, pages) = (u64::from(wal.page_size()), wal.pages().unwrap_or_default());
    let mut bytes = Vec::new();
    for (page, frame) in wal.latest(0).range(..=pages) {
        wal.page(&file, *frame, &mut bytes)?;
        target.write_all_at(&bytes, u64::from(page - 1) * size)?;
    }
    target.set_len(u64::from(pages) * size)
}

/// Opens a database that nobody changes, without any file beside it.
fn open_unchanging(path: &Path) -> Result<Connection, Failure> {
    let doing = "open the store to verify it";
    let path: PathBuf = path.canonicalize().map_err(unreachable(doing))?;
    let escaped: String = path.to_string_lossy().chars().map(escape).collect();
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags);
    let connection = opened.map_err(failed(doing))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(failed(doing))?;
    let pragmas = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;";
    connection.execute_batch(pragmas).map_err(failed(doing))?;
    Ok(connection)
}

/// Writes the characters that mean something in an address as their codes.
fn escape(character: char) -> String {
    match character {
        '?' | '#' | '%' => format!("%{:02x}", u32::from(character)),
        _ => character.to_string(),
    }
}

impl Connected for Image {
    fn long_blobs(&self) -> LongBlobs {
        self.long_blobs.clone()
    }

    fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Image {
    /// Says of damaged pages which table or index they belong to, as far as the database can still tell.
    pub(super) fn name_tables(&self, report: &mut Report) {
        if self.damaged.is_empty() {
            return;
        }
        let tables = self.tables().unwrap_or_default();
        for page in &self.damaged {
            let place = format!("page {page} of {}", self.name);
            let part = tables.get(page).map_or("no table that can be reached", String::as_str);
            for fault in report.faults.iter_mut().filter(|fault| fault.place == place) {
                fault.what = format!("does not match its digest (part of {part})");
            }
        }
    }

    fn tables(&self) -> rusqlite::Result<BTreeMap<u32, String>> {
        let mut statement = self.connection.prepare("SELECT pageno, name FROM dbstat")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        // What can be read before the damage is still worth saying.
        Ok(rows.map_while(Result::ok).collect())
    }
}
