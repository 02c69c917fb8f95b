//! Several nodes in one thread from one seed: clocks, wires, disks and machines that fail, people who act, and checks
//! that say what must hold all the same.
//!
//! The nodes are the real ones: their hearts, desks, matcher, stores on files and logs. Simulated are the clock, the
//! wire between them, the moments at which machines die, and the people. A seed and a length say everything: the same
//! pair gives the same report, to the roots of all records.

mod agenda;
mod checks;
mod disk;
mod failing;
mod machine;
mod messages;
mod people;
mod play;
mod report;
mod town;
mod vouch;
mod wire;

use std::path::PathBuf;

use customs::declaration::Declaration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use store::Failure;

use self::play::Play;
pub use self::report::{Check, Faults, Ladders, Obligations, Record, Report, Traffic, Violation};
use self::town::NODES;
use crate::trade::{Lane, Morning, Plan, PlanFault, Truth, Which};

/// What is to be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The seed.
    pub seed: u64,
    /// For how long trade goes on and faults happen, in minutes.
    pub minutes: u32,
    /// How many consignments there are in that time.
    pub consignments: u64,
    /// A fault built into the world on purpose, to see that the checks find it.
    pub defect: Option<Defect>,
}

/// A fault built in on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Receipts are given before what they promise is on the disk.
    ReceiptsTooSoon,
    /// Messages that come twice come under two ids.
    NewIdOnDouble,
    /// One node never looks at its clock.
    SleepsThrough,
    /// A message that comes again is answered with another receipt.
    AnswersAnew,
    /// One node shows its partners another history than the one it keeps.
    TwoHistories,
    /// A byte of a record is changed after everything came to rest.
    ScratchedRecord,
    /// The wire swallows some responses and gives the receipts itself.
    SwallowsResponses,
    /// The wire swallows some answers to requests and gives the receipts itself.
    SwallowsAnswers,
}

/// Why a world could not be simulated.
#[derive(Debug)]
pub enum Fault {
    /// A store or its files failed outside of what was laid out.
    Store(Failure),
    /// The trade could not be generated.
    Plan(PlanFault),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(failure) => failure.fmt(f),
            Self::Plan(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Store(failure)
    }
}

impl Script {
    /// The usual world of this seed and length: as many consignments as minutes.
    #[must_use]
    pub fn new(seed: u64, minutes: u32) -> Self {
        Self { seed, minutes, consignments: u64::from(minutes.max(5)), defect: None }
    }
}

/// Simulates the world of a seed for so many minutes, and then until it comes to rest.
///
/// # Errors
/// [`Fault`] where the machine this runs on fails; what fails within the world is in the report.
pub fn run(seed: u64, minutes: u32) -> Result<Report, Fault> {
    run_script(&Script::new(seed, minutes))
}

/// Simulates a world by its script.
///
/// # Errors
/// As [`run`].
pub fn run_script(script: &Script) -> Result<Report, Fault> {
    let home = Home::new(script)?;
    let begins = begins();
    let (lodgings, truth) = trade(script)?;
    let mut play = Play::begin(script, &home.0, begins)?;
    play.prepare(&lodgings);
    let ends = begins + SignedDuration::from_mins(i64::from(script.minutes));
    play.until(ends);
    let rests = come_to_rest(&mut play, ends);
    let mut report = Report { seed: script.seed, minutes: script.minutes, ..Report::default() };
    checks::all(&mut play, &truth, rests, &mut report);
    Ok(report)
}

/// Ends the faults and lets the world come to rest: people go home, exchange officers mend what is broken, and time
/// passes until all clocks have run out. Says when that is.
fn come_to_rest(play: &mut Play<'_>, ends: Timestamp) -> Timestamp {
    play.calm();
    play.send_people_home();
    let mut now = ends;
    for _ in 0..ROUNDS_MAX {
        now += SignedDuration::from_hours(3);
        play.until(now);
        if !play.mend() {
            break;
        }
    }
    now += SignedDuration::from_hours(24 * 60);
    play.until(now);
    now
}

/// The morning's declarations with the minute each is ready, spread over the length of the script.
fn trade(script: &Script) -> Result<(Vec<(u32, Declaration)>, Truth), Fault> {
    let day = begins().to_zoned(TimeZone::UTC).date();
    let plan = Plan {
        lanes: Lane::between(&NODES, 800),
        consignments: script.consignments,
        ..Plan::morning(script.seed, day)
    };
    let morning = Morning::generate(&plan).map_err(Fault::Plan)?;
    let declaration = |which| match which {
        Which::Export(place) => morning.exports[place].clone(),
        Which::Import(place) => morning.imports[place].clone(),
    };
    let last = morning.timetable.last().map_or(1, |last| last.minute + 1);
    let spread = |minute: u32| minute * script.minutes / last;
    let lodgings = morning.timetable.iter().map(|one| (spread(one.minute), declaration(one.which)));
    Ok((lodgings.collect(), morning.truth))
}

/// The moment a world begins.
fn begins() -> Timestamp {
    let day = date(2026, 3, 2).at(0, 30, 0, 0).to_zoned(TimeZone::UTC);
    day.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// The folder of a world's disks; gone when the world is.
struct Home(PathBuf);

impl Home {
    fn new(script: &Script) -> Result<Self, Failure> {
        let name = format!("sampan-sim-{}-{}-{:?}", std::process::id(), script.seed, script.defect);
        let mut path = disks().join(name);
        let mut number = 0;
        while let Err(cause) = std::fs::create_dir(&path) {
            number += 1;
            if cause.kind() != std::io::ErrorKind::AlreadyExists || number > 1000 {
                return Err(Failure::Engine { doing: "make a folder", cause: cause.to_string() });
            }
            path.set_extension(number.to_string());
        }
        Ok(Self(path))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Where it cannot be removed, it lies in the folder for what may be removed.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Where disks lie. Machines die here and power never fails, so files in memory do; where there are none, temporary
/// ones.
fn disks() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

/// How often exchange officers may mend before the world must have come to rest.
const ROUNDS_MAX: u32 = 400;
