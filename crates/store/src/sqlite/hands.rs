//! Who has the files of an open store in hand: its writer, or a thread that moves commits into the database while the writer
//! goes on. What is left when that thread is done is little, and the writer moves it itself and cuts the log off.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;

use super::checkpoint::{Checkpoint, Done, Files, reach};
use super::columns::{failed, unreachable};
use super::open::connect;
use super::pages::{Marker, Paths, Writing};
use super::wal::{AHEAD_MAX, Reach};
use crate::Failure;

/// The files of an open store, whoever has them in hand.
#[derive(Debug)]
pub(super) struct Hands {
    pub paths: Paths,
    marker: Marker,
    held: Held,
    /// How often commits were moved since the log was last done with.
    times: u32,
    /// Whether the log was done with and nothing was committed since.
    done: bool,
    /// The log of commits, once it was needed: it stays the same file as long as the store is open.
    log: Option<Arc<File>>,
}

/// How far the log of commits reaches, which the disk may not have yet.
#[derive(Debug)]
pub(super) struct Reached {
    marker: Marker,
    /// The place of this among all marks.
    place: u64,
    log: Arc<File>,
    reach: Reach,
    /// The log's size in bytes.
    pub size: u64,
}

impl Reached {
    /// Forces the log to the disk and marks how far it reaches.
    pub(super) fn mark(self) -> Result<(), Failure> {
        self.log.sync_data().map_err(unreachable("force the log of commits to the disk"))?;
        self.marker.set(self.place, &self.reach)
    }

    /// Whether so many commits wait for the disk that this one has to be on it before the next is made: a log of which the power
    /// took a part can only be told from one that rots as long as few commits may be missing.
    pub(super) fn is_far_ahead(&self) -> bool {
        self.marker.ahead() >= u64::from(AHEAD_MAX)
    }
}

/// Whose hands they are in.
#[derive(Debug)]
enum Held {
    Writer(Box<Files>),
    Mover(Mover),
    /// Nobody's: a thread that had them panicked.
    Lost,
}

/// Somebody who moves commits, and the reading that keeps those of later from being moved.
#[derive(Debug)]
struct Mover {
    thread: Option<JoinHandle<GivenBack>>,
    /// What came of it, where no thread was to be had.
    done: Option<GivenBack>,
    pin: Connection,
    up_to: u64,
}

/// The files given back, and how many frames are in the database.
type GivenBack = (Box<Files>, Result<u64, Failure>);

/// What follows from a commit for the log of commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing yet.
    Waiting,
    /// Commits were moved as far as somebody's reading allows.
    HeldUp,
    /// What is left in the log is little and may be moved now.
    NearlyDone,
}

impl Hands {
    pub(super) fn of(files: Files) -> Self {
        let (paths, marker) = (files.paths.clone(), files.marker());
        Self { paths, marker, held: Held::Writer(Box::new(files)), times: 0, done: true, log: None }
    }

    /// After a commit: how far the log reaches, nothing where it is empty.
    pub(super) fn reached(&mut self, connection: &Connection) -> Result<Option<Reached>, Failure> {
        let log = match &self.log {
            Some(log) => Arc::clone(log),
            None => {
                let log = File::open(&self.paths.wal).map_err(unreachable("open the log of commits"))?;
                Arc::clone(self.log.insert(Arc::new(log)))
            }
        };
        let Some(reach) = reach(connection, &log, self.marker.page_size)? else { return Ok(None) };
        if let (true, Held::Writer(files)) = (self.done, &mut self.held) {
            files.expect(&reach)?;
            self.done = false;
        }
        let (marker, size) = (self.marker.clone(), reach.frames * self.frame());
        Ok(Some(Reached { place: marker.foresee(), marker, log, reach, size }))
    }

    /// After a commit: has the disk take it and marks how far the log reaches.
    pub(super) fn mark(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.reached(connection)?.map_or(Ok(()), Reached::mark)
    }

    /// Moves all commits into the database and is done with the log.
    pub(super) fn checkpoint(&mut self, connection: &Connection, done: Done) -> Result<Checkpoint, Failure> {
        self.take_back()?;
        self.times = 0;
        match &mut self.held {
            Held::Writer(files) => {
                self.done = true;
                files.checkpoint(connection, done)
            }
            Held::Mover(_) | Held::Lost => Err(lost()),
        }
    }

