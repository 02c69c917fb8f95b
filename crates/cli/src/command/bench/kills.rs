//! `sampan bench kills`: an access point killed at random while messages come in. Lost is what was receipted and is not there;
//! doubled is what its application was given twice. A giver sends as an outbox does: the same bytes until a receipt proves
//! them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::ValueEnum;
use exchange::Suite;
use serde_json::{Value, json};
use store::Query;

use super::Measured;
use crate::command::{folder, record};
use crate::output::{self, Progress};
use crate::rig::fire::{Target, deliver};
use crate::rig::giver::{Address, Giver};
use crate::rig::phase4::Phase4;
use crate::rig::taker::Taker;

/// What is killed, and how often.
#[derive(clap::Args, Clone)]
pub(super) struct Kills {
    /// How often our node is killed.
    #[arg(long, default_value_t = 100)]
    kills: u32,
    /// Kills a peer as well.
    #[arg(long, value_enum)]
    peer: Option<Peer>,
    /// How often the peer is killed; a Java program takes seconds to start.
    #[arg(long, default_value_t = 30)]
    peer_kills: u32,
    /// What the moments of the kills follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where our node lies.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Which peer.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Peer {
    /// phase4, started by `interop/run`.
    Phase4,
}

/// What can be killed and started again.
trait Mortal {
    fn kill(&mut self);
    fn revive(&mut self) -> anyhow::Result<()>;
}

impl Mortal for Taker {
    fn kill(&mut self) {
        Self::kill(self);
    }

    fn revive(&mut self) -> anyhow::Result<()> {
        self.spawn()
    }
}

impl Mortal for Phase4 {
    fn kill(&mut self) {
        Self::kill(self);
    }

    fn revive(&mut self) -> anyhow::Result<()> {
        self.spawn(self.port())
    }
}

/// What came of a row of kills.
struct Toll {
    kills: u32,
    receipted: u64,
    lost: u64,
    doubled: u64,
    /// Messages no receipt came for, however often they were sent.
    unanswered: u64,
    tries: u64,
    seconds: f64,
    sound: Option<bool>,
}

impl Toll {
    fn as_json(&self) -> Value {
        json!({
            "kills": self.kills, "receipted_and_proved": self.receipted, "lost": self.lost, "doubled": self.doubled,
            "never_receipted": self.unanswered, "tries": self.tries, "seconds": self.seconds.round(), "record_sound": self.sound,
        })
    }
}

