//! The heart with its store: inputs worked off together in one transaction, each behind a mark of its own.
//!
//! The running node drives it from its writer thread, a simulation from its one thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use kernel::{Desk, NodeId};
use store::{Change, Failure, Look, Pending, Store};

use crate::figures::Figures;
use crate::input::{Input, Outcome, Outputs};
use crate::step::step;
use crate::transport::Transport;
use crate::world::World;

/// What came of one input: its outcome and what else it caused, or why nothing of it was kept.
pub type Worked = Result<(Outcome, Outputs), Failure>;

/// Inputs that were worked off, on their way to the disk.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// What came of each, in order.
    pub(crate) worked: Vec<Worked>,
    /// How many entries the record has with them.
    pub(crate) entries: u64,
    pub(crate) pending: Pending,
}

impl Ahead {
    fn failed(failure: Failure) -> Self {
        Self { worked: vec![Err(failure)], ..Self::default() }
    }

    /// With what came after them.
    fn join(&mut self, later: Self) {
        self.entries = self.entries.max(later.entries);
        if later.worked.iter().any(Result::is_ok) {
            self.pending = later.pending;
        }
        self.worked.extend(later.worked);
    }
}

/// A store, the world in memory that follows from it, and the envelope maker.
pub struct Heart {
    store: Box<dyn Store>,
    world: World,
    transport: Box<dyn Transport>,
    beats: bool,
    figures: Option<Arc<Figures>>,
}

impl std::fmt::Debug for Heart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Heart").field("world", &self.world).finish_non_exhaustive()
    }
}

impl Heart {
    /// The heart over a store, with the world as the store has it.
    ///
    /// # Errors
    /// What the store says.
    pub fn new(
        us: NodeId,
        desks: &'static [&'static dyn Desk],
        store: Box<dyn Store>,
        transport: Box<dyn Transport>,
    ) -> Result<Self, Failure> {
        let world = World::load(us, desks, &*store.look()?)?;
        Ok(Self { store, world, transport, beats: true, figures: None })
    }

    /// The same heart, counting what it does.
    pub(crate) fn counting(mut self, figures: Arc<Figures>) -> Self {
        self.figures = Some(figures);
        self
    }

    /// A view of what is committed.
    ///
    /// # Errors
    /// What the store says.
    pub fn look(&self) -> Result<Box<dyn Look + Send>, Failure> {
        self.store.look()
    }

    /// Works inputs off in one transaction and returns what came of each, in order. One that fails is undone alone; a
    /// panic in an area is a failure of its input alone. When this returns `Ok`, everything is on the disk.
    ///
    /// # Errors
    /// Where the transaction as a whole failed: nothing of any input was kept.
    pub fn work(&mut self, clock: &dyn Fn() -> Timestamp, inputs: &[&Input]) -> Result<Vec<Worked>, Failure> {
        let Ahead { worked, pending, .. } = self.work_ahead(clock, inputs)?;
        pending.wait().inspect_err(|_| self.beats = false)?;
        Ok(worked)
    }

    /// As [`Heart::work`], but the disk may not have it yet: nobody may be told of it before that.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn work_ahead(
        &mut self,
        clock: &dyn Fn() -> Timestamp,
        inputs: &[&Input],
    ) -> Result<Ahead, Failure> {
        let Self { store, world, transport, figures, .. } = self;
        let (mut worked, mut entries) = (Vec::with_capacity(inputs.len()), 0);
        let committed = store.change_ahead(&mut |change| {
            worked.clear();
            for input in inputs {
                let started = Instant::now();
                worked.push(attempt(change, world, &**transport, clock(), input)?);
                if let Some(figures) = figures {
                    figures.step_seconds.observe(started.elapsed());
                }
            }
            entries = change.size()?;
            Ok(())
        });
        self.beats = committed.is_ok();
        match committed {
            Ok(pending) => {
                self.world.committed();
                Ok(Ahead { worked, entries, pending })
            }
            Err(failure) => {
                self.world.fall_back(&*self.store.look()?)?;
                Err(failure)
            }
        }
    }

    /// Works inputs off in one transaction; where that fails, each in one of its own, so that one cannot take the
    /// others down.
    pub fn work_each(&mut self, clock: &dyn Fn() -> Timestamp, inputs: &[&Input]) -> Vec<Worked> {
        let Ahead { worked, pending, .. } = self.work_each_ahead(clock, inputs);
        match pending.wait() {
            Ok(()) => worked,
            Err(failure) => {
                self.beats = false;
                worked.into_iter().map(|worked| worked.and_then(|_| Err(lost(&failure)))).collect()
            }
        }
    }

    /// As [`Heart::work_each`], but the disk may not have it yet.
    pub(crate) fn work_each_ahead(&mut self, clock: &dyn Fn() -> Timestamp, inputs: &[&Input]) -> Ahead {
        match self.work_ahead(clock, inputs) {
            Ok(ahead) => ahead,
            Err(failure) if inputs.len() == 1 => Ahead::failed(failure),
            Err(_) => {
                let mut all = Ahead::default();
                inputs.iter().for_each(|input| all.join(self.work_each_ahead(clock, &[input])));
                all
            }
        }
    }

    /// Works one input off in a transaction of its own.
    ///
    /// # Errors
    /// Why nothing of it was kept.
    pub fn work_one(&mut self, clock: &dyn Fn() -> Timestamp, input: &Input) -> Worked {
        self.work(clock, &[input])?.pop().expect("one input, one result")
    }

    /// Whether the last transaction reached the disk.
    #[must_use]
    pub const fn beats(&self) -> bool {
        self.beats
    }

    /// Gives the store away, as a simulation does that lets a node crash.
    #[must_use]
    pub fn into_store(self) -> Box<dyn Store> {
        self.store
    }

    /// Puts the store to rest, as before a clean stop.
    ///
    /// # Errors
    /// What the store says.
    pub fn rest(&mut self) -> Result<(), Failure> {
        self.store.rest()
    }
}

/// What each input is told of whose transaction did not reach the disk.
pub(crate) fn lost(failure: &Failure) -> Failure {
    Failure::Engine { doing: "bring a change to the disk", cause: failure.to_string() }
}

/// Works one input off behind a mark, so that its failing undoes nothing else.
fn attempt(
    change: &mut dyn Change,
    world: &mut World,
    transport: &dyn Transport,
    now: Timestamp,
    input: &Input,
) -> Result<Worked, Failure> {
    change.mark()?;
    // What a panic leaves behind is undone below: the store by its mark, the world by being built again.
    let stepped = catch_unwind(AssertUnwindSafe(|| step(change, world, transport, now, input)));
    let worked = stepped.unwrap_or_else(|_| {
        Err(Failure::Engine { doing: "work off an input", cause: "a calculation panicked".into() })
    });
    match worked {
        Ok(done) => {
            change.settle()?;
            Ok(Ok(done))
        }
        Err(failure) => {
            change.undo()?;
            world.undo(change)?;
            Ok(Err(failure))
        }
    }
}
