//! A node's machine: it works inputs off, dies, and starts again from what is on its disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use customs::desks::DESKS;
use jiff::{SignedDuration, Timestamp};
use kernel::{CaseId, NodeId};
use ledger::{Folder, Purpose, Signer, VerifierKey};
use node::{Heart, Input, Letters, Outcome};
use store::sqlite::Sqlite;
use store::{Failure, Journal, Look};

use super::disk::{Disk, Fate, Plot};
use super::messages::Message;
use super::vouch::{self, History, Vouch};

/// A node with its machine.
pub(crate) struct Machine {
    pub(crate) id: NodeId,
    /// How far its clock is off.
    pub(crate) skew: SignedDuration,
    pub(crate) plot: Plot,
    /// Counts up with every start: what an earlier life waited for is nothing to a later one.
    pub(crate) life: u32,
    /// The moment of the next look at the clock, of the world's own.
    pub(crate) looks_at: Option<Timestamp>,
    /// What is posted and not answered yet, with the number of the try.
    pub(crate) in_flight: BTreeMap<CaseId, u64>,
    /// What it answered to which message.
    pub(crate) answers: BTreeMap<Message, Vec<u8>>,
    /// Declarations given to it and taken, by case, so that what it owes the world is known from outside.
    pub(crate) taken: BTreeSet<usize>,
    folder: PathBuf,
    signer: Signer,
    history: History,
    commits: u32,
    /// What befell its disk in earlier lives.
    fates: Vec<Fate>,
    alive: Option<Alive>,
}

struct Alive {
    heart: Heart,
    journal: Journal,
}

/// What came of giving a machine an input.
#[expect(clippy::large_enum_variant, reason = "one lives at a time, on the stack")]
pub(crate) enum Given {
    /// It was worked off.
    Done(Outcome),
    /// It was not, and may be given again.
    Failed,
    /// The machine died of it just now, and nobody knows whether it was.
    Died,
    /// The machine was dead already.
    Dead,
}

impl Machine {
    /// A node's machine with an empty disk in a folder of its own.
    pub(crate) fn new(
        id: &str,
        home: &Path,
        skew: SignedDuration,
        history: History,
    ) -> Result<Self, Failure> {
        let folder = home.join(id.to_ascii_lowercase());
        std::fs::create_dir_all(&folder)
            .map_err(|cause| Failure::Engine { doing: "make a folder", cause: cause.to_string() })?;
        let signer = vouch::signer(&NodeId::new(id), Purpose::Log)
            .map_err(|fault| Failure::Unfit { what: fault.to_string() })?;
        let mut machine = Self {
            id: NodeId::new(id),
            skew,
            plot: Plot::default(),
            life: 0,
            looks_at: None,
            in_flight: BTreeMap::new(),
            answers: BTreeMap::new(),
            taken: BTreeSet::new(),
            folder,
            signer,
            history,
            commits: 0,
            fates: Vec::new(),
            alive: None,
        };
        machine.start()?;
        Ok(machine)
    }

    /// Starts it from what is on its disk. Nothing that was only in memory is there any more.
    pub(crate) fn start(&mut self) -> Result<(), Failure> {
        self.alive = None;
        self.fates.extend(self.plot.met());
        self.plot = Plot::default();
        self.life += 1;
        self.looks_at = None;
        self.in_flight.clear();
        let disk = Disk::new(Sqlite::open(self.folder.join(store::record::STORE))?, self.plot.clone());
        let log = Folder::new(store::journal::folder_of(&self.folder));
        let record = Box::new(Vouch::new(self.id.clone(), log, self.history));
        let letters = Box::new(Letters::new(self.id.clone()).with_record(record));
        let heart = Heart::new(self.id.clone(), DESKS, Box::new(disk), letters)?;
        let mut journal = Journal::open(&self.folder, self.signer.clone())?;
        journal.catch_up(&*heart.look()?)?;
        self.alive = Some(Alive { heart, journal });
        Ok(())
    }

    pub(crate) const fn is_alive(&self) -> bool {
        self.alive.is_some()
    }

    /// Gives it an input at a moment of the world's.
    pub(crate) fn give(&mut self, moment: Timestamp, input: &Input) -> Given {
        let now = moment + self.skew;
        let Some(alive) = &mut self.alive else { return Given::Dead };
        match alive.heart.work_one(&|| now, input) {
            Ok((outcome, _)) => {
                self.commits += 1;
                if self.commits.is_multiple_of(LOGGED_EVERY) {
                    self.log();
                }
                Given::Done(outcome)
            }
            Err(_) if self.plot.is_dead() => {
                self.alive = None;
                Given::Died
            }
            Err(_) => Given::Failed,
        }
    }

    /// Gives it several inputs to work off together, as they come up together.
    pub(crate) fn give_all(&mut self, moment: Timestamp, inputs: &[Input]) -> Given {
        let now = moment + self.skew;
        let Some(alive) = &mut self.alive else { return Given::Dead };
        let worked = alive.heart.work_each(&|| now, &inputs.iter().collect::<Vec<_>>());
        if self.plot.is_dead() {
            self.alive = None;
            return Given::Died;
        }
        self.commits += 1;
        if worked.iter().all(Result::is_ok) { Given::Done(Outcome::Done) } else { Given::Failed }
    }

    /// Lets the log follow the store. What fails here is done again with the next call or start.
    fn log(&mut self) {
        if let Some(Alive { heart, journal }) = &mut self.alive
            && let Ok(look) = heart.look()
        {
            drop(journal.catch_up(&*look));
        }
    }

    /// A view of what is on its disk; `None` while it is dead.
    pub(crate) fn look(&self) -> Option<Box<dyn Look + Send>> {
        self.alive.as_ref().and_then(|alive| alive.heart.look().ok())
    }

    /// Stops it cleanly: the log has every entry, the store lies at rest. Says the newest checkpoint.
    pub(crate) fn stop(&mut self) -> Result<String, Failure> {
        let Some(Alive { mut heart, mut journal }) = self.alive.take() else {
            return Err(super::disk::gone());
        };
        let checkpoint = journal.catch_up(&*heart.look()?)?;
        heart.rest()?;
        Ok(checkpoint.checkpoint().root().to_string())
    }

    /// What befell its disk.
    pub(crate) fn fates(&self) -> Vec<Fate> {
        [self.fates.clone(), self.plot.met()].concat()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) const fn key(&self) -> &VerifierKey {
        self.signer.verifier()
    }
}

/// After how many commits the log follows the store: a crash in between leaves it behind.
const LOGGED_EVERY: u32 = 8;
