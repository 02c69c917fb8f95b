//! What keeps the node moving: work whose moment has come is done, and the clock is looked at only when something is due.
//!
//! What is due is read into memory a piece at a time and waits there in the order of its moments, each partner's for
//! itself: a partner that is slow or gone holds up its own messages and nobody else's. What is read may be out of date
//! when its turn comes; that is harmless, since the heart looks again and a message sent twice is delivered once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use customs::agreement::Way;
use jiff::Timestamp;
use kernel::{CaseId, NodeId};
use serde::Deserialize as _;
use serde_json::Value;
use store::{Failure, Work};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::Rim;
use super::breaker::{Breaker, Went};
use super::hub;
use super::post::{self, Lines};
use crate::content::Content;
use crate::dispatch::{PACK, Posting, SEND, ToPack};
use crate::input::Input;
use crate::unseen::{self, Calculation, UNSEEN};

/// Does work as it falls due, until told to stop; then lets what is on its way finish.
pub(crate) async fn pump(rim: Rim, lanes: usize, work: Arc<Notify>, mut stop: watch::Receiver<()>) {
    let mut pump = Pump::new(rim, lanes);
    loop {
        tokio::select! {
            () = sleep_until(pump.next_look) => pump.look().await,
            () = sleep_until(pump.next_try()) => pump.try_again(),
            () = work.notified() => pump.look_soon(),
            Some(done) = pump.under_way.join_next() => pump.finished(done),
            _ = stop.changed() => break,
        }
    }
    pump.finish().await;
}

/// Work that was carried out: for whom, its key, and what it said about the partner.
type Carried = (Receiver, String, Option<Went>);

/// For whom work is done: a partner, or, for what is not posting, nobody.
type Receiver = Option<NodeId>;

struct Pump {
    rim: Rim,
    /// How many messages to one partner are on their way at once.
    lanes: usize,
    lines: Lines,
    queues: BTreeMap<Receiver, Queue>,
    /// Everything that waits here or is under way, by its key.
    known: BTreeSet<String>,
    under_way: JoinSet<Carried>,
    next_look: Instant,
    /// The earliest the next look may be, so that looking takes a small part of the time however much there is.
    rested: Instant,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Work>,
    under_way: usize,
    breaker: Breaker,
}

impl Pump {
    fn new(rim: Rim, lanes: usize) -> Self {
        let now = Instant::now();
        Self {
            rim,
            lanes,
            lines: Lines::default(),
            queues: BTreeMap::new(),
            known: BTreeSet::new(),
            under_way: JoinSet::new(),
            next_look: now,
            rested: now,
        }
    }

    /// Somebody put work in.
    fn look_soon(&mut self) {
        self.next_look = self.next_look.min(self.rested.max(Instant::now()));
    }

    /// Reads what has fallen due since the last look, starts what may be started, and says when to look again.
    async fn look(&mut self) {
        let (started, now) = (Instant::now(), Timestamp::now());
        let limit = self.known.len() + AHEAD;
        let read = self.read(limit).await;
        self.rested = Instant::now() + started.elapsed() * REST_FACTOR;
        self.next_look = match read {
            Ok(works) => {
                let full = works.len() == limit;
                let next = self.take(works, now);
                let next = next.map_or(LONGEST, |at| until(at, now));
                // Where more is due than was read, the rest is read as soon as looking has rested.
                if full && next == LONGEST { self.rested } else { started + next }
            }
            Err(failure) => {
                tracing::error!(%failure, "what is due could not be read");
                started + AFTER_FAILURE
            }
        };
    }

