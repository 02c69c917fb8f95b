//! The store itself: one writer, its readers, and the order of things at opening, at every change and at rest.

use std::fmt;
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::change::Open;
use super::checkpoint::{Checkpoint, Done, Files, read_page};
use super::clear::{Clearing, is_named};
use super::columns::{damaged, failed, unreachable};
use super::hands::{Hands, Step};
use super::pages::{Head, Pages, Paths, Writing, sync_folder};
use super::recent::Recent;
use super::view::Connected;
use super::wal::Reach;
use super::{lock, migrate};
use crate::{Change, Failure, LongBlobs, Look, Pending, Store};

/// How large the log of commits grows, in bytes, before it is moved into the database: the longer, the more often a page changes before it
/// is moved once; a start after a crash reads all of it.
const CHECKPOINT_AFTER: u64 = 128 << 20;
/// How many times as long as that it may have become and still be written over.
const LONG: u64 = 3;
/// How much that log grows, in bytes, before it is tried again to clear the files of what was destroyed.
const CLEAR_AFTER: u64 = 256 << 10;
/// How long anybody waits for somebody else.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a change waits for readers before it leaves the log of commits to a later one.
const PATIENCE_OF_A_CHANGE: Duration = Duration::from_millis(100);
/// Marks the file as ours for programs such as `file`.
const APPLICATION: i32 = 0x5341_4d50;

/// The store in one SQLite file, or in memory.
///
/// Where a commit fails at the disk, what the disk holds is not known until the store is opened again; every later
/// change is refused until then.
pub struct Sqlite {
    pub(super) connection: Connection,
    pub(super) hands: Option<Hands>,
    readers: Arc<Readers>,
    /// Cases as the last commit left them.
    recent: Recent,
    checkpoint_after: u64,
    /// At what size the log of commits is next moved.
    checkpoint_at: u64,
    /// What is still to be done until destroyed bytes are in no file.
    pub(super) clearing: Clearing,
    /// Why nothing can be changed any more.
    stopped: Arc<OnceLock<String>>,
    _lock: Option<File>,
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("hands", &self.hands).finish_non_exhaustive()
    }
}

