//! The record's public form follows the store: after each commit its new entries go into the log's files.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ledger::{SignedCheckpoint, Signer};
use store::{Failure, Journal};

use crate::figures::Figures;
use crate::readers::Readers;

/// What of the record is published, for everybody who speaks of it.
#[derive(Debug)]
pub(crate) struct Published {
    size: AtomicU64,
    failing: AtomicBool,
    newest: Mutex<SignedCheckpoint>,
}

impl Published {
    fn of(newest: SignedCheckpoint) -> Self {
        let size = AtomicU64::new(newest.checkpoint().size());
        Self { size, failing: AtomicBool::new(false), newest: Mutex::new(newest) }
    }

    /// How many entries the newest checkpoint covers.
    pub(crate) fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    /// Whether the files could not be written last time.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// The newest checkpoint.
    pub(crate) fn newest(&self) -> SignedCheckpoint {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, newest: SignedCheckpoint) {
        self.size.store(newest.checkpoint().size(), Ordering::Relaxed);
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = newest;
    }
}

/// The thread that writes the log's files.
#[derive(Debug)]
pub(crate) struct Recorder {
    grown: SyncSender<()>,
    on_disk: Arc<AtomicU64>,
    thread: JoinHandle<()>,
    pub(crate) published: Arc<Published>,
}

impl Recorder {
    /// Opens the log, takes in what a crash kept from it, and starts the thread.
    ///
    /// # Errors
    /// Where the log does not belong to the store, or cannot be read or written.
    pub(crate) fn start(
        folder: &Path,
        signer: Signer,
        readers: Readers,
        figures: Arc<Figures>,
    ) -> Result<Self, Failure> {
        let mut journal = Journal::open(folder, signer)?;
        let published = Arc::new(Published::of(journal.catch_up(&*readers.borrow())?));
        let on_disk = Arc::new(AtomicU64::new(published.size()));
        // One signal that waits says all there is to say: the record grew.
        let (grown, waiting) = sync_channel(1);
        let (theirs, follows) = (Arc::clone(&on_disk), Arc::clone(&published));
        let follower = Follower { journal, readers, published: follows, figures, waiting, on_disk: theirs };
        let thread = std::thread::Builder::new().name("record".into()).spawn(move || follower.run());
        let thread =
            thread.map_err(|error| Failure::Engine { doing: "start a thread", cause: error.to_string() })?;
        Ok(Self { grown, on_disk, thread, published })
    }

    /// What is called after each commit with how many entries the disk has. Only those are written out: a checkpoint is a promise.
    pub(crate) fn signal(&self) -> Box<dyn Fn(u64) + Send> {
        let (grown, on_disk) = (self.grown.clone(), Arc::clone(&self.on_disk));
        Box::new(move |entries| {
            on_disk.fetch_max(entries, Ordering::SeqCst);
            // Where a signal waits already, this one is said too.
            let _ = grown.try_send(());
        })
    }

    /// Waits until the last entries are written out. All signals must be gone.
    pub(crate) fn finish(self) {
        let Self { grown, thread, .. } = self;
        drop(grown);
        if thread.join().is_err() {
            tracing::error!("the record's thread panicked");
        }
    }
}

struct Follower {
    journal: Journal,
    readers: Readers,
    published: Arc<Published>,
    figures: Arc<Figures>,
    waiting: Receiver<()>,
    /// How many entries the disk has.
    on_disk: Arc<AtomicU64>,
}

impl Follower {
    fn run(mut self) {
        while self.waiting.recv().is_ok() {
            let started = Instant::now();
            self.follow();
            std::thread::sleep((started.elapsed() * SHARE).clamp(REST, REST_MAX));
        }
        self.follow();
    }

    fn follow(&mut self) {
        let on_disk = self.on_disk.load(Ordering::SeqCst);
        match self.journal.catch_up_to(&*self.readers.borrow(), on_disk) {
            Ok(newest) => {
                self.published.set(newest);
                self.published.failing.store(false, Ordering::Relaxed);
            }
            Err(failure) => {
                // Nothing is lost: the next commit tries again, from where the files stand.
                self.published.failing.store(true, Ordering::Relaxed);
                self.figures.record_failures.add(1);
                tracing::error!(%failure, "the record could not be written out");
            }
        }
    }
}

/// How long the files rest at least after they were written: each writing waits for the disk several times, however much it brings,
/// and a checkpoint a tenth of a second later proves the same.
const REST: Duration = Duration::from_millis(100);
/// How many times as long as the last writing took they rest, so that writing them takes no more than this share of a busy node.
const SHARE: u32 = 40;
/// They never rest longer, however slow the disk.
const REST_MAX: Duration = Duration::from_millis(500);