    /// The next pieces of work in the order of their moments, due or not; the disk has them.
    async fn read(&self, limit: usize) -> Result<Vec<Work>, Failure> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let readers = self.rim.readers.clone();
        let read = tokio::task::spawn_blocking(move || readers.borrow().due(Timestamp::MAX, limit));
        let works = read.await.unwrap_or_else(|error| {
            Err(Failure::Engine { doing: "read what is due", cause: error.to_string() })
        })?;
        self.rim.inbox.on_disk().await?;
        Ok(works)
    }

    /// Queues what is due and new, and says when the first that is not due will be.
    fn take(&mut self, works: Vec<Work>, now: Timestamp) -> Option<Timestamp> {
        for work in works {
            if work.at > now {
                return Some(work.at);
            }
            if self.known.len() < KNOWN_MAX && self.known.insert(work.key.clone()) {
                let receiver = posting_of(&work).map(|posting| posting.to);
                self.queues.entry(receiver.clone()).or_default().waiting.push_back(work);
                self.start(&receiver);
            }
        }
        None
    }

    /// Starts what waits for a receiver, as far as its lanes are free.
    fn start(&mut self, receiver: &Receiver) {
        let Some(queue) = self.queues.get_mut(receiver) else { return };
        let most = if receiver.is_some() { self.lanes } else { WAKES_MAX };
        let most = queue.breaker.lanes(most, Instant::now());
        while queue.under_way < most
            && let Some(work) = queue.waiting.pop_front()
        {
            queue.under_way += 1;
            self.under_way.spawn(carry_out(self.rim.clone(), self.lines.clone(), receiver.clone(), work));
        }
    }

    /// When the first partner that is left alone is tried again.
    fn next_try(&self) -> Instant {
        let now = Instant::now();
        let waiting = self.queues.values().filter(|queue| !queue.waiting.is_empty());
        let first = waiting.filter_map(|queue| queue.breaker.until(now)).min();
        first.unwrap_or_else(|| now + LONGEST)
    }

    fn try_again(&mut self) {
        let all: Vec<Receiver> = self.queues.keys().cloned().collect();
        all.iter().for_each(|receiver| self.start(receiver));
    }

    fn finished(&mut self, done: Result<Carried, JoinError>) {
        let (receiver, key, went) = match done {
            Ok(done) => done,
            Err(error) => {
                // Whose it was is not known any more: all is forgotten and read again, and twice is harmless.
                tracing::error!(%error, "work was cut off");
                self.queues.clear();
                self.known.clear();
                return self.look_soon();
            }
        };
        self.known.remove(&key);
        if let Some(queue) = self.queues.get_mut(&receiver) {
            queue.under_way = queue.under_way.saturating_sub(1);
            if let Some(went) = went {
                queue.breaker.note(went, Instant::now());
            }
            if let Some(partner) = &receiver {
                let rest = queue.breaker.until(Instant::now()).map(|until| until - Instant::now());
                self.rim.contacts.rests(partner, rest.map(|rest| Timestamp::now() + rest));
            }
        }
        self.start(&receiver);
        // What came of it may be due again at once, or more may have waited unread.
        self.look_soon();
    }

    async fn finish(mut self) {
        let all = async { while self.under_way.join_next().await.is_some() {} };
        if timeout(GRACE, all).await.is_err() {
            tracing::warn!("messages on their way were cut at shutdown; they are sent again");
        }
    }
}

fn posting_of(work: &Work) -> Option<Posting> {
    (work.sort == SEND).then(|| Posting::deserialize(&work.body).ok()).flatten()
}

async fn carry_out(rim: Rim, lines: Lines, receiver: Receiver, work: Work) -> Carried {
    let input = match posting_of(&work) {
        Some(posting) if posting.schedule.way == Way::Hub => hub::deliver(&rim, &posting).await,
        Some(posting) => post::deliver(&rim, &lines, &posting).await,
        None if work.sort == PACK => packed(&rim, &work).await,
        None if work.sort == UNSEEN => calculated(&rim, &work).await,
        None => Input::Wake { key: work.key.clone() },
    };
    let went = match &input {
        Input::Receipt { .. } | Input::Tracked { .. } => Some(Went::There),
        Input::Undelivered { code, .. } if code == exchange::Ebms::ConnectionFailure.code() => {
            Some(Went::Gone)
        }
        Input::Undelivered { .. } => Some(Went::There),
        _ => None,
    };
    if let Err(not_done) = rim.inbox.insist(input).await {
        tracing::error!(key = work.key, error = %not_done, "what came of work could not be recorded");
        // The work is still there and will be found again; not at once, so that a broken disk is not hammered.
        tokio::time::sleep(AFTER_FAILURE).await;
    }
    (receiver, work.key, went)
}