impl Sqlite {
    /// Opens the store at this path (such as `store.sqlite`), or makes a new one there. What a crash left is put in
    /// order: everything that was committed is there, nothing else is.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where the files are not what was left; [`Failure::Newer`]; [`Failure::Engine`], also where
    /// another program has the store open for writing.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Failure> {
        let paths = Paths::of(path.as_ref());
        let lock = lock::for_writing(&paths.lock)?;
        if !paths.main.exists() {
            create(&paths)?;
        }
        let mut files = Files::open(paths)?;
        let mut connection = connect(&files.paths.main, Writing::Yes)?;
        migrate::known(&connection)?;
        files.recover(&connection)?;
        migrate::migrate(&mut connection)?;
        LongBlobs::beside(&files.paths.main).sweep(&|digest| is_named(&connection, digest))?;
        let readers = Readers::of(files.paths.main.clone(), Held::File(Arc::clone(&files.main)));
        let mut hands = Hands::of(files);
        hands.mark(&connection)?;
        let clearing = Clearing::left_by(&connection)?;
        let mut store = Self {
            connection,
            hands: Some(hands),
            readers,
            recent: Recent::default(),
            checkpoint_after: CHECKPOINT_AFTER,
            checkpoint_at: CHECKPOINT_AFTER,
            clearing,
            stopped: Arc::default(),
            _lock: Some(lock),
        };
        store.clear()?;
        Ok(store)
    }

    /// A store that is gone when it and its views are dropped, for tests and simulations. Nothing in it waits for a
    /// disk. (SQLite's own databases in memory shut readers out while a change is open; so this one lies in the
    /// system's temporary folder and is never forced to the disk.)
    ///
    /// # Errors
    /// [`Failure::Engine`] where there is no temporary folder to write to.
    pub fn in_memory() -> Result<Self, Failure> {
        let doing = "open a store in memory";
        let scratch = Scratch::new().map_err(unreachable(doing))?;
        let path = scratch.0.join("store.sqlite");
        let mut connection = Connection::open(&path).map_err(failed(doing))?;
        prepare(&connection, Writing::Yes)?;
        let pragmas =
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;";
        connection.execute_batch(pragmas).map_err(failed(doing))?;
        migrate::migrate(&mut connection)?;
        let readers = Readers::of(path, Held::Scratch(scratch));
        let never = u64::MAX;
        Ok(Self {
            connection,
            hands: None,
            readers,
            recent: Recent::default(),
            checkpoint_after: never,
            checkpoint_at: never,
            clearing: Clearing::Nothing,
            stopped: Arc::default(),
            _lock: None,
        })
    }

    /// The same store, moving its log of commits into the database when it has grown past this many bytes (128 MiB
    /// where nothing is said).
    #[must_use]
    pub const fn checkpoint_after(mut self, bytes: u64) -> Self {
        self.checkpoint_after = bytes;
        self.checkpoint_at = bytes;
        self
    }

    fn commit(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(failed("begin a change"))?;
        let mut open = Open::new(&transaction, &mut self.recent);
        work(&mut open)?;
        let (destroyed, written) = open.close()?;
        transaction.commit().map_err(|error| {
            if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) {
                // Where something else stopped it before, that is why.
                let _ = self.stopped.set(error.to_string());
            }
            failed("commit a change")(error)
        })?;
        written.into_iter().for_each(|case| self.recent.put(case));
        if destroyed {
            self.clearing = Clearing::ToRewrite;
        }
        Ok(())
    }

    /// After a commit: what has the disk take it. Where many wait for that already, the disk has it at once.
    fn on_its_way(&mut self) -> Result<(Pending, u64), Failure> {
        let Some(hands) = &mut self.hands else { return Ok(Default::default()) };
        let Some(reached) = hands.reached(&self.connection)? else { return Ok(Default::default()) };
        let size = reached.size;
        if reached.is_far_ahead() {
            return reached.mark().map(|()| (Pending::default(), size));
        }
        let stopped = Arc::clone(&self.stopped);
        let done = move || reached.mark().inspect_err(|failure| drop(stopped.set(failure.to_string())));
        Ok((Pending::until(done), size))
    }

    /// After a commit. What fails here does not undo it, but nothing more is taken in.
    fn follow_up(&mut self, size: u64) -> Result<(), Failure> {
        let Some(hands) = &mut self.hands else { return Ok(()) };
        let step = match self.clearing {
            Clearing::ToRewrite => Step::NearlyDone,
            Clearing::Nothing | Clearing::ToMove => hands.go_on(size, self.checkpoint_at)?,
        };
        match step {
            Step::Waiting => {}
            Step::HeldUp => self.put_off(size),
            Step::NearlyDone => {
                self.wait_for_others(PATIENCE_OF_A_CHANGE)?;
                self.move_all(size)?;
                self.wait_for_others(PATIENCE)?;
            }
        }
        Ok(())
    }

    fn wait_for_others(&self, time: Duration) -> Result<(), Failure> {
        self.connection.busy_timeout(time).map_err(failed("set how long to wait"))
    }

    /// Moves what is left in the log of commits, unless somebody is reading for too long.
    fn move_all(&mut self, size: u64) -> Result<(), Failure> {
        self.rewrite()?;
        // What was destroyed must be in no file, and a log that grew far longer than usual gives its room back.
        let is_long = size > self.checkpoint_after.saturating_mul(LONG);
        let plain = self.clearing == Clearing::Nothing && !is_long;
        let done = if plain { Done::WrittenOver } else { Done::CutOff };
        let Some(hands) = &mut self.hands else { return Ok(()) };
        match hands.checkpoint(&self.connection, done)? {
            Checkpoint::Complete => {
                self.cleared()?;
                self.checkpoint_at = self.checkpoint_after;
            }
            Checkpoint::Held => self.put_off(size),
        }
        Ok(())
    }

    /// Each try reads much of the log, so the next one comes when it has grown by as much again; where something has to be cleared,
    /// sooner.
    fn put_off(&mut self, size: u64) {
        let more = if self.clearing == Clearing::ToMove { CLEAR_AFTER } else { self.checkpoint_after };
        self.checkpoint_at = size.saturating_add(more);
    }

    /// Waits no longer than this for readers.
    #[cfg(test)]
    pub(super) fn wait_at_most(&self, patience: Duration) {
        self.connection.busy_timeout(patience).expect("can be set");
    }
}

