//! What parties may want of our request, and what happened to it.

use jiff::Timestamp;
use kernel::{CaseId, NodeId, Refusal};
use serde::{Deserialize, Serialize};

use crate::agreement::Admission;
use crate::assistance::Answer;
use crate::assistance::asking::Asking;
use crate::assistance::words::{Subject, Usefulness};
use crate::macros::named;
use crate::terms::Purpose;

/// How it went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Who we are.
    pub us: NodeId,
    /// The term it went under.
    pub admission: Admission,
    /// When.
    pub at: Timestamp,
}

/// One answer that came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// What it says.
    pub answer: Answer,
    /// The item it came in.
    pub item: CaseId,
    /// When.
    pub at: Timestamp,
}

/// One use of what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// For which purpose.
    pub purpose: Purpose,
    /// For what, in words or as a case.
    pub what: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Somebody sees that only a partner can tell.
    Notice {
        /// The partner.
        partner: NodeId,
        /// The case it is born of, such as a finding.
        #[serde(default)]
        born_of: Option<CaseId>,
        /// What we need to know, and why.
        need: String,
        /// What is known already.
        #[serde(default)]
        asking: Box<Asking>,
    },
    /// Our own checks are done.
    Check {
        /// Which, and what they gave.
        own_checks: String,
    },
    /// The text is written.
    Draft {
        /// The whole request.
        asking: Box<Asking>,
    },
    /// A second person lets it go.
    Clear,
    /// A second person sends it back.
    Return {
        /// Why.
        reason: String,
    },
    /// It goes, if a live term lets it.
    Dispatch,
    /// It is tried again after the terms changed.
    Retry,
    /// The partner's receipt is here.
    Deliver {
        /// The sent item.
        evidence: CaseId,
    },
    /// It could not be delivered.
    Fail {
        /// The sent item.
        evidence: CaseId,
    },
    /// The partner answers.
    Hear {
        /// What it says.
        answer: Box<Answer>,
        /// The item it came in.
        item: CaseId,
        /// From whom, by the certificate that signed it.
        from: NodeId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// What was answered is used.
    Use {
        /// For which purpose.
        purpose: Purpose,
        /// For what.
        what: String,
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
    /// We say how useful it was.
    Judge {
        /// How.
        usefulness: Usefulness,
        /// Why, in words.
        #[serde(default)]
        note: String,
    },
    /// What came of it is told back.
    TellResult {
        /// What was decided.
        result: String,
    },
    /// We no longer want it.
    Recall {
        /// Why.
        reason: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
    /// The time to keep what was answered is over.
    KeepOver,
    /// What was answered is destroyed.
    Destroy {
        /// How, and who saw it.
        protocol: String,
    },
}

named! {
    Notice = "notice", Check = "check", Draft = "draft", Clear = "clear", Return = "return",
    Dispatch = "dispatch", Retry = "retry", Deliver = "deliver", Fail = "fail", Hear = "hear", Use = "use",
    Extract = "extract", Judge = "judge", TellResult = "tell-result", Recall = "recall",
    NoteParallel = "note-parallel", KeepOver = "keep-over", Destroy = "destroy",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// A need.
    Noticed {
        /// The partner.
        partner: NodeId,
        /// The case it is born of.
        born_of: Option<CaseId>,
        /// What we need to know.
        need: String,
        /// What is known already.
        asking: Box<Asking>,
        /// Who noticed.
        by: String,
    },
    /// Own checks done.
    Checked {
        /// Which.
        own_checks: String,
    },
    /// Written.
    Drafted {
        /// The request.
        asking: Box<Asking>,
        /// By whom.
        by: String,
    },
    /// Let go by a second person.
    Cleared {
        /// By whom.
        by: String,
    },
    /// Sent back.
    Returned {
        /// Why.
        reason: String,
    },
    /// Out.
    Dispatched {
        /// How.
        sent: Box<Sent>,
    },
    /// No live term lets it go.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// Receipted.
    Delivered {
        /// The sent item.
        evidence: CaseId,
    },
    /// Not delivered.
    Undelivered {
        /// The sent item.
        evidence: CaseId,
    },
    /// Answered.
    AnswerHeard {
        /// The answer.
        heard: Box<Heard>,
        /// How long it may be kept.
        keep_until: Timestamp,
    },
    /// Used.
    Used {
        /// How.
        used: Use,
    },
    /// An extract is at the gate.
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
    /// Judged.
    Judged {
        /// How useful.
        usefulness: Usefulness,
        /// Why.
        note: String,
    },
    /// The result is on its way to the partner.
    ResultTold {
        /// What was decided.
        result: String,
    },
    /// Not wanted any more.
    Recalled {
        /// Why.
        reason: String,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
    /// It must be destroyed now.
    KeepEnded,
    /// Gone.
    Destroyed {
        /// How.
        protocol: String,
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
}