    /// Has commits moved beside the writer where the log is longer than `at` bytes, and says what came of it since. A log many times as long
    /// is waited for.
    pub(super) fn go_on(&mut self, size: u64, at: u64) -> Result<Step, Failure> {
        match &self.held {
            Held::Writer(_) if size > at => {
                self.give_away(size / self.frame())?;
                Ok(Step::Waiting)
            }
            Held::Mover(mover) if mover.is_done() || size > at.saturating_mul(TOO_LONG) => {
                let (moved, up_to) = self.take_back()?.unwrap_or_default();
                if moved < up_to {
                    return Ok(Step::HeldUp);
                }
                let left = (size / self.frame()).saturating_sub(moved);
                if left <= LITTLE || self.times >= TIMES_MAX {
                    return Ok(Step::NearlyDone);
                }
                self.give_away(size / self.frame())?;
                Ok(Step::Waiting)
            }
            Held::Writer(_) | Held::Mover(_) => Ok(Step::Waiting),
            Held::Lost => Err(lost()),
        }
    }

    /// Gives the files to a thread that moves everything up to this frame, which is the last one now.
    fn give_away(&mut self, up_to: u64) -> Result<(), Failure> {
        let pin = pinned(&self.paths.main)?;
        let Held::Writer(files) = std::mem::replace(&mut self.held, Held::Lost) else { return Err(lost()) };
        self.times += 1;
        let (thread, done) = started(files, up_to);
        self.held = Held::Mover(Mover { thread, done, pin, up_to });
        Ok(())
    }

    /// Takes the files back, waiting for whoever has them: how many frames are moved, and how many were to be.
    fn take_back(&mut self) -> Result<Option<(u64, u64)>, Failure> {
        let Held::Mover(_) = self.held else { return Ok(None) };
        let Held::Mover(mover) = std::mem::replace(&mut self.held, Held::Lost) else { return Ok(None) };
        let Mover { thread, done, pin, up_to } = mover;
        let done = done.or_else(|| thread.and_then(|thread| thread.join().ok()));
        let (files, moved) = done.ok_or_else(lost)?;
        self.held = Held::Writer(files);
        // Only now may the log be begun anew: by the writer, who says so in the digests.
        drop(pin);
        Ok(Some((moved?, up_to)))
    }

    /// How many bytes a frame has in the log.
    fn frame(&self) -> u64 {
        24 + u64::from(self.marker.page_size)
    }
}

impl Mover {
    fn is_done(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        // Nobody may move anything once the store's lock is gone; what failed is found when it is opened again.
        let _ = self.take_back();
    }
}

/// A connection that reads what the last commit left, and goes on seeing that.
fn pinned(main: &Path) -> Result<Connection, Failure> {
    let doing = "hold the log of commits";
    let pin = connect(main, Writing::No)?;
    pin.execute_batch("BEGIN").map_err(failed(doing))?;
    pin.query_row("SELECT count(*) FROM sqlite_master", (), |row| row.get::<_, i64>(0))
        .map_err(failed(doing))?;
    Ok(pin)
}

fn moved(mut files: Box<Files>, up_to: u64) -> GivenBack {
    let connection = connect(&files.paths.main, Writing::Yes);
    let moved = connection.and_then(|connection| files.move_up_to(&connection, up_to));
    (files, moved)
}

/// Has it done by a thread; where there is none to be had, and where a test looks on, now.
fn started(files: Box<Files>, up_to: u64) -> (Option<JoinHandle<GivenBack>>, Option<GivenBack>) {
    let waiting = Arc::new(Mutex::new(Some(files)));
    let take = |waiting: &Mutex<Option<Box<Files>>>| {
        waiting.lock().unwrap_or_else(PoisonError::into_inner).take().expect("they are taken once")
    };
    let theirs = Arc::clone(&waiting);
    let thread = if cfg!(test) {
        None
    } else {
        Builder::new().name("mover".into()).spawn(move || moved(take(&theirs), up_to)).ok()
    };
    let done = thread.is_none().then(|| moved(take(&waiting), up_to));
    (thread, done)
}

fn lost() -> Failure {
    let cause = "the thread that moved commits panicked".to_owned();
    Failure::Engine { doing: "move commits into the database", cause }
}

/// How many frames the writer moves itself: a few milliseconds' work.
const LITTLE: u64 = 512;
/// How often commits are moved beside the writer before it moves what is left, however much that is.
const TIMES_MAX: u32 = 8;
/// How many times as long as it should be the log may grow while somebody moves commits.
const TOO_LONG: u64 = 8;