impl Store for Sqlite {
    fn change(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.change_ahead(work)?.wait()
    }

    fn change_ahead(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<Pending, Failure> {
        if let Some(cause) = self.stopped.get() {
            let doing = "go on after an earlier failure; open the store again";
            return Err(Failure::Engine { doing, cause: cause.clone() });
        }
        self.commit(work)?;
        let stopped = Arc::clone(&self.stopped);
        let stop = |failure: &Failure| drop(stopped.set(failure.to_string()));
        let (pending, size) = self.on_its_way().inspect_err(stop)?;
        if let Err(failure) = self.follow_up(size) {
            stop(&failure);
        }
        Ok(pending)
    }

    fn look(&self) -> Result<Box<dyn Look + Send>, Failure> {
        Ok(Box::new(Readers::reader(&self.readers)?))
    }

    fn long_blobs(&self) -> LongBlobs {
        Connected::long_blobs(self)
    }

    fn rest(&mut self) -> Result<(), Failure> {
        self.rewrite()?;
        let Some(hands) = &mut self.hands else { return Ok(()) };
        match hands.checkpoint(&self.connection, Done::CutOff)? {
            Checkpoint::Complete => {
                self.checkpoint_at = self.checkpoint_after;
                self.clear()
            }
            Checkpoint::Held => {
                let cause = "somebody is still reading".to_owned();
                Err(Failure::Engine { doing: "bring the store to rest", cause })
            }
        }
    }
}

impl Connected for Sqlite {
    fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// A view of a store that another program may be writing at the same time.
///
/// # Errors
/// [`Failure`] where there is no store at this path or it is of a newer version.
pub fn read(path: impl AsRef<Path>) -> Result<Box<dyn Look + Send>, Failure> {
    let readers = Readers::of(path.as_ref().into(), Held::Nothing);
    let reader = Readers::reader(&readers)?;
    migrate::newest(reader.connection())?;
    Ok(Box::new(reader))
}

/// Connections for reading, kept open between views.
#[derive(Debug)]
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    _held: Held,
}

impl Readers {
    /// How many connections are kept open.
    const IDLE_MAX: usize = 4;

    fn of(path: PathBuf, held: Held) -> Arc<Self> {
        Arc::new(Self { path, idle: Mutex::default(), _held: held })
    }

    fn reader(readers: &Arc<Self>) -> Result<Reader, Failure> {
        let idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| connect(&readers.path, Writing::No), Ok)?;
        Ok(Reader { connection: Some(connection), home: Arc::clone(readers) })
    }
}

/// What must stay as long as there are readers.
#[derive(Debug)]
#[expect(dead_code, reason = "they are only held")]
enum Held {
    Nothing,
    File(Arc<File>),
    Scratch(Scratch),
}

/// A folder that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Scratch(pub PathBuf);

