//! Messages over open connections, each sent when the one before it on the same connection was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use exchange::Wire;
use node::{Descriptor, OpenLine};

/// Where messages go.
#[derive(Clone)]
pub(crate) enum Target {
    /// A node, over TLS pinned to its descriptor.
    Node(Arc<Descriptor>),
    /// An access point on this machine without TLS.
    Clear(String),
}

/// What came of a volley.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// For each receipt: when it came, in seconds since the start, and how long it took, in milliseconds.
    pub(crate) receipts: Vec<(f64, f64)>,
    /// Answers that were no receipt, or none at all.
    pub(crate) failures: u64,
    /// What the first of them said.
    pub(crate) first_failure: Option<String>,
    /// How long it all took, in seconds.
    pub(crate) seconds: f64,
    /// Some answers whole, each with its message, to be proved afterwards.
    pub(crate) sample: Vec<(Wire, String, Vec<u8>)>,
}

/// Sends the messages until all are sent or the time is over.
pub(crate) fn fire(
    target: &Target,
    wires: &Arc<Vec<Wire>>,
    connections: usize,
    time: Duration,
) -> anyhow::Result<Heard> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let (next, started) = (Arc::new(AtomicUsize::new(0)), Instant::now());
        let one = || send(target.clone(), Arc::clone(wires), Arc::clone(&next), (started, time));
        Heard::of_all(connections, started, one).await
    })
}

async fn send(
    target: Target,
    wires: Arc<Vec<Wire>>,
    next: Arc<AtomicUsize>,
    (started, time): (Instant, Duration),
) -> Heard {
    let (mut heard, mut line) = (Heard::default(), None);
    while started.elapsed() < time {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(wire) = wires.get(number) else { break };
        let begun = Instant::now();
        let answer = deliver(&target, &mut line, wire).await;
        heard.hear(answer, (started, begun), || number.is_multiple_of(SAMPLE).then(|| wire.clone()));
    }
    heard
}

impl Heard {
    /// Takes in what came of a message that was due at a moment; it is kept with a receipt that is to be proved.
    pub(super) fn hear(
        &mut self,
        answer: Result<(String, Vec<u8>), String>,
        (started, due): (Instant, Instant),
        kept: impl FnOnce() -> Option<Wire>,
    ) {
        match answer {
            Ok((content_type, body)) if is_receipt(&body) => {
                let took = due.elapsed().as_secs_f64() * 1e3;
                self.receipts.push((started.elapsed().as_secs_f64(), took));
                self.sample.extend(kept().map(|wire| (wire, content_type, body)));
            }
            Ok((_, body)) => self.fail(String::from_utf8_lossy(&body[..body.len().min(20_000)]).into_owned()),
            Err(why) => self.fail(why),
        }
    }

    /// What so many connections hear together, the receipts in the order they came.
    pub(super) async fn of_all<F>(
        connections: usize,
        started: Instant,
        one: impl Fn() -> F,
    ) -> anyhow::Result<Self>
    where
        F: Future<Output = Self> + Send + 'static,
    {
        let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(one())).collect();
        let mut all = Self::default();
        for task in tasks {
            all.join(task.await?);
        }
        all.seconds = started.elapsed().as_secs_f64();
        all.receipts.sort_by(|one, other| one.0.total_cmp(&other.0));
        Ok(all)
    }

    fn join(&mut self, other: Self) {
        self.receipts.extend(other.receipts);
        self.failures += other.failures;
        self.first_failure = self.first_failure.take().or(other.first_failure);
        self.sample.extend(other.sample);
    }

    fn fail(&mut self, why: String) {
        self.failures += 1;
        self.first_failure.get_or_insert(why);
    }
}

/// Sends a message over a connection that stays open for the next one, or over a new one; gives the answer.
pub(crate) async fn deliver(
    target: &Target,
    line: &mut Option<OpenLine>,
    wire: &Wire,
) -> Result<(String, Vec<u8>), String> {
    let open = match line {
        Some(open) => open,
        None => line.insert(connect(target).await?),
    };
    let answered = open.send(wire).await;
    if answered.is_err() {
        *line = None;
    }
    answered.map_err(|fault| fault.to_string())
}

async fn connect(target: &Target) -> Result<OpenLine, String> {
    let connected = match target {
        Target::Node(descriptor) => OpenLine::to(descriptor).await,
        Target::Clear(address) => OpenLine::clear(address).await,
    };
    connected.map_err(|fault| fault.to_string())
}

/// Whether an answer looks like a receipt; a sample of them is proved afterwards.
pub(crate) fn is_receipt(body: &[u8]) -> bool {
    body.windows(MARK.len()).any(|window| window == MARK)
}

const MARK: &[u8] = b"NonRepudiationInformation";
/// One answer in so many is kept whole.
const SAMPLE: usize = 53;
