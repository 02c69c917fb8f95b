//! One document with a long file beside it, from one process to a node in another: what it takes of memory on both sides.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use exchange::Suite;
use kernel::NodeId;
use node::config::{As4Listener, Config, WebListener};
use node::{Long, descriptor};
use serde_json::{Value, json};

use crate::demo::free_port;
use crate::output;
use crate::rig::giver::{GIVER, TAKER, document};
use crate::rig::taker::Taker;
use crate::rig::usage::Usage;

/// What a long payload took.
pub(super) struct Gone {
    megabytes: u64,
    seconds: f64,
    sender: Usage,
    /// The receiving node before anything came, and at the end.
    receiver: [Usage; 2],
}

/// A long message to be sent by a process of its own.
#[derive(clap::Args, Clone)]
pub(in super::super) struct Sender {
    /// The sending node's folder.
    dir: PathBuf,
    /// The file that goes with the document.
    file: PathBuf,
}

impl Sender {
    /// Sends the file and waits for the proved receipt.
    pub(in super::super) fn send(&self) -> anyhow::Result<()> {
        let (to, document) = (NodeId::new(TAKER), document(1));
        let long = Long {
            to: &to,
            message_id: "long-1@th.sampan",
            kind: "acdd",
            agreement: "MEASURE",
            document: &document,
            attachment: &self.file,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let digest = runtime.block_on(node::send_long(&self.dir, long)).map_err(anyhow::Error::msg)?;
        let usage = Usage::of(std::process::id());
        output::json(
            &json!({ "digest": digest, "peak": usage.peak, "cpu_ms": usage.processor.as_millis() as u64 }),
        );
        Ok(())
    }
}

/// Sends a file of so many megabytes that does not compress to a node in a folder.
pub(super) fn measure(dir: &Path, suite: Suite, megabytes: u64) -> anyhow::Result<Gone> {
    output::say(format_args!("a payload of {megabytes} MB"));
    let (giver, file) = (dir.join("giver"), dir.join("file"));
    std::fs::create_dir_all(&giver)?;
    let note = node::init::init_with(&giver, config()?, &[suite], jiff::Timestamp::now())?;
    let taker = Taker::start(&dir.join("taker"), &note, suite)?;
    descriptor::keep(&giver, taker.note())?;
    written(&file, megabytes)?;
    let before = Usage::of(taker.process());
    let started = Instant::now();
    let sent = Command::new(std::env::current_exe()?)
        .args(["bench", "send-long", "--format", "json"])
        .arg(&giver)
        .arg(&file)
        .output()
        .context("cannot start the sender")?;
    let seconds = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&sent.stderr);
    anyhow::ensure!(sent.status.success(), "the long message was not receipted: {said}");
    let told: Value = serde_json::from_slice(&sent.stdout).context("the sender said nothing")?;
    let sender = Usage { peak: told["peak"].as_u64().unwrap_or(u64::MAX), ..Usage::default() };
    let receiver = [before, Usage::of(taker.process())];
    Ok(Gone { megabytes, seconds, sender, receiver })
}

impl Gone {
    /// Whether neither side ever held as much as this, in megabytes.
    pub(super) const fn is_below(&self, megabytes: u64) -> bool {
        self.sender.peak >> 20 < megabytes && self.receiver[1].peak >> 20 < megabytes
    }

    /// How long the payload was, in megabytes.
    pub(super) const fn megabytes(&self) -> u64 {
        self.megabytes
    }

    pub(super) fn as_json(&self) -> Value {
        json!({
            "megabytes": self.megabytes, "seconds": (self.seconds * 10.0).round() / 10.0,
            "sender_peak_mb": self.sender.peak >> 20, "receiver_peak_mb": self.receiver[1].peak >> 20,
            "receiver_before_mb": self.receiver[0].peak >> 20,
        })
    }
}

fn config() -> anyhow::Result<Config> {
    let as4 = free_port()?;
    Ok(Config {
        id: NodeId::new(GIVER),
        name: "The giving side".into(),
        country: GIVER.into(),
        zone: "UTC".into(),
        languages: vec!["en".into()],
        as4: As4Listener::new(as4, format!("https://localhost:{}/as4", as4.port())),
        web: WebListener::loopback(free_port()?),
        hub: None,
    })
}

/// A file that does not compress and is the same on every run.
fn written(path: &Path, megabytes: u64) -> anyhow::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..megabytes * (1 << 17) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes())?;
    }
    Ok(file.flush()?)
}
