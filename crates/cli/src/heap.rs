//! How soon a node's memory goes back to the system.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Has the allocator give freed memory back after a moment, where nobody said otherwise. By itself it keeps it for a second, which a
/// gigabyte that passes through makes a third of a node; giving it back at once makes a small message a tenth dearer. It reads
/// that from the environment before the program's first line, so the program is put in its own place once, under the same
/// number.
///
/// # Errors
/// Why it stays as it is: nothing but memory depends on it.
pub(crate) fn give_back_soon() -> io::Result<()> {
    if std::env::var_os(DELAY).is_some() {
        return Ok(());
    }
    let mut again = Command::new(std::env::current_exe()?);
    Err(again.args(std::env::args_os().skip(1)).env(DELAY, "10").exec())
}

/// For how many milliseconds mimalloc keeps what was freed.
const DELAY: &str = "MIMALLOC_PURGE_DELAY";