impl Scratch {
    /// A new folder that nobody else can read.
    pub(super) fn new() -> std::io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("sampan-store-{}-{number}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => return made.map(|()| Self(path)),
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the system, which clears the folder.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A view for reading; its connection goes back when it is dropped.
struct Reader {
    connection: Option<Connection>,
    home: Arc<Readers>,
}

impl Connected for Reader {
    fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("it goes back only when this is dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut idle = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let room = idle.len() < Readers::IDLE_MAX;
        idle.extend(self.connection.take().filter(|_| room));
    }
}

pub(super) fn connect(path: &Path, writing: Writing) -> Result<Connection, Failure> {
    let flags = match writing {
        Writing::Yes => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        Writing::No => OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    };
    let connection = Connection::open_with_flags(path, flags).map_err(failed("open the store"))?;
    prepare(&connection, writing)?;
    Ok(connection)
}

/// Sets what every connection needs.
fn prepare(connection: &Connection, writing: Writing) -> Result<(), Failure> {
    let doing = "prepare a connection to the store";
    // Only our own checkpoints touch the database: the page digests must follow each of them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed(doing))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(failed(doing))?;
    // A statement is planned once; otherwise it is planned again whenever another value is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed(doing))?;
    connection.busy_timeout(PATIENCE).map_err(failed(doing))?;
    connection.set_prepared_statement_cache_capacity(128);
    let pragmas = match writing {
        // A transaction reaches the log of commits whole or not at all, so nothing unfinished stands in it. What a mark
        // goes back to needs no file either: it is never more than one transaction changed. SQLite forces the log to the disk
        // before it moves pages; after a commit we do.
        Writing::Yes => {
            "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_spill = OFF; \
             PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cache_size = -8000;"
        }
        Writing::No => "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -4000;",
    };
    connection.execute_batch(pragmas).map_err(failed(doing))
}

/// Makes a new store beside its place and moves it there when it is complete, digests first.
fn create(paths: &Paths) -> Result<(), Failure> {
    let doing = "make a new store";
    refuse_remains(paths)?;
    let beside = Paths::of(&paths.main.with_extension("new"));
    let shm = PathBuf::from(format!("{}-shm", beside.main.display()));
    for left in [&beside.main, &beside.wal, &shm] {
        match fs::remove_file(left) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unreachable(doing)(error));
            }
            _ => {}
        }
    }
    let mut connection = Connection::open(&beside.main).map_err(failed(doing))?;
    connection.pragma_update(None, "application_id", APPLICATION).map_err(failed(doing))?;
    migrate::migrate(&mut connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).map_err(failed(doing))?;
    // The last connection to close leaves no log of commits behind.
    connection.close().map_err(|(_, error)| failed(doing)(error))?;
    let file = File::open(&beside.main).map_err(unreachable(doing))?;
    file.sync_all().map_err(unreachable(doing))?;
    let (head, seals) = seal_all(&file)?;
    Pages::create(&paths.pages, &head, &seals, &Reach::default())?;
    fs::rename(&beside.main, &paths.main).map_err(unreachable(doing))?;
    sync_folder(&paths.main).map_err(unreachable(doing))
}

/// Where the database is gone but was once in use, a new one must not hide that.
fn refuse_remains(paths: &Paths) -> Result<(), Failure> {
    let used = match Pages::open(&paths.pages, Writing::No) {
        Ok(pages) => pages.mark()?.is_none_or(|mark| mark.frames > 0),
        Err(_) => paths.pages.exists(),
    };
    let wal = fs::metadata(&paths.wal).is_ok_and(|metadata| metadata.len() > 0);
    if used || wal || paths.next.exists() {
        return Err(damaged(Paths::name(&paths.main), "missing, though its other files are there"));
    }
    Ok(())
}

fn seal_all(file: &File) -> Result<(Head, Vec<super::pages::Seal>), Failure> {
    let header = read_page(file, 1, 100)?;
    let page_size = match u32::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        size => size,
    };
    let length = file.metadata().map_err(unreachable("read the new store"))?.len();
    let pages = u32::try_from(length / u64::from(page_size)).unwrap_or(u32::MAX);
    let head = Head { page_size, pages, ..Head::default() };
    let seals = (1..=pages).map(|page| Ok(head.digests.seal(&read_page(file, page, page_size.into())?)));
    Ok((head, seals.collect::<Result<_, Failure>>()?))
}