/// Kills our node, and the peer where one is named.
pub(super) fn measure(wanted: &Kills) -> anyhow::Result<Measured> {
    let scratch = wanted.dir.clone().unwrap_or_else(std::env::temp_dir);
    let scratch = scratch.join(format!("sampan-bench-kills-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let giver = Giver::new(SUITE)?;
    let done = run(wanted, &scratch, &Arc::new(giver));
    // What cannot be removed is the machine's to clean up.
    let _ = std::fs::remove_dir_all(&scratch);
    done
}

fn run(wanted: &Kills, scratch: &Path, giver: &Arc<Giver>) -> anyhow::Result<Measured> {
    let ours = ours(wanted, &scratch.join("node"), giver)?;
    let peer = match wanted.peer {
        Some(Peer::Phase4) => Some(phase4(wanted, &scratch.join("phase4"), giver)?),
        None => None,
    };
    Ok(Measured {
        name: "kills",
        ours: (ours.lost + ours.doubled) as f64,
        unit: "messages lost or doubled",
        peer: peer.as_ref().map(|toll| ("phase4 4.4.1", (toll.lost + toll.doubled) as f64)),
        aims: vec![
            ("nothing lost".into(), ours.lost == 0),
            ("nothing delivered twice".into(), ours.doubled == 0),
            ("every message is receipted in the end".into(), ours.unanswered == 0),
            ("the record is sound".into(), ours.sound == Some(true)),
        ],
        seen: json!({ "ours": ours.as_json(), "phase4": peer.as_ref().map(Toll::as_json) }),
    })
}

fn ours(wanted: &Kills, dir: &Path, giver: &Arc<Giver>) -> anyhow::Result<Toll> {
    let mut taker = Taker::start(dir, &giver.note()?, giver.suite())?;
    let (target, address) =
        (Target::Node(Arc::new(taker.descriptor.clone())), Arc::new(taker.address(SUITE)));
    let (receipted, mut toll) =
        under_fire(&mut taker, (target, address), giver, (wanted.kills, wanted.seed))?;
    taker.kill();
    let delivered = received(taker.dir())?;
    toll.settle(&receipted, &delivered);
    toll.sound = Some(record::verify(taker.dir(), None)?.sound);
    Ok(toll)
}

fn phase4(wanted: &Kills, dir: &Path, giver: &Arc<Giver>) -> anyhow::Result<Toll> {
    let mut peer = Phase4::new(dir, SUITE, giver)?;
    peer.spawn(0)?;
    let (target, address) = (Target::Clear(peer.endpoint()), Arc::new(peer.address()));
    let (receipted, mut toll) =
        under_fire(&mut peer, (target, address), giver, (wanted.peer_kills, wanted.seed))?;
    let text = std::fs::read_to_string(peer.delivered()).context("phase4 delivered nothing")?;
    let mut delivered = BTreeMap::new();
    for line in text.lines() {
        *delivered.entry(line.to_owned()).or_insert(0_u64) += 1;
    }
    toll.settle(&receipted, &delivered);
    Ok(toll)
}

impl Toll {
    /// Holds what was receipted against what was delivered.
    fn settle(&mut self, receipted: &[String], delivered: &BTreeMap<String, u64>) {
        self.receipted = receipted.len() as u64;
        self.lost = receipted.iter().filter(|id| !delivered.contains_key(*id)).count() as u64;
        self.doubled = delivered.values().filter(|count| **count > 1).count() as u64;
    }
}

/// How often each message was delivered, by the node's own store.
fn received(dir: &Path) -> anyhow::Result<BTreeMap<String, u64>> {
    let look = folder::look(dir)?;
    let (query, mut delivered) =
        (Query { desk: Some("received".into()), ..Query::default() }, BTreeMap::new());
    look.each_case(&query, &mut |row| {
        let id = row.summary.shown["message_id"].as_str().unwrap_or_default().to_owned();
        *delivered.entry(id).or_insert(0) += 1;
    })?;
    Ok(delivered)
}

/// Senders on threads of their own, and the kills; gives the ids of all messages whose receipt was proved.
fn under_fire(
    mortal: &mut dyn Mortal,
    (target, address): (Target, Arc<Address>),
    giver: &Arc<Giver>,
    (kills, seed): (u32, u64),
) -> anyhow::Result<(Vec<String>, Toll)> {
    let fire = Arc::new(Fire {
        target,
        address,
        giver: Arc::clone(giver),
        next: AtomicU64::new(0),
        tries: AtomicU64::new(0),
        over: AtomicBool::new(false),
        receipted: Mutex::default(),
        unanswered: AtomicU64::new(0),
    });
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let fire = Arc::clone(&fire);
            std::thread::spawn(move || fire.send())
        })
        .collect();
    let started = Instant::now();
    let (mut dice, mut progress) = (seed ^ 0x9E37_79B9_7F4A_7C15, Progress::of("kills"));
    let mut killed = Ok(());
    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(20 + roll(&mut dice, 400)));
        mortal.kill();
        killed = mortal.revive();
        if killed.is_err() {
            break;
        }
        progress.at(u64::from(kill + 1), u64::from(kills));
    }
    fire.over.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
    }
    killed?;
    let receipted = fire.receipted.lock().unwrap_or_else(PoisonError::into_inner).clone();
    output::say(format_args!("{kills} kills, {} messages receipted", receipted.len()));
    let tries = fire.tries.load(Ordering::Relaxed);
    let seconds = started.elapsed().as_secs_f64();
    let unanswered = fire.unanswered.load(Ordering::Relaxed);
    Ok((
        receipted,
        Toll { kills, receipted: 0, lost: 0, doubled: 0, unanswered, tries, seconds, sound: None },
    ))
}

/// What the senders share.
struct Fire {
    target: Target,
    address: Arc<Address>,
    giver: Arc<Giver>,
    next: AtomicU64,
    tries: AtomicU64,
    over: AtomicBool,
    receipted: Mutex<Vec<String>>,
    /// Messages no receipt came for, however often they were sent.
    unanswered: AtomicU64,
}

impl Fire {
    /// Sends one message after the other until told to stop, each until its receipt is proved.
    fn send(&self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut line = None;
        while !self.over.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let wire = self.giver.pack_one(number, &self.address)?;
            let started = Instant::now();
            loop {
                self.tries.fetch_add(1, Ordering::Relaxed);
                let answered = runtime.block_on(deliver(&self.target, &mut line, &wire));
                if let Ok((content_type, body)) = answered
                    && self.giver.proves(&wire, &self.address, (&content_type, &body)).is_ok()
                {
                    let mut receipted = self.receipted.lock().unwrap_or_else(PoisonError::into_inner);
                    receipted.push(wire.sent.message_id.clone());
                    break;
                }
                if started.elapsed() > PATIENCE {
                    self.unanswered.fetch_add(1, Ordering::Relaxed);
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }
}

/// A number below `bound`: a xorshift step is random enough to pick moments.
fn roll(dice: &mut u64, bound: u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice % bound.max(1)
}

/// The algorithms: what every access point speaks.
const SUITE: Suite = Suite::Edelivery115;
/// How many messages are on their way at once.
const SENDERS: usize = 4;
/// How long a message may go without a receipt, the starts of what was killed included.
const PATIENCE: Duration = Duration::from_secs(60);
