//! The writer: one thread that owns the store and the world, works off what waits in one transaction, and answers after
//! it is on the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use store::{Change, Failure, Store};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::figures::Figures;
use crate::input::{Changed, Input, NotDone, Outcome, Outputs};
use crate::seal::Seal;
use crate::step::step;
use crate::world::World;

/// Something to be worked off, and where the answer goes.
struct Job {
    input: Input,
    answer: oneshot::Sender<Result<Outcome, NotDone>>,
}

enum Order {
    Work(Job),
    Stop,
}

/// The way to the writer. Clones speak to the same one.
#[derive(Clone)]
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
    /// That the record grew, for the one who writes it out.
    pub(crate) record: Box<dyn Fn() + Send>,
}

/// The writer before it runs.
pub(crate) struct Writer {
    pub(crate) store: Box<dyn Store>,
    pub(crate) world: World,
    pub(crate) seal: Box<dyn Seal>,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) told: Told,
    pub(crate) figures: Arc<Figures>,
}

type Worked = Result<(Outcome, Outputs), Failure>;

impl Inbox {
    /// Has an input worked off, unless more is waiting than is taken in.
    pub(crate) async fn submit(&self, input: Input) -> Result<Outcome, NotDone> {
        let (answer, waiting) = oneshot::channel();
        self.orders.try_send(Order::Work(Job { input, answer })).map_err(|full| match full {
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
        let order = Order::Work(Job { input, answer });
        self.orders.send(order).await.map_err(|_| NotDone::Stopping)?;
        waiting.await.unwrap_or(Err(NotDone::Stopping))
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

    /// How many inputs wait.
    pub(crate) fn waiting(&self) -> usize {
        self.orders.max_capacity() - self.orders.capacity()
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
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || self.run(waiting))?;
        Ok((inbox, thread))
    }

    fn run(mut self, mut waiting: mpsc::Receiver<Order>) {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = Vec::new();
            let mut order = Some(first);
            while let Some(Order::Work(job)) = order {
                batch.push(job);
                order = if batch.len() < BATCH_MAX { waiting.try_recv().ok() } else { None };
            }
            self.work_off(batch);
            if matches!(order, Some(Order::Stop)) {
                break;
            }
        }
        self.finish(waiting);
    }

    fn finish(mut self, mut waiting: mpsc::Receiver<Order>) {
        waiting.close();
        while let Ok(order) = waiting.try_recv() {
            if let Order::Work(job) = order {
                let _ = job.answer.send(Err(NotDone::Stopping));
            }
        }
        (self.told.record)();
        if let Err(failure) = self.store.rest() {
            tracing::error!(%failure, "the store could not be put to rest");
        }
    }

    /// Works a batch off in one transaction; where that fails, each input in one of its own, so that one cannot take
    /// the others down.
    fn work_off(&mut self, batch: Vec<Job>) {
        if batch.is_empty() {
            return;
        }
        let inputs: Vec<&Input> = batch.iter().map(|job| &job.input).collect();
        let worked = match self.commit(&inputs) {
            Ok(worked) => worked,
            Err(failure) if batch.len() > 1 => {
                tracing::warn!(%failure, inputs = batch.len(), "a batch failed; its inputs are tried singly");
                inputs.into_iter().map(|input| self.commit_one(input)).collect()
            }
            Err(failure) => vec![Err(failure)],
        };
        for (job, worked) in batch.into_iter().zip(worked) {
            self.answer(job, worked);
        }
        (self.told.record)();
    }

    fn commit_one(&mut self, input: &Input) -> Worked {
        self.commit(&[input])?.pop().expect("one input, one result")
    }

    fn commit(&mut self, inputs: &[&Input]) -> Result<Vec<Worked>, Failure> {
        let Self { store, world, seal, clock, .. } = self;
        let started = Instant::now();
        let mut worked = Vec::with_capacity(inputs.len());
        let committed = store.change(&mut |change| {
            worked.clear();
            for input in inputs {
                worked.push(attempt(change, world, &**seal, clock(), input)?);
            }
            Ok(())
        });
        self.figures.commit_seconds.observe(started.elapsed());
        self.figures.batch_inputs.observe_count(inputs.len());
        match committed {
            Ok(()) => {
                self.figures.commits.add(1);
                self.world.committed();
                Ok(worked)
            }
            Err(failure) => {
                self.figures.commit_failures.add(1);
                self.recover();
                Err(failure)
            }
        }
    }

    /// Brings memory back to what the store has after a transaction that is gone.
    fn recover(&mut self) {
        let fallen = self.store.look().and_then(|look| self.world.fall_back(&*look));
        if let Err(failure) = fallen {
            tracing::error!(%failure, "memory could not be brought back to the store");
        }
    }

    fn answer(&self, job: Job, worked: Worked) {
        let answer = match worked {
            Ok((outcome, outputs)) => {
                self.tell(outputs);
                Ok(outcome)
            }
            Err(failure) => {
                tracing::error!(%failure, "an input could not be worked off");
                Err(NotDone::Failed(failure))
            }
        };
        // Whoever asked may have gone; what was done stays done.
        let _ = job.answer.send(answer);
    }

    fn tell(&self, outputs: Outputs) {
        self.figures.entries.add(outputs.entries);
        for declined in &outputs.declined {
            self.figures.declined.add(1);
            tracing::info!(case = %declined.case, act = declined.act, refusal = %declined.refusal, "declined");
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

/// Works one input off behind a mark, so that its failing undoes nothing else. A panic in an area is a failure of this
/// input alone.
fn attempt(
    change: &mut dyn Change,
    world: &mut World,
    seal: &dyn Seal,
    now: Timestamp,
    input: &Input,
) -> Result<Worked, Failure> {
    change.mark()?;
    let stepped = catch_unwind(AssertUnwindSafe(|| step(change, world, seal, now, input)));
    let worked = stepped.unwrap_or_else(|_| {
        Err(Failure::Engine { doing: "work off an input", cause: "a calculation panicked".into() })
    });
    match worked {
        Ok(done) => {
            change.settle()?;
            Ok(Ok(done))
        }
        Err(failure) => {
            change.undo()?;
            world.undo(change)?;
            Ok(Err(failure))
        }
    }
}

/// How many inputs may wait before more are turned away.
const QUEUE_MAX: usize = 1_024;
/// How many inputs one transaction takes at most.
const BATCH_MAX: usize = 128;
