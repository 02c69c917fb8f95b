//! What happened on a received item.

use jiff::Timestamp;
use kernel::{CaseId, Findings, Refusal, Written};
use serde::{Deserialize, Serialize};

use super::super::{Admission, Document};
use super::Arrival;
use crate::declaration::Remark;
use crate::terms::Purpose;

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Kept and let in.
    Arrived {
        /// How it came.
        arrival: Box<Arrival>,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Until when that term lets us keep it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_until: Option<Timestamp>,
    },
    /// Kept, not let in.
    Quarantined {
        /// How it came.
        arrival: Box<Arrival>,
        /// Why it is not let in.
        refusal: Refusal,
    },
    /// Read.
    Understood {
        /// What it says.
        document: Written<Document>,
        /// What was doubtful.
        findings: Findings,
    },
    /// Not usable.
    FoundFaulty {
        /// What it says, as far as it could be read.
        document: Option<Written<Document>>,
        /// What is wrong.
        findings: Findings,
    },
    /// Tied.
    Linked {
        /// The consignment.
        consignment: CaseId,
    },
    /// No longer tied.
    Unlinked {
        /// The consignment.
        consignment: CaseId,
    },
    /// Read by somebody, for a purpose.
    Seen {
        /// The purpose.
        purpose: Purpose,
    },
    /// A decision rested on it.
    ActedOn {
        /// The case the decision was taken on.
        decision: CaseId,
        /// What came of it.
        remarks: Vec<Remark>,
        /// When.
        at: Timestamp,
    },
    /// The giver has what came of it.
    Told {
        /// The receipted response.
        evidence: CaseId,
    },
    /// Cancelled or replaced.
    Voided {
        /// The item that did it.
        by: CaseId,
    },
    /// On its way through the door again.
    Replayed,
}
