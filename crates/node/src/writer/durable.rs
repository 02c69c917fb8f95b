//! How far the disk has what was committed, for those who tell others outside of what they read: a view shows a commit some moments
//! before the disk has it.

use std::sync::atomic::{AtomicU64, Ordering};

use store::Failure;
use tokio::sync::watch;

/// Transactions in the order they were begun, and how many of them are on the disk.
#[derive(Debug)]
pub(crate) struct Durable {
    begun: AtomicU64,
    /// The last that is on the disk; nothing once the disk failed.
    on_disk: watch::Sender<Option<u64>>,
}

impl Default for Durable {
    fn default() -> Self {
        Self { begun: AtomicU64::new(0), on_disk: watch::Sender::new(Some(0)) }
    }
}

impl Durable {
    /// A transaction is begun; its number.
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The transaction of this number is on the disk, and all before it.
    pub(super) fn reached(&self, number: u64) {
        self.on_disk.send_modify(|on_disk| *on_disk = on_disk.map(|before| before.max(number)));
    }

    /// The disk failed.
    pub(super) fn failed(&self) {
        self.on_disk.send_replace(None);
    }

    /// Waits until the disk has everything that any view could show until now.
    ///
    /// # Errors
    /// Where the disk failed: what it has is not known until the node is started again.
    pub(crate) async fn wait(&self) -> Result<(), Failure> {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut watching = self.on_disk.subscribe();
        let there = watching.wait_for(|on_disk| on_disk.is_none_or(|number| number >= begun)).await;
        if there.is_ok_and(|on_disk| on_disk.is_some()) { Ok(()) } else { Err(lost()) }
    }
}

fn lost() -> Failure {
    Failure::Engine { doing: "wait for the disk", cause: "an earlier transaction failed there".to_owned() }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;

    async fn is_done<T>(waiting: &mut Pin<Box<impl Future<Output = T>>>) -> bool {
        tokio::select! {
            biased;
            _ = waiting => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn what_could_be_read_is_waited_for_and_what_came_later_is_not() {
        let durable = Durable::default();
        durable.wait().await.expect("nothing was begun");
        let (first, second) = (durable.begin(), durable.begin());
        let mut waiting = Box::pin(durable.wait());
        assert!(!is_done(&mut waiting).await);
        durable.reached(first);
        assert!(!is_done(&mut waiting).await);
        durable.begin();
        durable.reached(second);
        waiting.await.expect("both are on the disk");
    }

    #[tokio::test]
    async fn nobody_waits_for_a_disk_that_failed() {
        let durable = Durable::default();
        durable.begin();
        durable.failed();
        assert!(durable.wait().await.is_err());
        durable.reached(7);
        assert!(durable.wait().await.is_err(), "it does not come back");
    }
}
