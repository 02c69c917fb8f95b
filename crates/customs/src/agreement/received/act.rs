//! What parties may want of a received item.

use kernel::{CaseId, Findings, Named, Written};
use serde::{Deserialize, Serialize};

use super::super::Document;
use super::Arrival;
use crate::declaration::Remark;
use crate::terms::Purpose;

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It came, is kept, and asks to be let in.
    Arrive {
        /// How it came.
        arrival: Box<Arrival>,
    },
    /// It was read.
    Read {
        /// What it says, as far as it could be read.
        document: Option<Written<Document>>,
        /// What was wrong with it.
        findings: Findings,
    },
    /// It was tied to a consignment of ours.
    Link {
        /// The consignment.
        consignment: CaseId,
    },
    /// It is no longer tied to a consignment of ours.
    Unlink {
        /// The consignment.
        consignment: CaseId,
    },
    /// Somebody reads it for a purpose.
    See {
        /// The purpose.
        purpose: Purpose,
    },
    /// A decision rested on it; the giver is to hear of it.
    ActOn {
        /// The case the decision was taken on.
        decision: CaseId,
        /// What came of it.
        remarks: Vec<Remark>,
    },
    /// The giver has what came of it.
    Tell {
        /// The receipted response.
        evidence: CaseId,
    },
    /// The giver cancelled or replaced it.
    Void {
        /// The item that did.
        by: CaseId,
    },
    /// Somebody has it go through the door again.
    Replay,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Arrive { .. } => "arrive",
            Self::Read { .. } => "read",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::See { .. } => "see",
            Self::ActOn { .. } => "act-on",
            Self::Tell { .. } => "tell",
            Self::Void { .. } => "void",
            Self::Replay => "replay",
        }
    }
}
