//! Start of a node until it says it is ready: an empty one and its memory when idle, or one killed with many documents at hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use exchange::Suite;
use kernel::NodeId;
use node::config::{As4Listener, Config, WebListener};
use serde_json::json;

use super::Measured;
use crate::client::Client;
use crate::demo::free_port;
use crate::output::Progress;
use crate::rig::fire::{Target, fire};
use crate::rig::giver::Giver;
use crate::rig::taker::Taker;
use crate::rig::usage::Usage;

/// What is measured.
#[derive(clap::Args, Clone)]
pub(super) struct Start {
    /// How many starts.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Starts a node that so many documents were sent to before it was killed.
    #[arg(long, default_value_t = 0)]
    documents: u64,
    /// Where the node lies; a folder on the disk that is to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Starts a node of this program so many times and takes the median.
pub(super) fn measure(wanted: &Start) -> anyhow::Result<Measured> {
    let dir = wanted.dir.clone().unwrap_or_else(std::env::temp_dir);
    let dir = dir.join(format!("sampan-bench-start-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let rounds = wanted.rounds.max(1);
    let measured = if wanted.documents == 0 {
        run(&dir, rounds)
    } else {
        with_documents(&dir, wanted.documents, rounds)
    };
    // What cannot be removed is the machine's to clean up.
    let _ = std::fs::remove_dir_all(&dir);
    measured
}

/// Sends documents to a node, then kills it and starts it again and again.
fn with_documents(dir: &Path, documents: u64, rounds: u32) -> anyhow::Result<Measured> {
    let giver = Giver::new(SUITE)?;
    let mut taker = Taker::start(&dir.join("node"), &giver.note()?, SUITE)?;
    fill(&taker, &giver, documents)?;
    let mut starts = Vec::new();
    for _ in 0..rounds {
        taker.kill();
        let begin = Instant::now();
        taker.spawn()?;
        starts.push((begin.elapsed().as_secs_f64() * 1e3, Usage::of(taker.process())));
    }
    starts.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (median, used) = &starts[starts.len() / 2];
    Ok(Measured {
        name: "start",
        ours: *median,
        unit: "ms",
        peer: None,
        aims: Vec::new(),
        seen: json!({
            "documents": documents, "documents_per_second": (documents as f64 / median * 1e3).round(),
            "starts_ms": starts.iter().map(|(start, _)| start.round()).collect::<Vec<_>>(),
            "processor_ms": used.processor.as_millis() as u64,
            "memory_mb": used.resident >> 20, "peak_memory_mb": used.peak >> 20,
        }),
    })
}

/// Sends so many documents and has each receipted.
fn fill(taker: &Taker, giver: &Giver, documents: u64) -> anyhow::Result<()> {
    let (target, address) = (Target::Node(Arc::new(taker.descriptor.clone())), taker.address(SUITE));
    let mut progress = Progress::of("documents");
    let mut sent = 0;
    while sent < documents {
        let next = documents.min(sent + VOLLEY);
        let wires = Arc::new(giver.pack(sent..next, &address)?);
        let heard = fire(&target, &wires, CONNECTIONS, Duration::MAX)?;
        anyhow::ensure!(heard.failures == 0, "{} answers were no receipts", heard.failures);
        sent = next;
        progress.at(sent, documents);
    }
    Ok(())
}

fn run(dir: &Path, rounds: u32) -> anyhow::Result<Measured> {
    let config = config()?;
    let web = config.web.listen;
    node::init::init(dir, config, jiff::Timestamp::now())?;
    let (mut starts, mut memory) = (Vec::new(), 0);
    for _ in 0..rounds {
        let begin = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start a node")?;
        let ready = ready(&Client::new(format!("http://{web}"), ""), begin);
        memory = Usage::of(child.id()).resident >> 20;
        child.kill()?;
        child.wait()?;
        starts.push(ready?);
    }
    starts.sort_by(f64::total_cmp);
    let median = starts[starts.len() / 2];
    Ok(Measured {
        name: "start",
        ours: median,
        unit: "ms",
        peer: None,
        aims: vec![
            ("cold start under 200 ms".into(), median < 200.0),
            ("idle memory under 60 MB".into(), memory > 0 && memory < 60),
        ],
        seen: json!({ "starts_ms": starts, "idle_memory_mb": memory }),
    })
}

/// The algorithms: those that fill a node quickest.
const SUITE: Suite = Suite::Edelivery2;
/// How many connections fill the node.
const CONNECTIONS: usize = 16;
/// Messages made ahead at a time.
const VOLLEY: u64 = 4_000;

fn config() -> anyhow::Result<Config> {
    let (as4, web) = (free_port()?, free_port()?);
    Ok(Config {
        id: NodeId::new("VN"),
        name: "Bench".into(),
        country: "VN".into(),
        zone: "UTC".into(),
        languages: vec!["en".into()],
        as4: As4Listener::new(as4, format!("https://localhost:{}/as4", as4.port())),
        web: WebListener::loopback(web),
        hub: None,
    })
}

fn ready(client: &Client, begin: Instant) -> anyhow::Result<f64> {
    while begin.elapsed() < Duration::from_secs(20) {
        if client.is_ready() {
            return Ok(begin.elapsed().as_secs_f64() * 1e3);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    anyhow::bail!("the node was not ready within 20 s")
}
