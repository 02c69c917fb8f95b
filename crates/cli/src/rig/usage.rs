//! What the system says of a process: time on a processor, memory.

use std::time::Duration;

/// What a process has used until now.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Time on a processor, of all its threads.
    pub(crate) processor: Duration,
    /// Most memory it ever held, in bytes.
    pub(crate) peak: u64,
    /// Memory it holds, in bytes.
    pub(crate) resident: u64,
}

impl Usage {
    /// Of a process; nothing where the system does not say.
    pub(crate) fn of(process: u32) -> Self {
        Self {
            processor: processor(process).unwrap_or_default(),
            peak: memory(process, "VmHWM:").unwrap_or_default(),
            resident: memory(process, "VmRSS:").unwrap_or_default(),
        }
    }
}

/// User and system time are the 14th and 15th field, in hundredths of a second.
fn processor(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

fn memory(process: u32, what: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1_024)
}
