//! What a simulated world went through, and what did not hold.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The report of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The seed: it and the minutes say everything.
    pub seed: u64,
    /// For how long trade went on and faults happened, in minutes.
    pub minutes: u32,
    /// What went wrong in the world.
    pub faults: Faults,
    /// What the nodes did.
    pub traffic: Traffic,
    /// The ladder of each lane as both sides count it, after everything came to rest.
    pub lanes: BTreeMap<String, Ladders>,
    /// What came of the obligations.
    pub obligations: Obligations,
    /// What came of requests, passing on and warnings.
    pub cooperation: Cooperation,
    /// Each node's record.
    pub records: BTreeMap<String, Record>,
    /// What did not hold; empty in a sound world.
    pub violations: Vec<Violation>,
}

impl Report {
    /// Whether everything held.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.violations.is_empty()
    }
}

/// How often what went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// Messages that never came.
    pub lost: u32,
    /// Messages that came twice.
    pub doubled: u32,
    /// Messages that came long after they were sent.
    pub delayed: u32,
    /// Messages that came before one sent earlier.
    pub reordered: u32,
    /// Messages that came with a byte changed.
    pub garbled: u32,
    /// Messages lost because two nodes were cut off from each other.
    pub cut_off: u32,
    /// Machines that died before a commit.
    pub died_before: u32,
    /// Machines that died within one.
    pub died_within: u32,
    /// Machines that died after one, before anybody heard of it.
    pub died_after: u32,
    /// Disks that refused a commit once.
    pub refused: u32,
    /// Answers nobody waited for any more.
    pub timed_out: u32,
}

impl Faults {
    /// How often machines died.
    #[must_use]
    pub const fn crashes(&self) -> u32 {
        self.died_before + self.died_within + self.died_after
    }
}

/// What the nodes did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    /// Declarations that reached their own administration.
    pub lodged: u32,
    /// Declarations given again that were known as they stood.
    pub known: u32,
    /// Documents sent.
    pub sent: u32,
    /// Documents received.
    pub received: u32,
    /// Tries at posting them.
    pub posted: u32,
    /// Deliveries that had been answered before.
    pub answered_again: u32,
    /// Items kept out for want of a term.
    pub kept_out: u32,
    /// Acts of people that were taken.
    pub acts: u32,
    /// Acts of people that were refused.
    pub refusals: u32,
    /// Acts people gave a second time, not knowing whether the first had happened.
    pub acts_again: u32,
    /// Imports that are tied to an export, of those the truth ties to one that is shared.
    pub tied: u32,
    /// Imports the truth ties to an export that is shared.
    pub to_be_tied: u32,
    /// Imports tied to a wrong export.
    pub tied_wrongly: u32,
}

/// The ladder of a lane as both sides count it: how many items stand on each rung.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ladders {
    /// As the giver knows it: 0 not known to have come, 1 arrived, 2 readable, 6 told.
    pub giver: BTreeMap<u8, u32>,
    /// As the receiver counts it.
    pub receiver: BTreeMap<u8, u32>,
}

/// What came of the obligations of all nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Obligations {
    /// Met in time.
    pub met: u32,
    /// Met after they were due.
    pub met_late: u32,
    /// Not met, and escalated.
    pub late: u32,
    /// Not due yet.
    pub due: u32,
    /// Waived.
    pub waived: u32,
    /// How many steps escalations took.
    pub escalations: u32,
}

/// What came of requests, passing on and warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cooperation {
    /// How many cases ended how: `requests` and `warnings` are all there were.
    pub cases: BTreeMap<String, u32>,
    /// Answers to requests, each on both sides.
    pub answers: u32,
    /// Feedback to warnings, each on both sides.
    pub feedback: u32,
}

/// A node's record at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// How many entries it has.
    pub entries: u64,
    /// The newest checkpoint: with it the same seed is seen to have given the same record, to the byte.
    pub checkpoint: String,
    /// How often the node was started again.
    pub restarts: u32,
    /// How many checkpoints of its record partners signed and kept.
    pub vouched: u32,
}

/// Something that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Which check found it.
    pub check: Check,
    /// At which node.
    pub node: String,
    /// What.
    pub what: String,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// What was promised is there.
    NothingLost,
    /// Nothing is there twice.
    NothingDoubled,
    /// What was answered once is answered alike.
    AnsweredAlike,
    /// Obligations are met, or escalate, each step once.
    Obligations,
    /// Every record verifies.
    Records,
    /// Both sides of a lane count alike.
    Ladders,
    /// Both sides say the same of requests and warnings, and what is open is owed under a term.
    Cooperation,
    /// Everything comes to rest when the faults end.
    Rest,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}: {}", self.check, self.node, self.what)
    }
}
