//! What the heart holds in memory. All of it but the access codes follows from the store and can be rebuilt from it.

use customs::operator::Index;
use kernel::book::Shelf;
use kernel::{Desk, NodeId};
use store::{Failure, Look};

use crate::codes::Heard;
use crate::library::index_operators;
use crate::matching::Matcher;
use crate::selecting::Selector;

/// What the heart holds in memory beside the store.
pub struct World {
    /// Who we are.
    pub(crate) us: NodeId,
    /// The desks there are.
    pub(crate) desks: &'static [&'static dyn Desk],
    /// The books in force.
    pub(crate) shelf: Shelf,
    /// The trusted traders of the shelf by their codes.
    pub(crate) operators: Index,
    /// Which documents may be about the same goods.
    pub(crate) matcher: Matcher,
    /// What chooses among them: profiles, lists, models; read when it is first asked.
    pub(crate) selector: Selector,
    /// Access codes in clear: the one thing here that is in no store, and is gone when the node stops.
    pub(crate) codes: Heard,
    /// Whether something changed since the last commit, so that a failed transaction means building it again.
    pub(crate) touched: Touched,
}

/// Whether memory ran ahead of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Memory says what the store says.
    Clean,
    /// Memory has taken in what the running transaction wrote.
    Ahead,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("us", &self.us).finish_non_exhaustive()
    }
}

impl World {
    /// The world as the store has it: books from their editions, the index of documents from the open cases.
    ///
    /// # Errors
    /// What the store says.
    pub fn load(us: NodeId, desks: &'static [&'static dyn Desk], look: &dyn Look) -> Result<Self, Failure> {
        let (shelf, operators) = load_shelf(look)?;
        let matcher = Matcher::load(look)?;
        Ok(Self {
            us,
            desks,
            shelf,
            operators,
            matcher,
            selector: Selector::default(),
            codes: Heard::new(),
            touched: Touched::Clean,
        })
    }

    /// Brings it back to the store after a transaction that is gone.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn fall_back(&mut self, look: &dyn Look) -> Result<(), Failure> {
        if self.touched == Touched::Ahead {
            let codes = std::mem::take(&mut self.codes);
            *self = Self { codes, ..Self::load(self.us.clone(), self.desks, look)? };
        }
        Ok(())
    }

    /// Brings it back to what a running transaction has after a part of it was undone. It still runs ahead of the disk.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn undo(&mut self, look: &dyn Look) -> Result<(), Failure> {
        self.fall_back(look)?;
        self.touched = Touched::Ahead;
        Ok(())
    }

    /// Notes that everything it took in is on the disk.
    pub(crate) fn committed(&mut self) {
        self.touched = Touched::Clean;
    }

    /// The desk of this name.
    pub(crate) fn desk(&self, name: &str) -> Option<&'static dyn Desk> {
        self.desks.iter().copied().find(|desk| desk.name() == name)
    }
}

fn load_shelf(look: &dyn Look) -> Result<(Shelf, Index), Failure> {
    let (mut shelf, mut operators) = (Shelf::default(), Index::default());
    for head in look.editions()? {
        let missing =
            || Failure::Damaged { place: format!("edition {}", head.digest), what: "missing".into() };
        let edition = look.edition(&head.digest)?.ok_or_else(missing)?;
        shelf.publish(&edition);
        index_operators(&mut operators, &edition);
    }
    Ok((shelf, operators))
}
