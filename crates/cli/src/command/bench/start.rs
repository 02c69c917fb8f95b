//! Cold start of a node until it says it is ready, and its memory when idle.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use kernel::NodeId;
use node::config::{As4Listener, Config, WebListener};
use serde_json::json;

use super::Measured;
use crate::client::Client;
use crate::demo::free_port;

/// Starts a node of this program so many times and takes the median.
pub(super) fn measure(rounds: u32) -> anyhow::Result<Measured> {
    let dir = std::env::temp_dir().join(format!("sampan-bench-start-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = run(&dir, rounds);
    // What cannot be removed is the machine's to clean up.
    let _ = std::fs::remove_dir_all(&dir);
    measured
}

fn run(dir: &Path, rounds: u32) -> anyhow::Result<Measured> {
    let config = config()?;
    let web = config.web.listen;
    node::init::init(dir, config, jiff::Timestamp::now())?;
    let (mut starts, mut memory) = (Vec::new(), 0);
    for _ in 0..rounds.max(1) {
        let begin = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start a node")?;
        let ready = ready(&Client::new(format!("http://{web}"), ""), begin);
        memory = resident_megabytes(&child).unwrap_or_default();
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

/// What the process holds in memory, from Linux's own account of it.
fn resident_megabytes(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
