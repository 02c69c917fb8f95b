//! What a node costs: how fast it starts, how much memory it rests in, how many messages two of them pass. One JSON
//! object at the end.
//!
//! ```sh
//! cargo run --release -p node --example footprint
//! ```

#[path = "../tests/kill/process.rs"]
mod process;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use process::Process;

const STARTS: usize = 7;
const MESSAGES: usize = 2_000;

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() -> ExitCode {
    if let Some(code) = process::be_what_is_asked() {
        return code;
    }
    let (mut th, mut vn) = (Process::new("TH"), Process::new("VN"));
    th.knows(&vn);
    vn.knows(&th);
    vn.start();
    let cold = cold_start(&mut th);
    for node in [&th, &vn] {
        node.insist("POST", "/agree", "");
    }
    std::thread::sleep(Duration::from_secs(7));
    let idle = resident_megabytes(&th);
    let spent = cpu_seconds(&th) + cpu_seconds(&vn);
    let rate = rate(&th, &vn);
    // Every item is a message there and an answer back, each with its receipt; both nodes' work counts.
    let cpu = (cpu_seconds(&th) + cpu_seconds(&vn) - spent) * 1_000.0 / (2.0 * MESSAGES as f64);
    let after = resident_megabytes(&vn);
    let warm = cold_start(&mut vn);
    th.stop_and_verify();
    vn.stop_and_verify();
    println!(
        "{{\"cold_start_ms\":{cold:.1},\"start_with_{MESSAGES}_items_ms\":{warm:.1},\"idle_rss_mb\":{idle:.1},\
         \"rss_after_load_mb\":{after:.1},\"messages_per_second\":{rate:.0},\"cpu_ms_per_message\":{cpu:.2}}}"
    );
    ExitCode::SUCCESS
}

/// From the process's start to its being ready, in milliseconds: the best of several, since others use this machine too.
fn cold_start(node: &mut Process) -> f64 {
    let times = (0..STARTS).map(|_| {
        node.kill();
        let started = Instant::now();
        node.start();
        started.elapsed().as_secs_f64() * 1_000.0
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Messages a second from one node to the other, each with its signed receipt and its answering message back.
fn rate(from: &Process, to: &Process) -> f64 {
    let started = Instant::now();
    let numbers: Vec<String> = (0..MESSAGES).map(|number| number.to_string()).collect();
    for piece in numbers.chunks(100) {
        from.insist("POST", "/take", &piece.join(" "));
    }
    to.wait_for("received", &format!("readable {MESSAGES}\n"));
    from.wait_for("sent", &format!("answered {MESSAGES}\n"));
    // Every item is a message there and an answer back.
    2.0 * MESSAGES as f64 / started.elapsed().as_secs_f64()
}

/// What a process and its threads have calculated, in seconds.
fn cpu_seconds(node: &Process) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", node.id())).expect("the process is there");
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |place: usize| fields.get(place).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    // User and system time are the 14th and 15th field of the file, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_megabytes(node: &Process) -> f64 {
    let metrics = node.insist("GET", "/metrics", "");
    let line = metrics.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.and_then(|bytes| bytes.parse::<f64>().ok()).expect("the figure is there") / 1_048_576.0
}
