//! The writer: one thread that owns the store and the world, works off what waits in one transaction, and has it answered after
//! it is on the disk.

mod durable;
mod settler;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Instant;

use jiff::Timestamp;
use store::Failure;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::figures::Figures;
use crate::heart::Heart;
use crate::input::{Changed, Input, NotDone, Outcome};
use durable::Durable;
use settler::{Batch, Settler};
use waiting::{Job, Order, Waiting};

/// The way to the writer. Clones speak to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    orders: mpsc::Sender<Order>,
    figures: Arc<Figures>,
    durable: Arc<Durable>,
}

/// What the rest of the node is told after each commit, once the disk has it.
pub(crate) struct Told {
    /// Cases that changed.
    pub(crate) changes: broadcast::Sender<Changed>,
    /// That work was put in, for those who look at the clock.
    pub(crate) work: Arc<tokio::sync::Notify>,
    /// That the store takes nothing more.
    pub(crate) broken: Arc<tokio::sync::Notify>,
    /// That the record has so many entries, for the one who writes it out.
    pub(crate) record: Box<dyn Fn(u64) + Send>,
}

/// The writer before it runs.
pub(crate) struct Writer {
    pub(crate) heart: Heart,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) told: Told,
    pub(crate) figures: Arc<Figures>,
}

impl Inbox {
    /// Has an input worked off, unless more is waiting than is taken in.
    pub(crate) async fn submit(&self, input: Input) -> Result<Outcome, NotDone> {
        let (answer, waiting) = oneshot::channel();
        let job = Job { input, answer: Some(answer) };
        self.orders.try_send(Order::Work(job)).map_err(|full| match full {
            mpsc::error::TrySendError::Full(_) => {
                self.figures.turned_away.add(1);
                NotDone::Busy
            }
            mpsc::error::TrySendError::Closed(_) => NotDone::Stopping,
        })?;
        waiting.await.unwrap_or(Err(NotDone::Stopping))
    }

    /// Has an input worked off, after waiting for room where there is none: for what the node itself brings.
    pub(crate) async fn insist(&self, input: Input) -> Result<Outcome, NotDone> {
        let (answer, waiting) = oneshot::channel();
        let order = Order::Work(Job { input, answer: Some(answer) });
        self.orders.send(order).await.map_err(|_| NotDone::Stopping)?;
        waiting.await.unwrap_or(Err(NotDone::Stopping))
    }

    /// Has an input worked off after everything that waits, and does not wait for it. It reaches the disk with the next
    /// input somebody waits for, or a moment later.
    pub(crate) async fn later(&self, input: Input) {
        // Where the writer is gone, so is what waited for it; a failure is told in the log.
        let _ = self.orders.send(Order::Work(Job { input, answer: None })).await;
    }

    /// Has the writer finish what waits and put the store to rest.
    pub(crate) async fn stop(&self) {
        // Where it is gone already, nothing is left to stop.
        let _ = self.orders.send(Order::Stop).await;
    }

    /// Waits until the disk has everything that any view could show until now: before anything of it leaves.
    ///
    /// # Errors
    /// Where the disk failed.
    pub(crate) async fn on_disk(&self) -> Result<(), Failure> {
        self.durable.wait().await
    }

    /// Whether the writer takes inputs.
    pub(crate) fn is_open(&self) -> bool {
        !self.orders.is_closed()
    }

    /// How many inputs wait, and how many may.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        let most = self.orders.max_capacity();
        (most - self.orders.capacity(), most)
    }
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the machine gives no thread.
    pub(crate) fn start(self) -> std::io::Result<(Inbox, JoinHandle<()>)> {
        let Self { heart, clock, told, figures } = self;
        let (orders, waiting) = mpsc::channel(QUEUE_MAX);
        let durable = Arc::new(Durable::default());
        let inbox = Inbox { orders, figures: Arc::clone(&figures), durable: Arc::clone(&durable) };
        let waiting = Waiting::of(waiting)?;
        let broken = Arc::clone(&told.broken);
        let settler = Settler { told, durable: Arc::clone(&durable), figures: Arc::clone(&figures) };
        let (batches, thread) = settler.start()?;
        let working =
            Working { heart, clock, figures, broken, settler: Settling { batches, thread, durable } };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || working.run(waiting))?;
        Ok((inbox, thread))
    }
}

/// The writer on its thread.
struct Working {
    heart: Heart,
    clock: fn() -> Timestamp,
    figures: Arc<Figures>,
    broken: Arc<tokio::sync::Notify>,
    settler: Settling,
}

impl Working {
    fn run(mut self, mut waiting: Waiting) {
        while let Some(batch) = waiting.batch() {
            if !batch.is_empty() {
                self.work_off(batch);
            }
        }
        self.finish(waiting);
    }

    fn finish(mut self, waiting: Waiting) {
        for job in waiting.left() {
            job.tell(Err(NotDone::Stopping));
        }
        self.settler.finish();
        if let Err(failure) = self.heart.rest() {
            tracing::error!(%failure, "the store could not be put to rest");
        }
    }

    fn work_off(&mut self, jobs: Vec<Job>) {
        let (begun, number) = (Instant::now(), self.settler.durable.begin());
        let inputs: Vec<&Input> = jobs.iter().map(|job| &job.input).collect();
        let ahead = self.heart.work_each_ahead(&self.clock, &inputs);
        self.figures.commits.add(1);
        self.figures.batch_inputs.observe_count(inputs.len());
        self.figures.broken.store(!self.heart.beats(), Ordering::Relaxed);
        if !self.heart.beats() {
            self.broken.notify_one();
        }
        self.settler.take(Batch { jobs, ahead, number, begun });
    }
}

/// The settler's thread, and the way to it.
struct Settling {
    batches: SyncSender<Batch>,
    thread: JoinHandle<()>,
    durable: Arc<Durable>,
}

impl Settling {
    fn take(&self, batch: Batch) {
        // Where its thread panicked the node stops, and whoever waits hears that.
        let _ = self.batches.send(batch);
    }

    /// Waits until everything is on the disk and answered.
    fn finish(self) {
        let Self { batches, thread, .. } = self;
        drop(batches);
        if thread.join().is_err() {
            tracing::error!("the settler panicked");
        }
    }
}

/// How many inputs may wait before more are turned away.
const QUEUE_MAX: usize = 1_024;
