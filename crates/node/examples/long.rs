//! What a long payload costs: one document with a file beside it from one node's keys to another node, packed and posted
//! here, taken in there, each in a process of its own. One JSON object at the end.
//!
//! ```sh
//! cargo run --release -p node --example long -- 1024
//! ```

#[path = "../tests/kill/process.rs"]
mod process;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use kernel::NodeId;
use node::Long;
use process::Process;

#[expect(clippy::print_stdout, reason = "this program says what it measured")]
fn main() -> ExitCode {
    if let Some(code) = process::be_what_is_asked() {
        return code;
    }
    let megabytes: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(64);
    let (th, mut vn) = (Process::new("TH"), Process::new("VN"));
    th.knows(&vn);
    vn.knows(&th);
    vn.start();
    vn.insist("POST", "/agree", "");
    let file = th.folder().join("picture.bin");
    written(&file, megabytes);
    let (own_before, their_before) = (peak("self"), peak(&vn.id().to_string()));
    let started = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let to = NodeId::new("VN");
    let document = process::document(1);
    let long = Long {
        to: &to,
        message_id: "long-1@th.sampan",
        kind: "acdd",
        agreement: "ACDD-TH-VN",
        document: &document,
        attachment: &file,
    };
    let sent = runtime.expect("a runtime").block_on(node::send_long(th.folder(), long));
    let seconds = started.elapsed().as_secs_f64();
    let digest = match sent {
        Ok(digest) => digest,
        Err(cause) => {
            println!("{{\"failed\":{cause:?}}}");
            return ExitCode::FAILURE;
        }
    };
    vn.wait_for("received", "readable 1\n");
    let (own, their) = (peak("self"), peak(&vn.id().to_string()));
    vn.stop_and_verify();
    println!(
        "{{\"megabytes\":{megabytes},\"seconds\":{seconds:.1},\"sender_peak_mb\":{own:.1},\"sender_before_mb\":{own_before:.1},\
         \"receiver_peak_mb\":{their:.1},\"receiver_before_mb\":{their_before:.1},\"digest\":\"{digest}\"}}"
    );
    ExitCode::SUCCESS
}

/// A file that does not compress well and is the same on every run.
fn written(path: &std::path::Path, megabytes: u64) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..megabytes * (1 << 17) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes()).expect("written");
    }
    file.flush().expect("written");
}

/// The most memory a process ever had, in megabytes.
fn peak(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default() / 1_024.0
}
