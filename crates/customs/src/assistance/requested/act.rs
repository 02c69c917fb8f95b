//! What parties may want of a partner's request, and what happened to it.

use jiff::Timestamp;
use kernel::{CaseId, NodeId};
use serde::{Deserialize, Serialize};

use crate::agreement::Admission;
use crate::assistance::answering::{Answer, ResultTold};
use crate::assistance::asking::Asking;
use crate::assistance::words::{Evidence, RefusalReason, Statement};
use crate::macros::named;

/// What a unit at home reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// In words.
    pub text: String,
    /// Statement by statement.
    pub statements: Vec<Statement>,
    /// What goes with it.
    pub evidence: Vec<Evidence>,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is here.
    Arrive {
        /// What it says.
        asking: Box<Asking>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// It has a number with us.
    Acknowledge,
    /// We will answer.
    Accept,
    /// We will answer later.
    Postpone {
        /// Why.
        reasons: Vec<RefusalReason>,
        /// When.
        until: Timestamp,
        /// More, in words.
        #[serde(default)]
        text: String,
    },
    /// We will not answer.
    Refuse {
        /// Why.
        reasons: Vec<RefusalReason>,
        /// More, in words.
        #[serde(default)]
        text: String,
    },
    /// A unit at home is to find out.
    Assign {
        /// Which.
        unit: String,
        /// What.
        task: String,
        /// By when.
        due: Timestamp,
    },
    /// A unit at home reports.
    NoteReport {
        /// The sub-task.
        subtask: CaseId,
        /// What it reports.
        report: Report,
    },
    /// An answer is written.
    Answer {
        /// The answer.
        answer: Box<Answer>,
    },
    /// A second person lets it go.
    Clear,
    /// A second person sends it back.
    Return {
        /// Why.
        reason: String,
    },
    /// The partner's receipt for an answer is here.
    Deliver {
        /// The sent item.
        evidence: CaseId,
    },
    /// The requester tells what came of it.
    HearResult {
        /// What.
        result: Box<ResultTold>,
        /// The item it came in.
        item: CaseId,
    },
    /// The requester no longer wants it.
    Recall {
        /// Why.
        reason: String,
        /// The item it came in.
        item: CaseId,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Arrive = "arrive", Acknowledge = "acknowledge", Accept = "accept", Postpone = "postpone", Refuse = "refuse",
    Assign = "assign", NoteReport = "note-report", Answer = "answer", Clear = "clear", Return = "return",
    Deliver = "deliver", HearResult = "hear-result", Recall = "recall", NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// What it says.
        asking: Box<Asking>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
        /// Who we are.
        us: NodeId,
    },
    /// The same request came again, in another item.
    CameAgain {
        /// The item.
        item: CaseId,
    },
    /// Said at once: an acknowledgement, acceptance, postponement or refusal.
    Said {
        /// What.
        answer: Box<Answer>,
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
    },
    /// A unit at home is on it.
    Assigned {
        /// The sub-task.
        subtask: CaseId,
        /// The unit.
        unit: String,
        /// What it is to find out.
        task: String,
        /// By when.
        due: Timestamp,
    },
    /// A unit at home reported.
    Reported {
        /// The sub-task.
        subtask: CaseId,
        /// What.
        report: Report,
    },
    /// Written.
    Drafted {
        /// The answer.
        answer: Box<Answer>,
        /// By whom.
        by: String,
    },
    /// Let go by a second person.
    Cleared {
        /// The answer.
        answer: Box<Answer>,
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Sent back.
    Returned {
        /// Why.
        reason: String,
    },
    /// Receipted.
    Delivered {
        /// The sent item.
        evidence: CaseId,
    },
    /// The result is here.
    ResultHeard {
        /// What.
        result: Box<ResultTold>,
        /// The item it came in.
        item: CaseId,
    },
    /// Not wanted any more.
    Recalled {
        /// Why.
        reason: String,
        /// The item it came in.
        item: CaseId,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}
