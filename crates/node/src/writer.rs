//! The writer: one thread that owns the store and the world, works off what waits in one transaction, and answers after
//! it is on the disk.

mod waiting;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::admit::Delivered;
use crate::figures::Figures;
use crate::heart::{Heart, Worked};
use crate::input::{Changed, Declined, Input, NotDone, Outcome, Outputs};
use waiting::{Job, Order, Waiting};

/// The way to the writer. Clones speak to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    orders: mpsc::Sender<Order>,
    figures: Arc<Figures>,
}

/// What the writer tells the rest of the node after each commit.
pub(crate) struct Told {
    /// Cases that changed.
    pub(crate) changes: broadcast::Sender<Changed>,
    /// That work was put in, for those who look at the clock.
    pub(crate) work: Arc<tokio::sync::Notify>,
    /// That the store takes nothing more.
    pub(crate) broken: Arc<tokio::sync::Notify>,
    /// That the record grew, for the one who writes it out.
    pub(crate) record: Box<dyn Fn() + Send>,
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
    pub(crate) fn start(self) -> std::io::Result<(Inbox, std::thread::JoinHandle<()>)> {
        let (orders, waiting) = mpsc::channel(QUEUE_MAX);
        let inbox = Inbox { orders, figures: Arc::clone(&self.figures) };
        let waiting = Waiting::of(waiting)?;
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || self.run(waiting))?;
        Ok((inbox, thread))
    }

    fn run(mut self, mut waiting: Waiting) {
        while let Some(batch) = waiting.batch() {
            self.work_off(batch);
        }
        self.finish(waiting);
    }

    fn finish(mut self, waiting: Waiting) {
        for job in waiting.left() {
            job.tell(Err(NotDone::Stopping));
        }
        (self.told.record)();
        if let Err(failure) = self.heart.rest() {
            tracing::error!(%failure, "the store could not be put to rest");
        }
    }

    fn work_off(&mut self, batch: Vec<Job>) {
        if batch.is_empty() {
            return;
        }
        let inputs: Vec<&Input> = batch.iter().map(|job| &job.input).collect();
        let started = Instant::now();
        let worked = self.heart.work_each(&self.clock, &inputs);
        self.figures.commits.add(1);
        self.figures.commit_seconds.observe(started.elapsed());
        self.figures.batch_inputs.observe_count(inputs.len());
        self.figures.broken.store(!self.heart.beats(), Ordering::Relaxed);
        if !self.heart.beats() {
            self.told.broken.notify_one();
        }
        for (job, worked) in batch.into_iter().zip(worked) {
            self.answer(job, worked);
        }
        (self.told.record)();
    }

    fn answer(&self, job: Job, worked: Worked) {
        let (input, trace) = job.input.trace();
        let answer = match worked {
            Ok((outcome, outputs)) => {
                let (entries, changed) = (outputs.entries, outputs.changed.len());
                tracing::info!(trace, input, result = word(&outcome), entries, changed, "worked off");
                self.tell(trace, outputs);
                Ok(outcome)
            }
            Err(failure) => {
                self.figures.failures.add(1);
                tracing::error!(trace, input, %failure, "could not be worked off");
                Err(NotDone::Failed(failure))
            }
        };
        job.tell(answer);
    }

    fn tell(&self, trace: &str, outputs: Outputs) {
        self.figures.entries.add(outputs.entries);
        for Declined { case, act, refusal } in &outputs.declined {
            self.figures.declined.add(1);
            tracing::info!(trace, %case, act, %refusal, "declined");
        }
        for changed in outputs.changed {
            // Nobody listening is no fault.
            let _ = self.told.changes.send(changed);
        }
        if outputs.work_at.is_some() {
            self.told.work.notify_one();
        }
    }
}

/// What came of an input, for a log line.
fn word(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Act(Ok(_)) => "taken",
        Outcome::Act(Err(refusal)) => &refusal.code,
        Outcome::Import(_) => "imported",
        Outcome::Deliver(Delivered::Accepted) => "accepted",
        Outcome::Deliver(Delivered::Refused(refusal)) => &refusal.code,
        Outcome::Deliver(Delivered::Answered(_)) => "duplicate",
        Outcome::Deliver(Delivered::Conflict) => "conflict",
        Outcome::Deliver(Delivered::Unprotected(_)) => "unprotected",
        Outcome::Answer(_) | Outcome::Done => "done",
    }
}

/// How many inputs may wait before more are turned away.
const QUEUE_MAX: usize = 1_024;
