//! One side of the measurement: warmed up, put under load, asked one message at a time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::{Suite, Wire};
use serde_json::{Value, json};

use super::Exchange;
use crate::output;
use crate::rig::fire::{Heard, Target, fire};
use crate::rig::giver::{Address, Giver};
use crate::rig::pace::{Pace, paced};
use crate::rig::phase4::Phase4;
use crate::rig::taker::Taker;
use crate::rig::usage::Usage;

/// How each side is run.
pub(super) struct Plan {
    suite: Suite,
    warm: Duration,
    time: Duration,
    connections: usize,
    messages: u64,
    /// Messages a second; as many as it takes where nothing is said.
    pace: Option<u32>,
}

impl Plan {
    pub(super) const fn of(wanted: &Exchange, suite: Suite) -> Self {
        Self {
            suite,
            warm: Duration::from_secs(wanted.warm),
            time: Duration::from_secs(wanted.seconds),
            connections: wanted.connections,
            messages: wanted.messages,
            pace: wanted.pace,
        }
    }
}

/// What one side gave.
pub(super) struct Side {
    heard: Heard,
    used: Usage,
    /// Median of one message at a time, in milliseconds.
    pub(super) alone_p50: f64,
    alone_p99: f64,
    proved: usize,
    /// The document's length in bytes.
    pub(super) payload: usize,
    /// Whether payloads were encrypted.
    pub(super) sealed: bool,
}

/// Our node in a folder.
pub(super) fn ours(dir: &Path, giver: &Giver, plan: &Plan) -> anyhow::Result<Side> {
    output::say(format_args!("our node in {}", dir.display()));
    let taker = Taker::start(&dir.join("node"), &giver.note()?, plan.suite)?;
    let target = Target::Node(Arc::new(taker.descriptor.clone()));
    run(&target, &taker.address(plan.suite), giver, plan, taker.process())
}

/// phase4.
pub(super) fn phase4(dir: &Path, giver: &Giver, plan: &Plan) -> anyhow::Result<Side> {
    output::say("phase4");
    let mut peer = Phase4::new(dir, plan.suite, giver)?;
    peer.spawn(0)?;
    let target = Target::Clear(peer.endpoint());
    run(&target, &peer.address(), giver, plan, peer.process())
}

fn run(target: &Target, address: &Address, giver: &Giver, plan: &Plan, process: u32) -> anyhow::Result<Side> {
    let warm = Arc::new(giver.pack(0..plan.messages / 4, address)?);
    let warmed = fire(target, &warm, plan.connections, plan.warm)?;
    expect_receipts(&warmed)?;
    drop(warm);
    let first = plan.messages;
    let volley = match plan.pace {
        Some(per_second) => {
            Volley::Even(Pace { per_second, connections: plan.connections, time: plan.time, first })
        }
        None => Volley::Ready(Arc::new(giver.pack(first..first + plan.messages, address)?)),
    };
    let before = Usage::of(process);
    let heard = match &volley {
        Volley::Even(pace) => paced(target, giver, address, *pace)?,
        Volley::Ready(wires) => fire(target, wires, plan.connections, plan.time)?,
    };
    let after = Usage::of(process);
    expect_receipts(&heard)?;
    for (wire, content_type, body) in &heard.sample {
        giver.proves(wire, address, (content_type, body))?;
    }
    let alone = Arc::new(giver.pack(LONG_AFTER..LONG_AFTER + ALONE, address)?);
    let alone = fire(target, &alone, 1, Duration::from_secs(20))?;
    expect_receipts(&alone)?;
    let used = Usage { processor: after.processor.saturating_sub(before.processor), ..after };
    let times: Vec<f64> = alone.receipts.iter().map(|receipt| receipt.1).collect();
    let sealed = address.sealing.is_some();
    let payload = heard.sample.first().map_or(0, |(wire, ..)| wire.body.len());
    let proved = heard.sample.len();
    Ok(Side { heard, used, alone_p50: at(&times, 50), alone_p99: at(&times, 99), proved, payload, sealed })
}

