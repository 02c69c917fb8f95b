//! The writer's lock: one program has a store open for writing, and none while it is verified.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::columns::unreachable;
use crate::Failure;

/// How long a lock is waited for: a program that was just killed, or is just starting another, lets go a little later.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes the writer's lock; it ends with the program however that ends.
pub(super) fn for_writing(path: &Path) -> Result<File, Failure> {
    let doing = "take the writer's lock of the store";
    let file = File::options().create(true).append(true).open(path).map_err(unreachable(doing))?;
    wait(doing, || file.try_lock())?;
    Ok(file)
}

/// Makes sure that nobody writes; there is nothing to hold where no writer ever was.
pub(super) fn against_writing(path: &Path) -> Result<Option<File>, Failure> {
    let doing = "make sure that nobody writes to the store";
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreachable(doing)(error)),
        Ok(file) => {
            wait(doing, || file.try_lock_shared())?;
            Ok(Some(file))
        }
    }
}

fn wait(doing: &'static str, lock: impl Fn() -> Result<(), TryLockError>) -> Result<(), Failure> {
    let until = Instant::now() + PATIENCE;
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Engine {
                    doing,
                    cause: "another program has the store open".to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(unreachable(doing)(error)),
        }
    }
}
