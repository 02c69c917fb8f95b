//! Messages made as they go and sent at an even pace, however long the answers take: what a node is like after half an hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::Wire;
use tokio::sync::{Mutex, mpsc};

use super::fire::{Heard, Target, deliver};
use super::giver::{Address, Giver};

/// An even pace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Messages a second.
    pub(crate) per_second: u32,
    /// How many connections send at once.
    pub(crate) connections: usize,
    /// For how long.
    pub(crate) time: Duration,
    /// The number of the first message.
    pub(crate) first: u64,
}

impl Pace {
    /// When a message is due, counted from the first.
    fn due(&self, number: usize) -> Duration {
        Duration::from_secs_f64(number as f64 / f64::from(self.per_second))
    }
}

/// A message with its number, counted from the first.
type Made = (usize, Wire);

/// Sends at this pace until the time is over. How long a message took is counted from the moment it was due, so that one that
/// had to wait for a connection is not shown as a quick one.
pub(crate) fn paced(target: &Target, giver: &Giver, to: &Address, pace: Pace) -> anyhow::Result<Heard> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (made, waiting) = mpsc::channel(AHEAD);
    std::thread::scope(|scope| {
        let maker = scope.spawn(move || make(giver, to, pace, &made));
        let heard = runtime.block_on(all(target, waiting, pace));
        maker.join().map_err(|_| anyhow::anyhow!("packing panicked"))??;
        heard
    })
}

fn make(giver: &Giver, to: &Address, pace: Pace, made: &mpsc::Sender<Made>) -> anyhow::Result<()> {
    for number in (0..).take_while(|number| pace.due(*number) < pace.time) {
        let wire = giver.pack_one(pace.first + number as u64, to)?;
        if made.blocking_send((number, wire)).is_err() {
            break;
        }
    }
    Ok(())
}

async fn all(target: &Target, waiting: mpsc::Receiver<Made>, pace: Pace) -> anyhow::Result<Heard> {
    let (waiting, started) = (Arc::new(Mutex::new(waiting)), Instant::now());
    let one = || send(target.clone(), Arc::clone(&waiting), pace, started);
    Heard::of_all(pace.connections, started, one).await
}

async fn send(
    target: Target,
    waiting: Arc<Mutex<mpsc::Receiver<Made>>>,
    pace: Pace,
    started: Instant,
) -> Heard {
    let (mut heard, mut line) = (Heard::default(), None);
    loop {
        let next = waiting.lock().await.recv().await;
        let Some((number, wire)) = next else { return heard };
        let due = started + pace.due(number);
        tokio::time::sleep_until(due.into()).await;
        let answer = deliver(&target, &mut line, &wire).await;
        heard.hear(answer, (started, due), || number.is_multiple_of(SAMPLE).then_some(wire));
    }
}

/// Messages made ahead.
const AHEAD: usize = 256;
/// One answer in so many is kept whole.
const SAMPLE: usize = 1_009;
