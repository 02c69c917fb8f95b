//! What waits for the writer, and how much of it one transaction takes.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::input::{Input, NotDone, Outcome};

/// Something to be worked off, and where the answer goes; nowhere where nobody waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) input: Input,
    pub(super) answer: Option<oneshot::Sender<Result<Outcome, NotDone>>>,
}

#[derive(Debug)]
pub(super) enum Order {
    Work(Job),
    Stop,
}

impl Job {
    /// Says what came of it to whoever waits.
    pub(super) fn tell(self, answer: Result<Outcome, NotDone>) {
        if let Some(waiting) = self.answer {
            // Whoever asked may have gone; what was done stays done.
            let _ = waiting.send(answer);
        }
    }
}

/// What waits for the writer.
pub(super) struct Waiting {
    orders: mpsc::Receiver<Order>,
    /// What the writer's thread waits by.
    clock: tokio::runtime::Runtime,
    stopped: bool,
}

impl Waiting {
    pub(super) fn of(orders: mpsc::Receiver<Order>) -> std::io::Result<Self> {
        let clock = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { orders, clock, stopped: false })
    }

    /// Everything that waits now, up to what one transaction takes; waits where nothing does. Nothing once the writer is to stop.
    /// Where nobody waits for any of it, a moment passes first, since every transaction waits for the disk.
    pub(super) fn batch(&mut self) -> Option<Vec<Job>> {
        if self.stopped {
            return None;
        }
        let first = self.orders.blocking_recv()?;
        let mut batch = Vec::new();
        self.gather(first, &mut batch);
        if !self.stopped && batch.iter().all(|job| job.answer.is_none()) {
            let more = self.clock.block_on(async { timeout(COMPANY, self.orders.recv()).await });
            if let Ok(Some(more)) = more {
                self.gather(more, &mut batch);
            }
        }
        Some(batch)
    }

    fn gather(&mut self, first: Order, batch: &mut Vec<Job>) {
        let mut order = Some(first);
        while let Some(Order::Work(job)) = order {
            batch.push(job);
            order = if batch.len() < BATCH_MAX { self.orders.try_recv().ok() } else { None };
        }
        self.stopped |= order.is_some();
    }

    /// What nobody will work off any more.
    pub(super) fn left(mut self) -> Vec<Job> {
        self.orders.close();
        let left = std::iter::from_fn(|| self.orders.try_recv().ok());
        left.filter_map(|order| if let Order::Work(job) = order { Some(job) } else { None }).collect()
    }
}

/// How long what nobody waits for waits for company.
const COMPANY: Duration = Duration::from_millis(20);
/// How many inputs one transaction takes at most.
const BATCH_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn job(key: &str) -> Order {
        let input = Input::Keep { key: key.to_owned(), value: None };
        Order::Work(Job { input, answer: None })
    }

    fn keys(batch: Vec<Job>) -> Vec<String> {
        let key = |job: Job| match job.input {
            Input::Keep { key, .. } => key,
            other => panic!("{other:?} was never put in"),
        };
        batch.into_iter().map(key).collect()
    }

    #[test]
    fn what_came_before_a_stop_is_worked_off_and_what_came_behind_is_given_back() {
        let (orders, waiting) = mpsc::channel(8);
        for order in [job("a"), job("b"), Order::Stop, job("c")] {
            orders.try_send(order).expect("there is room");
        }
        let mut waiting = Waiting::of(waiting).expect("a clock");
        assert_eq!(waiting.batch().map(keys), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert!(waiting.batch().is_none(), "nothing is worked off after a stop");
        assert_eq!(keys(waiting.left()), ["c"]);
        assert!(orders.try_send(job("d")).is_err(), "nothing more is taken");
    }

    #[test]
    fn what_nobody_waits_for_reaches_the_disk_without_company_too() {
        let (orders, waiting) = mpsc::channel(8);
        let mut waiting = Waiting::of(waiting).expect("a clock");
        orders.try_send(job("a")).expect("there is room");
        assert_eq!(waiting.batch().map(keys), Some(vec!["a".to_owned()]));
        drop(orders);
        assert!(waiting.batch().is_none(), "nobody can bring anything any more");
    }
}
