//! Nodes killed at random moments, as by a power cut, and started again.

use std::cell::{Cell, RefCell};

use super::town::Town;

/// Kills spread over some work: which node, and after which step, follows from a seed.
pub(crate) struct Chaos<'t> {
    town: &'t Town,
    left: Cell<u32>,
    killed: RefCell<Vec<String>>,
    dice: Cell<u64>,
    failed: RefCell<Option<anyhow::Error>>,
}

impl<'t> Chaos<'t> {
    /// So many kills from this seed.
    pub(crate) fn begin(town: &'t Town, seed: u64, kills: u32) -> Self {
        Self {
            town,
            left: Cell::new(kills),
            killed: RefCell::default(),
            dice: Cell::new(seed ^ 0x9E37_79B9_7F4A_7C15),
            failed: RefCell::default(),
        }
    }

    /// After a step of the work: perhaps a node is killed and started again, so that all kills are spent at the end.
    pub(crate) fn step(&self, done: u64, total: u64) {
        let steps_left = total.saturating_sub(done).max(1);
        let mut due = u64::from(self.left.get()) / steps_left;
        let rest = u64::from(self.left.get()) % steps_left;
        due += u64::from(self.roll(steps_left) < rest);
        for _ in 0..due {
            self.kill_one();
        }
    }

    /// How often each node was killed.
    pub(crate) fn end(self) -> anyhow::Result<u64> {
        while self.left.get() > 0 && self.failed.borrow().is_none() {
            self.kill_one();
        }
        match self.failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.killed.borrow().len() as u64),
        }
    }

    fn kill_one(&self) {
        if self.left.get() == 0 || self.failed.borrow().is_some() {
            return;
        }
        self.left.set(self.left.get() - 1);
        let names: Vec<_> = self.town.nodes().map(|node| node.name.clone()).collect();
        let place = usize::try_from(self.roll(names.len() as u64)).unwrap_or_default();
        match self.town.node(&names[place]).and_then(super::town::Node::crash) {
            Ok(()) => self.killed.borrow_mut().push(names[place].clone()),
            Err(error) => *self.failed.borrow_mut() = Some(error),
        }
    }

    /// A number below `bound`: a xorshift step is random enough to pick victims.
    fn roll(&self, bound: u64) -> u64 {
        let mut dice = self.dice.get();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        self.dice.set(dice);
        dice % bound.max(1)
    }
}
