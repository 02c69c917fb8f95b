//! Asking without showing, between two parties over a loopback socket.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use anyhow::Context as _;
use blind::bench::{Sizes, Steps, play};
use serde_json::json;

use super::Measured;

/// What a million against a million may take, in seconds, and what a hundred against ten million may take after set-up.
const WHOLE_MAX: f64 = 600.0;
const AFTER_SETUP_MAX: f64 = 2.0;

/// Plays both parties with sets of these sizes, a twentieth of the smaller one in common.
pub(super) fn measure(asked: usize, held: usize, drawn: usize, workers: usize) -> anyhow::Result<Measured> {
    let common = (asked.min(held.saturating_sub(drawn)) / 20).max(1);
    let (started, ticks) = (Instant::now(), ticks());
    let sizes = Sizes { asked, held, common, drawn, workers };
    let carry = |bytes: Vec<u8>| carried(&bytes).unwrap_or_default();
    let steps = play(sizes, &|| started.elapsed(), &carry).context("the parties did not agree")?;
    let processor = ticks_since(ticks);
    anyhow::ensure!(steps.found == common, "{} of {common} were found", steps.found);
    let (whole, after) = (steps.whole().as_secs_f64(), steps.after_setup().as_secs_f64());
    let small = asked <= 1_000;
    Ok(Measured {
        name: "psi",
        ours: if small { after } else { whole },
        unit: "s",
        peer: processor.map(|seconds| ("processor time over the threads", seconds / workers.max(1) as f64)),
        aims: vec![if small {
            (format!("under {AFTER_SETUP_MAX} s after set-up"), after < AFTER_SETUP_MAX)
        } else {
            (format!("under {WHOLE_MAX} s"), whole < WHOLE_MAX)
        }],
        seen: seen(&steps, sizes, processor),
    })
}

fn seen(steps: &Steps, sizes: Sizes, processor: Option<f64>) -> serde_json::Value {
    json!({
        "asked": sizes.asked, "held": sizes.held, "drawn": sizes.drawn, "common": sizes.common, "found": steps.found,
        "publish_s": steps.publish.as_secs_f64(), "ask_s": steps.ask.as_secs_f64(),
        "answer_s": steps.answer.as_secs_f64(), "open_s": steps.open.as_secs_f64(),
        "look_up_s": steps.look_up.as_secs_f64(), "bytes": steps.bytes, "processor_s": processor,
    })
}

/// Takes bytes over a loopback socket and gives them as they came out.
fn carried(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::scope(|scope| {
        let sender = scope.spawn(move || TcpStream::connect(address)?.write_all(bytes));
        let mut came = Vec::with_capacity(bytes.len());
        listener.accept()?.0.read_to_end(&mut came)?;
        sender.join().map_err(|_| anyhow::anyhow!("the sender failed"))??;
        Ok(came)
    })
}

/// Processor time of this process so far, in hundredths of a second, from Linux's own account of it.
fn ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn ticks_since(before: Option<u64>) -> Option<f64> {
    let now = ticks()?;
    before.map(|before| now.saturating_sub(before) as f64 / 100.0)
}
