//! The settler: one thread that waits until the disk has what the writer worked off, and only then answers. Meanwhile the writer
//! works off what came in between, and one wait serves all that was worked off by then.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use store::Failure;

use super::Told;
use super::durable::Durable;
use super::waiting::Job;
use crate::admit::Delivered;
use crate::figures::Figures;
use crate::heart::{Ahead, Worked, lost};
use crate::input::{Declined, NotDone, Outcome, Outputs};

/// Inputs of one transaction, on their way to the disk.
pub(super) struct Batch {
    pub(super) jobs: Vec<Job>,
    pub(super) ahead: Ahead,
    /// The transaction's number.
    pub(super) number: u64,
    /// When it was begun.
    pub(super) begun: Instant,
}

/// The thread before it runs.
pub(super) struct Settler {
    pub(super) told: Told,
    pub(super) durable: Arc<Durable>,
    pub(super) figures: Arc<Figures>,
}

impl Settler {
    /// Starts the thread; it ends when nobody can give it anything any more.
    pub(super) fn start(self) -> std::io::Result<(SyncSender<Batch>, JoinHandle<()>)> {
        let (batches, waiting) = sync_channel(BATCHES_MAX);
        let thread = std::thread::Builder::new().name("settler".into()).spawn(move || self.run(&waiting))?;
        Ok((batches, thread))
    }

    fn run(self, waiting: &Receiver<Batch>) {
        while let Ok(first) = waiting.recv() {
            let mut batches = vec![first];
            batches.extend(waiting.try_iter());
            self.settle(batches);
        }
    }

    /// Nothing is known to reach the disk any more.
    fn give_up(&self) {
        self.durable.failed();
        self.figures.broken.store(true, Ordering::Relaxed);
        self.told.broken.notify_one();
    }

    /// Waits for the last of these batches: the disk has the others then as well.
    fn settle(&self, mut batches: Vec<Batch>) {
        let last = batches.iter_mut().map(|batch| std::mem::take(&mut batch.ahead.pending)).last();
        match last.unwrap_or_default().wait() {
            Ok(()) => batches.into_iter().for_each(|batch| self.tell(batch)),
            Err(failure) => batches.into_iter().for_each(|batch| self.fail(batch, &failure)),
        }
    }

    fn tell(&self, batch: Batch) {
        let Batch { jobs, ahead, number, begun } = batch;
        self.figures.commit_seconds.observe(begun.elapsed());
        self.durable.reached(number);
        for (job, worked) in jobs.into_iter().zip(ahead.worked) {
            self.answer(job, worked);
        }
        (self.told.record)(ahead.entries);
    }

    /// The disk failed: what was worked off may be there or not, and nobody is told that it is.
    fn fail(&self, batch: Batch, failure: &Failure) {
        self.give_up();
        for job in batch.jobs {
            self.answer(job, Err(lost(failure)));
        }
    }

    fn answer(&self, job: Job, worked: Worked) {
        let (input, trace) = job.input.trace();
        let answer = match worked {
            Ok((outcome, outputs)) => {
                let (entries, changed) = (outputs.entries, outputs.changed.len());
                tracing::info!(trace, input, result = word(&outcome), entries, changed, "worked off");
                self.tell_others(trace, outputs);
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

    fn tell_others(&self, trace: &str, outputs: Outputs) {
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

impl Drop for Settler {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.give_up();
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

/// How many batches wait for the disk before the writer waits as well.
const BATCHES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use store::Pending;
    use tokio::sync::{Notify, broadcast, oneshot};

    use super::*;
    use crate::input::Input;

    type Answered = oneshot::Receiver<Result<Outcome, NotDone>>;

    struct Seen {
        settler: Settler,
        record: Arc<Mutex<Vec<u64>>>,
    }

    fn seen() -> Seen {
        let record = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&record);
        let told = Told {
            changes: broadcast::channel(1).0,
            work: Arc::new(Notify::new()),
            broken: Arc::new(Notify::new()),
            record: Box::new(move |entries| told.lock().expect("is whole").push(entries)),
        };
        let (durable, figures) = (Arc::default(), Arc::default());
        Seen { settler: Settler { told, durable, figures }, record }
    }

    fn batch(number: u64, pending: Pending) -> (Batch, Answered) {
        let (answer, answered) = oneshot::channel();
        let input = Input::Keep { key: number.to_string(), value: None };
        let jobs = vec![Job { input, answer: Some(answer) }];
        let worked = vec![Ok((Outcome::Done, Outputs::default()))];
        let ahead = Ahead { worked, entries: number * 10, pending };
        (Batch { jobs, ahead, number, begun: Instant::now() }, answered)
    }

    #[tokio::test]
    async fn nobody_is_answered_before_the_disk_has_it_and_one_wait_serves_all() {
        let Seen { settler, record } = seen();
        let (go, held) = std::sync::mpsc::channel();
        let never = Pending::until(|| panic!("whoever waits for a later one need not wait for this one"));
        let last = Pending::until(move || held.recv().map_err(|error| panic!("{error}")));
        let ((one, mut first), (other, second)) = (batch(1, never), batch(2, last));
        let numbers: Vec<_> = [1, 2].map(|_| settler.durable.begin()).into();
        assert_eq!(numbers, [1, 2]);
        let settling = std::thread::spawn(move || {
            settler.settle(vec![one, other]);
            settler
        });
        assert!(first.try_recv().is_err(), "the disk has nothing yet");
        go.send(()).expect("is waited for");
        assert!(matches!(first.await, Ok(Ok(Outcome::Done))));
        assert!(matches!(second.await, Ok(Ok(Outcome::Done))));
        let settler = settling.join().expect("settles");
        settler.durable.wait().await.expect("both are on the disk");
        assert_eq!(*record.lock().expect("is whole"), [10, 20]);
    }

    #[tokio::test]
    async fn where_the_settler_panics_nobody_waits_for_the_disk_and_the_node_is_told() {
        let Seen { settler, .. } = seen();
        let (durable, broken) = (Arc::clone(&settler.durable), Arc::clone(&settler.told.broken));
        let (batch, answered) = batch(1, Pending::until(|| panic!("not on the disk")));
        durable.begin();
        let (batches, thread) = settler.start().expect("a thread");
        batches.send(batch).expect("is taken");
        broken.notified().await;
        assert!(durable.wait().await.is_err());
        assert!(answered.await.is_err(), "whoever waits hears that the node stops");
        assert!(thread.join().is_err());
    }

    #[tokio::test]
    async fn where_the_disk_fails_nobody_is_told_that_anything_is_kept() {
        let Seen { settler, record } = seen();
        let failing = || Pending::until(|| Err(Failure::Engine { doing: "test", cause: "no disk".into() }));
        let (batch, answered) = batch(1, failing());
        settler.durable.begin();
        settler.settle(vec![batch]);
        assert!(matches!(answered.await, Ok(Err(NotDone::Failed(_)))));
        assert!(settler.durable.wait().await.is_err());
        settler.told.broken.notified().await;
        assert!(settler.figures.broken.load(Ordering::Relaxed));
        assert!(record.lock().expect("is whole").is_empty());
    }
}
