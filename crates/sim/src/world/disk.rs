//! A disk that fails: between any two commits, within one, or only for a moment.

use std::sync::{Arc, Mutex, PoisonError};

use store::sqlite::Sqlite;
use store::{Change, Failure, LongBlobs, Look, Store};

use super::failing::Failing;

/// A store whose commits meet the fate that was laid out for them.
pub(crate) struct Disk {
    inner: Sqlite,
    plot: Plot,
}

/// What is laid out for a disk; shared with the world, which lays it out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plot(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: Option<(u32, Fate)>,
    dead: bool,
    met: Vec<Fate>,
}

/// What befalls a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The machine dies before it.
    DiesBefore,
    /// The machine dies within it, after so many writes.
    DiesWithin(u32),
    /// The machine dies after it is on the disk and before anybody hears of it.
    DiesAfter,
    /// The disk refuses it once and works again.
    Refuses,
}

impl Plot {
    /// Lays out a fate for the commit after so many others.
    pub(crate) fn lay(&self, commits: u32, fate: Fate) {
        self.with(|state| state.next = Some((commits, fate)));
    }

    /// Takes back what was laid out.
    pub(crate) fn clear(&self) {
        self.with(|state| state.next = None);
    }

    /// Whether the machine is dead.
    pub(crate) fn is_dead(&self) -> bool {
        self.with(|state| state.dead)
    }

    /// What befell its commits so far.
    pub(crate) fn met(&self) -> Vec<Fate> {
        self.with(|state| state.met.clone())
    }

    /// The fate of the commit that begins now.
    fn fate(&self) -> Option<Fate> {
        self.with(|state| match state.next.take() {
            Some((0, fate)) => {
                state.met.push(fate);
                Some(fate)
            }
            Some((commits, fate)) => {
                state.next = Some((commits - 1, fate));
                None
            }
            None => None,
        })
    }

    fn die(&self) -> Failure {
        self.with(|state| state.dead = true);
        gone()
    }

    fn with<T>(&self, see: impl FnOnce(&mut State) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a machine says that is dead.
pub(crate) fn gone() -> Failure {
    Failure::Engine { doing: "work on a dead machine", cause: "simulated".to_owned() }
}

impl Disk {
    pub(crate) const fn new(inner: Sqlite, plot: Plot) -> Self {
        Self { inner, plot }
    }
}

impl Store for Disk {
    fn change(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.plot.is_dead() {
            return Err(gone());
        }
        match self.plot.fate() {
            None => self.inner.change(work),
            Some(Fate::DiesBefore) => Err(self.plot.die()),
            Some(Fate::Refuses) => {
                Err(Failure::Engine { doing: "begin a change", cause: "simulated: disk full".to_owned() })
            }
            Some(Fate::DiesWithin(writes)) => {
                // Where the work has fewer writes than that, the machine dies with the last of them.
                let within = self.inner.change(&mut |change| {
                    work(&mut Failing::after(writes, change))?;
                    Err(gone())
                });
                self.plot.die();
                within
            }
            Some(Fate::DiesAfter) => {
                self.inner.change(work)?;
                Err(self.plot.die())
            }
        }
    }

    fn look(&self) -> Result<Box<dyn Look + Send>, Failure> {
        self.inner.look()
    }

    fn long_blobs(&self) -> LongBlobs {
        Store::long_blobs(&self.inner)
    }

    fn rest(&mut self) -> Result<(), Failure> {
        if self.plot.is_dead() { Err(gone()) } else { self.inner.rest() }
    }
}
