//! Parts of a work on several processors.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::batch::Executor;

/// Runs parts on so many threads, the caller's own among them.
#[derive(Clone, Copy, Debug)]
pub struct Threads(pub usize);

impl Threads {
    /// As many as the machine has processors.
    #[must_use]
    pub fn all() -> Self {
        Self(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }
}

impl Executor for Threads {
    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let run = || {
            let mut part = next.fetch_add(1, Ordering::Relaxed);
            while part < parts {
                work(part);
                part = next.fetch_add(1, Ordering::Relaxed);
            }
        };
        std::thread::scope(|scope| {
            (1..self.0.min(parts)).for_each(|_| drop(scope.spawn(run)));
            run();
        });
    }
}