/// Packs a long message and says what came of it. One after the other, since each takes the disk for itself.
async fn packed(rim: &Rim, work: &Work) -> Input {
    static ONE: Semaphore = Semaphore::const_new(1);
    let key = work.key.clone();
    let Ok(_turn) = ONE.acquire().await else { return Input::NotPacked { key } };
    let Ok(asked) = ToPack::deserialize(&work.body) else { return Input::NotPacked { key } };
    let rim = rim.clone();
    let packing = tokio::task::spawn_blocking(move || {
        let look = rim.readers.borrow();
        let from = (&rim.partners, &rim.long_blobs, &*look as &dyn store::Look);
        crate::pack::pack(&asked.packing, &rim.us, from, Timestamp::now())
    });
    match packing.await {
        Ok(Ok(packed)) => Input::Packed { key, wire: packed.wire, digests: packed.digests },
        Ok(Err(failure)) => {
            tracing::error!(key, %failure, "not packed");
            Input::NotPacked { key }
        }
        Err(_) => Input::NotPacked { key },
    }
}

/// Calculates what a case waits for, one case after the other: each takes the processors for itself.
async fn calculated(rim: &Rim, work: &Work) -> Input {
    static ONE: Semaphore = Semaphore::const_new(1);
    let key = work.key.clone();
    let case = CaseId::new(work.body["case"].as_str().unwrap_or_default());
    let nothing = |key, case| Input::Calculated { key, case, act: None, files: Vec::new() };
    let Ok(_turn) = ONE.acquire().await else { return Input::Wake { key } };
    let (rim, of) = (rim.clone(), case.clone());
    let calculating = tokio::task::spawn_blocking(move || unseen::yielding(|| calculation(&rim, &of)));
    match calculating.await.map_err(|error| error.to_string()).flatten() {
        Ok(Ok(Some((act, files)))) => Input::Calculated { key, case, act: Some(act), files },
        Ok(Ok(None)) => nothing(key, case),
        Ok(Err(failure)) => {
            tracing::error!(key, %failure, "not calculated");
            tokio::time::sleep(AFTER_FAILURE).await;
            Input::Wake { key }
        }
        Err(error) => {
            tracing::error!(key, %error, "the calculation was cut off");
            nothing(key, case)
        }
    }
}

/// What a case waits for, with its bytes laid down where they are long.
fn calculation(rim: &Rim, case: &CaseId) -> Result<Option<(Value, Vec<Content>)>, Failure> {
    let done = unseen::calculate(&*rim.readers.borrow(), &rim.hidden, case)?;
    let Some(Calculation { act, files }) = done else { return Ok(None) };
    let files = files.into_iter().map(|file| Content::laid(file, &rim.long_blobs));
    Ok(Some((act, files.collect::<Result<_, _>>()?)))
}

/// The time until a moment; a little more, so that it is never early.
fn until(at: Timestamp, now: Timestamp) -> Duration {
    let exact = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    exact.saturating_add(Duration::from_millis(1)).min(LONGEST)
}

/// How many pieces of work are read at once past those known.
const AHEAD: usize = 256;
/// How many pieces of work are known at once; what is due beyond them waits in the store.
const KNOWN_MAX: usize = 1 << 15;
/// How many cases are woken at once.
const WAKES_MAX: usize = 64;
/// How many times as long as a look took nobody looks again.
const REST_FACTOR: u32 = 8;
/// How long nothing is tried after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// The longest sleep: the machine's clock may be set in the meantime.
const LONGEST: Duration = Duration::from_secs(600);
/// How long messages on their way may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(5);
