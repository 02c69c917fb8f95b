//! A change on its way to the disk.

use std::fmt;

use crate::Failure;

/// A change that was made and is not yet known to be on the disk.
#[derive(Default)]
pub struct Pending(Option<Box<dyn FnOnce() -> Result<(), Failure> + Send>>);

impl Pending {
    /// A change that is on the disk when this is done, and all that were made before it with it.
    #[must_use]
    pub fn until(done: impl FnOnce() -> Result<(), Failure> + Send + 'static) -> Self {
        Self(Some(Box::new(done)))
    }

    /// Waits until the change is on the disk, and all that were made before it. Whoever waits for a later one need not wait for
    /// this one.
    ///
    /// # Errors
    /// Where the disk failed. What it holds is not known until the store is opened again.
    pub fn wait(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), |done| done())
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish_non_exhaustive()
    }
}
