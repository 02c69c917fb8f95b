//! On which processors is calculated: on all of them, by threads that let the heart go first; where the system cannot be told that,
//! on all but one.

use std::cell::Cell;
use std::num::NonZero;

thread_local! {
    static YIELDS: Cell<bool> = const { Cell::new(false) };
}

/// Does work on a thread of its own that lets every other thread of the node go first, and so do the threads it starts.
///
/// # Errors
/// Where the thread panicked or could not be started, in words.
pub(crate) fn yielding<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let working = std::thread::Builder::new().name("unseen".to_owned()).spawn_scoped(scope, move || {
            YIELDS.set(lowered());
            work()
        });
        let working = working.map_err(|error| error.to_string())?;
        working.join().map_err(|_| "the calculation panicked".to_owned())
    })
}

/// On how many threads is calculated.
pub(super) fn workers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    if YIELDS.get() { cores } else { cores.saturating_sub(1).max(1) }
}

/// Lowers the priority of this thread; on Linux a number in the place of a process may be a thread's, and what it starts
/// inherits it. Says whether that was done.
#[cfg(target_os = "linux")]
fn lowered() -> bool {
    rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE).is_ok()
}

#[cfg(not(target_os = "linux"))]
const fn lowered() -> bool {
    false
}

/// Where the heart wants a processor, it gets nine tenths of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_yield_use_every_processor_and_others_leave_one() {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let yielding = yielding(|| (YIELDS.get(), workers())).expect("a thread");
        assert_eq!(yielding.1, if yielding.0 { cores } else { cores.saturating_sub(1).max(1) });
        assert_eq!(workers(), cores.saturating_sub(1).max(1), "whoever had it done goes on as before");
        assert!(super::yielding(|| panic!("a claim")).is_err());
    }
}
