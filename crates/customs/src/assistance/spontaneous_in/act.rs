//! What may be done with a partner's information, and what happened with it.

use jiff::Timestamp;
use kernel::{CaseId, NodeId};
use serde::{Deserialize, Serialize};

use crate::agreement::Admission;
use crate::assistance::Information;
use crate::assistance::words::{Grade, Subject, Usefulness};
use crate::macros::named;

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is here.
    Arrive {
        /// What it says.
        information: Box<Information>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// We grade it ourselves.
    Grade {
        /// How.
        grade: Grade,
    },
    /// A sanitised extract goes to the gate.
    Extract {
        /// What the gate is to look for.
        subject: Subject,
        /// What it is told: nothing of the source.
        text: String,
        /// Until when it holds.
        until: Timestamp,
    },
    /// What came of it is told back.
    TellResult {
        /// How useful it was.
        usefulness: Usefulness,
        /// What was decided.
        result: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
    /// The time to keep it is over.
    KeepOver,
    /// It is destroyed.
    Destroy {
        /// How, and who saw it.
        protocol: String,
    },
}

named! {
    Arrive = "arrive", Grade = "grade", Extract = "extract", TellResult = "tell-result",
    NoteParallel = "note-parallel", KeepOver = "keep-over", Destroy = "destroy",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// What it says.
        information: Box<Information>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
        /// Until when the term lets us keep it; `None` in records older than that.
        #[serde(default)]
        keep_until: Option<Timestamp>,
    },
    /// Graded.
    Graded {
        /// How.
        grade: Grade,
    },
    /// At the gate.
    Extracted {
        /// The alert.
        alert: CaseId,
        /// What the gate looks for.
        subject: Subject,
        /// What it is told.
        text: String,
        /// Until when.
        until: Timestamp,
    },
    /// The result is on its way.
    ResultTold {
        /// How useful it was.
        usefulness: Usefulness,
        /// What was decided.
        result: String,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
    /// It is owed that it is destroyed.
    KeepEnded,
    /// Destroyed; the bytes go with the item's own case.
    Destroyed {
        /// How, and who saw it.
        protocol: String,
        /// Who ordered it.
        by: String,
        /// When.
        at: Timestamp,
    },
}
