//! A small set of views for reading, so that many pages can be drawn at once without as many open files.

use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use store::{Failure, Look, Store};

/// Views of one store; cloned freely, shared by all clones.
#[derive(Clone)]
pub struct Readers {
    shelf: Arc<Shelf>,
}

struct Shelf {
    idle: Mutex<Vec<Box<dyn Look + Send>>>,
    returned: Condvar,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    /// Opens this many views of the store.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(store: &dyn Store, count: usize) -> Result<Self, Failure> {
        let idle = (0..count.max(1)).map(|_| store.look()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { shelf: Arc::new(Shelf { idle: Mutex::new(idle), returned: Condvar::new() }) })
    }

    /// Borrows a view; waits where all are in use. Blocks the thread: from asynchronous code use
    /// [`crate::Handle::with_look`].
    #[must_use]
    pub fn borrow(&self) -> Reading {
        let mut idle = self.shelf.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(look) = idle.pop() {
                return Reading { look: Some(look), shelf: Arc::clone(&self.shelf) };
            }
            idle = self.shelf.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A borrowed view; it goes back when it is dropped.
pub struct Reading {
    look: Option<Box<dyn Look + Send>>,
    shelf: Arc<Shelf>,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}

impl Deref for Reading {
    type Target = dyn Look + Send;

    fn deref(&self) -> &Self::Target {
        self.look.as_deref().expect("a view is borrowed until it is dropped")
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if let Some(look) = self.look.take() {
            self.shelf.idle.lock().unwrap_or_else(PoisonError::into_inner).push(look);
            self.shelf.returned.notify_one();
        }
    }
}
