//! `sampan bench exchange`: receipts a second of our node, durable and in memory, beside phase4 in the same run.

mod long;
mod side;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use exchange::Suite;
use serde_json::json;

pub(super) use self::long::Sender;
use self::side::{Plan, Side};
use super::Measured;
use crate::rig::giver::Giver;
use crate::rig::phase4::name;

/// What is measured.
#[derive(clap::Args, Clone)]
pub(super) struct Exchange {
    /// Beside whom.
    #[arg(long, value_enum)]
    peer: Option<Peer>,
    /// How long each side runs, in seconds, after its warm-up.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How long each side is warmed up, in seconds.
    #[arg(long, default_value_t = 5)]
    warm: u64,
    /// The algorithms: RSA, the Edwards curve, or P-256.
    #[arg(long, value_enum, default_value_t = Algorithms::Rsa)]
    suite: Algorithms,
    /// How many connections send at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// The most messages made ahead for each side; a long run needs many.
    #[arg(long, default_value_t = 12_000)]
    messages: u64,
    /// Sends so many messages a second, made as they go, instead of as many as are answered: for long runs. Only our node on the disk
    /// is measured then.
    #[arg(long, conflicts_with = "peer")]
    pace: Option<u32>,
    /// Sends one payload of so many megabytes as well and says what both sides held of it: 1024 for a gigabyte, which
    /// takes five of disk.
    #[arg(long, default_value_t = 0)]
    payload_mb: u64,
    /// Where the durable node lies; a folder on the disk that is to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Beside whom.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Peer {
    /// phase4, started by `interop/run`.
    Phase4,
}

/// The algorithms.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Algorithms {
    /// eDelivery 1.15: RSA-3072.
    Rsa,
    /// eDelivery 2.0: Ed25519 and X25519.
    Ec,
    /// eDelivery 2.0 with P-256.
    P256,
}

impl Algorithms {
    const fn suite(self) -> Suite {
        match self {
            Self::Rsa => Suite::Edelivery115,
            Self::Ec => Suite::Edelivery2,
            Self::P256 => Suite::Edelivery2P256,
        }
    }

    /// Receipts a second on two processors, durable.
    const fn aim(self) -> f64 {
        match self {
            Self::Rsa => 500.0,
            Self::Ec | Self::P256 => 1_500.0,
        }
    }
}

/// Runs each side in turn: our node on the disk, our node in memory, the peer, and after it ours on the disk once more, since a
/// machine does not run alike for minutes.
pub(super) fn measure(wanted: &Exchange) -> anyhow::Result<Measured> {
    let scratch = Scratch::new(wanted.dir.as_deref())?;
    let giver = Giver::new(wanted.suite.suite())?;
    let plan = Plan::of(wanted, wanted.suite.suite());
    let durable = side::ours(&scratch.disk, &giver, &plan)?;
    let memory = scratch.memory.as_deref().filter(|_| wanted.pace.is_none());
    let memory = memory.map(|dir| side::ours(dir, &giver, &plan)).transpose()?;
    let peer = wanted
        .peer
        .map(|Peer::Phase4| side::phase4(&scratch.disk.join("phase4"), &giver, &plan))
        .transpose()?;
    let again = peer.as_ref().map(|_| side::ours(&scratch.disk.join("again"), &giver, &plan)).transpose()?;
    let long = (wanted.payload_mb > 0)
        .then(|| long::measure(&scratch.disk.join("long"), wanted.suite.suite(), wanted.payload_mb))
        .transpose()?;
    Ok(measured(wanted, &Seen { durable, memory, peer, again, long }))
}

/// What was seen of each side.
struct Seen {
    durable: Side,
    memory: Option<Side>,
    peer: Option<Side>,
    /// Our node on the disk, after the peer.
    again: Option<Side>,
    long: Option<long::Gone>,
}

impl Seen {
    /// Messages for every second our nodes on the disk spent on a processor.
    fn per_processor_second(&self) -> f64 {
        let sides = || std::iter::once(&self.durable).chain(&self.again);
        let (messages, seconds) = sides().fold((0.0, 0.0), |(messages, seconds), side| {
            (messages + side.messages(), seconds + side.processor_seconds())
        });
        messages / seconds
    }
}

fn measured(wanted: &Exchange, seen: &Seen) -> Measured {
    let Seen { durable, memory, peer, again, long } = seen;
    let rate = wanted.pace.map_or_else(|| wanted.suite.aim(), |pace| f64::from(pace) * 0.99);
    let mut aims = vec![
        (format!("at least {rate} receipts a second, durable"), durable.per_second() >= rate),
        ("one message at a time: p50 under 10 ms, durable".into(), durable.alone_p50 < 10.0),
        (
            "flat: the last quarter's p50 at most half again the first quarter's".into(),
            durable.growth() <= 1.5,
        ),
    ];
    if let Some(long) = long {
        aims.push((format!("{} MB in under 64 MB on both sides", long.megabytes()), long.is_below(64)));
    }
    if let Some(peer) = peer {
        let ratio = seen.per_processor_second() / peer.per_processor_second();
        aims.push(("at least 5 times the peer's messages per CPU-second".into(), ratio >= 5.0));
    }
    Measured {
        name: "exchange",
        ours: seen.per_processor_second(),
        unit: "messages per CPU-second",
        peer: peer.as_ref().map(|peer| ("phase4 4.4.1", peer.per_processor_second())),
        aims,
        seen: json!({
            "suite": name(wanted.suite.suite()), "payload_bytes": durable.payload, "sealed": durable.sealed,
            "connections": wanted.connections, "ours_durable": durable.as_json(),
            "ours_in_memory": memory.as_ref().map(Side::as_json), "phase4": peer.as_ref().map(Side::as_json), "ours_durable_again": again.as_ref().map(Side::as_json),
            "long_payload": long.as_ref().map(long::Gone::as_json),
        }),
    }
}

/// Folders that go when the measurement is over.
struct Scratch {
    disk: PathBuf,
    memory: Option<PathBuf>,
}

impl Scratch {
    fn new(dir: Option<&Path>) -> anyhow::Result<Self> {
        let name = format!("sampan-bench-exchange-{}", std::process::id());
        let disk = dir.map_or_else(std::env::temp_dir, Path::to_owned).join(&name);
        std::fs::create_dir_all(&disk)?;
        // A folder of the system that never reaches a disk.
        let memory = Path::new("/dev/shm").join(&name);
        let memory = std::fs::create_dir_all(&memory).is_ok().then_some(memory);
        Ok(Self { disk, memory })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for folder in std::iter::once(&self.disk).chain(&self.memory) {
            // What cannot be removed is the machine's to clean up.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
