//! What keeps the node moving: work whose moment has come is done, and the clock is looked at only when something is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kernel::NodeId;
use serde::Deserialize as _;
use store::{Failure, Work};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::Rim;
use super::post::{self, Lines};
use crate::dispatch::{Posting, SEND};
use crate::input::Input;

/// Does work as it falls due, until told to stop; then lets what is on its way finish.
pub(crate) async fn pump(rim: Rim, lanes: usize, work: Arc<Notify>, mut stop: watch::Receiver<()>) {
    let mut pump =
        Pump { rim, lanes, lines: Lines::default(), busy: BTreeMap::new(), under_way: JoinSet::new() };
    loop {
        let next = match pump.start_due().await {
            Ok(next) => next,
            Err(failure) => {
                tracing::error!(%failure, "what is due could not be read");
                Some(AFTER_FAILURE)
            }
        };
        tokio::select! {
            () = sleep(next) => {}
            () = work.notified() => {}
            Some(done) = pump.under_way.join_next() => pump.finished(done),
            _ = stop.changed() => break,
        }
    }
    pump.finish().await;
}

struct Pump {
    rim: Rim,
    /// How many messages to one partner are on their way at once.
    lanes: usize,
    lines: Lines,
    /// What is under way: keys by partner; what is not posting stands under nobody.
    busy: BTreeMap<Option<NodeId>, BTreeSet<String>>,
    under_way: JoinSet<(Option<NodeId>, String)>,
}

impl Pump {
    /// Starts everything that is due and not under way, and says how long nothing more will be.
    async fn start_due(&mut self) -> Result<Option<Duration>, Failure> {
        let now = Timestamp::now();
        for work in self.ahead().await? {
            if work.at > now {
                return Ok(Some(until(work.at, now)));
            }
            self.start(work);
        }
        Ok(None)
    }

    /// The next pieces of work in the order of their moments, due or not: as many as may be started and one more, past
    /// those under way.
    async fn ahead(&self) -> Result<Vec<Work>, Failure> {
        let under_way = self.busy.values().map(BTreeSet::len).sum::<usize>();
        let limit = u32::try_from(under_way + AHEAD).unwrap_or(u32::MAX);
        let readers = self.rim.readers.clone();
        let read = tokio::task::spawn_blocking(move || readers.borrow().due(Timestamp::MAX, limit));
        read.await.unwrap_or_else(|error| {
            Err(Failure::Engine { doing: "read what is due", cause: error.to_string() })
        })
    }

    fn start(&mut self, work: Work) {
        let posting = (work.sort == SEND).then(|| Posting::deserialize(&work.body).ok()).flatten();
        let partner = posting.as_ref().map(|posting| posting.to.clone());
        let most = if partner.is_some() { self.lanes } else { WAKES_MAX };
        let busy = self.busy.entry(partner.clone()).or_default();
        if busy.len() >= most || !busy.insert(work.key.clone()) {
            return;
        }
        let (rim, lines) = (self.rim.clone(), self.lines.clone());
        self.under_way.spawn(async move {
            let input = match &posting {
                Some(posting) => post::deliver(&rim, &lines, posting).await,
                None => Input::Wake { key: work.key.clone() },
            };
            if let Err(not_done) = rim.inbox.insist(input).await {
                tracing::error!(key = work.key, error = %not_done, "what came of work could not be recorded");
                // The work is still there and will be found again; not at once, so that a broken disk is not hammered.
                tokio::time::sleep(AFTER_FAILURE).await;
            }
            (partner, work.key)
        });
    }

    fn finished(&mut self, done: Result<(Option<NodeId>, String), tokio::task::JoinError>) {
        match done {
            Ok((partner, key)) => {
                if let Some(busy) = self.busy.get_mut(&partner) {
                    busy.remove(&key);
                }
            }
            // Which one it was is not known any more: everything may be started again, and twice is harmless.
            Err(error) => {
                tracing::error!(%error, "work was cut off");
                self.busy.clear();
            }
        }
    }

    async fn finish(mut self) {
        let all = async { while self.under_way.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("messages on their way were cut at shutdown; they are sent again");
        }
    }
}

async fn sleep(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

/// The time until a moment; a little more, so that it is never early.
fn until(at: Timestamp, now: Timestamp) -> Duration {
    let exact = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    exact.saturating_add(Duration::from_millis(1)).min(LONGEST)
}

/// How many pieces of work are looked at past those under way.
const AHEAD: usize = 512;
/// How many cases are woken at once.
const WAKES_MAX: usize = 64;
/// How long nothing is tried after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// The longest sleep: the machine's clock may be set in the meantime.
const LONGEST: Duration = Duration::from_secs(600);
/// How long messages on their way may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(5);
