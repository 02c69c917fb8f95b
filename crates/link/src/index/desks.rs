//! Desks: what parts of a work keep at hand and leave to the parts after them.

use std::sync::{Mutex, PoisonError};

/// Desks nobody sits at; there come to be as many as parts run at once. What is left on one must not show in a result.
#[derive(Debug)]
pub(super) struct Desks<T>(Mutex<Vec<T>>);

impl<T> Desks<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Works at a free desk, or at a new one.
    pub(super) fn at<R>(&self, new: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let free = self.free().pop();
        let mut desk = free.unwrap_or_else(new);
        let done = work(&mut desk);
        self.free().push(desk);
        done
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