/// What is sent under load.
enum Volley {
    /// Messages made ahead, as fast as they are answered.
    Ready(Arc<Vec<Wire>>),
    /// Messages made as they go, at an even pace.
    Even(Pace),
}

/// Ends the measurement where something else than receipts came: it would measure refusals.
fn expect_receipts(heard: &Heard) -> anyhow::Result<()> {
    match &heard.first_failure {
        Some(why) => anyhow::bail!("{} answers were no receipts, the first: {why}", heard.failures),
        None => Ok(()),
    }
}

impl Side {
    /// Receipts a second.
    pub(super) fn per_second(&self) -> f64 {
        self.messages() / self.heard.seconds
    }

    /// Messages for every second its process spent on a processor.
    pub(super) fn per_processor_second(&self) -> f64 {
        self.messages() / self.processor_seconds()
    }

    /// Messages that were receipted.
    pub(super) fn messages(&self) -> f64 {
        self.heard.receipts.len() as f64
    }

    /// Seconds its process spent on a processor.
    pub(super) fn processor_seconds(&self) -> f64 {
        self.used.processor.as_secs_f64().max(0.01)
    }

    /// How many times the median of the first quarter the median of the last is.
    pub(super) fn growth(&self) -> f64 {
        let quarter = self.heard.receipts.len() / 4;
        let (first, last) = (self.quantile_of(0..quarter), self.quantile_of(quarter * 3..quarter * 4));
        if first > 0.0 { last / first } else { 1.0 }
    }

    fn quantile_of(&self, part: std::ops::Range<usize>) -> f64 {
        let times: Vec<f64> = self.heard.receipts[part].iter().map(|receipt| receipt.1).collect();
        at(&times, 50)
    }

    /// By how many milliseconds the time of an exchange grows in a minute, by least squares.
    fn slope(&self) -> f64 {
        let points = &self.heard.receipts;
        let count = points.len() as f64;
        let (x, y) =
            points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let (above, below) = points.iter().fold((0.0, 0.0), |(above, below), point| {
            (above + (point.0 - x) * (point.1 - y), below + (point.0 - x).powi(2))
        });
        if below > 0.0 { above / below * 60.0 } else { 0.0 }
    }

    /// Median and 99th of a hundred, minute by minute.
    fn minutes(&self) -> Vec<[f64; 2]> {
        let by_minute =
            self.heard.receipts.chunk_by(|one, next| (one.0 / 60.0) as u64 == (next.0 / 60.0) as u64);
        let times = |part: &[(f64, f64)]| part.iter().map(|receipt| receipt.1).collect::<Vec<f64>>();
        by_minute.map(times).map(|times| [rounded(at(&times, 50)), rounded(at(&times, 99))]).collect()
    }

    pub(super) fn as_json(&self) -> Value {
        let times: Vec<f64> = self.heard.receipts.iter().map(|receipt| receipt.1).collect();
        let cpu = self.used.processor.as_secs_f64() * 1e3 / self.heard.receipts.len().max(1) as f64;
        json!({
            "receipts": self.heard.receipts.len(), "seconds": rounded(self.heard.seconds),
            "receipts_per_second": rounded(self.per_second()), "p50_ms": rounded(at(&times, 50)),
            "p99_ms": rounded(at(&times, 99)), "alone_p50_ms": rounded(self.alone_p50),
            "alone_p99_ms": rounded(self.alone_p99), "cpu_ms_per_message": rounded(cpu),
            "messages_per_cpu_second": rounded(self.per_processor_second()),
            "peak_memory_mb": self.used.peak >> 20, "memory_mb": self.used.resident >> 20,
            "slope_ms_per_minute": rounded(self.slope()), "growth": rounded(self.growth()),
            "receipts_proved": self.proved, "p50_p99_by_minute": self.minutes(),
        })
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The value at a hundredth.
fn at(times: &[f64], hundredth: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) * hundredth / 100).copied().unwrap_or_default()
}

/// How many messages go one at a time.
const ALONE: u64 = 400;
/// The number of the first of them: behind all that any run sends before.
const LONG_AFTER: u64 = 1 << 40;
